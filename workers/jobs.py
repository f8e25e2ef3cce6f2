"""Work beside the bell's: each piece once at a time, a bounded number at once, in threads that may be cut."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

import structlog
from django.db import connection

log = structlog.get_logger()


class Jobs:
    """At most so many at once; what is being done already, or finds no room, comes again with a later tick."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._running: dict[Hashable, threading.Thread] = {}
        self._lock = threading.Lock()

    @property
    def room(self) -> int:
        """How many more there is room for."""
        with self._lock:
            return self._most - len(self._running)

    def start(self, key: Hashable, act: Callable[[], object]) -> None:
        """Do it in a thread of its own, unless it is being done or there is no room."""
        with self._lock:
            if key in self._running or len(self._running) >= self._most:
                return
            # Daemons: whatever they do may be cut anywhere and is done again.
            thread = threading.Thread(
                target=self._do, args=(key, act), name=f"{self._name} {key}", daemon=True
            )
            self._running[key] = thread
        thread.start()

    def _do(self, key: Hashable, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception:
            log.exception("it will be done again", job=self._name, subject=str(key))
        finally:
            connection.close()
            with self._lock:
                del self._running[key]

    def wait(self) -> None:
        """Until all that was begun has ended."""
        with self._lock:
            running = list(self._running.values())
        for thread in running:
            thread.join()

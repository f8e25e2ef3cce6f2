"""Background jobs of the ticker: a bounded number at once, the same job never twice, each in a daemon thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

import structlog
from django.db import connection

log = structlog.get_logger()


class Jobs:
    """Runs at most `most` jobs at once. A job that is running or finds no room is not started; a later tick retries."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._running: dict[Hashable, threading.Thread] = {}
        self._lock = threading.Lock()

    @property
    def room(self) -> int:
        """The number of jobs that can be started now."""
        with self._lock:
            return self._most - len(self._running)

    def start(self, key: Hashable, act: Callable[[], object]) -> None:
        """Run `act` in a new thread, unless a job with this key is running or there is no room."""
        with self._lock:
            if key in self._running or len(self._running) >= self._most:
                return
            # Daemon threads: the process may end them at any point, and the job is done again later.
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
        """Wait until all running jobs have ended."""
        with self._lock:
            running = list(self._running.values())
        for thread in running:
            thread.join()

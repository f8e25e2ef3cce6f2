"""Slots: how many deliveries a worker has in its hands at once, and how many of one channel."""

from __future__ import annotations

import threading
import time
from collections import Counter


class Slots:
    """As many as the worker has threads; bell-driven drains and the ticker's own take from the same ones.

    No channel holds more than half, so that one hanging platform leaves the others room.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()
        #: When something was last begun or ended, on the monotonic clock: the watchdog reads it.
        self.moved_at = time.monotonic()
        #: When a bell last began a drain here.
        self.heard_at = time.monotonic()

    def take(self, channel: str) -> bool:
        """Take one for this channel, if there is one."""
        with self._lock:
            if self._taken.total() >= self.size or self._taken[channel] >= max(1, (self.size + 1) // 2):
                return False
            self._taken[channel] += 1
            self.moved_at = time.monotonic()
            return True

    def give_back(self, channel: str) -> None:
        with self._lock:
            self._taken[channel] -= 1
            self.moved_at = time.monotonic()

    @property
    def free(self) -> int:
        with self._lock:
            return self.size - self._taken.total()

    @property
    def busy(self) -> bool:
        return self.free < self.size

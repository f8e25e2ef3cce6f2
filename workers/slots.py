"""Slots: how many deliveries a worker has in its hands at once, and who waits for the next one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """An account that asks for a turn."""

    account_id: int
    channel: str
    breaking: bool


class Slots:
    """As many as the worker has threads; bell-driven drains and the ticker's own take from the same ones.

    No channel holds more than half, so that one hanging platform leaves the others room. A few more are kept
    for what is breaking, so that it never waits behind what is not. Who finds no slot waits here, and whoever
    gives one back takes the next in line along: a slot is never idle while somebody waits for it.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        #: Beside the others, for what is breaking alone.
        self.spare = spare_for(size)
        self._taken: Counter[str] = Counter()
        self._waiting: dict[TurnRequest, None] = {}
        self._lock = threading.Lock()
        #: When something was last claimed or ended here, on the monotonic clock: the watchdog reads it.
        self.moved_at = time.monotonic()
        #: When a bell last began a drain here.
        self.heard_at = time.monotonic()

    def take(self, request: TurnRequest) -> bool:
        """Take a slot, or stand in line. True: it is taken."""
        with self._lock:
            if self._room_for(request):
                self._taken[request.channel] += 1
                return True
            self._waiting[request] = None
            return False

    def give_back(self, had: TurnRequest, *, again: bool, closing: bool = False) -> TurnRequest | None:
        """Give a slot back and take it for the next in line, who is returned.

        `again`: who had it has more to do, and goes to the end of the line. `closing`: nobody gets one.
        """
        with self._lock:
            self._taken[had.channel] -= 1
            if closing:
                self._waiting.clear()
                return None
            if again:
                self._waiting[had] = None
            line = sorted(self._waiting, key=lambda request: not request.breaking)
            following = next((request for request in line if self._room_for(request)), None)
            if following is not None:
                del self._waiting[following]
                self._taken[following.channel] += 1
            return following

    def _room_for(self, request: TurnRequest) -> bool:
        total = self._taken.total()
        if request.breaking:
            return total < self.size + self.spare
        return total < self.size and self._taken[request.channel] < max(1, (self.size + 1) // 2)

    def waits(self, request: TurnRequest) -> bool:
        """Whether it stands in line here already; what is breaking does not wait with what is not."""
        with self._lock:
            return request in self._waiting

    def breaking_waits(self) -> bool:
        """Whether something breaking stands in line: then a turn of what is not ends after the delivery in hand."""
        with self._lock:
            return any(request.breaking for request in self._waiting)

    def moved(self) -> None:
        """Something was claimed, or ended."""
        self.moved_at = time.monotonic()

    @property
    def free(self) -> int:
        """How many are free for anything."""
        with self._lock:
            return max(0, self.size - self._taken.total())


def spare_for(size: int) -> int:
    """How many slots there are for what is breaking beside so many others."""
    return max(1, size // 8)

"""The slots of a worker: how many deliveries it works on at once, and which accounts wait for a slot."""

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
    """The slots of a worker. Drains started by the bell and by the ticker take the same slots.

    For normal turns, no channel gets more than half of the slots, so that a platform that hangs leaves room for the
    others. Some extra slots are reserved for breaking deliveries, so that they never wait behind normal ones. A request
    without a slot stands in line. A slot that is given back goes to the next in line, so it is never idle while a
    request that may take it waits.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        #: Number of extra slots for breaking deliveries only.
        self.spare = spare_for(size)
        self._taken: Counter[str] = Counter()
        self._waiting: dict[TurnRequest, None] = {}
        self._lock = threading.Lock()
        #: When a delivery was last claimed or ended here, on the monotonic clock. The watchdog reads it.
        self.moved_at = time.monotonic()
        #: When a bell last started a drain here, on the monotonic clock.
        self.heard_at = time.monotonic()

    def take(self, request: TurnRequest) -> bool:
        """Take a slot, or stand in line. Returns True if a slot was taken."""
        with self._lock:
            if self._room_for(request):
                self._taken[request.channel] += 1
                return True
            self._waiting[request] = None
            return False

    def give_back(self, had: TurnRequest, *, again: bool, closing: bool = False) -> TurnRequest | None:
        """Give a slot back, take it for the next request in line, and return this request; None: no request fits.

        `again`: the account has more to do, so `had` goes to the end of the line. `closing`: clear the line, and
        return None.
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
        """Whether this request stands in line already. A breaking and a normal request of an account are different."""
        with self._lock:
            return request in self._waiting

    def breaking_waits(self) -> bool:
        """Whether a breaking request stands in line. If so, a normal turn ends after its present delivery."""
        with self._lock:
            return any(request.breaking for request in self._waiting)

    def moved(self) -> None:
        """Note that a delivery was claimed or ended, for the watchdog."""
        self.moved_at = time.monotonic()

    @property
    def free(self) -> int:
        """Number of free slots, without the extra slots for breaking deliveries."""
        with self._lock:
            return max(0, self.size - self._taken.total())


def spare_for(size: int) -> int:
    """Return the number of extra slots reserved for breaking deliveries, given `size` normal slots."""
    return max(1, size // 8)

"""Watch clocks: compare a clock with one that only runs forward. A clock that jumped cannot be trusted."""

from __future__ import annotations

import time

#: Seconds. A smaller difference is drift or a daily correction.
JUMP = 60.0


def running() -> float:
    """Return seconds that only run forward, on Linux also while the machine sleeps (CLOCK_BOOTTIME)."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boottime) if boottime is not None else time.monotonic()


class Watch:
    """A watch on one clock: it compares each reading with the one before."""

    def __init__(self) -> None:
        self._offset: float | None = None

    def jumped(self, at: float, *, asked: float) -> float:
        """Return by how many seconds the clock jumped since the last call; 0 if by no more than a minute.

        Args:
            at: what the clock said, in Unix seconds.
            asked: `running()` just before the clock was asked: a slow answer is not a jump.
        """
        least, most = at - running(), at - asked
        known, self._offset = self._offset, most
        if known is None or least - JUMP <= known <= most + JUMP:
            return 0.0
        return least - known if known < least else most - known


#: The database's clock, which decides what is due. The ticker checks it, and so does each claim of a timed delivery.
database = Watch()

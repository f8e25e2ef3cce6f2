"""Watches clocks: one that jumps against one that only runs on says that a time cannot be trusted."""

from __future__ import annotations

import time

#: Seconds. Less is drift and daily correction.
JUMP = 60.0


def running() -> float:
    """Seconds that run on, also while the machine sleeps where the system tells (CLOCK_BOOTTIME, Linux)."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boottime) if boottime is not None else time.monotonic()


class Watch:
    """Watches one clock from look to look."""

    def __init__(self) -> None:
        self._offset: float | None = None

    def jumped(self, at: float, *, asked: float) -> float:
        """By how many seconds the clock jumped since the last look, 0 if not by more than a minute.

        Args:
            at: what it said, in unix seconds.
            asked: `running()` just before it was asked: an answer that took long is no jump.
        """
        least, most = at - running(), at - asked
        known, self._offset = self._offset, most
        if known is None or least - JUMP <= known <= most + JUMP:
            return 0.0
        return least - known if known < least else most - known


#: The database's clock, which decides what is due: watched by the ticker, and by every claim of something timed.
database = Watch()

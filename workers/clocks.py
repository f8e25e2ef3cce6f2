"""Watches the clocks: a wall clock that jumps against one that only runs on says that a time cannot be trusted."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Seconds. Less is drift and daily correction.
JUMP = 60.0


def running() -> float:
    """Seconds that run on, also while the machine sleeps where the system tells (CLOCK_BOOTTIME, Linux)."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boottime) if boottime is not None else time.monotonic()


class Clocks:
    """Compares clocks from look to look; each is given as a function that tells unix seconds."""

    def __init__(self, *clocks: Callable[[], float]) -> None:
        self._clocks = clocks
        self._offsets = [clock() - running() for clock in clocks]

    def jumped(self) -> float:
        """By how many seconds a clock jumped since the last look, 0 if none did by more than a minute."""
        offsets = [clock() - running() for clock in self._clocks]
        jumps = [new - old for new, old in zip(offsets, self._offsets, strict=True)]
        self._offsets = offsets
        return max((jump for jump in jumps if abs(jump) > JUMP), key=abs, default=0.0)

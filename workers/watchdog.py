"""The watchdog ends a process that is alive but does not get on; its supervisor starts it again.

Counted in ticks, not in seconds of a clock: a process that was stopped for a while, or waited for a database
that was away, has done nothing wrong.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()

#: Patience beyond the deadline of a send, in seconds.
WATCHDOG = 30.0
#: How a process ends that does not get on.
EXIT_STUCK = 70
SECOND = 1.0


def end_process(reason: str, seconds: float) -> None:
    """End at once, whatever hangs: every row says how far it came."""
    log.error("this worker ends itself", reason=reason, seconds=round(seconds))
    os._exit(EXIT_STUCK)


class Watchdog:
    """Told by every tick what it saw; ends the process when nothing moves, or when no tick comes any more."""

    def __init__(
        self, *, deadline: float, lease: float, end: Callable[[str, float], None] = end_process
    ) -> None:
        self._patience = deadline + WATCHDOG
        # Longer: a tick that waits for a database may wait as long as a result is worth writing.
        self._tick_patience = lease + WATCHDOG
        self._end = end
        self._moved_at = 0.0
        self._idle_ticks = 0
        self.ticks = 0

    def saw(self, *, due: bool, moved_at: float) -> None:
        """One tick: whether something is due that could go, and when something last was claimed or ended here."""
        self.ticks += 1
        idle = due and moved_at == self._moved_at
        self._moved_at = moved_at
        self._idle_ticks = self._idle_ticks + 1 if idle else 0
        if self._idle_ticks * SECOND > self._patience:
            self._end("nothing moves although something is due", self._idle_ticks * SECOND)

    def saw_nothing(self) -> None:
        """A tick that failed: the database is away, and nobody is idle for want of trying."""
        self.ticks += 1
        self._idle_ticks = 0

    def watch_ticks(self, stopping: threading.Event) -> None:
        """End the process when ticks stop coming. Runs in a thread of its own."""
        seen, quiet = -1, 0
        while not stopping.wait(SECOND):
            quiet = quiet + 1 if self.ticks == seen else 0
            seen = self.ticks
            if quiet * SECOND > self._tick_patience:
                self._end("the ticker hangs", quiet * SECOND)

    def start(self, stopping: threading.Event) -> None:
        """Watch in the background."""
        threading.Thread(target=self.watch_ticks, args=(stopping,), name="watchdog", daemon=True).start()

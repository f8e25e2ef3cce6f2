"""The watchdog: it ends a process that is alive but makes no progress. The supervisor starts the process again.

It counts ticks, not seconds of a clock, so that it does not end a process that was paused, or that waited for a
database that was down.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()

#: Extra seconds beyond the deadline of a send, or beyond a lease, before the process is ended.
WATCHDOG = 30.0
#: The exit status of a process that the watchdog ended.
EXIT_STUCK = 70
SECOND = 1.0


def end_process(reason: str, seconds: float) -> None:
    """End the process at once. No work is lost, because every row says how far its delivery came."""
    log.error("this worker ends itself", reason=reason, seconds=round(seconds))
    os._exit(EXIT_STUCK)


class Watchdog:
    """Gets a report from every tick. Ends the process when nothing moves although something is due, or ticks stop."""

    def __init__(
        self, *, deadline: float, lease: float, end: Callable[[str, float], None] = end_process
    ) -> None:
        self._patience = deadline + WATCHDOG
        # Longer, because a tick that waits for the database may wait as long as a lease.
        self._tick_patience = lease + WATCHDOG
        self._end = end
        self._moved_at = 0.0
        self._idle_ticks = 0
        self.ticks = 0

    def saw(self, *, due: bool, moved_at: float) -> None:
        """Report a tick.

        Args:
            due: whether a delivery is due and could go.
            moved_at: when a delivery was last claimed or ended here, on the monotonic clock.
        """
        self.ticks += 1
        idle = due and moved_at == self._moved_at
        self._moved_at = moved_at
        self._idle_ticks = self._idle_ticks + 1 if idle else 0
        if self._idle_ticks * SECOND > self._patience:
            self._end("nothing moves although something is due", self._idle_ticks * SECOND)

    def saw_nothing(self) -> None:
        """Report a tick that could not read the database. It does not count as idle."""
        self.ticks += 1
        self._idle_ticks = 0

    def watch_ticks(self, stopping: threading.Event) -> None:
        """End the process when no tick comes any more. Runs in its own thread."""
        seen, quiet = -1, 0
        while not stopping.wait(SECOND):
            quiet = quiet + 1 if self.ticks == seen else 0
            seen = self.ticks
            if quiet * SECOND > self._tick_patience:
                self._end("the ticker hangs", quiet * SECOND)

    def start(self, stopping: threading.Event) -> None:
        """Start to watch the ticks in a background thread."""
        threading.Thread(target=self.watch_ticks, args=(stopping,), name="watchdog", daemon=True).start()

"""The supervisor of the parts: it restarts a dead part within three seconds, and ends all parts in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from config.children import Child
from config.env import BadSetting

#: Seconds from the end of a part to its next start; doubled at each further end, up to the second value.
BACK_AFTER, BACK_AT_MOST = 0.3, 2.0
#: Seconds after which an end of a part no longer counts.
MEMORY = 30


class Supervisor:
    """Starts, watches and ends the parts. It reports events to `say`."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.stopping = threading.Event()
        self._say = say
        self._starts: dict[str, Callable[[], Child]] = {}
        self._after: dict[str, Callable[[], object]] = {}
        self._children: dict[str, Child] = {}
        self._deaths: dict[str, list[float]] = {}

    def start(
        self, name: str, start: Callable[[], Child], *, after_return: Callable[[], object] | None = None
    ) -> None:
        """Start a part. `after_return` is called after each restart of the part."""
        self._starts[name] = start
        if after_return is not None:
            self._after[name] = after_return
        self._children[name] = start()

    def watch(self) -> None:
        """Restart parts that have ended, until `stopping` is set."""
        while not self.stopping.wait(0.1):
            for name, child in list(self._children.items()):
                if not child.alive and not self.stopping.is_set():
                    self._bring_back(name, child)

    def _bring_back(self, name: str, child: Child) -> None:
        now = time.monotonic()
        recent = [each for each in self._deaths.get(name, []) if now - each < MEMORY]
        self._deaths[name] = [*recent, now]
        self._say(f"{name} ended ({child.process.returncode}); starting it again")
        if self.stopping.wait(min(BACK_AFTER * 2 ** len(recent), BACK_AT_MOST)):
            return
        try:
            self._children[name] = self._starts[name]()
            if name in self._after:
                self._after[name]()
        except BadSetting as reason:
            self._say(str(reason))

    def end(self, *first: str, grace: float) -> None:
        """End the parts in `first` together, within `grace` seconds; then the others one by one, the newest first."""
        self.stopping.set()
        working = [self._children[name] for name in first if name in self._children]
        for child in working:
            child.ask()
        ends = time.monotonic() + grace
        for child in working:
            child.await_end(ends - time.monotonic())
        for name, child in reversed(self._children.items()):
            if name not in first:
                child.stop(5)

    def kill(self) -> None:
        """Kill all parts at once."""
        self.stopping.set()
        for child in self._children.values():
            if child.alive:
                child.process.kill()

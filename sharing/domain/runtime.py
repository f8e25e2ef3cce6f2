"""The Runtime: the operator's settings as one frozen value, which is passed to the services."""

from __future__ import annotations

from dataclasses import dataclass

from sharing.domain.account import Endpoints, Mode
from sharing.domain.timings import Timings


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The operator's settings, which `config.settings` reads once from the environment.

    `sandbox_url` is empty if there is no sandbox. `only_desk` names the one desk that this process serves (the demo's
    own desk); empty: all the others.
    """

    timings: Timings
    live: Endpoints
    sandbox_url: str = ""
    keys: tuple[str, ...] = ()
    fetch_allow: tuple[str, ...] = ()
    only_desk: str = ""

    @property
    def base_url(self) -> str:
        """Our own address, for readers and platforms."""
        return self.live.desk

    def endpoints(self, mode: Mode) -> Endpoints | None:
        """Return the platforms' addresses for an account of this mode; None: sandboxed, and there is no sandbox."""
        if mode is Mode.LIVE:
            return self.live
        return Endpoints.of_sandbox(self.sandbox_url, self.base_url) if self.sandbox_url else None

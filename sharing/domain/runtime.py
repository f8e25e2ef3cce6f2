"""The House: what the operator set, as one frozen value that services are given."""

from __future__ import annotations

from dataclasses import dataclass

from sharing.domain.account import Endpoints, Mode
from sharing.domain.timings import Timings


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Read once from the environment by `config.settings`; `sandbox_url` is empty where there is none.

    `only_desk` names the one desk that this process serves (the demo's own); empty: all the others.
    """

    timings: Timings
    live: Endpoints
    sandbox_url: str = ""
    keys: tuple[str, ...] = ()
    fetch_allow: tuple[str, ...] = ()
    only_desk: str = ""

    @property
    def base_url(self) -> str:
        """Our own address, as readers and platforms reach it."""
        return self.live.desk

    def endpoints(self, mode: Mode) -> Endpoints | None:
        """The platforms for an account of this mode; None for a sandboxed one without a sandbox."""
        if mode is Mode.LIVE:
            return self.live
        return Endpoints.of_sandbox(self.sandbox_url, self.base_url) if self.sandbox_url else None

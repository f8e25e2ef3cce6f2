"""The five times that keep the promises, and the inequalities between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds. Checked when a process starts: a worker with times that do not fit refuses to run.

    deadline: the whole of one send, name look-up included; also the whole of `prepare`.
    lease: how long a claim lasts. settle: how long after a lost answer a platform may still show the post.
    gap: the time between two absences. page_wait: how long the article's page is waited for; 0 = not checked.
    """

    deadline: float = 30
    lease: float = 120
    settle: float = 120
    gap: float = 60
    page_wait: float = 60

    def problems(self) -> list[str]:
        """What does not fit, one sentence each; empty when all is well."""
        found = [
            f"{name} must be more than 0 seconds"
            for name, value in (
                ("SHAREDESK_SEND_DEADLINE", self.deadline),
                ("SHAREDESK_LEASE", self.lease),
                ("SHAREDESK_SETTLE", self.settle),
                ("SHAREDESK_LOOKUP_GAP", self.gap),
            )
            if not value > 0
        ]
        if self.page_wait < 0:
            found.append("SHAREDESK_PAGE_WAIT must be 0 (not checked) or more")
        least = self.prepare + self.deadline + self.deadline / 3
        if not found and not self.lease > least:
            found.append(
                f"SHAREDESK_LEASE ({self.lease:g} s) must be longer than preparing, sending and a third of a "
                f"send together ({least:g} s): else a second worker could start while the first still sends"
            )
        return found

    @property
    def prepare(self) -> float:
        """The whole of `prepare`: as long as a send."""
        return self.deadline

    @property
    def look_from(self) -> timedelta:
        """From `sending` to the first look-up: nothing is decided earlier."""
        return timedelta(seconds=max(self.lease, self.deadline) + self.settle)

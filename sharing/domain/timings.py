"""The five times that the guarantees depend on, and the rules between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """The five times, in seconds. A process checks them at its start: a worker refuses to run if they do not fit.

    deadline: time-out of one whole send, name look-up included; also of the whole `prepare`.
    lease: how long a claim lasts. settle: after a lost answer, how long the platform may take to show the post.
    gap: least time between two absences. page_wait: longest wait for the article's page; 0 = not checked.
    """

    deadline: float = 30
    lease: float = 120
    settle: float = 120
    gap: float = 60
    page_wait: float = 60

    def problems(self) -> list[str]:
        """Return one sentence for each time that does not fit; an empty list if all fit."""
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
        """The time-out of the whole `prepare`, in seconds: the same as of a send."""
        return self.deadline

    @property
    def look_from(self) -> timedelta:
        """The time from `sending` to the first look-up. Nothing is decided earlier."""
        return timedelta(seconds=max(self.lease, self.deadline) + self.settle)

"""Time and speed of a draft: one more column of the draft, with a version like the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sharing import models
from sharing.domain.delivery import EventWhy, State
from sharing.domain.lanes import FRESH_FOR, Lane
from sharing.domain.schedule import plan
from sharing.models import moves
from sharing.services.entries import ActingFor
from sharing.services.shares.drafts.opening import rows
from sharing.services.shares.drafts.versions import STATE, Standing, hashed, note

#: The name of this column.
WHEN = "when"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The times that a person set (UTC) and whether it is breaking. The article's own times come from its CMS."""

    at: datetime | None = None
    embargo: datetime | None = None
    breaking: bool = False


@dataclass(frozen=True, slots=True)
class Timed(Standing):
    """The time and the speed as the database has them now."""

    timing: Timing = Timing()

    @property
    def state(self) -> str:
        times = [time and time.isoformat() for time in (self.timing.at, self.timing.embargo)]
        return hashed([*times, self.timing.breaking])[:STATE]


def timed(share: models.Share) -> Timed:
    """Return the time and the speed of a draft as they are now."""
    row = models.Share.objects.get(pk=share.pk)
    edit = models.Event.objects.filter(delivery__share=share, why=EventWhy.TIMED).order_by("pk").last()
    timing = Timing(at=row.at, embargo=row.embargo_until, breaking=row.breaking)
    return Timed(tuple(rows(share)[:1]), edit, timing)


def set_time(share: models.Share, timing: Timing, page: str, acting: ActingFor) -> None:
    """Store a time that somebody chose, in the deliveries too, and record who chose it."""
    before = timed(share).state
    share.at, share.embargo_until, share.breaking = timing.at, timing.embargo, timing.breaking
    share.save(update_fields=["at", "embargo_until", "breaking"])
    after = timed(share)
    if after.state != before:
        _replan(share)
        note(after, page, acting, EventWhy.TIMED)


def _replan(share: models.Share) -> None:
    new = plan(share.article.value, at=share.at, embargo=share.embargo_until, now=moves.now())
    lane = Lane.BREAKING if share.breaking else Lane.NORMAL
    share.deliveries.filter(state=State.DRAFT).update(
        due_at=new.due_at,
        scheduled=new.scheduled,
        embargo_until=new.embargo_until,
        expires_at=new.due_at + FRESH_FOR[lane],
        lane=lane,
    )

"""When something may go out: what a person asked for and what the CMS says, the later of the two.

Nothing is ever early: where a wall clock shows a time twice (the end of summer time), the second is meant;
where it skips one, the moment after the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from sharing.domain.article import Article, Status

#: A time this little in the past is meant as "now": clocks and forms are slow.
PAST_TOLERANCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When it is due, until when it is under embargo, and whether somebody set that for a later time."""

    due_at: datetime
    embargo_until: datetime | None
    scheduled: bool


def plan(article: Article, *, at: datetime | None, embargo: datetime | None, now: datetime) -> Plan:
    """The plan of a delivery, from the article and from what its asker named; times carry their zone."""
    embargo_until = max((t for t in (embargo, article.embargo_until) if t), default=None)
    opens = article.published_at if article.status is Status.SCHEDULED else None
    due_at = max(t for t in (now, at, opens, embargo_until) if t)
    return Plan(
        due_at=due_at,
        embargo_until=embargo_until if embargo_until and embargo_until > now else None,
        scheduled=due_at > now + PAST_TOLERANCE,
    )


def in_zone(time: datetime | None, zone: tzinfo) -> datetime | None:
    """A wall-clock time of that zone as a moment in UTC; a time that carries its zone stays what it is."""
    if time is None or time.tzinfo is not None:
        return time
    return max(time.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))

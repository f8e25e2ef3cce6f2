"""When a delivery may go out: the later of the time that a person asked for and the time from the CMS.

Nothing goes out early. If a wall clock shows a time twice (the end of summer time), the second one counts. If it skips
a time (the start of summer time), the moment after the gap counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from sharing.domain.article import Article, Status

#: A requested time at most this far in the past means "now", because clocks and forms are slow. A due time at most
#: this far in the future does not count as scheduled.
PAST_TOLERANCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a delivery: when it is due, the end of its embargo, and whether it is set for a later time."""

    due_at: datetime
    embargo_until: datetime | None
    scheduled: bool


def plan(article: Article, *, at: datetime | None, embargo: datetime | None, now: datetime) -> Plan:
    """Return the plan of a delivery, from the article and from the requested times. All times have a time zone."""
    embargo_until = max((t for t in (embargo, article.embargo_until) if t), default=None)
    opens = article.published_at if article.status is Status.SCHEDULED else None
    due_at = max(t for t in (now, at, opens, embargo_until) if t)
    return Plan(
        due_at=due_at,
        embargo_until=embargo_until if embargo_until and embargo_until > now else None,
        scheduled=due_at > now + PAST_TOLERANCE,
    )


def in_zone(time: datetime | None, zone: tzinfo) -> datetime | None:
    """Return a wall-clock time of `zone` in UTC. A time that has a time zone is returned unchanged."""
    if time is None or time.tzinfo is not None:
        return time
    return max(time.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))

"""How an article stands by the last report of its source. Late reports and reports in wrong order change nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sharing.domain.article import Status
from sharing.intake.reading import GONE, Event, Reading

#: Order of an article's life: of two reports for the same moment, the one with the higher number counts.
LIFE = {
    Event.DRAFT: 0,
    Event.SCHEDULED: 1,
    Event.EMBARGOED: 1,
    Event.UPDATED: 2,
    Event.PUBLISHED: 2,
    Event.UNPUBLISHED: 3,
    Event.REPUBLISHED: 4,
    Event.DELETED: 5,
}
#: Events that bring an article to readers, now or at its time.
SHARES = frozenset({Event.PUBLISHED, Event.REPUBLISHED, Event.SCHEDULED, Event.EMBARGOED})
_OUT = frozenset({Event.PUBLISHED, Event.REPUBLISHED})
#: Events of an article that is not public yet. A draft takes back only these: a draft of a published article is
#: its working copy.
WAITS = frozenset({Event.SCHEDULED, Event.EMBARGOED})

_STATUS = {
    Event.DRAFT: Status.DRAFT,
    Event.SCHEDULED: Status.SCHEDULED,
    Event.EMBARGOED: Status.EMBARGOED,
    Event.UPDATED: Status.PUBLISHED,
    Event.PUBLISHED: Status.PUBLISHED,
    Event.REPUBLISHED: Status.PUBLISHED,
    Event.UNPUBLISHED: Status.WITHDRAWN,
    Event.DELETED: Status.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The last report of how an article stands.

    `at`: the time by the source's clock; None if the source gave none. The event `updated` means: readers can see the
    article, and no report said that it had just come out. `weak`: a feed reports it, and a feed does not know what was
    taken down.
    """

    event: Event | None = None
    at: datetime | None = None
    weak: bool = False

    @classmethod
    def of(cls, said: str, at: datetime | None) -> StatusReport:
        """Make a report from the columns of a row."""
        return cls(Event(said) if said else None, at)

    @property
    def status(self) -> Status | None:
        return _STATUS[self.event] if self.event else None

    @property
    def may_go_out(self) -> bool:
        return self.event in {None, Event.UPDATED, *SHARES}

    def is_older_than(self, new: StatusReport) -> bool:
        """Whether `new` is the newer report. If one of the two has no time, the one that came later counts as newer."""
        if new.event is None or self.event is None:
            return self.event is None
        if new.event is Event.DRAFT and self.event not in {Event.DRAFT, *WAITS}:
            return False
        if self.event is Event.DRAFT and new.event not in {Event.DRAFT, *WAITS}:
            return True
        if self.event is Event.UPDATED and new.event in _OUT:
            return True
        if new.at is None or self.at is None:
            return not (new.weak and self.event in GONE)
        return (new.at, LIFE[new.event]) >= (self.at, LIFE[self.event])

    def merged_with(self, new: StatusReport) -> StatusReport:
        """Return `new` if it is newer, else this report.

        A late report of the publication keeps the later time at which the article was already seen public.
        """
        if not self.is_older_than(new):
            return self
        if self.event is Event.UPDATED and new.event in _OUT and self.at and new.at and self.at > new.at:
            return replace(new, at=self.at)
        return new

    def as_seen_public(self, at: datetime | None) -> StatusReport:
        """Return the report that follows from seeing the article public at that time; empty if it tells nothing."""
        if at is None or self.event is Event.DELETED or (self.event is not None and self.at is None):
            return StatusReport()
        return StatusReport(self.event if self.event in _OUT else Event.UPDATED, at)


def came_out(hidden: StatusReport, shown_at: datetime | None, opened: datetime | None) -> Event | None:
    """Return the publication that follows if an article was hidden before and is public later; else None.

    Some CMSs report only an update then.

    Args:
        hidden: the last report before. If readers could see the article already, there is no publication.
        shown_at: when it was public.
        opened: when it was first published, if known; a draft after that is its next version.
    """
    if hidden.at is None or shown_at is None or hidden.at >= shown_at:
        return None
    if hidden.event is Event.UNPUBLISHED:
        return Event.REPUBLISHED
    first = hidden.event in {Event.DRAFT, *WAITS} and not (opened and opened < hidden.at)
    return Event.PUBLISHED if first else None


def time_of(reading: Reading, now: datetime) -> datetime | None:
    """Return when it happened by the source's clock, not later than `now`; None if the source does not say.

    A reading without a time of its own gives the publication time. That is the right time of a publication, but not of
    a later event of the same article.
    """
    at, article = reading.at, reading.article
    if at is None:
        return None
    only_published = article is not None and article.modified_at is None and at == article.published_at
    if only_published and reading.event is not Event.PUBLISHED:
        return None
    return min(at, now)

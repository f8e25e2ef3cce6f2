"""How an article stands, by what its source said last; what comes late or in the wrong order changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sharing.domain.article import Status
from sharing.intake.reading import GONE, Event, Reading

#: In the order of an article's life: of two things said for the same moment, the later in life counts.
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
#: What brings an article to readers, now or at its time.
SHARES = frozenset({Event.PUBLISHED, Event.REPUBLISHED, Event.SCHEDULED, Event.EMBARGOED})
_OUT = frozenset({Event.PUBLISHED, Event.REPUBLISHED})
#: Not public yet. Going back to a draft takes these back, and nothing else: of a published article, a draft is the
#: working copy.
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
    """What was said last of how an article stands.

    `at` is by the source's clock; None where it has not said. `updated`: readers can see it, and nobody said that it
    had just come out. `weak`: it is only what a feed shows, which does not know what was taken down.
    """

    event: Event | None = None
    at: datetime | None = None
    weak: bool = False

    @classmethod
    def of(cls, said: str, at: datetime | None) -> StatusReport:
        """From the columns of a row."""
        return cls(Event(said) if said else None, at)

    @property
    def status(self) -> Status | None:
        return _STATUS[self.event] if self.event else None

    @property
    def may_go_out(self) -> bool:
        return self.event in {None, Event.UPDATED, *SHARES}

    def is_older_than(self, new: StatusReport) -> bool:
        """Whether `new` is the newer word. Where one of the two has no time, what came later is."""
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
        """`new`, where it is newer. Who says late that it came out does not say that it was hidden since."""
        if not self.is_older_than(new):
            return self
        if self.event is Event.UPDATED and new.event in _OUT and self.at and new.at and self.at > new.at:
            return replace(new, at=self.at)
        return new

    def as_seen_public(self, at: datetime | None) -> StatusReport:
        """As somebody saw it public at that time, who says no more; empty where that says nothing."""
        if at is None or self.event is Event.DELETED or (self.event is not None and self.at is None):
            return StatusReport()
        return StatusReport(self.event if self.event in _OUT else Event.UPDATED, at)


def came_out(hidden: StatusReport, shown_at: datetime | None, opened: datetime | None) -> Event | None:
    """What happened to an article that was hidden, and public later: some CMSs tell no more of it than an update.

    Args:
        hidden: what was said last before; None is returned where readers could see it already.
        shown_at: when it was public.
        opened: when it was published first, where somebody says; a draft after that is its next version.
    """
    if hidden.at is None or shown_at is None or hidden.at >= shown_at:
        return None
    if hidden.event is Event.UNPUBLISHED:
        return Event.REPUBLISHED
    first = hidden.event in {Event.DRAFT, *WAITS} and not (opened and opened < hidden.at)
    return Event.PUBLISHED if first else None


def time_of(reading: Reading, now: datetime) -> datetime | None:
    """When it happened by the source's clock, not later than now; None where nobody says.

    A reading that knows no better gives the time of publication. Of a publication that is when it happened; of what
    happens later to the same article it is not.
    """
    at, article = reading.at, reading.article
    if at is None:
        return None
    only_published = article is not None and article.modified_at is None and at == article.published_at
    if only_published and reading.event is not Event.PUBLISHED:
        return None
    return min(at, now)

"""The Reading: one article of a payload, what happened to it, and the reason if it cannot be shared."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal


class Event(StrEnum):
    """What happened to an article, as the CMS says."""

    PUBLISHED = "published"
    UPDATED = "updated"
    SCHEDULED = "scheduled"
    EMBARGOED = "embargoed"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"
    REPUBLISHED = "republished"
    DRAFT = "draft"
    REVISION = "revision"
    AUTOSAVE = "autosave"
    IMPORTED = "imported"
    OTHER = "other"


class Proof(StrEnum):
    """How well a payload proves that an article was published just now.

    A `transition` from unpublished to published proves it. An `event` only claims it (importers send events, too). A
    `status` only says the present state; for an update it proves that readers can see the article, for a draft that
    they cannot.
    """

    TRANSITION = "transition"
    EVENT = "event"
    STATUS = "status"


#: Events after which readers cannot see the article.
GONE = frozenset({Event.UNPUBLISHED, Event.DELETED})

#: An article that is "published" today, but has a publication time longer ago than this, was imported or edited.
OLD = timedelta(days=7)

_STATUS = {
    Event.SCHEDULED: Status.SCHEDULED,
    Event.EMBARGOED: Status.EMBARGOED,
    Event.UNPUBLISHED: Status.WITHDRAWN,
    Event.DELETED: Status.WITHDRAWN,
    Event.DRAFT: Status.DRAFT,
    Event.REVISION: Status.DRAFT,
    Event.AUTOSAVE: Status.DRAFT,
}
_SHOWN = {Event.UPDATED: True, Event.DRAFT: False}
_WHY_NOT = {
    Event.UNPUBLISHED: "article.withdrawn",
    Event.DELETED: "article.withdrawn",
    Event.DRAFT: "article.draft",
    Event.REVISION: "event.revision",
    Event.AUTOSAVE: "event.autosave",
    Event.IMPORTED: "event.imported",
    Event.OTHER: "event.other",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One article of a payload.

    `article` is set if the payload is enough to make an Article, even one that cannot be shared yet. `why_not` is the
    reason why it cannot be shared: the event (a draft, an old article imported), or a missing value (an address, a
    time). If `article` is None, `why_not` is set. `source_id` is the id of the CMS or the feed, and `at` the time of
    the event there: with these two, events may arrive in any order. `shown` says whether readers can see the article
    now; None if the payload does not prove it. `dated` is False if `published_at` is only the time of creation.
    `unclear` is set if the payload has a time of the event that cannot be read.
    """

    article: Article | None
    event: Event
    why_not: Refusal | None = None
    source_id: str | None = None
    at: datetime | None = None
    shown: bool | None = None
    dated: bool = True
    unclear: Refusal | None = None


def read_as(
    article: Article,
    event: Event,
    *,
    now: datetime,
    proof: Proof = Proof.STATUS,
    dated: bool = True,
    what: str = "",
    at: datetime | None = None,
    unclear: Refusal | None = None,
) -> Reading:
    """Make the Reading of an article that was read without an error.

    A published article with an embargo in the future becomes embargoed. One with a publication time longer ago than
    `OLD` becomes imported, unless the proof is a transition. `dated` is False if `published_at` is only the time of
    creation. `what` names the kind of thing if it is not an article.
    """
    if event in {Event.PUBLISHED, Event.UPDATED, Event.REPUBLISHED}:
        if article.embargo_until and article.embargo_until > now:
            event = Event.EMBARGOED
        elif event is Event.PUBLISHED and proof is not Proof.TRANSITION and dated and _is_old(article, now):
            event = Event.IMPORTED
    article = dataclasses.replace(article, status=_STATUS.get(event, Status.PUBLISHED))
    return Reading(
        article=article,
        event=event,
        why_not=_why_not(article, event, what),
        source_id=article.source_id,
        at=at or article.modified_at or article.published_at,
        shown=_SHOWN.get(event) if proof is Proof.STATUS else None,
        dated=dated,
        unclear=unclear,
    )


def unreadable(
    refusal: Refusal,
    event: Event,
    *,
    source_id: str | None = None,
    at: datetime | None = None,
    what: str = "",
) -> Reading:
    """Make the Reading of a record that is not an Article. The event, if it explains this, replaces `refusal`."""
    if event in {Event.DELETED, Event.UNPUBLISHED, Event.OTHER, Event.REVISION, Event.AUTOSAVE}:
        refusal = Refusal(_WHY_NOT[event], what=what or "–")
    return Reading(article=None, event=event, why_not=refusal, source_id=source_id, at=at)


def _is_old(article: Article, now: datetime) -> bool:
    return article.published_at is not None and article.published_at < now - OLD


def _why_not(article: Article, event: Event, what: str) -> Refusal | None:
    if event in _WHY_NOT:
        return Refusal(_WHY_NOT[event], what=what or "–")
    if event is Event.SCHEDULED and not (article.published_at or article.embargo_until):
        return Refusal("article.scheduled_without_time", field="published_at")
    if event is Event.EMBARGOED and not article.embargo_until:
        return Refusal("article.embargoed_without_time", field="embargo_until")
    return None if article.address else Refusal("article.no_url", field="url")

"""The Reading: one article out of a payload, what happened to it, and why not to share it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal


class Event(StrEnum):
    """What happened in the newsroom, as its CMS tells it."""

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
    """How sure it is that an article was published just now.

    A `transition` from unpublished to published proves it; an `event` claims it (importers fire events, too);
    a `status` only says how things stand. Of an update or a draft, a `status` proves that readers can, or cannot,
    see the article.
    """

    TRANSITION = "transition"
    EVENT = "event"
    STATUS = "status"


#: What takes an article from readers.
GONE = frozenset({Event.UNPUBLISHED, Event.DELETED})

#: Published longer ago than this, an article that is "published" today was imported or touched.
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

    `article` is there when there was enough to make one, also when it cannot be shared as it stands;
    `why_not` says why it cannot: what happened (a draft, an old article imported), or what it lacks (an
    address, a time). Where `article` is None, `why_not` is set. `source_id` is the CMS's own id, or the
    feed's, and `at` when it happened there: by these two, events out of order do no harm. `shown` says whether
    readers can see it now, where the payload proves that; `dated` is False where its `published_at` is only the day
    of its creation. `unclear` says that it tells when it happened, but not in a way that can be read.
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
    """The Reading of an article that was read well.

    An embargo that is not over makes a published article embargoed; a publication longer ago than `OLD`
    makes it imported, unless a transition proves otherwise. `dated` is False where `published_at` is only
    the day of its creation. `what` names the thing that is no article.
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
    """The Reading of what made no article. That it was deleted, or never was one, says more than its lack."""
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

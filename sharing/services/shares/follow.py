"""Apply changes of an article to its deliveries that are not out yet (promise 7 of the design)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db.models import F
from django.db.models.functions import Now

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.delivery import MAY_BE_LIVE, State, Why
from sharing.domain.lanes import FRESH_FOR, Lane, Purpose
from sharing.domain.message import Teaser
from sharing.domain.origin import Words
from sharing.domain.outcomes import Achieved
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import plan
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services import notices
from sharing.services.articles.identity import same_words
from sharing.services.articles.keep import WITHDRAWN
from sharing.services.shares import style
from sharing.services.shares.compose import compose_for

log = structlog.get_logger()

#: States that are not out yet: a change of the article still reaches them.
UNSENT = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD, State.FAILED, State.EXPIRED)
#: States in which a delivery would go out by itself, also while a worker prepares it.
GOING = frozenset({State.QUEUED, State.WAITING, State.CLAIMED})


def follow(row: models.Article, actor: Actor) -> None:
    """Apply the changes of an article to its unsent deliveries, after the commit that changed it (promise 7).

    Automatic words are written again. Deliveries with words that a person wrote are held, and a person is asked. Times
    that the CMS moved are moved. A withdrawal cancels. This may be interrupted anywhere, and several may do it at once:
    a delivery knows which version of its article it follows, and no other version passes the last gate.
    """
    row.refresh_from_db()  # the article may be public again by now
    if row.withdrawn_at:
        _cancel_unsent(row, actor)
        return
    article, now = row.value, moves.now()
    rows = row.deliveries.filter(state__in=(*UNSENT, State.CLAIMED)).exclude(article_hash=row.data_hash)
    for delivery in rows.select_related("share", "account__desk"):
        _follow(row, article, delivery, now, actor)


def follow_with(delivery: models.Delivery, actor: Actor) -> None:
    """Apply the article's changes to one delivery that the calling worker has claimed."""
    row = delivery.article
    _follow(row, row.value, delivery, moves.now(), actor)


def follow_all(actor: Actor, most: int = 100) -> int:
    """Apply changes whose `follow` was interrupted. Returns the number of articles."""
    unsent = models.Delivery.objects.filter(state__in=(State.DRAFT, State.QUEUED, State.WAITING))
    changed = unsent.exclude(article_hash="").exclude(article_hash=F("article__data_hash"))
    withdrawn = unsent.filter(article__withdrawn_at__isnull=False).exclude(purpose=Purpose.RETRACTION)
    found = set(changed.exclude(words=Words.PERSON).values_list("article", flat=True)[:most])
    found |= set(withdrawn.values_list("article", flat=True)[:most])
    for row in models.Article.objects.filter(pk__in=found):
        follow(row, actor)
    return len(found)


def _follow(
    row: models.Article, article: Article, delivery: models.Delivery, now: datetime, actor: Actor
) -> None:
    columns = _replanned(article, delivery, now)
    if same_words(delivery.article_hash, row.data_hash):
        columns["article_hash"] = row.data_hash
    elif delivery.words == Words.AUTO:
        columns |= _rewritten(row, article, delivery)
    elif delivery.state == State.DRAFT:
        columns["article_hash"] = row.data_hash  # a person reads a draft again before it goes
    _update(row, delivery, columns)
    if delivery.state in GOING and "article_hash" not in columns:
        moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor)


def _replanned(article: Article, delivery: models.Delivery, now: datetime) -> dict[str, Any]:
    """Return new times if the CMS moved or lifted its time or embargo. Times that a person set stay."""
    share = delivery.share
    new = plan(article, at=share.at, embargo=share.embargo_until, now=now)
    if not (delivery.scheduled or delivery.embargo_until or new.scheduled or new.embargo_until):
        return {}
    return {
        "due_at": new.due_at,
        "embargo_until": new.embargo_until,
        "scheduled": new.scheduled,
        "expires_at": new.due_at + FRESH_FOR[Lane(delivery.lane)],
    }


def _rewritten(row: models.Article, article: Article, delivery: models.Delivery) -> dict[str, Any]:
    """Return new words. Empty if they do not fit or the desk blocks them; then the delivery is held for a person."""
    try:
        composed = compose_for(article, delivery.account, Teaser(variant=delivery.variant), delivery.marker)
        style.stop_what_is_blocked(delivery.account.desk, article, composed.message, own=False)
    except Refusal as refusal:
        log.warning("could not be written again", delivery=delivery.pk, refusal=str(refusal))
        return {}
    return {
        "message": composed.message.stored(),
        "target": composed.target,
        "approved_hash": composed.approved_hash,
        "article_hash": row.data_hash,
        "typed": None,
    }


def _update(row: models.Article, delivery: models.Delivery, columns: Mapping[str, Any]) -> None:
    """Update an unsent delivery, unless the article has changed once more: then the newer change updates it."""
    if columns:
        rows = models.Delivery.objects.filter(pk=delivery.pk, state__in=(*UNSENT, State.CLAIMED))
        rows.filter(article__data_hash=row.data_hash).update(**columns)


def hold_what_waits(row: models.Article, actor: Actor) -> None:
    """Hold the article's waiting deliveries for a person, because a report about the article was unclear."""
    for delivery in row.deliveries.filter(state__in=GOING):
        moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor)


def withdraw(row: models.Article, actor: Actor) -> int:
    """Withdraw the article: cancel what is not out. Returns the number of deliveries that readers may still see."""
    models.Article.objects.filter(pk=row.pk, withdrawn_at=None).update(
        withdrawn_at=Now(), status=Status.WITHDRAWN
    )
    follow(row, actor)
    return row.deliveries.filter(state__in=MAY_BE_LIVE).count()


def _cancel_unsent(row: models.Article, actor: Actor) -> None:
    rows = row.deliveries.exclude(purpose=Purpose.RETRACTION)
    for delivery in rows.filter(state__in=(*UNSENT, State.CLAIMED)):
        given_up = delivery.state in {State.FAILED, State.EXPIRED}
        why = Why.DROPPED if given_up else Why.WITHDRAWN
        moves.move(delivery.pk, State.CANCELLED, why, actor=actor)
    # A prepared message that a person still holds is cancelled; published posts are left to a person.
    for delivery in rows.filter(state=State.DELIVERED, receipt=Achieved.PREPARED):
        moves.move(delivery.pk, State.CANCELLED, Why.WITHDRAWN, actor=actor)
    live = list(row.deliveries.filter(state__in=MAY_BE_LIVE).order_by("pk").values_list("pk", flat=True))
    if live:
        facts = {"n": len(live), "live": live, "headline": row.headline[:200]}
        notices.tell(WITHDRAWN, f"article:{row.pk}", facts)


def gone_everywhere() -> None:
    """End the notice of a withdrawn article once no post of it is left."""
    left: dict[str, set[int]] = {}
    for subject in notices.things(WITHDRAWN):
        rows = models.Delivery.objects.filter(article_id=subject.partition(":")[2])
        rows = rows.filter(article__withdrawn_at__isnull=False, state__in=MAY_BE_LIVE)
        left[subject] = set(rows.values_list("pk", flat=True))
    notices.keep_only(WITHDRAWN, left)

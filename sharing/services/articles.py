"""Articles of a desk: kept once, changed with their source, and what a change does to what is not out yet."""

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
from sharing.domain.outcomes import Achieved
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import plan
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services.compose import compose_for
from sharing.services.identity import article_hash, article_key

log = structlog.get_logger()

#: Not out yet, so a change of the article still reaches it.
UNSENT = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD, State.FAILED, State.EXPIRED)
#: Of these, and of what a worker has in its hands: what would go out by itself.
GOING = frozenset({State.QUEUED, State.WAITING, State.CLAIMED})


def keep(
    desk: models.Desk, article: Article, source: models.Source | None = None
) -> tuple[models.Article, bool]:
    """The desk's row for this article, made or brought up to date; and whether it changed.

    One article by its address, or by the id that its source gives it. Call inside a transaction; what a
    change means for unsent deliveries is `follow_change`, after it.
    """
    key, data_hash = article_key(article), article_hash(article)
    source_key = article.source_id if source else None
    fields: dict[str, Any] = {
        "headline": article.headline,
        "status": article.status.value,
        "data": article.stored(),
        "data_hash": data_hash,
    }
    row = _known(desk, key, source, source_key)
    if row is None:
        row, made = models.Article.objects.get_or_create(
            desk=desk, key=key, defaults={**fields, "source": source, "source_key": source_key}
        )
        if made:
            return row, False
    back = row.withdrawn_at is not None and _comes_back(article, row.withdrawn_at, source)
    if (row.data_hash == data_hash and not back) or _older(article, row):
        return row, False
    if article.status is Status.WITHDRAWN:
        fields["withdrawn_at"] = Now()
    elif back:
        fields["withdrawn_at"] = None
    models.Article.objects.filter(pk=row.pk).update(
        **fields, changed_at=Now(), page_seen_at=None
    )
    row.refresh_from_db()
    return row, True


def _comes_back(article: Article, withdrawn_at: datetime, source: models.Source | None) -> bool:
    """Whether a withdrawn article is published again: a person says so, or a CMS that changed it since."""
    if article.status is Status.WITHDRAWN:
        return False
    return source is None or not article.modified_at or article.modified_at > withdrawn_at


def find(desk: models.Desk, article: Article, source: models.Source | None = None) -> models.Article | None:
    """The desk's row for this article, if it knows it."""
    key = article_key(article) if article.address else ""
    return _known(desk, key, source, article.source_id if source else None)


def _known(
    desk: models.Desk, key: str, source: models.Source | None, source_key: str | None
) -> models.Article | None:
    if source and source_key:
        by_id = models.Article.objects.filter(desk=desk, source=source, source_key=source_key).first()
        if by_id:
            return by_id
    return models.Article.objects.filter(desk=desk, key=key).first()


def _older(article: Article, row: models.Article) -> bool:
    """Events out of order do no harm: an older version changes nothing."""
    known = row.value.modified_at
    return bool(known and article.modified_at and article.modified_at < known)


def follow_change(row: models.Article, actor: Actor) -> None:
    """Let a change reach what is not out, after the commit that changed it (promise 7).

    Automatic words are written again; words that a person wrote are held and asked about; times that the CMS
    moved are moved; what is withdrawn is cancelled. It may be cut short anywhere and be done by several at
    once: a delivery knows which version of its article it follows, and no other passes the last gate.
    """
    if row.withdrawn_at:
        _cancel_unsent(row, actor)
        return
    article, now = row.value, moves.now()
    rows = row.deliveries.filter(state__in=(*UNSENT, State.CLAIMED)).exclude(article_hash=row.data_hash)
    for delivery in rows.select_related("share", "account__desk"):
        _follow(row, article, delivery, now, actor)


def follow_with(delivery: models.Delivery, actor: Actor) -> None:
    """Let one delivery follow its article as it is now; for a worker that has it in its hands."""
    row = delivery.article
    _follow(row, row.value, delivery, moves.now(), actor)


def follow_all(actor: Actor, most: int = 100) -> int:
    """Changes that were cut short on their way; returns how many articles had some."""
    unsent = models.Delivery.objects.filter(state__in=UNSENT).exclude(article_hash="")
    changed = unsent.exclude(article_hash=F("article__data_hash")).exclude(words="person")
    withdrawn = unsent.filter(article__withdrawn_at__isnull=False).exclude(purpose=Purpose.RETRACTION)
    found = set(changed.values_list("article", flat=True)[:most])
    found |= set(withdrawn.values_list("article", flat=True)[:most])
    for row in models.Article.objects.filter(pk__in=found):
        follow_change(row, actor)
    return len(found)


def _follow(
    row: models.Article, article: Article, delivery: models.Delivery, now: datetime, actor: Actor
) -> None:
    columns = _replanned(article, delivery, now)
    if delivery.words == "auto":
        columns |= _rewritten(row, article, delivery)
    elif delivery.state == State.DRAFT:
        columns["article_hash"] = row.data_hash  # somebody reads it again before it goes
    _update(row, delivery, columns)
    if delivery.state in GOING and "article_hash" not in columns:
        moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor)


def _replanned(article: Article, delivery: models.Delivery, now: datetime) -> dict[str, Any]:
    """A CMS may move or lift its time and embargo; what a person named stays."""
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
    """New words; none where they do not fit, and then a person is asked."""
    try:
        composed = compose_for(article, delivery.account, Teaser(variant=delivery.variant), delivery.marker)
    except Refusal as refusal:
        log.warning("could not be written again", delivery=delivery.pk, refusal=str(refusal))
        return {}
    return {
        "message": composed.message.stored(),
        "target": composed.target,
        "approved_hash": composed.approved_hash,
        "article_hash": row.data_hash,
    }


def _update(row: models.Article, delivery: models.Delivery, columns: Mapping[str, Any]) -> None:
    """Write into an unsent delivery, unless the article has changed once more: then that change does it."""
    if columns:
        rows = models.Delivery.objects.filter(pk=delivery.pk, state__in=(*UNSENT, State.CLAIMED))
        rows.filter(article__data_hash=row.data_hash).update(**columns)


def mark_withdrawn(row: models.Article) -> None:
    """Write down that the article is withdrawn, in the transaction that says so; `withdraw` does the rest.

    From its commit on nothing of the article passes the last gate.
    """
    models.Article.objects.filter(pk=row.pk, withdrawn_at=None).update(
        withdrawn_at=Now(), status=Status.WITHDRAWN
    )


def withdraw(row: models.Article, actor: Actor) -> int:
    """The article is withdrawn: what is not out is cancelled. Returns how many places still show it."""
    mark_withdrawn(row)
    row.refresh_from_db()
    follow_change(row, actor)
    return row.deliveries.filter(state__in=MAY_BE_LIVE).count()


def _cancel_unsent(row: models.Article, actor: Actor) -> None:
    rows = row.deliveries.exclude(purpose=Purpose.RETRACTION)
    for delivery in rows.filter(state__in=(*UNSENT, State.CLAIMED)):
        given_up = delivery.state in {State.FAILED, State.EXPIRED}
        why = Why.DROPPED if given_up else Why.WITHDRAWN
        moves.move(delivery.pk, State.CANCELLED, why, actor=actor)
    # What a person still holds is called back; what readers have stays a matter for a person.
    for delivery in rows.filter(state=State.DELIVERED, receipt=Achieved.PREPARED):
        moves.move(delivery.pk, State.CANCELLED, Why.WITHDRAWN, actor=actor)

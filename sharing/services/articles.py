"""Articles of a desk: kept once, changed with their source, and what a change does to what is not out yet."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models.functions import Now

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.delivery import MAY_BE_LIVE, State, Why
from sharing.domain.message import Teaser
from sharing.domain.outcomes import Achieved
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services.compose import compose_for
from sharing.services.identity import article_hash, article_key

log = structlog.get_logger()

#: Not out yet, so a change of the article still reaches it.
UNSENT = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD, State.FAILED, State.EXPIRED)


def keep(
    desk: models.Desk, article: Article, source: models.Source | None = None
) -> tuple[models.Article, bool]:
    """The desk's row for this article, made or brought up to date; and whether it changed.

    One article by its address, or by the id that its source gives it. Call inside a transaction; what a
    change means for unsent deliveries is `follow_change`, after it.
    """
    key, data_hash = article_key(article), article_hash(article)
    source_key = article.source_id if source else None
    fields = {
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
    if row.data_hash == data_hash or _older(article, row):
        return row, False
    withdrawn = {"withdrawn_at": Now()} if article.status is Status.WITHDRAWN else {"withdrawn_at": None}
    models.Article.objects.filter(pk=row.pk).update(
        **fields, **withdrawn, changed_at=Now(), page_seen_at=None
    )
    row.refresh_from_db()
    return row, True


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

    Automatic words are written again; words that a person wrote are held and asked about.
    """
    article = row.value
    for delivery in row.deliveries.filter(state__in=UNSENT).select_related("account__desk"):
        if delivery.words == "person":
            if delivery.state in {State.QUEUED, State.WAITING}:
                moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor)
            continue
        try:
            composed = compose_for(
                article, delivery.account, Teaser(variant=delivery.variant), delivery.marker
            )
        except Refusal as refusal:
            log.warning("could not be written again", delivery=delivery.pk, refusal=str(refusal))
            continue
        # The gate compares the hash, so a worker that composed before this line does not send old words.
        models.Delivery.objects.filter(pk=delivery.pk, state__in=UNSENT).update(
            message=composed.message.stored(), target=composed.target, approved_hash=composed.approved_hash
        )


def withdraw(row: models.Article, actor: Actor) -> int:
    """The article is withdrawn: what is not out is cancelled. Returns how many places still show it."""
    with transaction.atomic():
        models.Article.objects.filter(pk=row.pk, withdrawn_at=None).update(
            withdrawn_at=Now(), status=Status.WITHDRAWN
        )
    for delivery in row.deliveries.filter(state__in=(*UNSENT, State.CLAIMED)):
        if delivery.state in {State.FAILED, State.EXPIRED}:
            moves.move(delivery.pk, State.CANCELLED, Why.DROPPED, actor=actor)
        else:
            moves.move(delivery.pk, State.CANCELLED, Why.WITHDRAWN, actor=actor)
    # What a person still holds is called back; what readers have stays a matter for a person.
    for delivery in row.deliveries.filter(state=State.DELIVERED, receipt=Achieved.PREPARED):
        moves.move(delivery.pk, State.CANCELLED, Why.WITHDRAWN, actor=actor)
    return row.deliveries.filter(state__in=MAY_BE_LIVE).count()

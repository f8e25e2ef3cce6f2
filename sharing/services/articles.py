"""Articles of a desk: each kept once, changed with its source, and what a change leads to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.delivery import MAY_BE_LIVE, State, Why
from sharing.domain.lanes import FRESH_FOR, Lane, Purpose
from sharing.domain.message import Teaser
from sharing.domain.outcomes import Achieved
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import plan
from sharing.intake.reading import Event
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services import names as article_names
from sharing.services import notices, style
from sharing.services.compose import compose_for
from sharing.services.identity import article_hash, names_of, same_times, same_to_readers
from sharing.services.standing import Said

log = structlog.get_logger()

#: Not out yet, so a change of the article still reaches it.
UNSENT = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD, State.FAILED, State.EXPIRED)
#: The notice of an article that is gone while posts of it are not.
WITHDRAWN = "withdrawn"
#: A change that was not followed for so long was cut off by a crash.
FORGOTTEN = timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody tells of an article: its words, how it stands, or both.

    `article` is None where no words came, or where they are not public; `data_at` is of when they are; `said` is
    empty where nobody says how it stands. Words that are `weak` replace others only where they are known to be newer.
    """

    article: Article | None
    data_at: datetime | None = None
    said: Said = field(default_factory=Said)
    source: models.Source | None = None
    weak: bool = False

    def renews(self, data_at: datetime | None) -> bool:
        """Whether its words take the place of those of `data_at`."""
        if self.article is None:
            return False
        if self.data_at is None or data_at is None:
            return not self.weak
        return self.data_at > data_at if self.weak else self.data_at >= data_at


@dataclass(frozen=True, slots=True)
class Taken:
    """What a word led to.

    `news`: it says how the article stands, and nothing newer was said. `changed`: its words are others than before.
    `was`: its value before; None where it is new.
    """

    row: models.Article | None
    news: bool
    changed: bool = False
    was: Article | None = None


#: Of these, and of what a worker has in its hands: what would go out by itself.
GOING = frozenset({State.QUEUED, State.WAITING, State.CLAIMED})


def keep(
    desk: models.Desk, article: Article, source: models.Source | None = None
) -> tuple[models.Article, bool]:
    """The desk's row for an article that somebody wants to share, made or brought up to date; and whether it changed.

    Call inside a transaction; what a change means for unsent deliveries is `follow`, after it.

    Raises:
        Refusal: `article.no_url`.
    """
    if not article.address:
        raise Refusal("article.no_url", field="url")
    word = Word(article=article, data_at=article.modified_at, source=source)
    taken = take(desk, names_of(article, source), word)
    row = taken.row
    assert row is not None  # noqa: S101 - it has an address
    if row.withdrawn_at and article.status not in {Status.WITHDRAWN, Status.DRAFT}:
        # Whoever shares it has it before them.
        taken = take(desk, names_of(article, source), dataclasses.replace(word, said=Said(Event.PUBLISHED)))
        row = taken.row or row
        notices.over_for(WITHDRAWN, f"article:{row.pk}")
    return row, taken.changed


def find(desk: models.Desk, article: Article, source: models.Source | None = None) -> models.Article | None:
    """The desk's row for this article, if it knows it."""
    names = names_of(article, source)
    rows = models.ArticleName.objects.filter(desk=desk, name__in=names).exclude(article=None)
    by_name = {row.name: row.article for row in rows.select_related("article")}
    return next((by_name[name] for name in names if name in by_name), None)


def take(desk: models.Desk, names: Sequence[str], word: Word) -> Taken:
    """Take a word about the article that is known by `names`, inside a transaction.

    Newer words replace older ones and a newer word of how it stands an older one, each by its own clock. Of an
    article that the desk does not have, what was said is remembered for when it comes.
    """
    while True:
        known = article_names.look_up(desk, names)
        news = word.said.event is not None and known.said.gives_way_to(word.said)
        said = known.said.then(word.said)
        if known.row is not None:
            article_names.add(known.row, names)
            return _renew(known.row, word, said, news=news)
        if word.article is None or not word.article.address:
            article_names.remember(desk, names, said)
            return Taken(None, news)
        columns = _columns(_standing(word.article, said)) | _stands(said) | {"data_at": word.data_at}
        row = article_names.make(desk, names, columns, word.source, heard=known.heard)
        if row is not None:
            return Taken(row, news)


def _renew(row: models.Article, word: Word, said: Said, *, news: bool) -> Taken:
    was, data_at = row.value, row.data_at
    value = was
    if word.article is not None and word.renews(data_at):
        same = word.source is not None and row.source_id == word.source.pk
        value = word.article if same else _filled(word.article, was)
        data_at = max((t for t in (word.data_at, data_at) if t), default=None)
    if not value.address:
        value = dataclasses.replace(value, url=was.url, canonical_url=was.canonical_url)
    value = _standing(value, said)
    columns: dict[str, Any] = {"data_at": data_at} if data_at != row.data_at else {}
    changed, moved = not same_to_readers(value, was), not same_times(value, was)
    if article_hash(value) != row.data_hash:
        columns |= _columns(value)
    if changed:
        columns |= {"changed_at": Now(), "page_seen_at": None, "follow_since": Now()}
    elif moved:
        columns |= {"follow_since": Coalesce("follow_since", Now())}
    if news:
        columns |= _stands(said)
    if columns:
        models.Article.objects.filter(pk=row.pk).update(**columns)
        row.refresh_from_db()
    return Taken(row, news, changed or moved, was)


def _stands(said: Said) -> dict[str, Any]:
    columns: dict[str, Any] = {"said": said.event.value if said.event else "", "said_at": said.at}
    if said.may_go_out:
        return columns | {"withdrawn_at": None}
    return columns | {"withdrawn_at": Now(), "follow_since": Now()}


def _standing(article: Article, said: Said) -> Article:
    return dataclasses.replace(article, status=said.status) if said.status else article


def _filled(article: Article, known: Article) -> Article:
    """What another way in does not tell stays as the first told it."""
    absent = {
        each.name: getattr(known, each.name)
        for each in dataclasses.fields(Article)
        if getattr(article, each.name) in (None, (), {})
    }
    return dataclasses.replace(article, **absent)


def _columns(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "status": article.status.value,
        "data": article.stored(),
        "data_hash": article_hash(article),
    }


# -- what a change leads to, after the commit that wrote it ------------------------------------------------


def follow_forgotten(actor: Actor, most: int = 50) -> None:
    """Let the changes go on their way whose process ended before they had arrived."""
    cut_off = models.Article.objects.filter(follow_since__lt=moves.now() - FORGOTTEN)
    for row in cut_off.order_by("follow_since")[:most]:
        follow(row, actor)


def follow(row: models.Article, actor: Actor) -> None:
    """Let whatever changed about an article reach what is not out, after the commit that changed it (promise 7).

    Automatic words are written again; words that a person wrote are held and asked about; times that the CMS
    moved are moved; what is withdrawn is cancelled. Until this is done nothing of the article passes the last
    gate (`follow_since`), so it may be cut short anywhere, and done by several at once.
    """
    row.refresh_from_db()  # it may have come back meanwhile
    if row.withdrawn_at:
        _cancel_unsent(row, actor)
    else:
        _renew_unsent(row, actor)
    seen = models.Article.objects.filter(pk=row.pk, data_hash=row.data_hash, said=row.said)
    seen.filter(withdrawn_at__isnull=row.withdrawn_at is None).update(follow_since=None)


def _renew_unsent(row: models.Article, actor: Actor) -> None:
    article, now = row.value, moves.now()
    rows = row.deliveries.filter(state__in=(*UNSENT, State.CLAIMED)).select_related("share", "account__desk")
    new_words = bool(row.follow_since and row.follow_since <= row.changed_at)
    older = rows.filter(created_at__lt=F("article__changed_at")) if new_words else rows.none()
    to_ask_about = set(older.values_list("pk", flat=True))
    for delivery in rows:
        _replan(row, article, delivery, now)
        if delivery.words == "auto":
            _rewrite(row, article, delivery, actor)
        elif delivery.pk in to_ask_about and delivery.state in GOING:
            moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor)


def _replan(row: models.Article, article: Article, delivery: models.Delivery, now: datetime) -> None:
    """A CMS may move or lift its time and embargo; what a person named stays."""
    share = delivery.share
    new = plan(article, at=share.at, embargo=share.embargo_until, now=now)
    if not (delivery.scheduled or delivery.embargo_until or new.scheduled or new.embargo_until):
        return
    _update(
        row,
        delivery,
        due_at=new.due_at,
        embargo_until=new.embargo_until,
        scheduled=new.scheduled,
        expires_at=new.due_at + FRESH_FOR[Lane(delivery.lane)],
    )


def _rewrite(row: models.Article, article: Article, delivery: models.Delivery, actor: Actor) -> None:
    try:
        composed = compose_for(article, delivery.account, Teaser(variant=delivery.variant), delivery.marker)
        style.stop_what_is_blocked(delivery.account.desk, article, composed.message, own=False)
    except Refusal as refusal:
        log.warning("could not be written again", delivery=delivery.pk, refusal=str(refusal))
        if delivery.state in GOING:
            moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor, detail=str(refusal))
        return
    # The gate compares the hash, so a worker that took the old words before this line does not send them.
    _update(
        row,
        delivery,
        message=composed.message.stored(),
        target=composed.target,
        approved_hash=composed.approved_hash,
    )


def _update(row: models.Article, delivery: models.Delivery, **columns: Any) -> None:
    """Write into an unsent delivery, unless the article has changed once more: then that change does it."""
    rows = models.Delivery.objects.filter(pk=delivery.pk, state__in=(*UNSENT, State.CLAIMED))
    rows.filter(article__data_hash=row.data_hash).update(**columns)


def withdraw(row: models.Article, actor: Actor) -> int:
    """The article is withdrawn: what is not out is cancelled. Returns how many places still show it."""
    models.Article.objects.filter(pk=row.pk, withdrawn_at=None).update(
        withdrawn_at=Now(), status=Status.WITHDRAWN, follow_since=Now()
    )
    follow(row, actor)
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
    live = row.deliveries.filter(state__in=MAY_BE_LIVE).count()
    if live:
        notices.tell(WITHDRAWN, f"article:{row.pk}", {"n": live, "headline": row.headline[:200]})


def gone_everywhere() -> None:
    """The notice of a withdrawn article is over once no post of it is left."""
    for notice in models.Notice.objects.filter(kind=WITHDRAWN, over_at=None):
        pk = notice.subject.partition(":")[2]
        if not models.Delivery.objects.filter(article_id=pk, state__in=MAY_BE_LIVE).exists():
            notices.over_for(WITHDRAWN, notice.subject)

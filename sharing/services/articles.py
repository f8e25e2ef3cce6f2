"""Articles of a desk: each kept once, changed with its source, and what a change leads to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from sharing.intake.reading import Event
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services import names as article_names
from sharing.services import notices, style
from sharing.services.compose import compose_for
from sharing.services.identity import article_hash, names_of, same_to_readers, same_words
from sharing.services.standing import Said

log = structlog.get_logger()

#: Not out yet, so a change of the article still reaches it.
UNSENT = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD, State.FAILED, State.EXPIRED)
#: The notice of an article that is gone while posts of it are not.
WITHDRAWN = "withdrawn"


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
    return article_names.find(desk, names_of(article, source))


def take(
    desk: models.Desk, names: Sequence[str], word: Word, known: article_names.Known | None = None
) -> Taken:
    """Take a word about the article that is known by `names`, inside a transaction.

    Newer words replace older ones and a newer word of how it stands an older one, each by its own clock. Of an
    article that the desk does not have, what was said is remembered for when it comes. `known` is what was just looked
    up by these names, in this transaction.
    """
    while True:
        known = known or article_names.look_up(desk, names)
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
        known = None


def _renew(row: models.Article, word: Word, said: Said, *, news: bool) -> Taken:
    was, data_at, version = row.value, row.data_at, row.data_hash
    value = was
    if word.article is not None and word.renews(data_at):
        same = word.source is not None and row.source_id == word.source.pk
        value = word.article if same else _filled(word.article, was)
        data_at = max((t for t in (word.data_at, data_at) if t), default=None)
    if not value.address:
        value = dataclasses.replace(value, url=was.url, canonical_url=was.canonical_url)
    value = _standing(value, said)
    if value.status is Status.SCHEDULED and not value.published_at:
        # Who does not tell the time does not lift it: without one it would go out at once.
        value = dataclasses.replace(value, published_at=was.published_at)
    columns: dict[str, Any] = {"data_at": data_at} if data_at != row.data_at else {}
    changed = not same_to_readers(value, was)
    if value != was:
        columns |= _columns(value)
    if changed:
        columns |= {"changed_at": Now(), "page_seen_at": None}
    if news:
        columns |= _stands(said)
    if columns:
        models.Article.objects.filter(pk=row.pk).update(**columns)
        row.refresh_from_db()
    return Taken(row, news, row.data_hash != version, was)


def _stands(said: Said) -> dict[str, Any]:
    columns: dict[str, Any] = {"said": said.event.value if said.event else "", "said_at": said.at}
    if said.may_go_out:
        return columns | {"withdrawn_at": None}
    return columns | {"withdrawn_at": moves.now()}


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


def follow(row: models.Article, actor: Actor) -> None:
    """Let whatever changed about an article reach what is not out, after the commit that changed it (promise 7).

    Automatic words are written again; words that a person wrote are held and asked about; times that the CMS
    moved are moved; what is withdrawn is cancelled. It may be cut short anywhere and be done by several at
    once: a delivery knows which version of its article it follows, and no other passes the last gate.
    """
    row.refresh_from_db()  # it may have come back meanwhile
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
    unsent = models.Delivery.objects.filter(state__in=(State.DRAFT, State.QUEUED, State.WAITING))
    changed = unsent.exclude(article_hash="").exclude(article_hash=F("article__data_hash"))
    withdrawn = unsent.filter(article__withdrawn_at__isnull=False).exclude(purpose=Purpose.RETRACTION)
    found = set(changed.exclude(words="person").values_list("article", flat=True)[:most])
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
    elif delivery.words == "auto":
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
    """New words; none where they do not fit or the desk does not let them out, and then a person is asked."""
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
    }


def _update(row: models.Article, delivery: models.Delivery, columns: Mapping[str, Any]) -> None:
    """Write into an unsent delivery, unless the article has changed once more: then that change does it."""
    if columns:
        rows = models.Delivery.objects.filter(pk=delivery.pk, state__in=(*UNSENT, State.CLAIMED))
        rows.filter(article__data_hash=row.data_hash).update(**columns)


def hold_what_waits(row: models.Article, actor: Actor) -> None:
    """Something was said of the article that is not understood: what is not out waits for a person."""
    for delivery in row.deliveries.filter(state__in=GOING):
        moves.move(delivery.pk, State.HELD, Why.ARTICLE_CHANGED, actor=actor)


def withdraw(row: models.Article, actor: Actor) -> int:
    """The article is withdrawn: what is not out is cancelled. Returns how many places still show it."""
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
    # What a person still holds is called back; what readers have stays a matter for a person.
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

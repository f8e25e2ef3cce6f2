"""Write a draft: its words per channel, its automatic wording, and the accounts that it goes to.

Words that do not fit are kept as typed (`typed`) and without a hash, so that no gate lets them pass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.delivery import State
from sharing.domain.message import VARIANTS, Message, Teaser
from sharing.domain.origin import Words
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import plan
from sharing.models import Health, moves
from sharing.services.shares.compose import Composed, compose_for, editable_words
from sharing.services.shares.drafts.opening import rows
from sharing.services.shares.share import ShareRequest, new_delivery
from sharing.words.unicode import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Words as they would go out, or the reason why they cannot.

    `length` and `limit` are in the units of the channel: weighted characters on X, for example.
    """

    words: str
    message: Message
    length: int
    limit: int | None
    refusal: Refusal | None = None


def words_of(delivery: models.Delivery) -> str:
    """Return the words that a person may change, one part per line, without the link; as typed if they do not fit."""
    if delivery.typed is not None:
        return delivery.typed
    return editable_words(Message.load(delivery.message))


def try_words(delivery: models.Delivery, words: str) -> Fit:
    """Try how these words would go out through this delivery's account. Writes nothing."""
    message = Message.load(delivery.message)
    try:
        composed = compose_words(delivery, Teaser(words=words, variant=delivery.variant))
    except Refusal as refusal:
        limit = message.limit
        over = refusal.facts.get("over")
        length = limit + int(over) if limit is not None and over is not None else len(words)
        return Fit(words=words, message=message, length=length, limit=limit, refusal=refusal)
    fitting = composed.message
    return Fit(words=words, message=fitting, length=fitting.length, limit=fitting.limit)


def write(share: models.Share, texts: Mapping[str, str]) -> None:
    """Store a person's words by channel. Words that are unchanged are not written.

    Raises:
        Refusal: `text.too_long`, `unicode.surrogate`.
    """
    cleaned = {slug: clean(text) for slug, text in texts.items()}
    for delivery in rows(share):
        words = cleaned.get(delivery.channel)
        if words is not None and words.rstrip() != words_of(delivery).rstrip():
            _keep(delivery, Teaser(words=words, variant=delivery.variant))


def reword(share: models.Share, variant: str) -> None:
    """Write another automatic wording where nobody wrote words of their own.

    Raises:
        Refusal: `draft.unknown_wording`.
    """
    if variant not in VARIANTS:
        raise Refusal("draft.unknown_wording", field="wording", known=", ".join(VARIANTS))
    for delivery in rows(share):
        if delivery.words == Words.AUTO:
            _keep(delivery, Teaser(variant=variant))
        else:
            while_draft(delivery).update(variant=variant)


def reset(share: models.Share, slug: str) -> None:
    """Put the automatic words back for one channel."""
    for delivery in rows(share):
        if delivery.channel == slug:
            _keep(delivery, Teaser(variant=delivery.variant))


def choose(share: models.Share, account_ids: Collection[int]) -> None:
    """Choose the accounts that the draft goes to. The others keep their words until the draft is sent.

    Raises:
        Refusal: `account.unknown`, `share.mixed_modes`.
    """
    known = {delivery.account_id for delivery in rows(share)}
    for account_id in sorted(set(account_ids) - known):
        _add(share, account_id)
    for delivery in rows(share):
        chosen = delivery.account_id in account_ids
        if delivery.chosen != chosen:
            while_draft(delivery).update(chosen=chosen)


def _add(share: models.Share, account_id: int) -> None:
    accounts = share.desk.accounts.exclude(health=Health.REMOVED).select_related("desk")
    account = accounts.filter(pk=account_id).first()
    if account is None:
        raise Refusal("account.unknown", field="account", status=404, id=str(account_id))
    if account.mode != share.mode:
        raise Refusal("share.mixed_modes", field="accounts")
    article = share.article.value
    sibling = next((each for each in rows(share) if each.channel == account.channel), None)
    requested = ShareRequest(
        article=article, accounts=[account], as_draft=True, unfinished=True, breaking=share.breaking
    )
    if sibling is not None and sibling.words == Words.PERSON and sibling.typed is None:
        teaser = Teaser(words=words_of(sibling), variant=sibling.variant)
        requested = dataclasses.replace(requested, teasers={account.channel: teaser})
    when = plan(article, at=share.at, embargo=share.embargo_until, now=moves.now())
    new_delivery(share, requested, account, when=when, repeat_no=0).save()


def _keep(delivery: models.Delivery, teaser: Teaser) -> None:
    whose = Words.PERSON if teaser.words is not None else Words.AUTO
    try:
        composed = compose_words(delivery, teaser)
    except Refusal:
        while_draft(delivery).update(words=whose, approved_hash="", typed=teaser.words or "")
        return
    while_draft(delivery).update(
        message=composed.message.stored(),
        target=composed.target,
        approved_hash=composed.approved_hash,
        words=whose,
        variant=teaser.variant,
        article_hash=delivery.article.data_hash,
        typed=None,
    )


def compose_words(delivery: models.Delivery, teaser: Teaser) -> Composed:
    """Compose for this delivery's account.

    Raises:
        Refusal: the words do not fit, or there are none.
    """
    emptied = teaser.words is not None and not teaser.words.strip()
    if emptied and channel_by_slug(delivery.channel).fields:
        raise Refusal("share.empty_text", field=f"text.{delivery.channel}", channel=delivery.channel)
    return compose_for(delivery.article.value, delivery.account, teaser, delivery.marker)


def while_draft(delivery: models.Delivery) -> QuerySet[models.Delivery]:
    """Return the row only while it is a draft: a delivery that was sent meanwhile is never written again."""
    return models.Delivery.objects.filter(pk=delivery.pk, state=State.DRAFT)

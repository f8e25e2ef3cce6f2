"""Compose: make the Message of an article for an account, through its channel."""

from __future__ import annotations

from dataclasses import dataclass

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.links import tagged
from sharing.domain.message import VARIANTS, Message, Teaser, approved_hash
from sharing.domain.refusal import Refusal
from sharing.services.accounts.values import for_composing
from sharing.services.shares import style
from sharing.words.labels import hashtags


@dataclass(frozen=True, slots=True)
class Composed:
    """A message and what is frozen with it: the address that its link leads to, and the hash that approval binds to."""

    message: Message
    target: str
    approved_hash: str


def compose_for(article: Article, row: models.Account, teaser: Teaser, marker: str) -> Composed:
    """Compose for one account. The article must have an address.

    Raises:
        Refusal: the words do not fit, or the article has no address.
    """
    account = for_composing(row, language=article.language)
    address = _address(article)
    message = compose_in_style(row.desk, article, account, teaser, marker=marker)
    return Composed(
        message=message,
        target=tagged(address, channel_by_slug(row.channel).source, marker),
        approved_hash=approved_hash(message.stored(), row.remote_id),
    )


def compose_in_style(
    desk: models.Desk,
    article: Article,
    account: Account,
    teaser: Teaser,
    *,
    marker: str | None,
    link: str | None = None,
) -> Message:
    """Compose as the desk writes: by its template, and with the hashtags that it allows.

    Words that a person wrote are not changed. If the template's words do not fit, the automatic words are used.

    Raises:
        Refusal: the words do not fit; `article.no_url`; `template.unknown`.
    """
    if teaser.words is not None:
        return compose(article, account, teaser, marker, link)
    words = style.words_by_template(desk, account.channel, article, teaser)
    message = _try(article, account, words, marker, link)
    if message is None:
        usual = Teaser(variant=teaser.variant if teaser.variant in VARIANTS else Teaser().variant)
        message = compose(article, account, usual, marker, link)
    takes_tags = channel_by_slug(account.channel).takes_tags
    tags = hashtags(article, style.style_of(desk).hashtags) if takes_tags else []
    if not tags:
        return message
    tagged_words = f"{editable_words(message)}\n{' '.join(tags)}"
    return _try(article, account, tagged_words, marker, link) or message


def _try(
    article: Article, account: Account, words: str, marker: str | None, link: str | None
) -> Message | None:
    """Compose with these words. Returns None if they are empty or do not fit."""
    try:
        return compose(article, account, Teaser(words=words), marker, link) if words.strip() else None
    except Refusal:
        return None


def compose(
    article: Article, account: Account, teaser: Teaser, marker: str | None, link: str | None = None
) -> Message:
    """Compose with the given link, or with the channel's own link if there is none."""
    channel = channel_by_slug(account.channel)
    if link is None:
        link = channel.link(_address(article), account, marker)
    return channel.compose(article, teaser, account, link)


def editable_words(message: Message) -> str:
    """Return the part of a message that a person may write, one part per line, without the link that is added to it."""
    preview = channel_by_slug(message.channel).preview(message)
    words = "\n".join(part.words for part in preview.parts if part.editable)
    link = message.link or ""
    if link and words.endswith(link):
        words = words.removesuffix(link)
        words = words.removesuffix("\n")
    return words


def _address(article: Article) -> str:
    if not article.address:
        raise Refusal("article.no_url", field="url")
    return article.address

"""Compose: the Message of an article for an account, by its channel."""

from __future__ import annotations

from dataclasses import dataclass

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.links import tagged
from sharing.domain.message import Message, Teaser, approved_hash
from sharing.domain.refusal import Refusal
from sharing.services.accounts import for_composing


@dataclass(frozen=True, slots=True)
class Composed:
    """A message with what is frozen beside it: where its link leads, and the hash that approval binds to."""

    message: Message
    target: str
    approved_hash: str


def compose_for(article: Article, row: models.Account, teaser: Teaser, marker: str) -> Composed:
    """Compose for one account. The address must be known.

    Raises:
        Refusal: the words do not fit, or the article has no address.
    """
    account = for_composing(row, language=article.language)
    address = _address(article)
    message = compose(article, account, teaser, marker)
    return Composed(
        message=message,
        target=tagged(address, row.channel, marker),
        approved_hash=approved_hash(message.stored(), row.remote_id),
    )


def compose(
    article: Article, account: Account, teaser: Teaser, marker: str | None, link: str | None = None
) -> Message:
    """Compose with a given link, or with the channel's own."""
    channel = channel_by_slug(account.channel)
    if link is None:
        link = channel.link(_address(article), account, marker)
    return channel.compose(article, teaser, account, link)


def _address(article: Article) -> str:
    if not article.address:
        raise Refusal("article.no_url", field="url")
    return article.address

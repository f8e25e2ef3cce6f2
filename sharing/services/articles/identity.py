"""Identity: when two reports are about one article, when two versions are equal, and the unique key of a delivery."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sharing import models
from sharing.domain.addresses import address_key, former_key
from sharing.domain.article import Article
from sharing.domain.lanes import Purpose

#: Kinds of names: an address, an address as spelled before migration 0025, a CMS's id, a feed's id.
AT, WAS, ID, ENTRY = "at", "was", "id", "entry"


def names_of(
    article: Article | None,
    source: models.Source | None = None,
    source_id: str | None = None,
    *,
    kind: str = ID,
) -> list[str]:
    """Return the names by which a desk knows an article, surest first.

    The id that its source gives stays the same if the address changes. The canonical address is the same in a hook, a
    feed and a paste.

    Args:
        article: as it was read; None if only its id is known.
        source: the source that gave the id.
        source_id: the id; None: the article's own.
        kind: `ID` or `ENTRY`: the ids of a feed differ from those of the CMS behind it.
    """
    found = []
    identity = source_id or (article.source_id if article else None)
    if source and identity:
        found.append(f"{kind}:{source.pk}:{identity}")
    if article:
        found += _at(article)
    return list(dict.fromkeys(found))


def _at(article: Article) -> list[str]:
    """Return the names that are addresses; former spellings come last."""
    addresses = [each for each in (article.address, article.url) if each]
    return [f"{AT}:{address_key(each)}" for each in addresses] + [
        f"{WAS}:{former}" for each in addresses if (former := former_key(each))
    ]


#: Fields that are not words: the times at which the article opens, and what only machines read.
_TIMES, _IDS = ("published_at", "embargo_until"), ("modified_at", "source_id")
#: Characters of a version that stand for the words; the rest stand for the times and the status.
_WORDS = 40


def article_hash(article: Article) -> str:
    """Return the version of an article, 64 characters. It changes with the article's times and what a post shows."""
    words = article.stored() | dict.fromkeys((*_TIMES, *_IDS, "status"))
    times = {name: article.stored()[name] for name in _TIMES} | {"status": article.status}
    return _hashed(words)[:_WORDS] + _hashed(times)[: 64 - _WORDS]


def _hashed(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def same_words(version: str, other: str) -> bool:
    """Whether two versions of an article differ only in their times and status."""
    return version[:_WORDS] == other[:_WORDS]


def same_to_readers(one: Article, other: Article) -> bool:
    """Whether two versions of an article look the same in a post. Times and ids do not count."""
    return same_words(article_hash(one), article_hash(other))


def dedupe_key(account_id: int, article_id: int, purpose: Purpose, repeat_no: int) -> str:
    """Return the unique key of a delivery: one article, one account, one purpose, one delivery.

    A deliberate repeat raises `repeat_no`.
    """
    return hashlib.sha256(f"{account_id}:{article_id}:{purpose}:{repeat_no}".encode()).hexdigest()

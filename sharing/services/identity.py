"""What makes two things one article, and one delivery."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from sharing import models
from sharing.domain.addresses import address_key
from sharing.domain.article import Article
from sharing.domain.lanes import Purpose

#: What a name is: an address, a CMS's own id, a feed's.
AT, ID, ENTRY = "at", "id", "entry"


def names_of(
    article: Article | None,
    source: models.Source | None = None,
    source_id: str | None = None,
    *,
    kind: str = ID,
) -> list[str]:
    """The names by which a desk knows an article, surest first.

    The id that its source gives it outlives a change of its address; its canonical address is the same in a hook, a
    feed and a paste.

    Args:
        article: as it was read; None where only its id is known.
        source: whose id it is.
        source_id: the id; else the article's own.
        kind: `ID` or `ENTRY`: a feed's ids and those of the CMS behind it are not the same.
    """
    found = []
    identity = source_id or (article.source_id if article else None)
    if source and identity:
        found.append(f"{kind}:{source.pk}:{identity}")
    addresses = (article.address, article.url) if article else ()
    found += [f"{AT}:{address_key(each)}" for each in addresses if each]
    return list(dict.fromkeys(found))


def article_hash(article: Article) -> str:
    """Changes when anything about the article changes."""
    data = json.dumps(article.stored(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


def same_to_readers(one: Article, other: Article) -> bool:
    """Whether two versions of an article differ in nothing that a post could show; times and ids are no words."""
    unseen: dict[str, Any] = dict.fromkeys(("published_at", "modified_at", "embargo_until", "source_id"))
    return replace(one, status=other.status, **unseen) == replace(other, **unseen)


def same_times(one: Article, other: Article) -> bool:
    """Whether two versions of an article open at the same time."""
    return (one.status, one.published_at, one.embargo_until) == (
        other.status,
        other.published_at,
        other.embargo_until,
    )


def dedupe_key(account_id: int, article_id: int, purpose: Purpose, repeat_no: int) -> str:
    """One article, one account, one purpose: one delivery. A deliberate repeat raises `repeat_no`."""
    return hashlib.sha256(f"{account_id}:{article_id}:{purpose}:{repeat_no}".encode()).hexdigest()

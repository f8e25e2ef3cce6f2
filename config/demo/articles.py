"""The articles of the demo: two that come with it, or one of the caller's."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal

ZONE = ZoneInfo("Asia/Seoul")
_PICTURES = {"ko": "river.png", "en": "harbor.png"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One article to share.

    `expected` are the teasers that an editor signed, where there are any; `served` says that the demo serves
    the article's text itself.
    """

    article: Article
    expected: Mapping[str, Any] = field(default_factory=dict)
    served: bool = False


def bundled(base_url: str) -> list[Piece]:
    """The two articles that come with Sharedesk, served by the demo."""
    pieces = []
    for language in ("ko", "en"):
        text = files("config.demo").joinpath("articles", f"{language}.json").read_text(encoding="utf-8")
        data = json.loads(text)
        article = Article.load(
            {
                **data["article"],
                "url": f"{base_url}/demo/article/{language}",
                "image_url": f"{base_url}/static/demo/{_PICTURES[language]}",
            }
        )
        pieces.append(Piece(article, data["expected"], served=True))
    return pieces


def given(source: str, url: str | None, base_url: str) -> Piece:
    """The caller's article, from a FILE, a URL or standard input.

    Without an address of its own it is served at /demo/article; only then is that needed. An article that
    waits for its time is shared at once here: the sandbox is no public place.

    Raises:
        Refusal: it cannot be read, or is no article.
    """
    from config.cli.reading import read_source
    from sharing.intake.fetching import one_article

    article = one_article(read_source(source, url=url))
    if article.status in {Status.DRAFT, Status.WITHDRAWN}:
        raise Refusal(f"article.{article.status}", field="source")
    if article.embargo_until and article.embargo_until > datetime.now(UTC):
        article = dataclasses.replace(article, embargo_until=None)
    article = dataclasses.replace(article, status=Status.PUBLISHED)
    if article.address:
        return Piece(article)
    return Piece(dataclasses.replace(article, url=f"{base_url}/demo/article"), served=True)

"""The articles of the demo: the two bundled ones, or one given by the caller."""

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

    `expected`: the teasers that an editor signed, by channel; empty if there are none. `served`: the demo serves the
    article's page.
    """

    article: Article
    expected: Mapping[str, Any] = field(default_factory=dict)
    served: bool = False


def bundled(base_url: str) -> list[Piece]:
    """Return the two articles that come with Sharedesk. The demo serves their pages."""
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
    """Read the caller's article from a FILE, a URL or standard input.

    An article without an address is served at /demo/article. An article that is scheduled or under embargo is shared
    at once, because the sandbox is not public.

    Raises:
        Refusal: the source cannot be read, is not an article, or the article is a draft or withdrawn.
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

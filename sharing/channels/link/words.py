"""The text for the clipboard."""

from __future__ import annotations

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words.teaser import cms_words, with_link


def compose(article: Article, teaser: Teaser, link: str) -> str:
    """Return the link, under a person's or the CMS's words if there are any."""
    words = teaser.words if teaser.words is not None else cms_words(article, "link")
    return with_link(words, link) if words else link

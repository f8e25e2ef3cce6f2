"""The section and the tags of an article, and the name of its site."""

from __future__ import annotations

import re

from sharing.intake.page import json_ld
from sharing.intake.page.document import Page
from sharing.intake.page.plain import fold, line, within

_TAGS = 20
# Names of sections that apply to every article of a site, so they say nothing.
_NO_SECTION = frozenset(
    {"뉴스", "news", "기사", "article", "articles", "story", "home", "전체", "일반뉴스", "uncategorized"}
)


def section(page: Page) -> str | None:
    """Return the section under the name that the site uses."""
    declared = [
        line(each, "name")
        for each in json_ld.listed(page.node.get("articleSection"))
        if isinstance(each, str)
    ]
    declared += page.metas_of(
        "article:section",
        "article:section2",
        "section",
        "dd:category",
        "itemprop:articlesection",
        "parsely-section",
    )
    return next(
        (each for each in declared if each and fold(each) not in _NO_SECTION and len(each) <= 60), None
    )


def tags(page: Page) -> tuple[str, ...]:
    """Return up to 20 different tags, in the site's order."""
    declared: list[object] = [*page.metas_of("article:tag"), *json_ld.listed(page.node.get("keywords"))]
    declared = (
        declared
        or [*page.metas_of("news_keywords")]
        or [*page.metas_of("keywords", "parsely-tags", "sailthru.tags")]
    )
    found: dict[str, str] = {}
    for each in declared:
        for part in re.split(r"\s*[,;，、]\s*", each) if isinstance(each, str) else ():
            tag = line(part, "name")
            if tag and len(tag) <= 50:
                found.setdefault(fold(tag), tag)
    return tuple(found.values())[:_TAGS]


def site_name(page: Page) -> str | None:
    """Return the name that the site gives itself."""
    publishers = (json_ld.resolved(each, page.nodes) for each in json_ld.listed(page.node.get("publisher")))
    names = [
        line(json_ld.first_text(each.get("name")), "name") for each in publishers if isinstance(each, dict)
    ]
    declared = [*page.metas_of("og:site_name"), *names, *page.metas_of("application-name")]
    return next((name for name in declared if within(name, "name")), None)

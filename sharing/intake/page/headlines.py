"""The headline: the text on which the sources of a page agree, without the name of the site."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from sharing.intake.page import json_ld, markup
from sharing.intake.page.document import Page, text_of
from sharing.intake.page.plain import fold, line, within
from sharing.intake.page.sites import without_site

#: From this share of common pairs of letters on, two texts are about the same thing.
_ALIKE = 0.4
_STRONG = 4


class _Declared(NamedTuple):
    text: str
    weight: int


def headline(page: Page, names: frozenset[str]) -> str | None:
    """Return the headline; None if the page neither declares nor shows one.

    An `<h1>` that is similar to a declared headline wins, because readers see it. If JSON-LD and Open Graph agree,
    their headline is used instead. Without such an `<h1>`, JSON-LD, Open Graph, `<title>` and other metas vote, and the
    text with the most votes is used, or else the first heading.

    Args:
        page: the page.
        names: the names of the site (`sites.site_names`).
    """
    declared = _declared(page, names)
    shown = _shown(page, names, declared)
    if shown:
        return _agreed(declared) or _without_kicker(shown, declared)
    votes: Counter[str] = Counter()
    for each in declared:
        votes[fold(each.text)] += each.weight
    best = max(votes.values(), default=0)
    elected = next((each.text for each in declared if votes[fold(each.text)] == best), None)
    return elected or _first_heading(page, names)


def _declared(page: Page, names: frozenset[str]) -> list[_Declared]:
    node = page.node
    structured = json_ld.first_text(node.get("headline")) or json_ld.first_text(node.get("name"))
    texts = [
        (line(structured, "headline"), 5),
        *((text, _STRONG) for text in page.metas_of("og:title")[:1]),
        *((text, 3) for text in page.metas_of("itemprop:headline")[:1]),
        *((text, 2) for text in page.metas_of("twitter:title", "title", "dc.title", "parsely-title")[:2]),
        (page.title, 3),
    ]
    found = (
        (without_site(text, names), weight) for text, weight in texts if text and within(text, "headline")
    )
    return [_Declared(text, weight) for text, weight in found if fold(text) and fold(text) not in names]


def _shown(page: Page, names: frozenset[str], sources: list[_Declared]) -> str | None:
    declared = [each.text for each in sources]
    strong = [each.text for each in sources if each.weight >= _STRONG]
    best, best_likeness = None, 0.0
    for text in (without_site(text, names) for text in page.h1):
        if len(text) > 400 or fold(text) in names or any(_is_tail(text, other) for other in declared):
            continue
        if _names_the_site(text, strong):
            continue
        likeness = max((_likeness(text, other) for other in declared), default=0.0)
        if likeness > best_likeness:
            best, best_likeness = text, likeness
    return best if best_likeness >= _ALIKE else None


def _names_the_site(shown: str, strong: list[str]) -> bool:
    """Tell whether an `<h1>` is only a short name, while JSON-LD or Open Graph have a longer, different headline."""
    whole = [text for text in strong if len(fold(text)) >= 20]
    return bool(whole) and len(fold(shown)) <= 12 and all(_likeness(shown, text) < _ALIKE for text in whole)


def _is_tail(shown: str, declared: str) -> bool:
    """Tell whether `shown` is the end of a title after a longer headline: the name of a site or a blog."""
    head = declared.removesuffix(shown)
    return head != declared and len(head) > len(shown) and bool(re.search(r"\s[@|–—-]\s$", head))


def _likeness(shown: str, declared: str) -> float:
    """Return the likeness of two headlines by their pairs of letters: 1 if they are equal, otherwise 0 to 0.99."""
    first, second = fold(shown), fold(declared)
    if first == second:
        return 1.0
    if len(first) < 4 or len(second) < 4:
        return 0.0
    pairs = Counter(first[i : i + 2] for i in range(len(first) - 1))
    others = Counter(second[i : i + 2] for i in range(len(second) - 1))
    common = 2 * sum((pairs & others).values()) / (len(first) + len(second) - 2)
    return max(0.99 * common, 0.5 if second in first else 0.0)


def _agreed(declared: list[_Declared]) -> str | None:
    """Return the headline of both strong sources; None if they differ or one is missing."""
    strong = [each.text for each in declared if each.weight >= _STRONG]
    return strong[0] if len(strong) == 2 and fold(strong[0]) == fold(strong[1]) else None


def _without_kicker(shown: str, declared: list[_Declared]) -> str:
    """Return the declared headline if the `<h1>` only adds text to it: a kicker, a date, a list of tags."""
    for each in declared:
        inner = fold(each.text)
        is_cut = each.text.endswith(("...", "…")) or 100 <= len(each.text) <= 120
        if len(inner) >= 12 and inner in fold(shown) and not is_cut:
            says_more = inner != fold(shown) or each.text.count(":") > shown.count(":")
            return each.text if says_more else shown
    return shown


def _first_heading(page: Page, names: frozenset[str]) -> str | None:
    own = (element for element in islice(page.root.iter("h1", "h2"), 20) if not markup.beside(element))
    texts = (line(text_of(element), "headline") for element in own)
    return next((text for text in texts if text and len(fold(text)) >= 8 and fold(text) not in names), None)

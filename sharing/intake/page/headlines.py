"""The headline: what the page's own sources agree on, without the site's name behind it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from sharing.intake.page import json_ld, markup
from sharing.intake.page.document import Page, text_of
from sharing.intake.page.plain import fold, line

# Between a headline and what sites hang behind it. U+3163 and U+1175 are Hangul letters used as bars.
_BAR = re.compile(r"\s*(?:[|｜ㅣᅵ│¦]|::+)\s*|\s+[<>]\s+")
_DASH = re.compile(
    r"\s+(?:[-–—―:·•/@~»«]|--)\s+|\s*_\s*|\s*：\s*|(?<=\S):(?=[^\s:]+$)|(?<=\S)-{1,2}(?=[^\s-]+$)"
)


_OWNED = re.compile(r"copyright|\(c\)|©|(?:19|20)\d\d|all rights reserved|[-–]\s", re.IGNORECASE)


def headline(page: Page, names: set[str]) -> str | None:
    """The headline; None where the page declares none and shows none.

    An `<h1>` that shares its words with what the page declares is what readers see, and wins, unless JSON-LD
    and Open Graph agree on something else. Else what most of JSON-LD, Open Graph and `<title>` say, else the
    first heading.

    Args:
        page: the page.
        names: what the site calls itself (`site_names`).
    """
    declared = _declared(page, names)
    shown = _shown(page, names, [each.text for each in declared])
    if shown:
        return _without_kicker(shown, declared)
    votes: Counter[str] = Counter()
    for each in declared:
        votes[fold(each.text)] += each.weight
    best = max(votes.values(), default=0)
    return next((each.text for each in declared if votes[fold(each.text)] == best), None) or _first_heading(
        page, names
    )


class _Declared(NamedTuple):
    text: str
    weight: int


def _without_kicker(shown: str, declared: list[_Declared]) -> str:
    """The declared headline where both strong sources agree on it, or where the `<h1>` only says more around it."""
    strong = [each.text for each in declared if each.weight >= 4]
    if len(strong) == 2 and fold(strong[0]) == fold(strong[1]):
        return strong[0]
    for each in declared:
        inner = fold(each.text)
        is_cut = each.text.endswith(("...", "…")) or 100 <= len(each.text) <= 120
        if len(inner) >= 12 and inner in fold(shown) and not is_cut:
            return each.text if inner != fold(shown) or each.text.count(":") > shown.count(":") else shown
    return shown


def _first_heading(page: Page, names: set[str]) -> str | None:
    headings = (
        line(text_of(element), "headline")
        for element in islice(page.root.iter("h1", "h2"), 20)
        if not markup.beside(element)
    )
    return next(
        (text for text in headings if text and len(fold(text)) >= 8 and fold(text) not in names), None
    )


def _declared(page: Page, names: set[str]) -> list[_Declared]:
    node = page.node
    texts = [
        (
            line(
                json_ld.first_text(node.get("headline")) or json_ld.first_text(node.get("name")), "headline"
            ),
            5,
        ),
        *((text, 4) for text in page.metas_of("og:title")[:1]),
        *((text, 3) for text in page.metas_of("itemprop:headline")[:1]),
        *((text, 2) for text in page.metas_of("twitter:title", "title", "dc.title", "parsely-title")[:2]),
        (page.title, 3),
    ]
    found = ((without_site(text, names), weight) for text, weight in texts if text)
    return [_Declared(text, weight) for text, weight in found if fold(text) and fold(text) not in names]


def _shown(page: Page, names: set[str], declared: list[str]) -> str | None:
    best, best_likeness = None, 0.0
    for text in page.h1:
        text = without_site(text, names)
        if len(text) > 400 or fold(text) in names:
            continue
        likeness = max((_likeness(text, other) for other in declared), default=0.0)
        if any(fold(other) in fold(text) for other in declared if len(fold(other)) >= 4):
            likeness = max(likeness, 0.5)
        if any(re.fullmatch(rf".{{{len(text)},}}\s[@|–—-]\s{re.escape(text)}", other) for other in declared):
            continue
        if likeness > best_likeness:
            best, best_likeness = text, likeness
    return best if best_likeness >= 0.4 else None


def _likeness(one: str, other: str) -> float:
    """How many of the pairs of letters of the shorter are in the longer, from 0 to 1."""
    first, second = fold(one), fold(other)
    if first == second:
        return 1.0
    if len(first) < 4 or len(second) < 4:
        return 0.0
    pairs = Counter(first[i : i + 2] for i in range(len(first) - 1))
    others = Counter(second[i : i + 2] for i in range(len(second) - 1))
    common = sum((pairs & others).values())
    return 0.99 * 2 * common / (len(first) + len(second) - 2)


def site_names(page: Page, address: str | None) -> set[str]:
    """What the site calls itself, folded: declared names, its handle, its host and the host's parts."""
    names = page.metas_of("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher")
    names += [_OWNED.sub("", text) for text in page.metas_of("copyright")]
    for node in page.nodes:
        kinds = json_ld.types(node)
        if {"WebSite", "Organization", "NewsMediaOrganization"} & set(kinds):
            names.append(json_ld.first_text(node.get("name")) or "")
        for each in json_ld.listed(node.get("publisher")):
            each = json_ld.resolved(each, page.nodes)
            if isinstance(each, dict):
                names += [json_ld.first_text(each.get(key)) or "" for key in ("name", "alternateName")]
    handle = page.meta("twitter:site") or ""
    names.append(handle.removeprefix("@") if "/" not in handle else "")
    host = (urlsplit(address or "").hostname or "").removeprefix("www.")
    parts = host.split(".")
    names += [
        host,
        ".".join(parts[-2:]),
        ".".join(parts[-3:]),
        *(part for part in parts[:-1] if len(part) > 2),
    ]
    titles = {fold(text) for text in (*page.metas_of("og:title"), *page.h1)}
    return {
        folded
        for name in names
        if 2 <= len(folded := fold(name)) <= 40 and (folded not in titles or len(folded) < 12)
    }


def without_site(text: str, names: set[str]) -> str:
    """`text` without the site's name, and the section before it, behind a bar or a dash."""
    for _ in range(4):
        shorter = _shorter(text, names)
        if shorter == text:
            return text
        text = shorter
    return text


def _shorter(text: str, names: set[str]) -> str:
    """`text` without its last part, where that is no part of the headline."""
    bars = list(_BAR.finditer(text))
    if bars:
        head, tail = text[: bars[-1].start()], text[bars[-1].end() :]
        if len(fold(head)) >= 4 and (len(tail) <= 40 or _is_site(tail, names)):
            return _without_section(head.rstrip(), names) if _is_site(tail, names) else head.rstrip()
    dashes = list(_DASH.finditer(text))
    if dashes:
        head, tail = text[: dashes[-1].start()], text[dashes[-1].end() :]
        if len(fold(head)) >= 4 and (
            _is_site(tail, names) or ("_" in dashes[-1][0] and _HAN.fullmatch(tail) and "@" not in head)
        ):
            return head.rstrip()
        first, rest = text[: dashes[0].start()], text[dashes[0].end() :]
        if len(fold(rest)) >= 12 and len(first) <= 30 and fold(first) in names:
            return rest
    return text


# `headline_section_site`, as Chinese sites write it.
_HAN = re.compile(r"[一-鿿\w]{1,10}")


def _without_section(head: str, names: set[str]) -> str:
    found = re.search(r"(?<=\S)-(?=[^\s-]{2,8}$)", head)
    del names
    return head[: found.start()] if found and re.search(r"[가-힣]", head[found.end() :]) else head


def _is_site(tail: str, names: set[str]) -> bool:
    folded = fold(tail)
    if not folded:
        return True
    if folded in names or re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+){1,3}", tail.strip()):
        return True
    return any(
        len(name) >= 3 and (folded.startswith(name) or folded.endswith(name)) and len(folded) < len(name) + 14
        for name in names
    )

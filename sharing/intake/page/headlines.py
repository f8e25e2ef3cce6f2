"""The headline: what the page's own sources agree on, without the site's name behind it."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from sharing.intake.page import json_ld
from sharing.intake.page.document import Page
from sharing.intake.page.plain import fold, line

# Between a headline and what sites hang behind it. U+3163 and U+1175 are Hangul letters used as bars.
_BAR = re.compile(r"\s*(?:[|｜ㅣᅵ│¦»«<>]|::+)\s*")
_DASH = re.compile(r"\s+(?:[-–—―:·•/@~]|--)\s+|\s*_\s*|(?<=\S)-{1,2}(?=[^\s-]+$)")


def headline(page: Page, names: set[str]) -> str | None:
    """The headline; None where the page declares none.

    An `<h1>` that shares its words with what the page declares is what its readers see, and wins. Else what
    most of JSON-LD, Open Graph and `<title>` say.

    Args:
        page: the page.
        names: what the site calls itself (`site_names`).
    """
    declared = _declared(page, names)
    shown = _shown(page, names, [text for text, _ in declared])
    if shown:
        return shown
    votes: Counter[str] = Counter()
    for text, weight in declared:
        votes[fold(text)] += weight
    best = max(votes.values(), default=0)
    return next((text for text, _ in declared if votes[fold(text)] == best), None)


def _declared(page: Page, names: set[str]) -> list[tuple[str, int]]:
    node = page.node
    texts = [
        (line(json_ld.first_text(node.get("headline")) or json_ld.first_text(node.get("name")), "headline"), 5),
        *((text, 4) for text in page.metas_of("og:title")[:1]),
        *((text, 3) for text in page.metas_of("itemprop:headline")[:1]),
        *((text, 2) for text in page.metas_of("twitter:title", "title", "dc.title", "parsely-title")[:2]),
        (page.title, 3),
    ]
    found = ((without_site(text, names), weight) for text, weight in texts if text)
    return [(text, weight) for text, weight in found if fold(text) and fold(text) not in names]


def _shown(page: Page, names: set[str], declared: list[str]) -> str | None:
    best, best_likeness = None, 0.0
    for text in page.h1:
        text = without_site(text, names)
        if len(text) > 400 or fold(text) in names:
            continue
        likeness = max((_likeness(text, other) for other in declared), default=0.0)
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
    names = page.metas_of("og:site_name", "application-name", "apple-mobile-web-app-title", "copyright", "publisher")
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
    names += [host, ".".join(parts[-2:]), ".".join(parts[-3:]), *(part for part in parts[:-1] if len(part) > 2)]
    return {fold(name) for name in names if 2 <= len(fold(name)) <= 60}


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
        if len(fold(head)) >= 4 and _is_site(tail, names):
            return head.rstrip()
    return text


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
    return any(len(name) >= 3 and (folded.startswith(name) or folded.endswith(name)) and len(folded) < len(name) + 14 for name in names)

"""Who wrote it: the first of the page's sources that names people, else the outlet or agency it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml import html

from sharing.intake.page import json_ld
from sharing.intake.page.document import Page
from sharing.intake.page.names import Byline, byline, signature

_FIRST = ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "byline")
# `article:author` is by Open Graph the address of a profile, and mostly the outlet's: people there count, outlets not.
_NAMED = re.compile(r"(?:^|[.:_-])(?:authors?|byl|byline|reporter|writer|creator)(?:_?name)?$")
_BYLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:by-?line|byl|authors?|writer|reporter|journalist|vcard|contributor|credits?)s?(?:$|[\s_-])|author[-_]?name|byline", re.IGNORECASE)
_NOT_THERE = re.compile(r"comment|related|recommend|popular|footer|sidebar|widget|copyright|photo|image|caption|bio\b|avatar|rank", re.IGNORECASE)
_CANDIDATES = 40


def authors(page: Page, sites: set[str], paragraphs: list[str]) -> Byline:
    """The byline of the page.

    Args:
        page: the page.
        sites: what the site calls itself, folded.
        paragraphs: the story's, for signatures in its last lines.
    """
    instead: Byline | None = None
    shortened: Byline | None = None
    for found, counts_outlets in _sources(page, sites, paragraphs):
        if found.people and not found.and_others:
            if shortened and not set(shortened.people) <= set(found.people):
                return shortened
            return found
        if found.people:
            shortened = shortened or found
        elif found.organisations and counts_outlets:
            instead = instead or found
    return shortened or instead or Byline()


def _sources(page: Page, sites: set[str], paragraphs: list[str]) -> Iterator[tuple[Byline, bool]]:
    yield byline(_from_node(page), sites), True
    for name in _FIRST:
        if name in page.metas:
            yield byline(page.metas[name], sites), True
    for name, values in page.metas.items():
        if _NAMED.search(name) and name not in _FIRST:
            named = [value for value in values if not value.startswith("@")]
            yield byline(named, sites), not name.endswith(("article:author", "creator", "writer"))
    yield byline(_from_store(page), sites), True
    yield from ((found, True) for found in _shown(page, sites))
    yield _signed(paragraphs), False


def _from_node(page: Page) -> list[object]:
    names: list[object] = []
    for key in ("author", "creator"):
        for author in json_ld.listed(page.node.get(key)):
            author = json_ld.resolved(author, page.nodes)
            names += json_ld.listed(author.get("name")) if isinstance(author, dict) else [author]
        if names:
            break
    return names


def _from_store(page: Page) -> list[object]:
    """The byline in the article object that Arc XP pages carry for their own scripts."""
    for script in page.root.iter("script"):
        text = script.text or ""
        start = text.find("Fusion.globalContent=")
        if start < 0:
            continue
        try:
            story, _ = json.JSONDecoder(strict=False).raw_decode(text, start + len("Fusion.globalContent="))
            credited = story["credits"]["by"]
        except (ValueError, RecursionError, KeyError, TypeError):
            return []
        return [_arc_name(each) for each in json_ld.listed(credited) if isinstance(each, dict)]
    return []


def _arc_name(credited: dict[str, object]) -> object:
    more = credited.get("additional_properties")
    original = more.get("original") if isinstance(more, dict) else None
    return (original.get("byline") if isinstance(original, dict) else None) or credited.get("name")


def _shown(page: Page, sites: set[str]) -> Iterator[Byline]:
    """Bylines in the page's own markup: microdata, `rel=author`, then classes that speak of a byline."""
    groups = (
        page.root.xpath("//*[contains(@itemprop,'author')]"),
        page.root.xpath("//a[contains(@rel,'author')]"),
        [
            element
            for element in page.root.xpath("//body//*[@class or @id]")
            if element.tag not in {"script", "style", "img", "input", "button", "svg", "ul", "body", "figure", "figcaption"}
            and _BYLINE_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}")
        ],
    )
    for group in groups:
        names: list[str] = []
        for element in group[:_CANDIDATES]:
            if not _elsewhere(element):
                names.append(_name_in(element))
                found = byline(names[-1:], sites)
                if found.people or found.organisations:
                    yield byline(names if group is not groups[2] else names[-1:], sites)
                    break


def _name_in(element: html.HtmlElement) -> str:
    inner = element.xpath(".//*[@itemprop='name'] | .//a[contains(@rel,'author')]")
    text = " , ".join(part.text_content() for part in inner[:6]) if inner else element.get("content") or element.text_content()
    return text[:300]


def _elsewhere(element: html.HtmlElement) -> bool:
    for _ in range(8):
        if _NOT_THERE.search(f"{element.get('class', '')} {element.get('id', '')}") or element.tag in {"footer", "aside"}:
            return True
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return False


def _signed(paragraphs: list[str]) -> Byline:
    for paragraph in [*reversed(paragraphs[-6:]), *paragraphs[:3]]:
        for each in reversed(paragraph.splitlines()):
            found = signature(each)
            if found.people:
                return found
    return Byline()

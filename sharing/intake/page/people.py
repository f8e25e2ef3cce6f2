"""The authors: the people of the first source that names people, or else the outlet or agency."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from sharing.intake.page import json_ld, korean, markup
from sharing.intake.page.address import parted
from sharing.intake.page.document import Element, Page, found_by, text_of
from sharing.intake.page.names import Byline, byline, is_organisation, is_person, signature
from sharing.intake.page.plain import any_of, fold, line

_FIRST = tuple(
    "author citation_author dc.creator dcterms.creator parsely-author sailthru.author byl byline".split()
)
_NAMED = re.compile(r"(?:^|[.:_-])(?:authors?|byl|byline|reporter|writer|creator)(?:_?name)?$")
# These usually name the outlet. By Open Graph, `article:author` is the address of a profile.
_NAMES_THE_OUTLET = ("article:author", "creator", "writer")

_BYLINE = frozenset(
    "byline bylines by author authors auteur auteurs autor autore reporter reporters writer writers"
    " journalist journalists vcard contributor".split()
)
_OF_A_WRITER = any_of(
    "authors? staff by contributors? journalists? reporters? autor(?:en)? auteurs? writers? columnists?"
)
_PROFILE = re.compile(rf"/{_OF_A_WRITER}/([^/?#]+)/?(?:[?#]|$)", re.IGNORECASE)
_SLUG = re.compile(
    rf"/(?:{_OF_A_WRITER}|people|person|profiles?)/([a-z]{{2,20}}(?:-[a-z]{{2,20}}){{1,3}})/?$"
)
_SAYS = r"(?:(?:written|reported|words|story|text|edited|posted) )?(?:by|von|par|por)"
_SHOWN_BY = re.compile(rf"{_SAYS}:?\s+(?:(?:Dr|Prof)\. ){{0,2}}[^.!?\d]{{3,90}}", re.IGNORECASE)
_LEAD = re.compile(rf"\W*(?:{_SAYS}|author|autor|auteur)\W*", re.IGNORECASE)
_DATED = re.compile(r"\d{1,2}\.\s?(?:\d{1,2}\.|\w{3,9} )\s?20\d\d|\b20\d\d\b")
# Text after the names of a byline.
_NO_MORE = re.compile(r"(?:in|on|at|for|is|updated?|published|posted|[·•|]|\d.*|.{60,})$", re.IGNORECASE)
_PIECES = 12


def authors(page: Page, sites: frozenset[str], headline: str) -> Byline:
    """Return the byline of the page.

    Args:
        page: the page.
        sites: the names of the site, folded.
        headline: the headline; bylines near it are read.
    """
    instead = shortened = Byline()
    for found, outlets_count in _sources(page, sites, headline):
        if found.people and not found.and_others:
            names_all = set(shortened.people) <= set(found.people)
            return found if names_all else shortened
        if found.people and not shortened.people:
            shortened = found
        elif found.organisations and outlets_count and not instead.organisations:
            instead = found
    return shortened if shortened.people else instead


def _sources(page: Page, sites: frozenset[str], headline: str) -> Iterator[tuple[Byline, bool]]:
    credited = _from_node(page)
    outlets = {
        fold(name) for each in credited if _is_outlet(each) and (name := line(each.get("name"), "name"))
    }
    yield byline(itertools.chain.from_iterable(map(_named, credited)), sites | outlets), True
    for name in _FIRST:
        if name in page.metas:
            yield byline(page.metas_of(name), sites), True
    for name in page.metas:
        if _NAMED.search(name) and name not in _FIRST:
            named = [value for value in page.metas_of(name) if not value.startswith("@")]
            yield byline(named, sites), not name.endswith(_NAMES_THE_OUTLET)
    yield byline(_from_store(page), sites), True
    yield from ((found, True) for found in _shown(page, sites, headline))
    yield byline(_slugs(page), sites), False


def _from_node(page: Page) -> list[Any]:
    pages = [node for node in page.nodes if "WebPage" in json_ld.types(node)]
    for node in [page.node] if page.node else pages:
        for key in ("author", "creator"):
            credited = [json_ld.resolved(each, page.nodes) for each in json_ld.listed(node.get(key))]
            if credited:
                return credited
    return []


def _named(credited: Any) -> list[Any]:
    """Return the names of an author node: its name, else given and family name, else the end of its profile address."""
    if not isinstance(credited, dict):
        return [credited]
    whole = " ".join(str(credited[key]) for key in ("givenName", "familyName") if credited.get(key))
    named = json_ld.listed(credited.get("name") or whole or None)
    if named:
        return named
    slug = _SLUG.search(parted(json_ld.first_text(credited.get("url"))).path)
    return [slug[1]] if slug else []


def _is_outlet(credited: Any) -> bool:
    return isinstance(credited, dict) and any("Organization" in kind for kind in json_ld.types(credited))


def _from_store(page: Page) -> list[object]:
    credit = page.store.get("credits")
    credited = json_ld.listed(credit.get("by")) if isinstance(credit, dict) else []
    return [_arc_name(each) for each in credited if isinstance(each, dict)]


def _arc_name(credited: dict[str, object]) -> object:
    more = credited.get("additional_properties")
    original = more.get("original") if isinstance(more, dict) else None
    return (original.get("byline") if isinstance(original, dict) else None) or credited.get("name")


def _shown(page: Page, sites: frozenset[str], headline: str) -> Iterator[Byline]:
    """Yield bylines in the markup: microdata, `rel=author`, elements with a class for bylines, profiles, `By ...`."""
    for group in ("//*[contains(@itemprop,'author')]", "//a[contains(@rel,'author')]"):
        own = [element for element in found_by(page.root, group) if not markup.beside(element)]
        together = (element for element in own if _stands_with(element, own[0]))
        yield byline(dict.fromkeys(map(_byline_text, itertools.islice(together, 8))), sites)
    for element in markup.called(page, _BYLINE):
        yield _somebody(byline(map(_byline_text, _row(element)), sites))
    links = (
        link
        for link in page.root.iter("a")
        if _PROFILE.search(link.get("href", "")) and not markup.beside(link)
    )
    yield _somebody(byline(map(_byline_text, itertools.islice(links, 1)), sites))
    for text in _joined(markup.near_headline(page, headline)):
        if _SHOWN_BY.fullmatch(text):
            yield _somebody(byline([text], sites))
        elif _DATED.search(text):
            parts = (part.strip() for part in re.split(r"[|,·•–]", text))
            yield Byline(
                people=tuple(part for part in parts if is_person(part) and not is_organisation(part, sites))[
                    :1
                ]
            )


def _stands_with(element: Element, other: Element) -> bool:
    """Tell whether two elements are in one line or list. The authors of other stories are further away."""
    nearest = set(itertools.islice(other.iterancestors(), 2))
    return any(above in nearest for above in itertools.islice(element.iterancestors(), 2))


def _row(element: Element) -> Iterator[Element]:
    """Yield the element and the next ones with the same class: many bylines have one element for each name."""
    yield element
    for other in itertools.islice(element.itersiblings(), 8):
        if not element.get("class") or other.get("class") != element.get("class"):
            return
        yield other


def _joined(texts: Iterator[str]) -> Iterator[str]:
    """Yield the texts. A text that is only `By` is joined with the next one."""
    lead = ""
    for text in texts:
        if _LEAD.fullmatch(text):
            lead = "by "
        else:
            yield lead + text
            lead = ""


def _somebody(found: Byline) -> Byline:
    """Keep the first names in markup that are people. The names after them are text of buttons and links."""
    people = itertools.dropwhile(lambda name: not is_person(name), found.people)
    return replace(found, people=tuple(itertools.takewhile(is_person, people)))


def _byline_text(element: Element) -> str:
    """Return the text of an element up to the end of the names, with ` | ` between its pieces."""
    inner = found_by(element, ".//*[@itemprop='name']", 6)
    if inner:
        return " | ".join(part.get("content") or text_of(part) for part in inner)
    if element.tag == "meta":
        return element.get("content") or ""
    kept: list[str] = []
    for piece in markup.texts(element)[:_PIECES]:
        if kept and _NO_MORE.match(piece) and not _LEAD.fullmatch(kept[-1]):
            break
        kept.append(piece)
    return " | ".join(kept)


def signed(paragraphs: list[str]) -> Byline | None:
    """Return the people who sign the story, in its last or first paragraphs, or else the names in its dateline."""
    for paragraph in [*reversed(paragraphs[-6:]), *paragraphs[:3]]:
        for each in reversed(paragraph.splitlines()):
            found = signature(each)
            if found.people:
                return found
    named = korean.dateline(paragraphs[0]) if paragraphs else []
    return Byline(people=tuple(named)) if named else None


def unsigned(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs that are not signatures."""
    return [paragraph for paragraph in paragraphs if not signature(paragraph).people]


def _slugs(page: Page) -> list[object]:
    declared = page.metas_of("author", "article:author")
    found = (_SLUG.search(unquote(parted(value).path)) for value in declared if "[" not in value)
    return [match[1] for match in found if match]

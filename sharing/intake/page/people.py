"""Who wrote it: the first of the page's sources that names people, else the outlet or agency it names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from sharing.intake.page import json_ld, markup
from sharing.intake.page.document import Element, Page, text_of
from sharing.intake.page.names import Byline, byline, is_organisation, is_person, signature

_FIRST = (
    "author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "byline",
)
_NAMED = re.compile(r"(?:^|[.:_-])(?:authors?|byl|byline|reporter|writer|creator)(?:_?name)?$")
# These mostly name the outlet: `article:author` is by Open Graph the address of a profile.
_NAMES_THE_OUTLET = ("article:author", "creator", "writer")

_BYLINE = frozenset(
    "byline bylines by author authors auteur auteurs autor autore reporter reporters writer writers journalist journalists vcard contributor".split()
)
_PROFILE = re.compile(
    r"/(?:authors?|staff|by|contributors?|journalists?|reporters?|autor(?:en)?|auteurs?|writers?|columnists?)/([^/?#]+)/?(?:[?#]|$)",
    re.IGNORECASE,
)
_SLUG = re.compile(
    r"/(?:authors?|people|person|profiles?|staff|by|contributors?|journalists?|columnists?)/([a-z]{2,20}(?:-[a-z]{2,20}){1,3})/?$"
)
_SHOWN_BY = re.compile(
    r"(?:(?:written|reported|words|story|text|edited) )?(?:by|von|par|por):?\s+(?:(?:Dr|Prof)\. ){0,2}[^.!?\d]{3,90}",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\W*(?:(?:written|reported|words|story|text|edited|posted) )?(?:by|von|par|por|author|autor|auteur)\W*",
    re.IGNORECASE,
)


_DATED = re.compile(r"\d{1,2}\.\s?(?:\d{1,2}\.|\w{3,9} )\s?20\d\d|\b20\d\d\b")


def authors(page: Page, sites: frozenset[str], headline: str) -> Byline:
    """The byline of the page.

    Args:
        page: the page.
        sites: what the site calls itself, folded.
        headline: to look beside it.
    """
    instead: Byline | None = None
    shortened: Byline | None = None
    for found, outlets_count in _sources(page, sites, headline):
        if found.people and found.and_others:
            shortened = shortened or found
        elif found.people:
            is_longer = not shortened or set(shortened.people) <= set(found.people)
            return found if is_longer else shortened  # type: ignore[return-value] - not longer than none
        elif found.organisations and outlets_count:
            instead = instead or found
    return shortened or instead or Byline()


def _sources(page: Page, sites: frozenset[str], headline: str) -> Iterator[tuple[Byline, bool]]:
    yield byline(_from_node(page), sites), True
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


def _from_node(page: Page) -> list[object]:
    pages = [node for node in page.nodes if "WebPage" in json_ld.types(node)]
    for node in [page.node] if page.node else pages:
        for key in ("author", "creator"):
            names: list[object] = []
            for author in json_ld.listed(node.get(key)):
                author = json_ld.resolved(author, page.nodes)
                names += json_ld.listed(author.get("name")) if isinstance(author, dict) else [author]
            if names:
                return names
    return []


def _from_store(page: Page) -> list[object]:
    credits = page.store.get("credits")
    credited = json_ld.listed(credits.get("by")) if isinstance(credits, dict) else []
    return [_arc_name(each) for each in credited if isinstance(each, dict)]


def _arc_name(credited: dict[str, object]) -> object:
    more = credited.get("additional_properties")
    original = more.get("original") if isinstance(more, dict) else None
    return (original.get("byline") if isinstance(original, dict) else None) or credited.get("name")


def _shown(page: Page, sites: frozenset[str], headline: str) -> Iterator[Byline]:
    """Bylines in the markup: microdata, `rel=author`, classes that speak of a byline, profiles, `By ...`."""
    micro = page.root.xpath("//*[contains(@itemprop,'author')]")
    related = page.root.xpath("//a[contains(@rel,'author')]")
    for group in (micro, related):
        own = [element for element in group[:40] if not markup.beside(element)]
        yield byline(dict.fromkeys(_byline_text(element) for element in own[:6]), sites)
    for element in markup.called(page, _BYLINE):
        beside = itertools.takewhile(lambda other: _is_alike(other, element), element.itersiblings())  # noqa: B023 - used up at once
        yield _persons(
            byline([_byline_text(each) for each in (element, *itertools.islice(beside, 8))], sites)
        )
    profiles = [
        element
        for element in page.root.iter("a")
        if _PROFILE.search(element.get("href", "")) and not markup.beside(element)
    ]
    yield _persons(byline([_byline_text(element) for element in profiles[:1]], sites))
    for text in _joined(markup.near_headline(page, headline)):
        if _SHOWN_BY.fullmatch(text):
            yield _persons(byline([text], sites))
        elif _DATED.search(text):
            parts = (part.strip() for part in re.split(r"[|,·•–]", text))
            yield Byline(
                people=tuple(part for part in parts if is_person(part) and not is_organisation(part, sites))[
                    :1
                ]
            )


def _is_alike(element: Element, other: Element) -> bool:
    return bool(element.get("class")) and element.get("class") == other.get("class")


def _joined(texts: Iterator[str]) -> Iterator[str]:
    """The texts, a lone `By` together with what follows it."""
    lead = ""
    for text in texts:
        if _LEAD.fullmatch(text):
            lead = "by "
        else:
            yield lead + text
            lead = ""


def _persons(found: Byline) -> Byline:
    """Of names found in running markup, the first that are somebody's: what follows them is interface."""
    people = itertools.dropwhile(lambda name: not is_person(name), found.people)
    return replace(found, people=tuple(itertools.takewhile(is_person, people)))


def _byline_text(element: Element) -> str:
    """Its text up to what is no longer names, its pieces apart."""
    inner = element.xpath(".//*[@itemprop='name']")[:6]
    if inner:
        return " | ".join(part.get("content") or text_of(part) for part in inner)
    if element.tag == "meta":
        return element.get("content") or ""
    kept: list[str] = []
    for piece in markup.texts(element):
        if (
            kept
            and re.match(
                r"(?:in|on|at|for|is|updated?|published|posted|[·•|]|\d.*|.{60,})$", piece, re.IGNORECASE
            )
            and kept[-1].lower() not in {"by", "von", "par"}
        ):
            break
        kept.append(piece)
        if len(kept) > 12:
            break
    return " | ".join(kept)


def signed(paragraphs: list[str]) -> Byline | None:
    """Who the story is signed by, in its last lines or its first."""
    for paragraph in [*reversed(paragraphs[-6:]), *paragraphs[:3]]:
        for each in reversed(paragraph.splitlines()):
            found = signature(each)
            if found.people:
                return found
    return None


def _slugs(page: Page) -> list[object]:
    found = (
        _SLUG.search(unquote(urlsplit(value).path)) for value in page.metas_of("author", "article:author")
    )
    return [match[1] for match in found if match]

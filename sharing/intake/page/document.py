"""The parsed page: its tree and the values that it declares. Size and time are bounded for every page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from lxml import etree

from sharing.intake.page import json_ld
from sharing.intake.page.plain import line

#: Most tags that are read. The largest number found on a news page was 10,305.
TAGS = 60_000
# Most values that are kept for one name.
_VALUES = 50
# Most pieces of text that are searched for texts near the headline.
_PIECES = 20_000

# For each new attribute libxml2 reads all attributes of the element again: 300,000 of them take two minutes
# (measured, 2.14). No page needs 128 attributes: a `<` before that many becomes text. Each part of the pattern
# is possessive, as HTML attributes allow (html.spec.whatwg.org, 13.2.5.32), so the search is linear.
_SPACE = r"[ \t\n\f\r]"
_ATTRIBUTE = (
    rf"[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>]*+))?+"
)
_OVERLOADED = re.compile(rf"<(?=[A-Za-z][^ \t\n\f\r/>]*+(?:{_ATTRIBUTE}){{128}})")


Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it

_ARC = "Fusion.globalContent="
_NO_TEXT = ("script", "style", "noscript", "template", "svg", "iframe", "textarea")


# The limit bounds the time for nested elements, each of which could return the text of the whole page.
_text = etree.XPath("substring(string(), 1, 20000)", smart_strings=False)


def text_of(element: Element) -> str:
    """Return the first 20,000 characters of the text in `element`."""
    return str(_text(element))


def found_by(root: Element, path: str, limit: int = 40) -> list[Element]:
    """Return the first `limit` elements that an XPath finds."""
    found = root.xpath(path)
    return [each for each in found if isinstance(each, Element)][:limit] if isinstance(found, list) else []


@dataclass
class Page:
    """A parsed page. `metas` holds raw values by lower-case name, property, or `itemprop:` and name."""

    root: Element
    url: str | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[json_ld.Node] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def metas_of(self, *names: str) -> list[str]:
        """Return all values declared under these names, cleaned, in the order of the names."""
        cleaned = (line(value) for name in names for value in self.metas.get(name, ()))
        return [value for value in cleaned if value]

    def meta(self, *names: str) -> str | None:
        """Return the first value declared under these names."""
        return next((value for name in names for value in self.metas_of(name)), None)

    @cached_property
    def title(self) -> str | None:
        """The document's `<title>`. The titles of SVG drawings do not count."""
        for element in self.root.iter("title"):
            parent = element.getparent()
            if parent is None or parent.tag in {"head", "html", "body"}:
                return line(text_of(element))
        return None

    @cached_property
    def node(self) -> json_ld.Node:
        """The article's own JSON-LD node; {} if there is none."""
        return json_ld.the_article(self.nodes, self.meta("og:title") or self.title)

    @cached_property
    def h1(self) -> list[str]:
        """The texts of the first 20 `<h1>`."""
        found = (line(text_of(element)) for _, element in enumerate(islice(self.root.iter("h1"), 20)))
        return [text for text in found if text]

    @cached_property
    def pieces(self) -> list[str]:
        """The body's pieces of text in their order, white space folded, each cut to 200 characters."""
        body = self.root.find("body")
        texts = () if body is None else islice(body.itertext(), _PIECES)
        return [text for text in (" ".join(str(piece)[:400].split())[:200] for piece in texts) if text]

    def scripts(self, mark: str) -> list[str]:
        """Return the inline scripts that contain `mark`."""
        return [script for script in self.inline if mark in script]

    @cached_property
    def store(self) -> json_ld.Node:
        """The article object (ANS) that Arc XP pages hold for their scripts; {} on other pages."""
        for script in self.scripts(_ARC):
            try:
                found, _ = json.JSONDecoder(strict=False).raw_decode(script, script.find(_ARC) + len(_ARC))
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return found
        return {}

    def links(self, relation: str) -> list[str]:
        """Return the addresses of `<link rel=...>` with this relation."""
        return [
            element.get("href", "").strip()
            for element in self.root.iter("link")
            if relation in (element.get("rel") or "").lower().split() and element.get("href", "").strip()
        ]


def parse(text: str, url: str | None = None) -> Page:
    """Parse the page in `text`. Never fails: a text without HTML gives an empty page."""
    text = _OVERLOADED.sub("&lt;", _cut(text.replace("\0", "")))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is None:
        root = etree.fromstring(b"<html><body></body></html>", parser)
    blocks: list[str] = []
    inline: list[str] = []
    for element in root.iter("script"):
        declares = "ld+json" in (element.get("type") or "").lower()
        (blocks if declares else inline).append(element.text or "")
    etree.strip_elements(root, *_NO_TEXT, with_tail=False)
    return Page(
        root=root, url=url, metas=_metas(root.iter("meta")), nodes=json_ld.nodes(blocks), inline=inline
    )


def _cut(text: str) -> str:
    if text.count("<") <= TAGS:
        return text
    return "<".join(text.split("<", TAGS)[:TAGS])


def _metas(elements: Iterable[Element]) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in elements:
        value = element.get("content")
        if not value:
            continue
        for attribute, mark in (("property", ""), ("name", ""), ("itemprop", "itemprop:")):
            for word in (element.get(attribute) or "").lower().split()[:4]:
                values = metas.setdefault(mark + word, [])
                if value not in values and len(values) < _VALUES:
                    values.append(value)
    return metas

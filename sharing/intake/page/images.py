"""The picture of the story (never a logo), its alternative text, caption and credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import unquote

from sharing.intake.page import caption, json_ld, markup
from sharing.intake.page.address import absolute, parted
from sharing.intake.page.document import Element, Page, text_of
from sharing.intake.page.plain import line, within

_NO_STORY = frozenset(
    "logo logos favicon icon icons sprite blank spacer pixel placeholder noimage noimg fallback avatar dummy"
    " share sns profile banner btn button".split()
)
# Most words of a file name in which one of these words counts: `market-share-falls-again.jpg` is a story's picture.
_FEW = 3
# `bridge_default_0.jpg` is a rendition of a picture; `default.jpg` and `og-default.png` are placeholders.
_DEFAULT = re.compile(
    r"^default\b|^default[-_]|(?:og|fb|facebook|social|site|image|img|thumb|article)[-_]?default"
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_SIZE = re.compile(r"[-_@.](?:\d{2,4}x\d{2,4}|[wh]?\d{2,4}w?|scaled)$")


def image(page: Page, base: str | None) -> str | None:
    """Return the address of the story's picture: the declared one, or else the first in the story; never a logo."""
    logos = {json_ld.first_text(node.get("logo"), "url", "contentUrl") for node in page.nodes}
    for each in chain(_declared(page), _in_story(page)):
        address = absolute(each, base)
        if address and each not in logos and _is_story(address):
            return address
    return None


def _declared(page: Page) -> list[str]:
    declared = page.metas_of("og:image", "og:image:url")
    secure = page.meta("og:image:secure_url")
    if secure and declared and parted(secure).path == parted(declared[0]).path:
        declared.insert(0, secure)
    declared += page.metas_of("twitter:image", "twitter:image:src")
    for each in (*json_ld.listed(page.node.get("image")), *json_ld.listed(page.node.get("thumbnailUrl"))):
        found = json_ld.first_text(json_ld.resolved(each, page.nodes), "url", "contentUrl", "@id") or ""
        declared.append(found if "#" not in found else "")
    return [*declared, *page.metas_of("image", "itemprop:image", "thumbnail"), *page.links("image_src")]


def _in_story(page: Page) -> Iterator[str]:
    for picture in islice(page.root.iter("img"), 60):
        source = _source(picture)
        sizes = [
            int(size) for size in (picture.get("width"), picture.get("height")) if size and size.isdigit()
        ]
        above = islice(picture.iterancestors(), 12)
        within = any(
            each.tag in {"figure", "article"} or each.get("itemprop") == "articleBody" for each in above
        )
        if source and within and all(size >= 200 for size in sizes) and not markup.beside(picture):
            yield source


def _source(picture: Element) -> str | None:
    for name in _SOURCES:
        source = (picture.get(name) or "").strip()
        if source and not source.startswith("data:"):
            return source
    return None


def _is_story(address: str) -> bool:
    path = unquote(parted(address).path).lower()
    name = path.rpartition("/")[2]
    words = [word for word in re.split(r"[-_.@\s]+", name.rpartition(".")[0]) if not word[:1].isdigit()]
    is_furniture = (len(words) <= _FEW and not _NO_STORY.isdisjoint(words)) or _DEFAULT.search(name)
    return not is_furniture and not path.endswith((".svg", ".ico", ".mp4"))


def said(page: Page, address: str | None) -> tuple[str | None, str | None, str | None]:
    """Return (alternative text, caption, credit) of the picture at `address`. A missing value is None.

    The sources are the figure with the same file, the picture's own JSON-LD node, and `og:image:alt`.
    """
    if address is None:
        return None, None, None
    declared = page.metas_of("og:image:alt", "twitter:image:alt")
    alternative = next((text for text in declared if within(text, "summary")), None)
    for figure in islice(page.root.iter("figure"), 30):
        pictures = list(figure.iter("img"))
        if any(_stem(_source(picture) or "") == _stem(address) for picture in pictures):
            text = " ".join(" ".join(text_of(each).split()) for each in islice(figure.iter("figcaption"), 2))
            words, credit = caption.split(text)
            alternative = alternative or line(pictures[0].get("alt"), "summary")
            if words or credit:
                return alternative, words, credit
    for each in json_ld.listed(page.node.get("image")):
        node = json_ld.resolved(each, page.nodes)
        if isinstance(node, dict) and _stem(json_ld.first_text(node, "url", "contentUrl") or "") == _stem(
            address
        ):
            words, credit = caption.split(json_ld.first_text(node.get("caption")) or "")
            return (
                alternative,
                words,
                credit or line(json_ld.first_text(node, "creditText", "copyrightNotice"), "name"),
            )
    return alternative, None, None


def _stem(address: str) -> str:
    name = unquote(parted(address).path).rpartition("/")[2].rpartition(".")[0]
    return _SIZE.sub("", name) or address

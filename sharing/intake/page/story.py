"""The story's paragraphs: found by where the page's running text is, and by the names publishers give it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from sharing.intake.page import json_ld
from sharing.intake.page.document import Element, Page, text_of
from sharing.intake.page.plain import line

#: Paragraphs kept; more than any teaser or mail needs.
PARAGRAPHS = 20

_FURNITURE = frozenset("nav footer aside form dialog figure figcaption h1 h2 h3 button select".split())
_BODY = re.compile(
    r"article[-_]?(?:body|text|content|view|main|cont)|(?:story|news|post|entry|body|view|art|content)[-_]?(?:body|text|content|txt|cont|copy)\b"
    r"|articleBody|newsct|dic_area|cont_view|^entry-content|^article$|newsEndContents",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"comment|related|recommend|popular|most-?(?:read|viewed)|newsletter|sidebar|promo|share|social|cookie|consent|subscribe|copyright|caption|figure|tag|menu|breadcrumb|banner|advert|disclaimer|rank|reply",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    "p div section article main header ul ol li table tbody tr td th blockquote h1 h2 h3 h4 h5 h6 figure figcaption pre dl dt dd hr address center".split()
)
_EASTERN = re.compile(r"[가-힣一-鿿ぁ-ヿ]")


def paragraphs(page: Page) -> list[str]:
    """The first paragraphs of the story, [] where the page shows no running text."""
    container = _container(page.root)
    shown = [] if container is None else list(_running(container))
    if size(shown) < 400:
        declared = max((_declared(page), _stored(page)), key=size)
        shown = max((shown, declared), key=size)
    return shown[:PARAGRAPHS]


def size(texts: list[str]) -> int:
    """How much text it is: characters, those of Korean, Japanese and Chinese twice, as they say twice as much."""
    return sum(len(text) + len(_EASTERN.findall(text)) for text in texts)


def _declared(page: Page) -> list[str]:
    declared = page.node.get("articleBody")
    if not isinstance(declared, str):
        return []
    lines = (line(each, "body") for each in re.split(r"\n+|<br\s?/?>|</p>", declared[:40_000]))
    return [each for each in lines if each]


def _stored(page: Page) -> list[str]:
    elements = [each for each in json_ld.listed(page.store.get("content_elements")) if isinstance(each, dict)]
    lines = (line(each.get("content"), "body") for each in elements if each.get("type") == "text")
    return [each for each in lines if each]


def _container(root: Element) -> Element | None:
    scores: dict[Element, float] = {}
    for element in root.iter("p", "br", "div", "td", "section", "article", "span"):
        text = element.tail if element.tag == "br" else element.text
        size = len(text.strip()) if text else 0
        if element.tag == "p":
            size = len("".join(element.itertext()).strip()) - sum(
                len(text_of(link)) for link in element.iter("a")
            )
        if size < 25:
            continue
        parent = element if element.tag not in {"p", "br", "span"} else element.getparent()
        for share in (1.0, 0.5, 0.2):
            if parent is None or parent.tag in {"body", "html"}:
                break
            scores[parent] = scores.get(parent, 0.0) + size * share
            parent = parent.getparent()
    weighed = sorted(
        ((score * _weight(element), number) for number, (element, score) in enumerate(scores.items())),
        reverse=True,
    )
    elements = list(scores)
    for score, number in weighed[:10]:
        if score > 150 and not any(above.tag in _FURNITURE for above in elements[number].iterancestors()):
            return elements[number]
    return None


def _weight(element: Element) -> float:
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
    weight = 1.0
    if element.tag == "article" or _BODY.search(names):
        weight = 1.6
    if _BESIDE.search(names) and not _BODY.search(names):
        weight = 0.2
    return weight


def _running(container: Element) -> Iterator[str]:
    """The text of `container` block by block, without captions, lists of links and other furniture."""
    pieces: list[str] = []
    linked = 0
    breaks = 0
    beside: Element | None = None
    found = 0

    def block() -> str | None:
        text = line("".join(pieces), "body")
        is_running = text and len(text) > 15 and linked * 2 < len(text)
        return text if is_running else None

    for event, element in etree.iterwalk(container, events=("start", "end")):
        if beside is not None:
            if event == "end" and element is beside:
                beside = None
                pieces.append(element.tail or "")
            continue
        if event == "start":
            if element is not container and (element.tag in _FURNITURE or _is_beside(element)):
                beside = element
                continue
            breaks = breaks + 1 if element.tag == "br" else 0
            if element.tag in _BLOCKS or breaks >= 1:
                if text := block():
                    yield text
                    found += 1
                pieces, linked = [], 0
            if found >= PARAGRAPHS:
                return
            pieces.append(element.text or "")
            linked += len(text_of(element)) if element.tag == "a" else 0
        else:
            if element.tag in _BLOCKS:
                if text := block():
                    yield text
                    found += 1
                pieces, linked = [], 0
            if element is not container:
                pieces.append(element.tail or "")
            if element.tail and element.tail.strip():
                breaks = 0
    if text := block():
        yield text


def _is_beside(element: Element) -> bool:
    if element.tag not in _BLOCKS and element.tag != "span":
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_BESIDE.search(names)) and not _BODY.search(names)

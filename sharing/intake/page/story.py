"""The paragraphs of the story, found by the amount of running text and by the usual class names for a story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from sharing.intake.page import furniture, json_ld, korean
from sharing.intake.page.document import Element, Page, text_of
from sharing.intake.page.plain import any_of, line

#: Most paragraphs of a body: more than any teaser or mail needs.
PARAGRAPHS = 20
# Most paragraphs that are read; of these, the first and the last ones are kept (the last may be a signature).
_READ, _FIRST, _LAST = 150, PARAGRAPHS + 2, 6
#: Fewest weighted characters of running text that can be a story.
_LEAST = 150

_FURNITURE = frozenset("nav footer aside form dialog figure figcaption h1 h2 h3 button select".split())
_BLOCKS = frozenset(
    "p br div section article main header ul ol li table tbody tr td th blockquote h4 h5 h6 pre dl"
    " dt dd hr address center".split()
)
_STORY = re.compile(
    r"article[-_]?(?:body|text|content|view|main|cont)|^entry-content|^article$|"
    r"(?:story|news|post|entry|body|view|art|content)[-_]?(?:body|text|content|txt|cont|copy)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    any_of("""
        comment related recommend popular most-?(?:read|viewed) newsletter sidebar promo share social cookie
        consent subscribe copyright caption figure tag menu breadcrumb banner advert disclaimer rank reply
        """),
    re.IGNORECASE,
)
_EASTERN = re.compile(r"[가-힣一-鿿ぁ-ヿ]")
_LINE_ENDS = re.compile(r"\n+|<br\s?/?>|</p>")


def paragraphs(page: Page) -> list[str]:
    """Return the first and the last paragraphs of the story; [] if the page has no running text."""
    container = _container(page.root)
    shown = [] if container is None else _kept(_running(container))
    if size(shown) < 400:
        return max((shown, _kept(_declared(page)), _kept(_stored(page))), key=size)
    return shown


def size(texts: list[str]) -> int:
    """Return the amount of text in characters; Korean, Japanese and Chinese characters count twice."""
    return sum(len(text) + len(_EASTERN.findall(text)) for text in texts)


def _kept(texts: Iterable[str]) -> list[str]:
    raw = list(islice(texts, _READ))
    lines = (line(text, "body") for text in (*raw[:_FIRST], *raw[_FIRST:][-_LAST:]))
    return [text for text in lines if text and not furniture.is_rights(text)]


def _declared(page: Page) -> list[str]:
    declared = page.node.get("articleBody")
    return _LINE_ENDS.split(declared[:40_000]) if isinstance(declared, str) else []


def _stored(page: Page) -> list[str]:
    elements = (each for each in json_ld.listed(page.store.get("content_elements")) if isinstance(each, dict))
    return [str(each.get("content") or "") for each in elements if each.get("type") == "text"]


def _container(root: Element) -> Element | None:
    """Return the element with the most running text directly in it. Text in deeper elements counts less."""
    scores: dict[Element, float] = {}
    for element in root.iter("p", "br", "div", "td", "section", "article", "span"):
        text = element.tail if element.tag == "br" else element.text
        length = _unlinked(element) if element.tag == "p" else len((text or "").strip())
        parent = element.getparent() if element.tag in {"p", "br", "span"} else element
        for share in (1.0, 0.5, 0.2) if length >= 25 else ():
            if parent is None or parent.tag == "html" or (parent.tag == "body" and share < 1.0):
                break
            scores[parent] = scores.get(parent, 0.0) + length * share
            parent = parent.getparent()
    weighed = {element: score * _weight(element) for element, score in scores.items()}
    for element in sorted(weighed, key=lambda each: -weighed[each])[:10]:
        if weighed[element] > _LEAST and not any(
            above.tag in _FURNITURE for above in element.iterancestors()
        ):
            return element
    return None


def _unlinked(element: Element) -> int:
    return len(text_of(element).strip()) - sum(len(text_of(link)) for link in element.iter("a"))


def _weight(element: Element) -> float:
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
    if element.tag == "article" or _STORY.search(names):
        return 1.6
    return 0.2 if _BESIDE.search(names) else 1.0


def _running(container: Element) -> Iterator[str]:
    """Yield the text of `container` block by block, without captions, lists of links and other furniture."""
    pieces: list[str] = []
    linked = 0
    beside: Element | None = None
    for event, element in etree.iterwalk(container, events=("start", "end")):
        if beside is not None and not (event == "end" and element is beside):
            continue
        if event == "start" and element is not container and _is_beside(element):
            beside = element
            continue
        if element.tag in _BLOCKS:
            text = "".join(pieces)
            if _is_running(text, linked):
                yield text
            pieces, linked = [], 0
        if event == "start":
            pieces.append(element.text or "")
            linked += len(text_of(element)) if element.tag == "a" else 0
        else:
            pieces.append((element.tail or "") if element is not container else "")
            beside = None
    text = "".join(pieces)
    if _is_running(text, linked):
        yield text


def _is_running(text: str, linked: int) -> bool:
    """Tell whether a block is text, not a list of links. A block of up to 15 characters must be a signature."""
    is_long = len(text.strip()) > 15 or bool(korean.REPORTER.search(text) or korean.lone(text.strip()))
    return is_long and linked * 2 < len(text)


def _is_beside(element: Element) -> bool:
    if element.tag in _FURNITURE:
        return True
    if element.tag not in _BLOCKS and element.tag != "span":
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_BESIDE.search(names)) and not _STORY.search(names)

"""The purpose of elements, by the words in their class and id, and the texts near the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from sharing.intake.page.document import Element, Page, found_by, text_of
from sharing.intake.page.plain import fold

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

#: Words in the class or id of elements that are on an article's page but not part of the article.
_BESIDE = frozenset(
    "comment comments comentarios kommentare reply replies disqus related recommended recommend"
    " recommendations popular trending mostread ranking rank sidebar widget teaser teasers promo"
    " newsletter cookie consent menu nav navigation breadcrumb".split()
)
#: The same, for the element itself only: on an element around an article's header these words have no meaning.
_ITSELF_BESIDE = _BESIDE | frozenset(
    "copyright caption figcaption avatar banner ad ads advert share sharing social footer legal".split()
)
#: Words that cancel the others: an element with the class `with-sidebar` is not a sidebar.
_HAS = frozenset("with has no without main page".split())
#: Most elements of a page that are read.
_ELEMENTS = 20_000
_NEVER = frozenset(
    "script style body html main nav ul ol head img svg input button form select option figure"
    " figcaption picture".split()
)


def names(element: Element) -> frozenset[str]:
    """Return the words in class, id and data-testid: article, author and name for `article__authorName`."""
    return _words(
        element.get("class", "")[:300], element.get("id", "")[:100], element.get("data-testid", "")[:100]
    )


@lru_cache(maxsize=2048)
def _words(*texts: str) -> frozenset[str]:
    return frozenset(word.lower() for text in texts for word in _WORDS.findall(text))


def beside(element: Element) -> bool:
    """Tell whether an element is in comments, teasers, rankings and so on. Looks at most eight levels up."""
    if names(element) & _ITSELF_BESIDE:
        return True
    for _ in range(8):
        words = names(element)
        if element.tag == "nav" or (words & _BESIDE and not words & _HAS):
            return True
        parent = element.getparent()
        if parent is None or parent.tag in {"body", "html", "main"}:
            return False
        element = parent
    return False


def called(page: Page, words: frozenset[str], limit: int = 40) -> Iterator[Element]:
    """Return the elements that have one of `words` in their class or id and are part of the article, in order."""
    named = found_by(page.root, "//body//*[@class or @id or @data-testid]", _ELEMENTS)
    found = (each for each in named if each.tag not in _NEVER and names(each) & words and not beside(each))
    return islice(found, limit)


def texts(element: Element) -> list[str]:
    """Return the first 60 pieces of text of an element, in order, with single spaces, each at most 300 characters."""
    pieces = (" ".join(str(piece)[:600].split())[:300] for piece in islice(element.itertext(), 60))
    return [text for text in pieces if text]


def near_headline(page: Page, headline: str, limit: int = 40) -> Iterator[str]:
    """Yield short texts near the headline: from `limit` pieces after it, then from some before it, nearest first."""
    wanted = fold(headline)
    headings = islice(page.root.iter("h1"), 20)
    shown = next((texts(heading)[:1] for heading in headings if fold(text_of(heading)) == wanted), None)
    anchor = fold(shown[0]) if shown else wanted[:150]
    place = next((number for number, text in enumerate(page.pieces) if _is(text, anchor)), None)
    if place is not None:
        behind, before = (
            page.pieces[place + 1 : place + 1 + limit],
            page.pieces[max(place - limit // 4, 0) : place],
        )
        yield from (text for text in [*behind, *reversed(before)] if len(text) < 120)


def _is(text: str, anchor: str) -> bool:
    # Folding is slow, so only texts that are long enough are folded.
    return len(text) >= len(anchor) and fold(text)[:150] == anchor[:150]

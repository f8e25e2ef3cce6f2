"""Functions that the channels share to write a post (`channels/{slug}/words.py`).

A person's words come first, then the words of the CMS for the channel, then automatic words.
"""

from __future__ import annotations

from collections.abc import Callable

from sharing.domain.article import Article
from sharing.domain.links import untagged
from sharing.domain.message import Teaser
from sharing.domain.refusal import Refusal
from sharing.words.count import urls_in
from sharing.words.cut import ELLIPSIS, Measure, fit
from sharing.words.labels import label, labelled
from sharing.words.lead import Place, quotations
from sharing.words.markup import plain

#: The separator between two lines that are shown as one.
DOT = " · "
# The separators between two parts of a headline.
_PARTS = " ,;:·-–—…."


def quotation(article: Article, teaser: Teaser, room: int, measure: Measure = len) -> str:
    """Return the first quotation that fits whole, if the teaser asks for one. A cut would change its meaning."""
    if teaser.variant != "quote":
        return ""
    mark = label(article)
    fitting = (said for said in quotations(article) if measure(labelled(mark, said)) <= room)
    return next(fitting, "")


def cms_words(article: Article, slug: str) -> str:
    """Return the words that the CMS holds for this channel. They win over automatic words, but they must fit."""
    return plain(article.channel_words.get(slug, ""))


def title_and_rest(words: str) -> tuple[str, str]:
    """Split words into the first line and the rest."""
    title, _, rest = words.strip().partition("\n")
    return title.strip(), rest.strip()


def first_line(words: str, channel: str) -> tuple[str, str]:
    """Split a person's words into the first line and the rest.

    Raises:
        Refusal: `words.no_first_line`, if the first line is empty.
    """
    title, rest = title_and_rest(words)
    if not title:
        raise Refusal("words.no_first_line", field="words", channel=channel)
    return title, rest


def with_link(words: str, link: str) -> str:
    """Add the link to the words, on a line of its own, unless the words hold it already."""
    if not words.strip():
        return link
    if _names(words, link):
        return words
    return f"{words}{'' if words[-1].isspace() else chr(10)}{link}"


def _names(words: str, link: str) -> bool:
    """Tell whether the words hold the link already, whatever its tracking tags are."""
    if link in words:
        return True
    wanted = untagged(link)
    return any(
        untagged(found if "://" in found else f"https://{found}") == wanted
        for found in (words[span.start : span.end] for span in urls_in(words))
    )


def check_length(length: int, limit: int, code: str) -> None:
    """Refuse words that are longer than `limit`.

    Raises:
        Refusal: `code`, with the excess (`over`) and the limit.
    """
    if length > limit:
        raise Refusal(code, field="words", over=length - limit, limit=limit)


def dotted(text: str, place: Place) -> str:
    """Cut `text` for `place` and put it in one line, with a middle dot between its lines."""
    return place.cut("\n".join(line for line in text.split("\n") if line.strip())).replace("\n", DOT)


def parted(headline: str, cut: Callable[[str], str]) -> tuple[str, str]:
    """Split a headline into the part that `cut` keeps and the rest, to show below: "…after losing the vote".

    A rest of one word is too short: the cut then moves to an earlier clause or phrase. The rest is empty if nothing
    is left, or if the cut is inside a quotation.
    """
    shown = cut(headline)
    rest = _rest(headline, shown)
    if len(rest.split()) == 1:
        shorter = fit(headline, len(shown) * 3 // 4)
        rest = _rest(headline, shorter)
        shown = shorter if rest and cut(shorter) == shorter else shown
    return shown, rest


def _rest(headline: str, shown: str) -> str:
    kept = shown.removesuffix(ELLIPSIS)
    if not kept or len(kept) >= len(headline.strip()) or not headline.startswith(kept):
        return ""
    rest = headline[len(kept) :].lstrip(_PARTS)
    return rest if kept == shown else ELLIPSIS + rest

"""What the channels share when they write (`channels/{slug}/words.py`): a person's own words, the CMS's, then ours."""

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

#: What stands between two lines that are shown as one.
DOT = " · "
# What parts two pieces of a headline.
_PARTS = " ,;:·-–—…."


def quotation(article: Article, teaser: Teaser, room: int, measure: Measure = len) -> str:
    """The first quotation that fits whole, if one is asked for: cut, it would say something else."""
    if teaser.variant != "quote":
        return ""
    mark = label(article)
    fitting = (said for said in quotations(article) if measure(labelled(mark, said)) <= room)
    return next(fitting, "")


def cms_words(article: Article, slug: str) -> str:
    """What the CMS holds for this channel: written by somebody, so it wins over ours, but it must fit."""
    return plain(article.channel_words.get(slug, ""))


def title_and_rest(words: str) -> tuple[str, str]:
    """The first line, and all that follows it."""
    title, _, rest = words.strip().partition("\n")
    return title.strip(), rest.strip()


def first_line(words: str, channel: str) -> tuple[str, str]:
    """The first line of a person's words, and all that follows it.

    Raises:
        Refusal: `words.no_first_line`.
    """
    title, rest = title_and_rest(words)
    if not title:
        raise Refusal("words.no_first_line", field="words", channel=channel)
    return title, rest


def with_link(words: str, link: str) -> str:
    """The words with the link on a line of its own, unless they hold it already."""
    if not words.strip():
        return link
    if _names(words, link):
        return words
    return f"{words}{'' if words[-1].isspace() else chr(10)}{link}"


def _names(words: str, link: str) -> bool:
    """Whether the words hold the link already, by whatever source it is tagged."""
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
        Refusal: `code`, saying by how much.
    """
    if length > limit:
        raise Refusal(code, field="words", over=length - limit, limit=limit)


def dotted(text: str, place: Place) -> str:
    """`text` in one line: whole lines while they fit, a middle dot between them."""
    return place.cut("\n".join(line for line in text.split("\n") if line.strip())).replace("\n", DOT)


def parted(headline: str, cut: Callable[[str], str]) -> tuple[str, str]:
    """What `cut` leaves of a headline, and the rest of it, which is shown below: "…after losing the vote".

    One word alone is no rest: the cut then moves to the clause or phrase before it. Empty where nothing is
    left, and where the cut is inside a quotation.
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

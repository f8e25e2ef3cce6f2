"""The words of a KakaoTalk bubble: a person's words, else the CMS's, else automatic words."""

from __future__ import annotations

from dataclasses import dataclass

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words.count import two_lines
from sharing.words.cut import fit
from sharing.words.labels import label, labelled
from sharing.words.lead import Place, told
from sharing.words.teaser import DOT, cms_words, dotted, first_line, parted, quotation, title_and_rest

#: Units of `count.two_lines` per line of a KakaoTalk bubble: observed, not documented.
TITLE_LINE = 160
TEXT_LINE = 172


@dataclass(frozen=True, slots=True, kw_only=True)
class KakaoWords:
    """The words of a KakaoTalk bubble. Title and description each have two visible lines."""

    title: str
    description: str


def compose(article: Article, teaser: Teaser) -> KakaoWords:
    """Return title and description. The first line of a person's words is the title; the rest is the description.

    Raises:
        Refusal: `words.no_first_line`: a person's words have no first line that could be the title.
    """
    if teaser.words is not None:
        title, rest = first_line(teaser.words, "kakao")
        return KakaoWords(title=title, description=rest)
    title, rest = title_and_rest(cms_words(article, "kakao"))
    story = told(article)
    said = quotation(article, teaser, _BUBBLE.limit, _BUBBLE.measure)
    title, going_on = parted(title or labelled(label(article), story.headline), cut_title)
    shown = rest or said or f"{going_on}\n{story.under(_BUBBLE)}"
    return KakaoWords(title=title, description=cut_text(shown))


def cut_title(text: str) -> str:
    """Cut `text` to two lines of the bubble's title."""
    return fit(text, 2 * TITLE_LINE, lambda cut: two_lines(cut, TITLE_LINE))


def cut_text(text: str) -> str:
    """Cut `text` to two lines of the bubble's description."""
    return dotted(text, _BUBBLE)


def _in_a_bubble(text: str) -> int:
    return two_lines(text.replace("\n", DOT), TEXT_LINE)


_BUBBLE = Place(2 * TEXT_LINE, _in_a_bubble)

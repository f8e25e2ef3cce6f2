"""The words of corrections and follow-ups: a correction says that it is one."""

from __future__ import annotations

from difflib import SequenceMatcher
from enum import StrEnum

import regex

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.words.count import X_LIMIT, X_LINK, x_weight
from sharing.words.cut import fit
from sharing.words.labels import label, language
from sharing.words.lead import told
from sharing.words.particles import fill
from sharing.words.urls import without_urls

#: What fits X beside a link fits everywhere.
ROOM = X_LIMIT - X_LINK - 1
#: From this likeness on, two texts are one text before and after.
_SAME_TEXT = 0.6
_LONGEST_CHANGE = 30
#: How much of what went out is compared: the rest of a long post stands for the same article.
_FAR = 1_000


class Style(StrEnum):
    """How a desk marks a correction. `remedy` and `reply` are legal remedies and have a case number."""

    NOTICE = "notice"
    WIRE = "wire"
    REMEDY = "remedy"
    REPLY = "reply"


_MARKS = {
    "ko": {
        Style.NOTICE: "[바로잡습니다]",
        Style.WIRE: "[고침]",
        Style.REMEDY: "[정정보도]",
        Style.REPLY: "[반론보도]",
    },
    "en": {
        Style.NOTICE: "CORRECTED:",
        Style.WIRE: "CORRECTED:",
        Style.REMEDY: "CORRECTION ON RECORD:",
        Style.REPLY: "REPLY ON RECORD:",
    },
}
_LABEL = regex.compile(r"^\s*(?:[\[【<〈][^\]】>〉]{1,16}[\]】>〉]|\p{Lu}[\p{Lu} ]{2,24}:)\s*")
# Particles by the noun they follow; the two of a pair say the same.
_PARTNERS = (
    {"이", "가"},
    {"은", "는"},
    {"을", "를"},
    {"과", "와"},
    {"으로", "로"},
    {"의"},
    {"에서"},
    {"에"},
    {"도"},
    {"부터"},
    {"까지"},
)


def correction(article: Article, original: str, style: Style | str, *, case: str = "") -> str:
    """The words, without link, that correct what went out as `original`.

    The mark, the text as it is now, and one line that says it corrects: naming what was wrong and what is
    right where the two texts differ in one place (‘17곳’을 ‘18곳’으로). At most `ROOM` on X.

    Args:
        article: the article as it is now.
        original: the words that went out, with or without their link.
        style: the desk's mark.
        case: the case number, which remedies (정정보도, 반론보도) must have.

    Raises:
        Refusal: `correction.case_needed`: a remedy without its case number.
        ValueError: no such style.
    """
    style = Style(style)
    spoken = "ko" if language(article) == "ko" else "en"
    mark = _MARKS[spoken][style]
    if style in {Style.REMEDY, Style.REPLY}:
        if not case.strip():
            raise Refusal("correction.case_needed", field="case")
        number = f"사건번호 {case.strip()}" if spoken == "ko" else f"Case {case.strip()}"
        return _joined(mark, told(article).headline, number)
    before = _LABEL.sub("", " ".join(" ".join(without_urls(original[:_FAR])).split()))
    text = _counterpart(article, before)
    line = "" if style == Style.WIRE else _what_changed(before, text, spoken)
    return _joined(mark, text, line)


def follow_up(article: Article) -> str:
    """The words, without link, of a second post: with the CMS's label, else "[후속]" or "UPDATE:"."""
    mark = label(article) or ("[후속]" if language(article) == "ko" else "UPDATE:")
    story = told(article)
    return _joined(mark, story.lead or story.headline, "")


def _joined(mark: str, text: str, line: str) -> str:
    tail = f"\n{line}" if line else ""
    return f"{mark} {fit(text, ROOM - x_weight(f'{mark} {tail}'), x_weight)}{tail}"


def _counterpart(article: Article, before: str) -> str:
    """The present text that stands where `before` stood: the headline or the lead."""
    story = told(article)
    now = [text for text in (story.headline, story.lead) if text]
    likest = max(now, key=lambda text: _likeness(before, text))
    return likest if _likeness(before, likest) >= _SAME_TEXT else story.headline


def _likeness(before: str, after: str) -> float:
    return SequenceMatcher(None, before[:600], after[:600], autojunk=False).ratio()


def _what_changed(before: str, after: str, spoken: str) -> str:
    old, new = _difference(before.split(), after.split())
    unsure = not old or not new or max(len(old), len(new)) > _LONGEST_CHANGE
    if unsure or _likeness(before, after) < _SAME_TEXT:
        return (
            "앞서 올린 글의 내용을 바로잡습니다." if spoken == "ko" else "This post corrects an earlier one."
        )
    if spoken == "ko":
        return fill("{old}{을/를} {new}{으로/로} 바로잡습니다.", old=f"‘{old}’", new=f"‘{new}’")
    return f"An earlier post said “{old}”; it should have said “{new}.”"


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """What stands in the one place where the texts differ; empty where they differ in more."""
    changes = [
        change
        for change in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    if len(changes) != 1:
        return "", ""
    _, start, end, new_start, new_end = changes[0]
    return _bare(" ".join(before[start:end]), " ".join(after[new_start:new_end]))


def _bare(old: str, new: str) -> tuple[str, str]:
    """Both without the particle and the marks behind them: "17곳이" and "18곳이" are "17곳" and "18곳"."""
    old, new = old.strip(".,;:“”‘’\"'"), new.strip(".,;:“”‘’\"'")
    for forms in _PARTNERS:
        before, after = (
            max((form for form in forms if text.endswith(form)), key=len, default="") for text in (old, new)
        )
        if before and after and len(old) > len(before) and len(new) > len(after):
            return old[: -len(before)], new[: -len(after)]
    return old, new

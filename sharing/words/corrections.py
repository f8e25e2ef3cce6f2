"""The words of corrections and follow-ups. A correction says that it is a correction."""

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

#: Weighted characters left on X beside a link and a space. A text of this weight fits every channel.
ROOM = X_LIMIT - X_LINK - 1
#: From this likeness (0 to 1) on, two texts are versions of one text.
_SAME_TEXT = 0.6
_LONGEST_CHANGE = 30
#: How many characters of the published post are compared. The start of a long post is enough.
_FAR = 1_000


class Style(StrEnum):
    """The mark of a correction. `remedy` and `reply` are legal remedies and need a case number."""

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
# Korean particles. The two forms of a pair mean the same; the noun decides which form is used.
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
    """Write the words, without a link, of a correction of `original`.

    Mark, present text, and one line that says what is corrected. If the two texts differ in one place, the line
    names the old and the new words (‘17곳’을 ‘18곳’으로). `wire` has no such line; a remedy has the headline and
    the case number. The text is cut so that the whole weighs at most `ROOM` on X.

    Args:
        article: the article as it is now.
        original: the words of the published post, with or without the link.
        style: the desk's mark.
        case: the case number; required for remedies (정정보도, 반론보도).

    Raises:
        Refusal: `correction.case_needed`, for a remedy without a case number.
        ValueError: the style does not exist.
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
    """Write the words, without a link, of a second post, with the CMS's label, or else "[후속]" or "UPDATE:"."""
    mark = label(article) or ("[후속]" if language(article) == "ko" else "UPDATE:")
    story = told(article)
    return _joined(mark, story.lead or story.headline, "")


def _joined(mark: str, text: str, line: str) -> str:
    tail = f"\n{line}" if line else ""
    return f"{mark} {fit(text, ROOM - x_weight(f'{mark} {tail}'), x_weight)}{tail}"


def _counterpart(article: Article, before: str) -> str:
    """Return the present headline or lead, whichever is more like `before`. The headline if neither is like it."""
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
    """Return the old and the new words if the texts differ in exactly one place, else two empty strings."""
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
    """Remove the particle and the marks at the end of both: "17곳이" and "18곳이" become "17곳" and "18곳"."""
    old, new = old.strip(".,;:“”‘’\"'"), new.strip(".,;:“”‘’\"'")
    for forms in _PARTNERS:
        before, after = (
            max((form for form in forms if text.endswith(form)), key=len, default="") for text in (old, new)
        )
        if before and after and len(old) > len(before) and len(new) > len(after):
            return old[: -len(before)], new[: -len(after)]
    return old, new

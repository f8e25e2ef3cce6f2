"""Labels and hashtags. Both come from the CMS only; the language decides how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from sharing.domain.article import Article

#: The same label in Korean and English. A label outside this list is not translated.
LABELS = (
    ("속보", "breaking"),
    ("긴급", "urgent"),
    ("단독", "exclusive"),
    ("종합", "update"),
    ("오피니언", "opinion"),
    ("사설", "editorial"),
    ("칼럼", "column"),
    ("기고", "guest opinion"),
    ("분석", "analysis"),
    ("해설", "explainer"),
    ("팩트체크", "fact check"),
    ("인터뷰", "interview"),
    ("기획", "special report"),
    ("르포", "dispatch"),
    ("현장", "on the scene"),
    ("리뷰", "review"),
    ("부고", "obituary"),
    ("영상", "video"),
    ("포토", "photos"),
)
_ALSO = {
    "breaking news": "breaking",
    "alert": "breaking",
    "updated": "update",
    "op-ed": "opinion",
    "commentary": "opinion",
    "comment": "opinion",
    "factcheck": "fact check",
    "fact-check": "fact check",
    "photo": "photos",
    "gallery": "photos",
    "의견": "오피니언",
    "화보": "포토",
    "사진": "포토",
    "동영상": "영상",
}
_KOREAN = {english: korean for korean, english in LABELS}
_ENGLISH = dict(LABELS)
_DRESS = "[]【】<>〈〉()«» :：-–—|"
_WORN = regex.compile(r"\s*(?:[\[【<〈(]([^\]】>〉)]{1,24})[\]】>〉)]|([\p{L} -]{1,24})[:：|])\s*")
_HANGUL = regex.compile(r"\p{Hangul}")
#: Longest label in characters. A longer text is not a label, and is left out.
_LONGEST = {"ko": 10, "en": 20}


def language(article: Article) -> str:
    """Return the language of the article: "ko", "en", or another primary language code in lower case."""
    if article.language:
        return article.language.lower().replace("_", "-").split("-")[0]
    return "ko" if _HANGUL.search(article.headline) else "en"


def label(article: Article) -> str:
    """Return the article's label: "[속보]" in Korean, "BREAKING:" elsewhere; empty if the CMS gives none.

    A label outside `LABELS` that only repeats the name of the section or the site is left out.
    """
    name = _name(article.label or "")
    known = name in _KOREAN or name in _ENGLISH
    if not name or (not known and name in {_name(article.section or ""), _name(article.site_name or "")}):
        return ""
    korean = language(article) == "ko"
    name = _KOREAN.get(name, name) if korean else _ENGLISH.get(name, name)
    if len(name) > _LONGEST["ko" if korean else "en"]:
        return ""
    return f"[{name if name >= '가' else name.upper()}]" if korean else f"{name.upper()}:"


def labelled(mark: str, text: str) -> str:
    """Put the label `mark` in front of `text`. If `text` begins with the same label, the label is not doubled."""
    if not mark:
        return text
    worn = _WORN.match(text)
    if worn and _name(worn[1] or worn[2]) == _name(mark):
        text = text[worn.end() :]
    return f"{mark} {text}" if text else ""


def hashtags(article: Article, allowed: Sequence[str], most: int = 2) -> list[str]:
    """Return at most `most` of the article's tags that are in `allowed`, as "#태그". Empty `allowed`: no tags."""
    wanted = {_joined(each) for each in allowed}
    found = [_joined(tag) for tag in article.tags]
    kept = [tag for tag in dict.fromkeys(found) if tag and tag in wanted]
    return [f"#{tag}" for tag in kept[:most]]


def _joined(tag: str) -> str:
    return regex.sub(r"[^\p{L}\p{N}_]+", "", tag)


@lru_cache(maxsize=256)
def _name(text: str) -> str:
    bare = " ".join(text.strip(_DRESS).lower().split())
    return _ALSO.get(bare, bare)

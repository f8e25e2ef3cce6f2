"""Labels and hashtags: only what the CMS says, written as the language writes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from sharing.domain.article import Article

#: What newsrooms call the same thing in Korean and English. A label outside this list is shown as it is
# given.
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
#: Longer ones are no label but a sentence that lost its way.
_LONGEST = {"ko": 10, "en": 20}


def language(article: Article) -> str:
    """How the words are dressed and counted: "ko", "en", or what else the article says."""
    if article.language:
        return article.language.lower().replace("_", "-").split("-")[0]
    return "ko" if _HANGUL.search(article.headline) else "en"


def label(article: Article) -> str:
    """The article's label, dressed: "[속보]" in Korean, "BREAKING:" elsewhere; empty when the CMS gives none.

    A label of the CMS's own that is only the section's or the site's name says nothing and is left out.
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
    """`text` with the label `mark` in front, once: a headline that already wears it is undressed first."""
    if not mark:
        return text
    worn = _WORN.match(text)
    if worn and _name(worn[1] or worn[2]) == _name(mark):
        text = text[worn.end() :]
    return f"{mark} {text}" if text else ""


def hashtags(article: Article, allowed: Sequence[str], most: int = 2) -> list[str]:
    """At most `most` of the article's tags that the desk allows, as "#태그". Off unless asked for."""
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

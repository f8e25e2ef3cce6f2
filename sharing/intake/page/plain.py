"""Clean text from markup: decode entities, remove tags, put it in one line, pass the Unicode gate."""

from __future__ import annotations

import html
import re
import unicodedata

from sharing.domain.refusal import Refusal
from sharing.words import unicode
from sharing.words.vocabulary import any_of

__all__ = ["any_of", "fold", "line", "within", "words"]
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Entities that lost their ampersand: `amp;#39;`, `#8217;`, `apos;`, `quot;`.
_BROKEN_ENTITY = re.compile(
    r"(?<![A-Za-z0-9&])(?:amp;)?(#\d{2,5}|#[xX][0-9a-fA-F]{2,5}|apos|quot|nbsp|hellip|middot|[lr][sd]quo);"
)
# Only tags that editors leave in text. `<속보>` and `a < b` are text.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|div|em|font|i|img|mark|nobr|p|q|small|span|strong|strike|sub|sup|u|wbr)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_PAUSES = re.compile(r"<(?:br|/p|/div)\s{0,3}/?>", re.IGNORECASE)


def words(text: str | None) -> str:
    """Return `text` as a reader sees it: entities decoded (twice if needed), without the tags of editors."""
    text = text or ""
    if "&" in text or ";" in text:
        for _ in range(2):
            if _ENTITY.search(text):
                text = html.unescape(text)
        text = _BROKEN_ENTITY.sub(lambda found: html.unescape(f"&{found[1]};"), text)
    if "<" in text:
        text = _TAG.sub("", _PAUSES.sub(" ", text))
    return text


def line(text: object, field: str = "words") -> str | None:
    """Return `text` as one clean line; None if it is not a text, is empty, or does not pass the Unicode gate."""
    if not isinstance(text, str):
        return None
    try:
        return unicode.one_line(words(text[: unicode.LIMITS[field] * 4]), field) or None
    except Refusal:
        return None


def within(text: str | None, field: str) -> bool:
    """Tell whether there is a text within the Unicode gate's limit for its kind."""
    return bool(text) and len(text or "") <= unicode.LIMITS[field]


def fold(text: str) -> str:
    """Return only the letters and digits of `text`, in lower case (NFKC, casefold), to compare headlines and names."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))

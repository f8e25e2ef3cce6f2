"""Plain text from CMS fields that hold tags, entities and extra spaces. Linear in time."""

from __future__ import annotations

import html
from collections.abc import Iterator

import regex

from sharing.words.lists import word_list

_ATTRIBUTE = r"""\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>=]++))?"""
# A correct tag (alt="a > b"), or else a broken one.
_TAG = regex.compile(rf"</?+([A-Za-z][A-Za-z0-9:-]*+)(?:(?:{_ATTRIBUTE})*+\s*+/?+>|(?:\s[^<>]*+|/)?>)")
_BLOCKS = word_list(
    "p div br li ul ol tr h1 h2 h3 h4 h5 h6 blockquote section article figure figcaption table hr",
)
_UNREAD = ("script", "style", "figcaption", "template", "noscript")
_SHORTCODE = regex.compile(
    r"\[/?(?:caption|gallery|embed|video|audio|youtube|twitter|instagram)\b[^\[\]]*+\]"
)
# Entities that lost their "&", and entities that were escaped twice: amp;#39; quot; &amp;quot;
_BROKEN_ENTITY = regex.compile(
    r"&?+(?:amp;){0,3}+(#x?[0-9A-Fa-f]{1,6}|apos|quot|nbsp|hellip|middot|[lr][sd]quo|[nm]dash|lt|gt);"
)
_WHOLE_ENTITY = regex.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_PARAGRAPH_ENDS = regex.compile(r"\n{3,}+")


def plain(text: str) -> str:
    """Remove markup from `text`: tags and shortcodes. Entities are decoded at most twice; spaces become single.

    Block tags become line breaks; paragraphs stay a blank line apart. Korean angle brackets (<사진=...>) are
    text. An entity that is left after two rounds is dropped.

    Example: "<p>A &amp;amp; B</p><p>C</p>" gives "A & B", a blank line, and "C".
    """
    if "<" in text or ";" in text or "[" in text:
        text = _without_tags(text)
        for _ in range(2):
            if ";" in text:
                text = _without_tags(html.unescape(_BROKEN_ENTITY.sub(_repaired, text)))
        text = _WHOLE_ENTITY.sub("", text)
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    return _PARAGRAPH_ENDS.sub("\n\n", text) if "\n\n\n" in text else text


def one_line(text: str) -> str:
    """Remove markup as `plain` does, and put the text in one line. For headlines and names."""
    return " ".join(plain(text).split())


def _repaired(entity: regex.Match[str]) -> str:
    """Repair a broken entity. A word that only ends in "lt;" or "gt;" is not changed."""
    before = entity.string[entity.start() - 1 : entity.start()]
    if not entity[0].startswith("&") and "amp;" not in entity[0] and before.isascii() and before.isalnum():
        return entity[0]
    return f"&{entity[1]};"


def _without_tags(text: str) -> str:
    if "<" in text:
        text = "".join(_outside_comments(text))
        for name in _UNREAD:
            if f"<{name}" in text.lower():
                text = "".join(_outside(text, name))
        text = _TAG.sub(_space_of, text)
    return _SHORTCODE.sub(" ", text) if "[" in text else text


def _space_of(tag: regex.Match[str]) -> str:
    name = tag[1].lower()
    if name not in _BLOCKS:
        return ""
    return "\n" if name in {"br", "li", "tr"} else "\n\n"


def _outside_comments(text: str) -> Iterator[str]:
    past = 0
    while (start := text.find("<!--", past)) >= 0:
        yield text[past:start]
        end = text.find("-->", start + 4)
        if end < 0:
            return
        past = end + 3
    yield text[past:]


def _outside(text: str, name: str) -> Iterator[str]:
    """Yield the text outside the elements called `name`. An element without an end tag takes the rest of the text."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    past = 0
    while (start := lower.find(f"<{name}", past)) >= 0:
        yield text[past:start]
        end = lower.find(f"</{name}", start)
        close = text.find(">", end) if end >= 0 else -1
        if close < 0:
            return
        past = close + 1
    yield text[past:]

"""Every sentence that answers somebody, in Korean and English: one place, by code.

A sentence about trouble has three parts: what happened · is anything live · what next. The tables beside this
file are for editors; a test holds every code in the product against them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sharing.domain.article import Article
from sharing.domain.message import Message
from sharing.domain.refusal import Refusal
from sharing.domain.room import Room
from sharing.words.particles import fill
from sharing.words.style import Style

LANGUAGES = ("ko", "en")
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, whether anything is live, and what next; the last two may be empty."""

    what: str
    live: str = ""
    then: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.live, self.then) if part)


@cache
def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            for group, codes in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for code, languages in codes.items():
                    table[f"{group}.{code}"] = languages
    return table


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_table())


def sentence(code: str, language: str, facts: Mapping[str, Any] | None = None) -> Sentence:
    """The sentence for `code`, filled with `facts`; a code without one gets its group's own.

    An unknown group gets `other.other`: nobody is left without a sentence.
    """
    group = code.partition(".")[0]
    table = _table()
    languages = table.get(code) or table.get(f"{group}.other") or table["other.other"]
    text = languages.get(language) or languages["en"]
    known = {name: _shown(value, language) for name, value in (facts or {}).items()}
    parts = [fill(part, **{"code": code, **known}) for part in text.split(_SEPARATOR)]
    return Sentence(*parts[:3])


def refused(refusal: Refusal, language: str) -> Sentence:
    """The sentence of a refusal."""
    return sentence(refusal.code, language, {"field": refusal.field or "–", **refusal.facts})


def warnings(
    style: Style,
    article: Article,
    messages: Iterable[tuple[Message, bool]],
    language: str,
    room: Callable[[str], Room],
) -> list[dict[str, Any]]:
    """What the desk's rules say of messages; of each, whether a person wrote its words. `room` knows channels."""
    return [
        {
            "channel": message.channel,
            "code": found.code,
            "level": found.level,
            "text": sentence(f"lint.{found.code}", language, found.facts).what,
        }
        for message, own in messages
        for found in style.findings(article, message, room(message.channel), own=own)
    ]


def _shown(value: Any, language: str) -> str:
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return how_long(value, language) if isinstance(value, timedelta) else str(value)


_UNITS = {
    "ko": ((86_400, "{}일"), (3600, "{}시간"), (60, "{}분"), (1, "{}초")),
    "en": ((86_400, "{} d"), (3600, "{} h"), (60, "{} min"), (1, "{} s")),
}


def how_long(span: timedelta, language: str) -> str:
    """A span of time in its largest unit: 4초, 12분, 3 h, 5 d."""
    seconds = max(0, int(span.total_seconds()))
    units = _UNITS.get(language, _UNITS["en"])
    size, form = next((unit for unit in units if seconds >= unit[0]), units[-1])
    return form.format(seconds // size)

"""Every sentence that answers a person or program, in Korean and English, by code.

A sentence about a problem has three parts: what happened · is anything live · what next. The tables beside this
file are for editors. A test checks that every code in the product has a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sharing.domain.article import Article
from sharing.domain.message import Message
from sharing.domain.refusal import Refusal
from sharing.domain.room import Room
from sharing.wording.catalogue import LANGUAGES as LANGUAGES
from sharing.wording.catalogue import table
from sharing.wording.times import how_long, shown
from sharing.words.particles import fill
from sharing.words.style import Style

_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: what happened, whether anything is live, and what comes next. The last two may be empty."""

    what: str
    live: str = ""
    then: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.live, self.then) if part)


def codes() -> frozenset[str]:
    """Return every code that has a sentence."""
    return frozenset(table())


def sentence(code: str, language: str, facts: Mapping[str, Any] | None = None) -> Sentence:
    """Return the sentence for `code`, filled with `facts`. A code without a sentence gets its group's `other`.

    An unknown group gets `other.other`, so there is always a sentence.
    """
    group = code.partition(".")[0]
    known = table()
    languages = known.get(code) or known.get(f"{group}.other") or known["other.other"]
    text = languages.get(language) or languages["en"]
    filled = {name: _shown(value, language) for name, value in (facts or {}).items()}
    parts = [fill(part, **{"code": code, **filled}) for part in text.split(_SEPARATOR)]
    return Sentence(*parts[:3])


def refused(refusal: Refusal, language: str) -> Sentence:
    """Return the sentence of a refusal."""
    return sentence(refusal.code, language, {"field": refusal.field or "–", **refusal.facts})


def warnings(
    style: Style,
    article: Article,
    messages: Iterable[tuple[Message, bool]],
    language: str,
    room: Callable[[str], Room],
) -> list[dict[str, Any]]:
    """Return the findings of the desk's style rules. `messages` are pairs: a message, and whether a person wrote it."""
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
    """Return a fact as people read it. A time is shown in its own zone, with its offset from UTC."""
    if isinstance(value, datetime):
        return shown(value, value.tzinfo or UTC, language, "full")
    return how_long(value, language) if isinstance(value, timedelta) else str(value)

"""Every sentence that answers somebody, in Korean and English: one place, by code.

A sentence about trouble has three parts: what happened · is anything live · what next. The tables beside this
file are for editors; a test holds every code in the product against them.
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
    """What happened, whether anything is live, and what next; the last two may be empty."""

    what: str
    live: str = ""
    then: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.live, self.then) if part)


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(table())


def sentence(code: str, language: str, facts: Mapping[str, Any] | None = None) -> Sentence:
    """The sentence for `code`, filled with `facts`; a code without one gets its group's own.

    An unknown group gets `other.other`: nobody is left without a sentence.
    """
    group = code.partition(".")[0]
    known = table()
    languages = known.get(code) or known.get(f"{group}.other") or known["other.other"]
    text = languages.get(language) or languages["en"]
    filled = {name: _shown(value, language) for name, value in (facts or {}).items()}
    parts = [fill(part, **{"code": code, **filled}) for part in text.split(_SEPARATOR)]
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
    """A fact as people read it; a time in its own zone, with the distance from UTC."""
    if isinstance(value, datetime):
        return shown(value, value.tzinfo or UTC, language, "full")
    return how_long(value, language) if isinstance(value, timedelta) else str(value)

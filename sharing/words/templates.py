"""The desk's templates: words with fields that are filled from the article. No template is ever executed as code.

{label} {headline}                    a field; an empty field also removes its space and its particle
{summary or headline}                 the first that is not empty; "..." is fixed text of the desk
{lead|first_sentence}                 a filter; several are applied from left to right
{headline|fit:60}                     a filter with a number
{site}{이/가} 전합니다                  the particle that fits the word before it
{{ and }}                             the characters { and }
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.domain.room import Room
from sharing.words import sentences
from sharing.words.cut import fit
from sharing.words.labels import label, language
from sharing.words.lead import quotations, told
from sharing.words.particles import PAIRS, particle

#: Longest template in characters.
LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem of a template. `at` is its position in characters; `facts` fill the sentence of `code`."""

    code: str
    at: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


FIELDS: dict[str, Callable[[Article], str]] = {
    "label": label,
    "headline": lambda article: told(article).headline,
    "summary": lambda article: told(article).lead if article.summary else "",
    "lead": lambda article: told(article).lead,
    "quote": lambda article: next(iter(quotations(article)), ""),
    "section": lambda article: article.section or "",
    "author": lambda article: article.authors[0] if article.authors else "",
    "authors": lambda article: ", ".join(article.authors),
    "site": lambda article: article.site_name or "",
    "caption": lambda article: article.caption or "",
}

FILTERS: dict[str, Callable[[str], str]] = {
    "first_sentence": sentences.first,
    "upper": str.upper,
    "quoted": lambda text: f"“{text}”",
    "bracketed": lambda text: f"[{text}]",
}
#: Filters that take a number after a colon.
NUMBERED: dict[str, Callable[[str, int], str]] = {"fit": fit}

#: The 99th percentile of real headlines and deks, in characters (239 pages, Korean and English, 2026-08).
P99 = {"ko": {"headline": 52, "summary": 119}, "en": {"headline": 136, "summary": 343}}

_PART = regex.compile(r"\{\{|\}\}|\{([^{}\n]{0,200})\}|[{}]|[^{}]++")
_NAME = regex.compile(r"\s*(\w+)((?:\s*\|\s*\w+(?::\w*)?)*+)\s*")
_FILTER = regex.compile(r"\|\s*(\w+)(?::(\w*))?")
_OWN_TEXT = regex.compile(r"\s*[\"“]([^\"”]{0,100})[\"”]\s*")
_OR = regex.compile(r"\s+or\s+")
_LOOSE = regex.compile(r"^(?:\s*[·|/–—-]\s+)+|(?:\s+[·|/–—-]\s*)+$|(?:\s+[·|/–—])+(?=\s+[·|/–—]\s)")


def check(template: str, room: Room, spoken: str = "") -> list[Problem]:
    """Return the problems of `template` on the channel of `room`; empty if it may be saved.

    Problems are unknown fields and filters, broken braces, no field at all, and words that are too long for the
    channel with a long real headline and dek (`P99`): in the language `spoken` of the template, else in both.
    """
    if len(template) > LONGEST:
        return [Problem(code="template.too_long", at=LONGEST, facts={"limit": LONGEST})]
    problems = list(_misspelt(template))
    if not problems and not any(_names_a_field(part[1]) for part in _PART.finditer(template)):
        problems.append(Problem(code="template.no_field"))
    if not problems:
        problems += _overlong(template, room, [spoken] if spoken in P99 else list(P99))
    return problems


def _names_a_field(expression: str | None) -> bool:
    """Tell whether an expression begins with a field. A choice after a fixed text is never used."""
    return bool(expression) and expression not in _PARTICLES and not _OWN_TEXT.match(expression or "")


def render(template: str, article: Article, room: Room) -> str:
    """Fill `template` from `article`, without a link, and cut the words to the limit of the channel.

    Raises:
        Refusal: the code of the first problem, if the template is misspelt.
    """
    for problem in _misspelt(template[: LONGEST + 1]):
        raise Refusal(problem.code, field="template", **problem.facts)
    return room.fit(_filled(template, article), language(article) == "ko")


def _filled(template: str, article: Article) -> str:
    done: list[str] = []
    for part in _PART.finditer(template[:LONGEST]):
        if part[1] is None:
            done.append(part[0][0] if part[0] in {"{{", "}}"} else part[0])
        elif part[1] in _PARTICLES:
            done.append(particle("".join(done)[-80:], part[1]) if done and done[-1] else "")
        else:
            done.append(_value(part[1], article))
    lines = [_LOOSE.sub("", " ".join(line.split())).strip() for line in "".join(done).split("\n")]
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _value(expression: str, article: Article) -> str:
    for choice in _OR.split(expression):
        own = _OWN_TEXT.fullmatch(choice)
        if own:
            return own[1]
        named = _NAME.fullmatch(choice)
        value = FIELDS[named[1]](article) if named else ""
        for name, number in _FILTER.findall(named[2] if named else ""):
            if value:
                value = FILTERS[name](value) if name in FILTERS else NUMBERED[name](value, int(number))
        if value:
            return value
    return ""


def _misspelt(template: str) -> Iterator[Problem]:
    for part in _PART.finditer(template):
        if part[0] in {"{", "}"}:
            yield Problem(code="template.broken", at=part.start(), facts={"mark": part[0]})
        elif part[1] is not None and part[1] not in _PARTICLES:
            for choice in _OR.split(part[1]):
                yield from _misspelt_choice(choice, part.start())


def _misspelt_choice(choice: str, at: int) -> Iterator[Problem]:
    if _OWN_TEXT.fullmatch(choice):
        return
    named = _NAME.fullmatch(choice)
    if not named or named[1] not in FIELDS:
        yield Problem(
            code="template.unknown_field",
            at=at,
            facts={"name": choice.strip()[:40], "known": ", ".join(FIELDS)},
        )
        return
    for name, number in _FILTER.findall(named[2]):
        if name in NUMBERED:
            if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) < 100_000):
                yield Problem(code="template.number_needed", at=at, facts={"name": name})
        elif name not in FILTERS or number:
            known = ", ".join((*FILTERS, *(f"{each}:60" for each in NUMBERED)))
            yield Problem(code="template.unknown_filter", at=at, facts={"name": name, "known": known})


def _overlong(template: str, room: Room, languages: Sequence[str]) -> Iterator[Problem]:
    for spoken in languages:
        words = _filled(template, _long_article(spoken))
        shown = room.fit(words, spoken == "ko")
        if shown != words:
            yield Problem(
                code="template.overlong",
                facts={
                    "language": spoken,
                    "length": len(words),
                    "fits": len(shown),
                    "headline": P99[spoken]["headline"],
                },
            )


def _long_article(spoken: str) -> Article:
    """Return an article whose headline and dek have the lengths of `P99`. Its words have no meaning."""
    word, stop = ("가나다 ", "다.") if spoken == "ko" else ("words ", "end.")
    headline = (word * 60)[: P99[spoken]["headline"]].strip()
    half = P99[spoken]["summary"] // 2
    sentence = (word * 60)[: half - len(stop)].strip() + " " + stop
    return Article(
        headline=headline,
        summary=f"{sentence} {sentence}",
        label="속보" if spoken == "ko" else "breaking",
        language=spoken,
        section="경제" if spoken == "ko" else "Business",
        site_name="가나다일보" if spoken == "ko" else "The Daily Example",
        authors=("홍길동",) if spoken == "ko" else ("Kim Yoo-chul",),
        caption=sentence,
    )


_PARTICLES = frozenset(PAIRS) | {"/".join(reversed(name.split("/"))) for name in PAIRS}

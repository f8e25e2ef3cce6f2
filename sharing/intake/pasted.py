"""Pasted text becomes an Article: a page as it lands on the clipboard, or headline and paragraphs alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake.page import caption as captions
from sharing.intake.page import korean
from sharing.intake.page.address import absolute, parted
from sharing.intake.page.furniture import bare, ends_story, is_control, is_notice, is_rights
from sharing.intake.page.languages import detected, script_of
from sharing.intake.page.moments import moment, zone_of
from sharing.intake.page.names import EMAIL, Byline, byline, is_person, signature
from sharing.intake.page.plain import any_of, fold
from sharing.words import gate

#: Paragraphs kept.
PARAGRAPHS = 200
_LINES = 20_000

# Stands for "no zone" while a date is read: no place on earth is 23 hours ahead.
_NOWHERE = timezone(timedelta(hours=23))

_EASTERN = re.compile(r"[가-힣一-鿿ぁ-ヿ]")
_ENDS = re.compile(r"[.!?…。！？][\"'”’」』)\]]*(?:\s*\([^()]{2,30}\))?$")
_ADDRESS = re.compile(r"https?://\S{4,2000}")
_BY = re.compile(
    r"(?:(?:written|reported|story|text|words|edited) )?by\s*:?\s+\S.{2,150}"
    r"|(?:von|par|por)\s+[A-ZÀ-Ý]\S+\s+\S.{1,80}",
    re.IGNORECASE,
)
# Where on a line a date begins: at its label or, without one, at its first digits.
_LABEL = (
    any_of("""
        originally_published published posted last_updated updated modified date created 기사_?입력 최초_?입력
        최종_?수정 최종_?업데이트 입력 등록 승인 작성 발행 송고 게시 수정 업데이트
        """)
    + "(?:시간|일시|일|날짜)?"
)
_DATES = re.compile(
    rf"(?:^|(?<=[\s|·•]))(?:{_LABEL}\s*[:：|]?\s*)?(?:{any_of('mon tue wed thu fri sat sun')}\w*,?\s)?"
    rf"(?:\d|{any_of('jan feb mar apr may jun jul aug sep oct nov dec')}\w*\.? \d)",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"(?<![A-Za-z가-힣])(?={_LABEL}\s*[:：|]?\s*\W{{0,3}}(?:\d|[A-Z]))", re.IGNORECASE)
_CHANGED = re.compile(r"\s*(?:last )?updated|modified|(?:최종\s?)?(?:수정|업데이트)", re.IGNORECASE)
_MARKED_CAPTION = re.compile(
    r"^[▲△◀◁▼▽]|(?:사진|photo|photograph|image|credit|그래픽|자료)\s?(?:제공)?\s?[=:：]|[(\[<]\s?(?:사진|자료|그래픽)"
    r"|\bphoto by\b|/\s?[A-Za-z가-힣]+(?:\s?(?:연합뉴스|뉴스1|뉴시스))?$",
    re.IGNORECASE,
)


@dataclass
class _Reading:
    """What has been told apart so far."""

    before: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    signatures: list[Byline] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)


def read_pasted(text: str, *, url: str | None = None) -> Article:
    """The article in pasted text.

    The headline is the line before the story that shares its words; the summary is the lead. Buttons,
    counters, menus, repeated captions, addresses and the boxes after the story are left out.

    Args:
        text: what a person copied: lines, with or without blank ones between.
        url: the article's address, where they gave it.

    Raises:
        Refusal: `pasted.empty`, `pasted.no_headline`, `pasted.not_an_article`, and what the gate refuses.
    """
    lines = _lines(gate.clean(text, "body"))
    if not lines:
        raise Refusal("pasted.empty")
    if _ADDRESS.fullmatch(lines[0]):
        url = url or lines[0]
    reading = _sorted(lines)
    headline = _headline(reading)
    if not reading.story:
        raise Refusal("pasted.not_an_article")
    if headline is None:
        raise Refusal("pasted.no_headline")
    language = _language(headline, reading.story)
    address = absolute(url, None)
    zone = zone_of(parted(address).hostname or "", language)
    dates = [(line, found) for line in reading.dates if (found := _when(line, zone))]
    by = _byline(reading)
    caption, credit = _caption(reading)
    return Article(
        url=address,
        canonical_url=address,
        headline=gate.one_line(headline, "headline"),
        summary=reading.story[0][: gate.LIMITS["summary"]],
        caption=caption,
        credit=credit,
        authors=by.people,
        author_emails=by.emails,
        language=language,
        published_at=next((found for line, found in dates if not _CHANGED.match(line)), None),
        modified_at=next((found for line, found in dates if _CHANGED.match(line)), None),
        body="\n\n".join(reading.story[:PARAGRAPHS]),
    )


def _lines(text: str) -> list[str]:
    """The lines that say anything, hard-wrapped paragraphs joined."""
    lines = [" ".join(line.split()) for line in text.split("\n", _LINES)[:_LINES]]
    found: list[str] = []
    for says_something, block in itertools.groupby(lines, key=bool):
        together = list(block)
        if says_something:
            found += [" ".join(together)] if _is_wrapped(together) else together
    return found


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether the lines are one paragraph that a mail broke: all but the last full, in mid-sentence."""
    full = lines[:-1]
    return (
        len(lines) >= 2
        and all(45 <= len(line) <= 100 for line in full)
        and max(map(len, full)) - min(map(len, full)) <= 20
        and sum(not _ENDS.search(line) for line in full) * 2 > len(full)
    )


def _sorted(lines: list[str]) -> _Reading:
    reading = _Reading()
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if reading.story and ends_story(line):
            break
        following = lines[number + 1 : number + 4]
        if (
            _ADDRESS.fullmatch(line)
            or is_rights(line)
            or _take_aside(line, following, reading)
            or is_control(line)
            or fold(line) in seen
        ):
            continue
        seen.add(fold(line))
        if _is_caption(line, following, reading):
            reading.captions.append(line)
        elif _is_paragraph(line, reading):
            reading.story.append(line)
        elif not reading.story:
            reading.before.append(line)
    _trim(reading)
    return reading


def _take_aside(line: str, following: list[str], reading: _Reading) -> bool:
    """Files bylines, signatures and dates; True where the line is nothing else."""
    if len(line) > 160:
        return False
    if _BY.fullmatch(line) and not _ENDS.search(line):
        reading.bylines.append(line)
        return True
    dated = _DATES.search(line)
    if dated and _is_date(line[dated.start() :]):
        reading.dates += [part for part in _LABELLED.split(line[dated.start() :]) if part.strip()]
        line = line[: dated.start()]
        if len(line) <= 3:
            return True
    signed = _signature(line)
    if not signed.people and not reading.story and following and _is_dated(following[0]):
        signed = _names_alone(line)
    if signed.people or signed.emails:
        reading.signatures.append(signed)
    return bool(dated and _is_date(dated.string[dated.start() :])) or bool(signed.people or signed.emails)


def _is_date(text: str) -> bool:
    """Whether `text` is a date and hardly anything else."""
    words = re.sub(rf"{_LABEL}|[\d\W_]|(?:AM|PM|오전|오후|댓글)", "", text, flags=re.IGNORECASE)
    return len(text) <= 110 and len(words) <= 24 and _when(text, UTC) is not None


def _is_dated(line: str) -> bool:
    found = _DATES.search(line)
    return bool(found and _is_date(line[found.start() :]))


def _when(text: str, zone: tzinfo | None) -> datetime | None:
    """The date in `text`; None where neither it nor `zone` says in which zone it is."""
    found = moment(text, zone or _NOWHERE)
    return None if found is None or found.tzinfo is _NOWHERE else found


def _names_alone(line: str) -> Byline:
    found = byline([line])
    unnamed = len(fold(line)) - sum(len(fold(name)) for name in found.people)
    return (
        found if all(map(is_person, found.people)) and not found.organisations and unnamed <= 3 else Byline()
    )


def _signature(line: str) -> Byline:
    shorter = re.sub(
        r"\s*(?:구독(?:중|하기)?|팔로우|기자\s?페이지|다른\s?기사\s?보기|기사\s?더\s?보기|응원(?:수)?\s?\d*|\+)$",
        "",
        bare(line),
    )
    shorter = re.sub(r"^(?:기자명|글|취재)\s*[:=]?\s*", "", shorter)
    korean = signature(shorter)
    if korean.people or is_notice(line):
        return korean
    address = EMAIL.search(line)
    if address and len(line) <= 100:
        rest = (line[: address.start()] + " " + line[address.end() :]).strip(" ()<>[],|·")
        found = byline([rest])
        if not rest or all(map(is_person, found.people)):
            return Byline(people=found.people, emails=(address[0].lower(),))
    return Byline()


def _is_caption(line: str, following: list[str], reading: _Reading) -> bool:
    if len(line) > 1000:
        return False
    if _MARKED_CAPTION.search(line) and captions.split(line)[1 if line[0] not in "▲△◀◁▼▽" else 0]:
        return True
    if reading.story or len(line) < 30:
        return False
    return bool(captions.split(line)[1]) or (line in following and bool(_ENDS.search(line)))


def _is_paragraph(line: str, reading: _Reading) -> bool:
    if not _ENDS.search(line):
        return bool(reading.story) and _size(line) >= 200
    enough = 20 if reading.before or reading.story else 120
    return _size(line) >= enough


def _size(line: str) -> int:
    return len(line) + len(_EASTERN.findall(line))


def _trim(reading: _Reading) -> None:
    """Takes notices to readers off both ends of the story."""
    while reading.story and is_notice(reading.story[-1]):
        reading.story.pop()
    while len(reading.story) > 1 and is_notice(reading.story[0]):
        reading.story.pop(0)


def _headline(reading: _Reading) -> str | None:
    """The line before the story whose words the story has most of; of equals the first."""
    told = fold(" ".join([*reading.story[:8], *reading.captions[:1]]))
    lines = [text for line in reading.before if 8 <= _size(text := bare(line)) <= 300]
    shares = [_common(text, told) * min(_size(text) / 25, 1.0) for text in lines]
    enough = max(shares, default=0.0) * 0.6
    best = next((text for text, share in zip(lines, shares, strict=True) if share and share >= enough), None)
    # A document's title repeats the headline and puts the site's name behind it.
    best = next(
        (
            text
            for text in lines
            if best and len(text) < len(best) and best.startswith(text) and _size(text) > 20
        ),
        best,
    )
    if best is None and reading.before:
        best = next((bare(line) for line in reading.before if 16 <= _size(bare(line)) <= 300), None)
    if (
        best is None
        and len(reading.story) > 1
        and _size(reading.story[0]) <= 120
        and _size(reading.story[0]) < _size(reading.story[1])
    ):
        best = reading.story.pop(0)
    return best


def _common(text: str, told: str) -> float:
    """The share of the words of `text` that are told, by their first four letters, Korean ones by two."""
    words = [fold(word) for word in text.split()]
    starts = [
        word[:2] if _EASTERN.match(word) else word[:4]
        for word in words
        if len(word) > 3 or _EASTERN.match(word)
    ]
    return sum(start in told for start in starts) / len(starts) if starts else 0.0


def _byline(reading: _Reading) -> Byline:
    written = byline(EMAIL.split(line)[0] for line in reading.bylines[:3])
    signed = [*reading.signatures, Byline(people=tuple(korean.dateline(reading.story[0])))]
    people = dict.fromkeys(written.people) or dict.fromkeys(name for each in signed for name in each.people)
    emails = dict.fromkeys(
        [
            *(address.lower() for line in reading.bylines[:3] for address in EMAIL.findall(line)),
            *(address for each in signed for address in each.emails),
        ]
    )
    return Byline(people=tuple(people)[:12], emails=tuple(emails)[:12])


def _caption(reading: _Reading) -> tuple[str | None, str | None]:
    if not reading.captions:
        return None, None
    return captions.split(reading.captions[0].lstrip("▲△◀◁▼▽ "))


def _language(headline: str, story: list[str]) -> str | None:
    text = " ".join([headline, *story[:5]])
    return script_of(text)[0] or detected(text)

"""Classify each line of a pasted text: paragraph, caption, byline, date, button."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from enum import Enum

from sharing.intake import times
from sharing.intake.page import caption
from sharing.intake.page.furniture import bare, ends_story, is_control, is_notice, is_rights
from sharing.intake.page.names import EMAIL, Byline, byline, is_person, signature
from sharing.intake.page.plain import any_of, fold

#: Most lines that are read; longest line, in characters, with a byline or a date; longest caption.
_LINES, _SHORT, _LONGEST_CAPTION = 20_000, 160, 1000

ADDRESS = re.compile(r"https?://\S{4,2000}")
EASTERN = re.compile(r"[가-힣一-鿿ぁ-ヿ]")
_ENDS = re.compile(r"[.!?…。！？][\"'”’」』)\]]*(?:\s*\([^()]{2,30}\))?$")
_LONE_BY = re.compile(r"(?:(?:written|reported|story|text|words|edited) )?(?:by|von|par)\s*:?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\S)@\w+|\s+(?:on|at|[|·•,-])\s*$")
_BY = re.compile(
    r"(?:(?:written|reported|story|text|words|edited) )?by\s*:?\s+\S.{2,150}"
    r"|(?:von|par|por)\s+[A-ZÀ-Ý]\S+\s+\S.{1,80}",
    re.IGNORECASE,
)
# The start of a date on a line: its label or, without a label, its first digits.
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
_NO_WORDS = re.compile(rf"{_LABEL}|[\d\W_]|(?:AM|PM|오전|오후|댓글)", re.IGNORECASE)
_CHANGED = re.compile(r"\s*(?:last )?updated|modified|(?:최종\s?)?(?:수정|업데이트)", re.IGNORECASE)
_TRIANGLE = re.compile(r"^[▲△◀◁▼▽]\s*")
_MARKED_CAPTION = re.compile(
    r"^[▲△◀◁▼▽]|(?:사진|photo|photograph|image|credit|그래픽|자료)\s?(?:제공)?\s?[=:：]|[(\[<]\s?(?:사진|자료|그래픽)"
    r"|\bphoto by\b|/\s?[A-Za-z가-힣]+(?:\s?(?:연합뉴스|뉴스1|뉴시스))?$",
    re.IGNORECASE,
)
_BUTTON_BEHIND = re.compile(
    r"\s*(?:구독(?:중|하기)?|팔로우|기자\s?페이지|다른\s?기사\s?보기|기사\s?더\s?보기|응원(?:수)?\s?\d*|\+)$"
)
_WORD_BEFORE = re.compile(r"^(?:기자명|글|취재)\s*[:=]?\s*")
# Credits of the crew (camera, editing, graphics): they are not authors.
_CREW = re.compile(any_of("영상 촬영 편집 그래픽 사진 자막 구성 화면 연출") + r"\S{0,6}\s*[:/：]")


# `□ 출연자 : ...`, which broadcasters put above an interview.
_FIELD = re.compile(r"\W*[가-힣]{2,5} : [^.?!]{1,50}")


class Kind(Enum):
    """The kind of a line. Its value is a weight: above 0 the line is likely in the story, below 0 likely not."""

    #: A paragraph. `Line.weight` uses its size instead of this value.
    STORY = 40
    #: A sentence with a credit at its end: a caption if it stands before the story, otherwise part of the story.
    CREDITED = 39
    #: A paragraph that may be a notice to the readers of the site.
    NOTICE = -10
    CAPTION = 0
    #: Text that is not a sentence: a headline, a menu entry, the headline of another story.
    TEXT = -50
    #: A button, a date, a byline, a repetition.
    ASIDE = -8
    #: The title of a box after the story.
    END = -400


@dataclass(slots=True)
class Line:
    """A line, its kind, and the values that were read from it. `number` is its position among all lines."""

    number: int
    text: str
    kind: Kind = Kind.ASIDE
    #: The byline, such as `By Ann Lee`, without date and handle.
    written_by: str = ""
    signed: Byline = field(default_factory=Byline)
    dates: list[str] = field(default_factory=list)
    #: True if the same text is on another line too, and if it is on one of the next three lines.
    again: bool = False
    repeated: bool = False

    @property
    def weight(self) -> int:
        """The weight of the line for the position of the story: its size, at most 400, or the value of its kind."""
        is_told = self.kind in {Kind.STORY, Kind.CREDITED}
        return min(size(self.text), 400) if is_told else self.kind.value


def seen(text: str) -> list[Line]:
    """Classify the lines of `text` that are not blank. A repeated paragraph counts only once, at its first place."""
    lines = [Line(number, each) for number, each in enumerate(_with_names(_unwrapped(text)))]
    before: dict[str, Line] = {}
    for line in lines:
        folded = fold(line.text)
        behind = (each.text for each in lines[line.number + 1 : line.number + 3])
        following = next((text for text in behind if text != line.text), "")
        first = before.setdefault(folded, line)
        if first is not line:
            first.again = line.again = True
            first.repeated = first.repeated or line.number - first.number <= 3
            # A headline may also stand in the head of the page; the second one, above the story, counts as well.
            line.kind = Kind.TEXT if first.kind is Kind.TEXT else Kind.ASIDE
        elif not _read_off(line, following):
            line.kind = _kind(line.text)
    return lines


def size(text: str) -> int:
    """Return the number of characters; Korean, Japanese and Chinese characters count twice, as they say more."""
    return len(text) + len(EASTERN.findall(text))


def is_change(text: str) -> bool:
    """Tell whether the date in `text` is the date of a change."""
    return bool(_CHANGED.match(text))


def caption_of(line: Line) -> tuple[str | None, str | None]:
    """Split the line into (caption, credit)."""
    return caption.split(_TRIANGLE.sub("", line.text))


def _unwrapped(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.split("\n", _LINES)[:_LINES]]
    found: list[str] = []
    for says_something, block in itertools.groupby(lines, key=bool):
        together = list(block)
        if says_something:
            found += [" ".join(together)] if _is_wrapped(together) else together
    return found


def _with_names(lines: list[str]) -> list[str]:
    """Join a line that is only `By` with the names on the next line."""
    found: list[str] = []
    for line in lines:
        if found and _LONE_BY.fullmatch(found[-1]):
            found[-1] = f"By {line}"
        else:
            found.append(line)
    return found


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Tell whether the lines are one paragraph that a mail program wrapped: even length, cut in mid-sentence."""
    full = lines[:-1]
    if not full or not all(45 <= len(line) <= 100 for line in full):
        return False
    is_even = max(map(len, full)) - min(map(len, full)) <= 20
    return is_even and sum(not _ENDS.search(line) for line in full) * 2 > len(full)


def _kind(text: str) -> Kind:
    if ends_story(text):
        return Kind.END
    if ADDRESS.fullmatch(text) or _FIELD.fullmatch(text) or is_control(text) or is_rights(text):
        return Kind.ASIDE
    if len(text) <= _LONGEST_CAPTION:
        words, credit = caption.split(_TRIANGLE.sub("", text))
        if _MARKED_CAPTION.search(text) and (credit or (words and _TRIANGLE.match(text))):
            return Kind.CAPTION
        if credit and len(text) >= 30:
            return Kind.CREDITED
    if size(text) < 200 and (size(text) < 20 or not _ENDS.search(text)):
        return Kind.TEXT
    return Kind.NOTICE if is_notice(text) else Kind.STORY


def _read_off(line: Line, following: str) -> bool:
    """Store byline, signature and dates of a line in it. Returns True if the line has nothing else."""
    text = line.text
    if len(text) > _SHORT:
        return False
    date = _date_in(text)
    if date:
        line.dates = [part for part in _LABELLED.split(date) if part.strip()]
        text = text.removesuffix(date)
    text = _HANDLE.sub("", text).strip()
    if _BY.fullmatch(text) and not _ENDS.search(text):
        line.written_by = text
        return True
    line.signed = _signature(text)
    if not line.signed.people and _date_in(following):
        line.signed = _names_alone(text)
    return bool(date or line.signed.people or line.signed.emails)


def _date_in(text: str) -> str | None:
    """Return the end of a short line if it is a date with almost no other text."""
    found = _DATES.search(text)
    date = text[found.start() :] if found else ""
    is_date = (
        0 < len(date) <= 110 and len(_NO_WORDS.sub("", date)) <= 24 and times.find(date, UTC) is not None
    )
    return date if is_date else None


def _signature(text: str) -> Byline:
    if _CREW.match(bare(text)):
        return Byline()
    signed = signature(_WORD_BEFORE.sub("", _BUTTON_BEHIND.sub("", bare(text))))
    address = EMAIL.search(text)
    if signed.people or address is None or len(text) > 100 or is_notice(text):
        return signed
    rest = (text[: address.start()] + " " + text[address.end() :]).strip(" ()<>[],|·")
    found = byline([rest])
    if rest and not all(map(is_person, found.people)):
        return Byline()
    return Byline(people=found.people, emails=(address[0].lower(),))


def _names_alone(text: str) -> Byline:
    found = byline([text])
    unnamed = len(fold(text)) - sum(len(fold(name)) for name in (*found.people, *found.organisations))
    return found if all(map(is_person, found.people)) and unnamed <= 3 else Byline()

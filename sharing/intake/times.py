"""The reader of times, however a CMS, a feed or a person writes them: the whole text is understood, or none of it.

An embargo may hang on it. So nothing that is left over is passed over: not a `pm`, not a zone, not a word. What has
two meanings (`03/04/2026`, `IST`) is refused, too. Forms: docs/sources.md, section "Times".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sharing.domain.schedule import in_zone
from sharing.intake.month_names import MONTHS

#: Times outside these years are typing errors or tricks (and overflow when their zone changes).
_YEARS = range(1900, 2201)
_LONGEST = 80

_ZONE_HOURS = (
    ("z utc gmt ut wet", 0), ("cet mez west", 1), ("cest mesz eet", 2), ("eest msk", 3), ("ict", 7), ("hkt sgt", 8),
    ("kst jst", 9), ("aest", 10), ("aedt", 11), ("brt", -3), ("edt", -4), ("est cdt", -5), ("mdt", -6),
    ("pdt mst", -7), ("pst", -8),
)  # fmt: skip
#: Names with one meaning. CST, IST, BST and AST have several and are missing here.
_ZONES: dict[str, tzinfo] = {
    name: timezone(timedelta(hours=hours)) if hours else UTC
    for names, hours in _ZONE_HOURS
    for name in names.split()
} | {"et": ZoneInfo("America/New_York"), "pt": ZoneInfo("America/Los_Angeles")}
#: As browsers spell them out behind the offset.
_SPELLED = {
    "korean standard time": "kst", "korea standard time": "kst", "대한민국 표준시": "kst", "한국 표준시": "kst",
    "japan standard time": "jst", "coordinated universal time": "utc", "greenwich mean time": "gmt",
    "central european standard time": "cet", "central european summer time": "cest",
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("mon monday 월 월요일 月 月曜日", "tue tues tuesday 화 화요일 火 火曜日", "wed wednesday 수 수요일 水 水曜日",
         "thu thur thurs thursday 목 목요일 木 木曜日", "fri friday 금 금요일 金 金曜日",
         "sat saturday 토 토요일 土 土曜日", "sun sunday 일 일요일 日 日曜日")
    )
    for name in names.split()
}  # fmt: skip
_AFTERNOON = frozenset({"오후", "午後", "下午"})


def _one_of(names: Iterator[str] | dict[str, Any]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_DAY_NAME = _one_of(_WEEKDAYS)
_MONTH = rf"(?P<month>{_one_of(MONTHS)}|(?:1[0-2]|0?[1-9])월)\.?"
_BEFORE = rf"(?:(?P<weekday>{_DAY_NAME})\.?,? |[(（](?P<weekday_first>{_DAY_NAME})[)）],? )?"
_BEHIND = rf"(?: ?[(（\[](?P<weekday_behind>{_DAY_NAME})[)）\]]| (?P<weekday_after>{_DAY_NAME}),?)?"
_HALVES = r"오전|오후|午前|午後|上午|下午|[ap]m(?![a-z])"
_CLOCK = (
    rf"(?:(?P<noon>{_HALVES}) ?)?(?P<hour>\d{{1,2}})"
    r"(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?"
    r"| ?[시時时点](?: ?(?P<minute_cjk>\d{1,2}) ?[분分](?: ?(?P<second_cjk>\d{1,2}) ?[초秒])?)?"
    r"|(?= ?[ap]\.? ?m))(?: uhr)?(?: ?(?P<half>[ap])\.? ?m\b\.?)?"
)
_JOINED = r"(?:t| ?[,|·•–] ?| - | |(?<=[)）\]일日]))(?:(?:at|um|à|om|kl\.?|ore) )?"
_THEN_CLOCK = rf"(?:{_JOINED}{_CLOCK}(?P<zone>(?:[ \[(]|[a-z+-]).*)?)?"
_NTH = r"(?:st|nd|rd|th|er|º|\.)?"
_YMD = r"(?P<year>\d{4})(?P<mark>[-/.]) ?(?P<month>\d{1,2})(?P=mark) ?(?P<day>\d{1,2})\.?"
_DMY = r"(?P<day>\d{1,2})(?P<mark>[-/.]) ?(?P<month>\d{1,2})(?P=mark) ?(?P<year>\d{4})(?P<figures>)"
_YMD_CJK = r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]"
_PACKED = (
    r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[t ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?"
    r"(?P<zone>(?:[ \[(]|[a-z+-]).*)?)?"
)
_DAY_FIRST = (
    rf"(?P<day>\d{{1,2}}){_NTH}[ -](?:de |of )?{_MONTH},?[ -](?:de |del )?(?P<year>\d{{4}}|\d\d)(?!\d)"
)
_MONTH_FIRST = rf"{_MONTH} (?P<day>\d{{1,2}}){_NTH},? (?P<year>\d{{4}})"
_YEAR_LAST = rf"{_MONTH} (?P<day>\d{{1,2}}) {_CLOCK}(?P<zone> [a-z]+(?:/[a-z_]+)*)? (?P<year>\d{{4}})"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE | re.ASCII)
    for shape in (
        # 2026-11-24 21:30, 2026.11.24. (화) 오후 9:30, 2026/11/24T21:30:00.000+09:00
        _BEFORE + _YMD + _BEHIND + _THEN_CLOCK,
        # 2026년 11월 24일 오후 9시 30분
        _YMD_CJK + _BEHIND + _THEN_CLOCK,
        # 20261124, 20261124T213000Z, 202611242130
        _PACKED,
        # Tue, 24 Nov 2026 21:30:00 +0900 (RFC 5322), 24. November 2026 21.30 Uhr, 화, 24 11월 2026 09:30:00 +0900
        _BEFORE + _DAY_FIRST + _THEN_CLOCK,
        # December 24, 2026 9:30 pm
        _BEFORE + _MONTH_FIRST + _THEN_CLOCK,
        # Tue Nov 24 21:30:00 KST 2026, as C and Java write it
        _BEFORE + _YEAR_LAST,
        # 24.11.2026 21:30, where the order is clear
        _BEFORE + _DMY + _THEN_CLOCK,
    )
)
_ISO = re.compile(
    r"\d{4}-?(?:W\d\d-?\d|\d\d-?\d\d)"
    r"(?:[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{9,14}(?:\.\d{1,9})?", re.ASCII)
_NOTHING = re.compile(r"0{4}-?00-?00(?:[T ]00:?00(?::?00)?)?Z?")
_OFFSET = re.compile(
    r"(?:(?:utc|gmt|ut) ?)?([+-])(\d\d):?(\d\d)?|(?:utc|gmt|ut) ?([+-])(\d{1,2})(?::(\d\d))?",
    re.IGNORECASE | re.ASCII,
)
_PLACE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}", re.ASCII)
_BRACKETED = re.compile(r" ?[(\[]([^()\[\]]{1,40})[)\]]$")


class Unclear(ValueError):
    """A text that is no time, or not wholly understood."""


@dataclass(frozen=True, slots=True)
class Written:
    """A time as it was written; `moment` has no zone where the text names none.

    `whole` is False for a day without its hour, and for a year of two figures: enough to show, not to wait for.
    """

    moment: datetime
    whole: bool = True


def parse(value: object) -> Written:
    """The time that `value` is, all of it.

    Raises:
        Unclear: it is none, says more than a time, or may mean several.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unclear("not a text or a number")
    text = " ".join(str(value).split())
    if not text or len(text) > _LONGEST:
        raise Unclear("empty or too long")
    try:
        found = _week_date(text) or _shaped(text) or _epoch(text)
        if found is None or found.moment.year not in _YEARS:
            raise Unclear("no time")
        found.moment.astimezone(UTC)
    except (OverflowError, OSError):
        raise Unclear("no time") from None
    except ValueError as error:
        raise Unclear(str(error)) from None
    return found


def exact(value: object, zone: ZoneInfo) -> datetime:
    """The moment that something waits for, an embargo or a schedule; in `zone` where the text names none.

    A clock that a zone shows twice is read as the later one: nothing is ever early.

    Raises:
        Unclear: also for a day without its hour.
    """
    found = parse(value)
    if not found.whole:
        raise Unclear("a day without its hour, or a year of two figures")
    return _placed(found.moment, zone)


def shown(value: object, zone: ZoneInfo) -> datetime | None:
    """A time that is only shown or compared; None where it cannot be read."""
    try:
        return _placed(parse(value).moment, zone)
    except Unclear:
        return None


def iso(value: object, zone: ZoneInfo, *, waits: bool) -> datetime:
    """A time in ISO 8601 and nothing else; `waits` as for `exact`.

    Raises:
        Unclear: it is no such time.
    """
    if not isinstance(value, str) or not _ISO.fullmatch(value.strip()):
        raise Unclear("not ISO 8601")
    found = parse(value)
    if waits and not found.whole:
        raise Unclear("a day without its hour")
    return _placed(found.moment, zone)


def is_nothing(value: object) -> bool:
    """Whether a CMS says by it that there is no time: `0000-00-00 00:00:00`."""
    return isinstance(value, str) and bool(_NOTHING.fullmatch(value.strip()))


def _placed(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is not None:
        return moment
    placed = in_zone(moment, zone)
    assert placed is not None  # noqa: S101 - only None becomes None
    return placed.astimezone(zone)


def _epoch(text: str) -> Written | None:
    """Seconds or milliseconds since 1970."""
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    return Written(datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC))


def _week_date(text: str) -> Written | None:
    """`2026-W48-2`, with a clock or without."""
    if len(text) < 8 or "W" not in text[4:6] or not _ISO.fullmatch(text):
        return None
    day, _, clock = text.replace("T", " ").partition(" ")
    figures = date.fromisoformat(day).isoformat()
    return _shaped(f"{figures} {clock}".strip())


def _shaped(text: str) -> Written | None:
    """By the one shape that fits all of the text."""
    for shape in _SHAPES:
        match = shape.fullmatch(text)
        if match:
            return _built({name: part for name, part in match.groupdict().items() if part is not None})
    return None


def _built(parts: dict[str, str]) -> Written:
    year, month, day = parts["year"], _month(parts["month"]), int(parts["day"])
    if "figures" in parts:
        month, day = _ordered(day, month)
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    wall = datetime(  # noqa: DTZ001 - its zone follows
        full_year,
        month,
        day,
        _hour(parts),
        int(parts.get("minute") or parts.get("minute_cjk") or 0),
        int(parts.get("second") or parts.get("second_cjk") or 0),
        int(parts.get("fraction", "")[:6].ljust(6, "0") or 0),
    )
    named = [part for name, part in parts.items() if name.startswith("weekday")]
    if any(_WEEKDAYS[each.lower()] != wall.weekday() for each in named):
        raise Unclear("another day of the week")
    zone = _zone(parts["zone"], wall) if "zone" in parts else None
    return Written(wall.replace(tzinfo=zone) if zone else wall, whole="hour" in parts and len(year) == 4)


def _month(written: str) -> int:
    written = written.lower().removesuffix("월")
    return int(written) if written.isdecimal() else MONTHS[written]


def _ordered(first: int, second: int) -> tuple[int, int]:
    """(month, day) of two figures whose order the text does not say."""
    if first <= 12 and second <= 12 and first != second:
        raise Unclear("day and month cannot be told apart")
    return (first, second) if second > 12 else (second, first)


def _hour(parts: dict[str, str]) -> int:
    hour = int(parts.get("hour") or 0)
    noon, half = parts.get("noon", "").lower(), parts.get("half", "").lower()
    if noon and half:
        raise Unclear("two halves of the day")
    if not (noon or half):
        return hour
    afternoon = noon in _AFTERNOON or (noon or half)[:1] == "p"
    if hour > 12:
        if not afternoon:
            raise Unclear("no such hour in the morning")
        return hour
    return hour % 12 + (12 if afternoon else 0)


def _zone(written: str, wall: datetime) -> tzinfo:
    """The zone named behind a clock; all that is named must agree: `+0900 (KST)`, `+09:00[Asia/Seoul]`."""
    names, rest = [], written
    while match := _BRACKETED.search(rest):
        names.append(match[1])
        rest = rest[: match.start()]
    zones = [_one_zone(each) for each in ([rest.strip()] if rest.strip() else []) + names[::-1]]
    later = [_later(wall, zone) for zone in zones]
    if len({each.astimezone(UTC) for each in later}) != 1:
        raise Unclear("two zones")
    zone = zones[0]
    return timezone(later[0].utcoffset() or timedelta()) if isinstance(zone, ZoneInfo) else zone


def _later(wall: datetime, zone: tzinfo) -> datetime:
    return max(
        (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1)), key=lambda each: each.astimezone(UTC)
    )


def _one_zone(name: str) -> tzinfo:
    low = name.lower()
    low = _SPELLED.get(low, low)
    if low in _ZONES:
        return _ZONES[low]
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign, hours, minutes = (offset[1] or offset[4]), offset[2] or offset[5], offset[3] or offset[6] or "0"
        if int(hours) > 14 or int(minutes) > 59:
            raise Unclear("no such offset")
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-span if sign == "-" else span) if span else UTC
    if _PLACE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            pass
    raise Unclear("an unknown zone, or one with several meanings")

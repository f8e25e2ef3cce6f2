"""The only reader of times. It uses one table of forms in two ways: strict, and searching.

`exact`, `shown` and `parse` are strict, for times that a CMS, a feed or a person writes. They understand the whole
text or raise. An embargo may depend on it, so no `pm`, no zone and no word is ignored. A text with two meanings
(`03/04/2026`, `IST`) is refused, unless the source says which one is meant (`Notation`). `find` searches: it takes the
first time in a text of a page, and the origin of the page decides between meanings. Forms: docs/sources.md, "Times".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from sharing.domain.schedule import in_zone
from sharing.intake.time_forms import LIKELY, SEARCHING, STRICT
from sharing.intake.time_names import AFTERNOON, MONTHS, SEVERAL, WEEKDAYS, YEAR_FIRST, ZONES

#: Accepted years, strict and searching. Other years are typing errors or attacks, and can overflow when converted.
_YEARS, _YEARS_OF_PAGES = range(1900, 2200), range(1995, 2101)
#: Longest text in characters that is read strictly, and the part of a text that is searched.
_LONGEST, _SEARCHED = 100, 200
ORDERS = ("dmy", "mdy", "ymd")


_ISO = re.compile(
    r"\d{4}-?(?:W\d\d-?\d|\d\d-?\d\d)"
    r"(?:[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{9,14}(?:\.\d{0,9})?", re.ASCII)
_NOTHING = re.compile(r"0{4}-?00-?00(?:[T ]00:?00(?::?00)?)?Z?")
_SPAN = re.compile(r"(?:utc|gmt|ut)? ?([+-])([0-9]{1,2}):?([0-9]{2})?")


class Unclear(ValueError):
    """The text is not a time, or is not understood as a whole."""


@dataclass(frozen=True, slots=True)
class Notation:
    """The way in which a source writes times.

    `zone` applies to times without a zone; if it is None, such a time stays without a zone. `order` is the order of
    day, month and year in numbers, one of `ORDERS`. `says_zone` means that the source named its zone itself, so a name
    with several meanings (`CST`) has the meaning that fits this zone.
    """

    zone: tzinfo | None
    order: str | None = None
    says_zone: bool = False


#: A zone alone, or the full notation of a source.
Zone = tzinfo | Notation


@dataclass(frozen=True, slots=True)
class Written:
    """A time as it was written. `moment` has no zone if the text names none.

    `whole` is False for a day without an hour, and for a year of two digits whose order the source does not say. Such
    a time is good enough to show, but not for an embargo or a schedule.
    """

    moment: datetime
    whole: bool = True


def parse(value: object, zone: Zone | None = None) -> Written:
    """Read `value` as a time. The whole text must be understood.

    Example: "2026.11.24. (화) 오후 9:30" gives 2026-11-24 21:30 without a zone.

    Raises:
        Unclear: the value is not a time, has other text, or has several meanings.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unclear("not a text or a number")
    text = " ".join(str(value).split())
    if not text or len(text) > _LONGEST:
        raise Unclear("empty or too long")
    try:
        found = _week_date(text) or _shaped(text, notation(zone)) or _epoch(text)
        if found is None or found.moment.year not in _YEARS:
            raise Unclear("no time")
        found.moment.astimezone(UTC)
    except (OverflowError, OSError):
        raise Unclear("no time") from None
    except ValueError as error:
        raise Unclear(str(error)) from None
    return found


def exact(value: object, zone: Zone) -> datetime:
    """Read the time of an embargo or a schedule. It is in `zone` if the text names no zone.

    A clock time that occurs twice (end of summer time) means the later one, so nothing goes out early.

    Raises:
        Unclear: as `parse`; also for a day without an hour, and for a year of two digits without a known order.
    """
    found = parse(value, zone)
    if not found.whole:
        raise Unclear("a day without its hour, or a year of two figures")
    return _placed(found.moment, zone)


def shown(value: object, zone: Zone) -> datetime | None:
    """Read a time that is only shown or compared. Returns None if it cannot be read."""
    try:
        return _placed(parse(value, zone).moment, zone)
    except Unclear:
        return None


def iso(value: object, zone: Zone, *, waits: bool) -> datetime:
    """Read a time in ISO 8601. `waits` means an embargo or a schedule: a day without an hour is then refused.

    Raises:
        Unclear: the value is not such a time.
    """
    if not isinstance(value, str) or not _ISO.fullmatch(value.strip()):
        raise Unclear("not ISO 8601")
    found = parse(value)
    if waits and not found.whole:
        raise Unclear("a day without its hour")
    return _placed(found.moment, zone)


def is_nothing(value: object) -> bool:
    """Tell whether the value is a CMS's sign for "no time": `0000-00-00 00:00:00`."""
    return isinstance(value, str) and bool(_NOTHING.fullmatch(value.strip()))


def find(value: object, zone: Zone | None) -> datetime | None:
    """Find the first time in a text of a page, to the second, from 1995 to 2100. Returns None if there is none.

    If the whole value is a time, the result is that of `parse`. Otherwise a wrong day of the week is ignored, the day
    comes first in numbers if that is possible, and a name of a zone with several meanings has the meaning that fits the
    page's zone, or else the most frequent one.
    """
    try:
        found: datetime | None = parse(value, zone).moment
    except Unclear:
        text = value[:_SEARCHED] if isinstance(value, str) else ""
        found = _found(" ".join(text.split()), notation(zone))
    if found is None or found.year not in _YEARS_OF_PAGES or (zone is None and found.tzinfo is None):
        return None
    found = found.replace(microsecond=0)
    return _placed(found, zone) if zone else found


def notation(zone: Zone | None) -> Notation:
    """Return `zone` as a Notation."""
    return zone if isinstance(zone, Notation) else Notation(zone)


def _placed(moment: datetime, zone: Zone) -> datetime:
    own = notation(zone).zone
    if moment.tzinfo is not None or own is None:
        return moment
    placed = in_zone(moment, own)
    assert placed is not None  # noqa: S101 - only None becomes None
    return placed.astimezone(own)


def _epoch(text: str) -> Written | None:
    """Read seconds or milliseconds since 1970 (UTC); numbers above 10**11 are milliseconds."""
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    return Written(datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC))


def _week_date(text: str) -> Written | None:
    """Read an ISO week date such as `2026-W48-2`, with or without a clock time."""
    if len(text) < 8 or "W" not in text[4:6] or not _ISO.fullmatch(text):
        return None
    day, _, clock = text.replace("T", " ").partition(" ")
    figures = date.fromisoformat(day).isoformat()
    return _shaped(f"{figures} {clock}".strip(), Notation(None))


def _shaped(text: str, source: Notation) -> Written | None:
    """Read the text by the first form that fits all of it."""
    for form in STRICT:
        match = form.fullmatch(text)
        if match:
            return _built(_Parts(match, source, strict=True))
    return None


def _found(text: str, source: Notation) -> datetime | None:
    """Return the earliest match of a form that gives a valid time."""
    if not LIKELY.search(text):
        return None
    matches = [match for form in SEARCHING for match in form.finditer(text)]
    for match in sorted(matches, key=lambda match: match.start()):
        try:
            found = _built(_Parts(match, source, strict=False)).moment
        except (ValueError, OverflowError):
            continue
        if found.year in _YEARS_OF_PAGES:
            return found
    return None


class _Parts(dict[str, str]):
    """The named parts of a match, in lower case, with the notation of the source and the mode (strict or not)."""

    def __init__(self, match: re.Match[str], source: Notation, *, strict: bool) -> None:
        super().__init__((name, part.lower()) for name, part in match.groupdict().items() if part)
        self.source, self.strict = source, strict


def _built(parts: _Parts) -> Written:
    year, month, day = (
        _ordered(parts) if "first" in parts else (parts["year"], _month(parts["month"]), int(parts["day"]))
    )
    wall = datetime(  # noqa: DTZ001 - its zone follows
        int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900),
        month,
        day,
        _hour(parts),
        int(parts.get("minute") or parts.get("minute_cjk") or 0),
        int(parts.get("second") or parts.get("second_cjk") or 0),
        int(parts.get("fraction", "")[:6].ljust(6, "0") or 0),
    )
    named = [part for name, part in parts.items() if name.startswith("weekday")]
    if parts.strict and any(WEEKDAYS[each] != wall.weekday() for each in named):
        raise Unclear("another day of the week")
    zone = _zone(parts, wall)
    is_year_clear = len(year) == 4 or parts.source.order is not None
    return Written(wall.replace(tzinfo=zone) if zone else wall, whole="hour" in parts and is_year_clear)


def _month(written: str) -> int:
    figures = written.rstrip("월月")
    return int(figures) if figures.isdecimal() else MONTHS[written]


def _ordered(parts: _Parts) -> tuple[str, int, int]:
    """Return (year, month, day) of three numbers: in the source's order, or else in the only possible order.

    Raises:
        Unclear: in strict mode, if the order stays open; in both modes, if it is unknown where the year is.
    """
    first, second, third = parts["first"], parts["second_figure"], parts["third"]
    order = parts.source.order
    if len(third) == 2:
        if not parts.strict and order is None:
            if str(parts.source.zone) in YEAR_FIRST and first[0] == "2" and len(first) == 2:
                order = "ymd"
            elif parts["mark"] == ".":
                order = "mdy" if int(second) > 12 else "dmy"
        if order is None:
            raise Unclear("a year of two figures")
        if order == "ymd":
            return first.zfill(2), int(second), int(third)
    elif order in {None, "ymd"}:
        order = "mdy" if int(second) > 12 else "dmy"
        is_open = int(first) <= 12 and int(second) <= 12 and int(first) != int(second)
        if is_open and parts.strict:
            raise Unclear("day and month cannot be told apart")
        if is_open and parts["mark"] == "/" and "half" in parts:
            order = "mdy"
    month, day = (first, second) if order == "mdy" else (second, first)
    return third, int(month), int(day)


def _hour(parts: _Parts) -> int:
    hour, noon, half = int(parts.get("hour") or 0), parts.get("noon", ""), parts.get("half", "")
    if noon and half and parts.strict:
        raise Unclear("two halves of the day")
    if not (noon or half):
        return hour
    afternoon = noon in AFTERNOON or (noon or half)[:1] == "p"
    if hour > 12:
        if not afternoon and parts.strict:
            raise Unclear("no such hour in the morning")
        return hour
    return hour % 12 + (12 if afternoon else 0)


def _zone(parts: _Parts, wall: datetime) -> tzinfo | None:
    """Return the zone after a clock time, as its offset at that time. Two named zones must agree."""
    names = [part for name, part in parts.items() if name.startswith("zone")]
    offsets = [_offset(name, wall, parts) for name in names]
    if len(set(offsets)) > 1:
        raise Unclear("two zones")
    if not offsets:
        return None
    return timezone(offsets[0]) if offsets[0] else UTC


def _offset(name: str, wall: datetime, parts: _Parts) -> timedelta:
    """Return a zone's offset from UTC at a clock time; of a clock time that occurs twice, the later one's."""
    if name in SEVERAL:
        return timedelta(hours=_meant(name, wall, parts))
    span = _SPAN.fullmatch(name)
    if span:
        sign, hours, minutes = span[1], int(span[2]), int(span[3] or 0)
        if hours > 14 or minutes > 59:
            raise Unclear("no such offset")
        return timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1)
    zone = ZONES.get(name) or (ZoneInfo(_places()[name]) if name in _places() else None)
    if zone is None:
        raise Unclear("an unknown zone")
    return min(_offsets(zone, wall, wall))


def _meant(name: str, wall: datetime, parts: _Parts) -> float:
    """Return the hours from UTC of a name with several meanings: the meaning that the source's zone has that year."""
    source, meanings = parts.source, SEVERAL[name]
    if source.zone is not None and (source.says_zone or not parts.strict):
        own = _offsets(source.zone, wall.replace(month=1, day=1), wall.replace(month=7, day=1))
        fitting = [each for each in meanings if timedelta(hours=each) in own]
        if len(fitting) == 1:
            return fitting[0]
    if parts.strict:
        raise Unclear("a zone with several meanings")
    return meanings[0]


def _offsets(zone: tzinfo, *walls: datetime) -> set[timedelta]:
    return {
        wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for wall in walls for fold in (0, 1)
    }


@cache
def _places() -> dict[str, str]:
    """Return the names of IANA zones: lower case -> IANA's spelling."""
    return {name.lower(): name for name in available_timezones()}

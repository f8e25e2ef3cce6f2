"""The one reader of times: one table of forms, read in two ways.

`exact`, `shown` and `parse` are strict, for what a CMS, a feed or a person writes: all of a text is understood, or
nothing of it. An embargo may hang on it, so no `pm`, no zone and no word is passed over, and what has two meanings
(`03/04/2026`, `IST`) is refused, unless its source says what it means (`Notation`). `find` searches: it takes the first
time in what a page shows and decides what is open by where the page comes from. Forms: docs/sources.md, "Times".
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

#: Times outside these years are typing errors or tricks (and overflow when their zone changes).
_YEARS, _YEARS_OF_PAGES = range(1900, 2200), range(1995, 2101)
#: Characters of a text that is read strictly, and of one that is searched.
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
    """A text that is no time, or not wholly understood."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How a source writes times.

    `zone` is that of a time without one; None: such a time is no moment. `order` is that of figures, one of `ORDERS`.
    `says_zone`: the source named its zone itself, so a name with several meanings (`CST`) means that zone's.
    """

    zone: tzinfo | None
    order: str | None = None
    says_zone: bool = False


#: Whatever tells how a time is meant: a zone alone, or all that a source says.
Zone = tzinfo | Notation


@dataclass(frozen=True, slots=True)
class Written:
    """A time as it was written; `moment` has no zone where the text names none.

    `whole` is False for a day without its hour, and for a year of two figures whose order nobody says: enough to
    show, not to wait for.
    """

    moment: datetime
    whole: bool = True


def parse(value: object, zone: Zone | None = None) -> Written:
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
    """The moment that something waits for, an embargo or a schedule; in `zone` where the text names none.

    A clock that a zone shows twice is read as the later one: nothing is ever early.

    Raises:
        Unclear: also for a day without its hour.
    """
    found = parse(value, zone)
    if not found.whole:
        raise Unclear("a day without its hour, or a year of two figures")
    return _placed(found.moment, zone)


def shown(value: object, zone: Zone) -> datetime | None:
    """A time that is only shown or compared; None where it cannot be read."""
    try:
        return _placed(parse(value, zone).moment, zone)
    except Unclear:
        return None


def iso(value: object, zone: Zone, *, waits: bool) -> datetime:
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


def find(value: object, zone: Zone | None) -> datetime | None:
    """The first time in what a page shows, to the second, from 1995 to 2100; None where there is none.

    A value that is one time as a whole is what `parse` says. Else a wrong day of the week is passed over, figures are
    day first unless they cannot be, and a zone's name with several meanings is the page's own, else the most frequent.
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
    """`zone` with all that a source says; a zone alone says no more than itself."""
    return zone if isinstance(zone, Notation) else Notation(zone)


def _placed(moment: datetime, zone: Zone) -> datetime:
    own = notation(zone).zone
    if moment.tzinfo is not None or own is None:
        return moment
    placed = in_zone(moment, own)
    assert placed is not None  # noqa: S101 - only None becomes None
    return placed.astimezone(own)


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
    return _shaped(f"{figures} {clock}".strip(), Notation(None))


def _shaped(text: str, source: Notation) -> Written | None:
    """By the one form that fits all of the text."""
    for form in STRICT:
        match = form.fullmatch(text)
        if match:
            return _built(_Parts(match, source, strict=True))
    return None


def _found(text: str, source: Notation) -> datetime | None:
    """By the form that fits first in the text; one that builds no time is passed over."""
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
    """The named parts of a match, in lower case, and how they are to be understood."""

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
    """(year, month, day) of three figures: by the order that the source says, else as far as they tell."""
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
    """The zone named behind a clock, as the offset that it has then; what is named twice must agree."""
    names = [part for name, part in parts.items() if name.startswith("zone")]
    offsets = [_offset(name, wall, parts) for name in names]
    if len(set(offsets)) > 1:
        raise Unclear("two zones")
    if not offsets:
        return None
    return timezone(offsets[0]) if offsets[0] else UTC


def _offset(name: str, wall: datetime, parts: _Parts) -> timedelta:
    """A zone's distance from UTC at a clock's time; the later time where the clock shows it twice."""
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
    """The hours from UTC of a name with several meanings: the one that the zone of the source has in that year."""
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
    """Names of IANA zones in lower case -> as IANA spells them."""
    return {name.lower(): name for name in available_timezones()}

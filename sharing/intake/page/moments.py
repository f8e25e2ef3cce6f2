"""A moment out of whatever a page or a person writes, always with its zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from sharing.intake import times
from sharing.intake.month_names import MONTHS
from sharing.intake.page.plain import any_of

_YEARS = range(1995, 2101)
#: Characters of a text that are looked at.
_LENGTH = 200

_CLOCKS = (
    ("UTC", "z utc gmt"), ("Asia/Seoul", "kst"), ("Asia/Tokyo", "jst"), ("Europe/London", "bst"),
    ("Europe/Berlin", "cet cest mez mesz"), ("America/New_York", "et est edt"), ("America/Chicago", "ct cdt"),
    ("America/Denver", "mst mdt"), ("America/Los_Angeles", "pt pst pdt"), ("Australia/Sydney", "aest aedt"),
)  # fmt: skip
_ZONES = {mark: UTC if name == "UTC" else ZoneInfo(name) for name, marks in _CLOCKS for mark in marks.split()}

#: Where a page names no zone: that of its country, then of its language. Countries with one zone only.
_COUNTRIES = (
    "kr Asia/Seoul jp Asia/Tokyo cn Asia/Shanghai tw Asia/Taipei hk Asia/Hong_Kong sg"
    " Asia/Singapore in Asia/Kolkata uk Europe/London ie Europe/Dublin de Europe/Berlin at"
    " Europe/Vienna ch Europe/Zurich fr Europe/Paris it Europe/Rome es Europe/Madrid nl"
    " Europe/Amsterdam be Europe/Brussels dk Europe/Copenhagen no Europe/Oslo se Europe/Stockholm"
    " fi Europe/Helsinki pl Europe/Warsaw cz Europe/Prague tr Europe/Istanbul gr Europe/Athens lt"
    " Europe/Vilnius is Atlantic/Reykjavik za Africa/Johannesburg".split()
)
_BY_COUNTRY = dict(zip(_COUNTRIES[::2], _COUNTRIES[1::2], strict=True))
_LANGUAGES = (
    "ko Asia/Seoul ja Asia/Tokyo de Europe/Berlin it Europe/Rome pl Europe/Warsaw cs Europe/Prague"
    " tr Europe/Istanbul".split()
)
_BY_LANGUAGE = dict(zip(_LANGUAGES[::2], _LANGUAGES[1::2], strict=True))

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = rf"(?P<month>{any_of(' '.join(sorted(MONTHS, key=len, reverse=True)))})"
_NOON = r"(?P<noon>오전|오후|午前|午後|上午|下午|[AP]M\b)"
#: `(화)`, `[화]`, `(Tue)`
_WEEKDAY = r"(?:\s?[(（\[][^()（）\[\]\d]{1,5}[)）\]])?"
_HALF = r"(?P<half>[ap]\.?m\.?)"
_ZONE = rf"(?P<zone>{any_of(' '.join(sorted(_ZONES, key=len, reverse=True)))}\b|[+-]\d\d:?\d\d)"
_SECONDS = r"(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
_CLOCK = (
    rf"(?:\s*[,|•·–-]?\s*(?:at|um|à|om|kl\.?|ore)?\s*(?P<hour>\d{{1,2}})[:.h](?P<minute>\d\d){_SECONDS}"
    rf"\s*{_HALF}?\s*{_ZONE}?)?"
)
_ISO = (
    rf"{_YEAR}[-/.]\s?(?P<month>\d{{1,2}})[-/.]\s?(?P<day>\d{{1,2}})\.?{_WEEKDAY}"
    rf"(?:(?:\s*[T,(\[]?\s*{_NOON}?\s?|\s{{1,3}}\D{{1,12}}\s)"
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d){_SECONDS}\s*{_HALF}?\s*{_ZONE}?)?"
)
_EASTERN = (
    rf"{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]?"
    rf"{_WEEKDAY}"
    rf"(?:\s{{0,3}}{_NOON}?\s?(?P<hour>\d{{1,2}})\s?[:時시时点]\s?(?P<minute>\d{{1,2}})?)?"
)
_DAY_FIRST = (
    rf"(?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?\s{{1,3}}(?:de\s|of\s)?{_MONTH}\.?,?"
    rf"\s{{1,3}}(?:de\s|del\s)?{_YEAR}{_CLOCK}"
)
_MONTH_FIRST = rf"\b{_MONTH}\.?\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}{_YEAR}{_CLOCK}"
# Day first, unless it cannot be, or the clock has twelve hours.
_NUMBERS = rf"(?<![\d.])(?P<day>\d{{1,2}})(?P<mark>[./])(?P<month>\d{{1,2}})(?P=mark){_YEAR}(?!\d){_CLOCK}"
_PACKED = (
    r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)"
    r"(?::?(?P<second>[0-5]\d))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_SHORT = r"(?<![\d.:])(?P<day>\d{1,2})(?P<mark>\.)(?P<month>\d{1,2})\.(?P<year>\d\d)(?![\d.:])"
# `26.11.24 15:05`, as Korean, Japanese and Chinese pages write it: the year first.
_SHORT_EASTERN = re.compile(
    rf"(?<![\d.:])(?P<year>2\d)[./-](?P<month>\d{{1,2}})[./-](?P<day>\d{{1,2}})\.?{_WEEKDAY}"
    rf"(?:\s{{1,3}}{_NOON}?\s?(?P<hour>\d{{1,2}}):(?P<minute>\d\d){_SECONDS})?(?![\d.:])"
)
_YEAR_FIRST = frozenset({"Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong"})
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (_ISO, _EASTERN, _DAY_FIRST, _MONTH_FIRST, _NUMBERS, _PACKED, _SHORT)
)
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>20[0-3]\d|199\d)(?P<between>[/_.-]?)(?P<month>0[1-9]|1[0-2])(?P=between)"
    r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d*)?")


def zone_of(host: str, language: str | None) -> tzinfo | None:
    """The zone in which a page of this host and language means a time without one; None if that is open."""
    name = _BY_COUNTRY.get(host.rpartition(".")[2]) or _BY_LANGUAGE.get(language or "")
    return ZoneInfo(name) if name else None


def moment(value: object, zone: tzinfo) -> datetime | None:
    """The first date in `value`, with its zone, else in `zone`; None where there is none.

    ISO 8601 in its spellings, RFC 5322, seconds or milliseconds since 1970, and dates in the words of twelve
    European languages, Korean, Japanese and Chinese; from 1995 to 2100.
    """
    if not isinstance(value, str | int | float):
        return None
    text = str(value).strip()[:_LENGTH]
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    return _mail_date(text, zone) or _written(text, zone)


def in_address(address: str | None, zone: tzinfo) -> datetime | None:
    """The day that an article's address names: `/2026/03/02/`, `20260302`."""
    found = _IN_ADDRESS.search(address or "")
    return _built(found.groupdict(), zone) if found else None


def _mail_date(text: str, zone: tzinfo) -> datetime | None:
    """As mail, C and Java write it, where nothing else stands in the text."""
    if not re.match(r"[A-Z][a-z]{2},? ", text):
        return None
    try:
        found = times.parse(text).moment
    except times.Unclear:
        return None
    if found.year not in _YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _written(text: str, zone: tzinfo) -> datetime | None:
    shapes = (_SHORT_EASTERN, *_SHAPES) if str(zone) in _YEAR_FIRST else _SHAPES
    matches = [match for shape in shapes if (match := shape.search(text))]
    built = (_built(match.groupdict(), zone) for match in sorted(matches, key=lambda match: match.start()))
    return next(filter(None, built), None)


def _built(parts: dict[str, str | None], zone: tzinfo) -> datetime | None:
    year, month, day = (parts[name] or "" for name in ("year", "month", "day"))
    american = parts.get("mark") == "/" and parts.get("half")
    if "mark" in parts and (american or int(month) > 12):
        month, day = day, month
    try:
        result = datetime(
            int(year) if len(year) == 4 else 2000 + int(year),
            int(month) if month.isdigit() else MONTHS[month.lower()],
            int(day),
            _hour(parts),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=_zone(parts.get("zone")) or zone,
        )
    except (ValueError, KeyError):
        return None
    return result if result.year in _YEARS else None


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("noon") or parts.get("half") or "").lower()
    if half[:1] == "p" or half in {"오후", "午後", "下午"}:
        return hour + 12 if hour < 12 else hour
    return 0 if half and hour == 12 else hour


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.lower() in _ZONES:
        return _ZONES[text.lower()]
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))

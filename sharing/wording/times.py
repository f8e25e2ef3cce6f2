"""Times and durations as people read them, in Korean and English: the only formatter. The caller gives the zone.

Programs get ISO 8601 instead.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sharing.wording.catalogue import table, words

SEOUL = ZoneInfo("Asia/Seoul")
_UNITS = ((86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


def shown(time: datetime, zone: tzinfo, language: str, form: str = "short") -> str:
    """Return `time` in `zone`, on a 24-hour clock.

    `short` is 14:32 and `exact` 14:32:06, each with the day if it is not today. `long` always has the day. `full` has
    the offset from UTC, too, for readers who may not know the zone.
    """
    local = time.astimezone(zone)
    clock = f"{local:%H:%M:%S}" if form == "exact" else f"{local:%H:%M}"
    if form == "full":
        clock += f" ({_offset(local)})"
    this = datetime.now(zone).date()
    if local.date() == this and form in {"short", "exact"}:
        return clock
    weekday = form in {"long", "full"}
    return f"{day(local, language, weekday=weekday, with_year=local.year != this.year)} {clock}"


def day(local: datetime, language: str, *, weekday: bool = True, with_year: bool = False) -> str:
    """Return the day: 11월 24일 (화) · Tue 24 Nov."""
    code = "time.day" + ("_weekday" if weekday else "") + ("_year" if with_year else "")
    return words(code, language).format(
        year=local.year,
        month=words("time.months", language).split()[local.month - 1],
        day=local.day,
        weekday=words("time.weekdays", language).split()[local.weekday()],
    )


def day_name(local: datetime, language: str) -> str:
    """Return the name of today or tomorrow; the date of any other day."""
    today = datetime.now(local.tzinfo).date()
    named = {today: "time.today", today + timedelta(days=1): "time.tomorrow"}
    return words(named[local.date()], language) if local.date() in named else day(local, language)


def half_day(time: datetime, zone: tzinfo, language: str) -> str:
    """Return the time on a 12-hour clock, as the platforms show it: 오후 2:32 · 2:32 PM."""
    local = time.astimezone(zone)
    code = "time.before_noon" if local.hour < 12 else "time.after_noon"
    return words(code, language).format(clock=f"{local.hour % 12 or 12}:{local:%M}")


def zone_name(zone: ZoneInfo, language: str) -> str:
    """Return a zone's name: 서울 시간 (UTC+9) · Seoul time (UTC+9)."""
    code = f"time.city_{zone.key.replace('/', '_').lower()}"
    known = code in table()
    city = words(code, language) if known else zone.key.rpartition("/")[2].replace("_", " ")
    return f"{words('time.zone', language).format(city=city)} ({_offset(datetime.now(UTC).astimezone(zone))})"


def how_long(span: timedelta, language: str) -> str:
    """Return a duration in its largest unit and, if not 0, the next one: 4초, 12분 30초, 3 h, 5 d 2 h."""
    rest = max(0, int(span.total_seconds()))
    numbers = []
    for size, unit in _UNITS:
        number, rest = divmod(rest, size)
        numbers.append((number, unit))
    first = next((at for at, (number, _) in enumerate(numbers) if number), len(numbers) - 1)
    pair = numbers[first : first + 1] + [each for each in numbers[first + 1 : first + 2] if each[0]]
    return " ".join(words(f"span.{unit}", language).format(n=number) for number, unit in pair)


def _offset(local: datetime) -> str:
    """Return the offset from UTC: UTC+9, UTC−3:30, UTC."""
    minutes = int((local.utcoffset() or timedelta(0)).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")

"""Times as people of a desk read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

SEOUL = ZoneInfo("Asia/Seoul")
_DAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shown(time: datetime, zone: ZoneInfo, form: str = "short") -> str:
    """`short` 14:32, `exact` 14:32:06, each with the day where it is not today; `long` always with the day."""
    local, today = time.astimezone(zone), datetime.now(UTC).astimezone(zone).date()
    clock = f"{local:%H:%M:%S}" if form == "exact" else f"{local:%H:%M}"
    if form != "long" and local.date() == today:
        return clock
    return f"{day(local, weekday=form == 'long', with_year=local.year != today.year)} {clock}"


def day(local: datetime, *, weekday: bool = True, with_year: bool = False) -> str:
    """11월 24일 (화) · Tue 24 Nov."""
    if (get_language() or "ko")[:2] == "ko":
        text = f"{local.month}월 {local.day}일" + (f" ({_DAYS['ko'][local.weekday()]})" if weekday else "")
        return f"{local.year}년 {text}" if with_year else text
    text = f"{_DAYS['en'][local.weekday()]} " if weekday else ""
    text += f"{local.day} {_MONTHS[local.month - 1]}"
    return f"{text} {local.year}" if with_year else text


def day_name(local: datetime) -> str:
    """Today and tomorrow by their names, any other day by its date."""
    today = datetime.now(UTC).astimezone(local.tzinfo).date()
    if local.date() == today:
        return _("Today")
    if local.date() == today + timedelta(days=1):
        return _("Tomorrow")
    return day(local)


def zone_name(zone: ZoneInfo) -> str:
    """서울 시간 (UTC+9) · Seoul time (UTC+9)."""
    offset = datetime.now(zone).utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds() // 60)
    hours = f"{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")
    city = _("Seoul") if zone.key == "Asia/Seoul" else zone.key.rpartition("/")[2].replace("_", " ")
    name = _("{city} time").format(city=city)
    return f"{name} (UTC{'+' if minutes >= 0 else '−'}{hours})"

"""Times and durations as people read them."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sharing.wording import sentence, times

ROOT = Path(__file__).resolve().parent.parent.parent
SEOUL, NEW_YORK, ST_JOHNS = map(ZoneInfo, ("Asia/Seoul", "America/New_York", "America/St_Johns"))
#: A Tuesday; 09:05 in Seoul, 19:05 of the day before in New York.
AT = datetime(2020, 11, 24, 0, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "form", "read"),
    [
        (SEOUL, "ko", "short", "2020년 11월 24일 09:05"),
        (SEOUL, "ko", "exact", "2020년 11월 24일 09:05:06"),
        (SEOUL, "ko", "long", "2020년 11월 24일 (화) 09:05"),
        (SEOUL, "ko", "full", "2020년 11월 24일 (화) 09:05 (UTC+9)"),
        (NEW_YORK, "en", "short", "23 Nov 2020 19:05"),
        (NEW_YORK, "en", "long", "Mon 23 Nov 2020 19:05"),
        (NEW_YORK, "en", "full", "Mon 23 Nov 2020 19:05 (UTC−5)"),
        (ST_JOHNS, "en", "full", "Mon 23 Nov 2020 20:35 (UTC−3:30)"),
        (UTC, "ko-kr", "full", "2020년 11월 24일 (화) 00:05 (UTC)"),
        (UTC, "ja", "long", "Tue 24 Nov 2020 00:05"),
    ],
)
def test_a_time_is_written_in_the_zone_and_the_language_that_are_given(zone, language, form, read):
    assert times.shown(AT, zone, language, form) == read


def test_a_time_of_today_needs_no_day_unless_the_form_asks_for_one():
    now = datetime.now(SEOUL).replace(hour=14, minute=32, second=6)
    assert times.shown(now, SEOUL, "en") == "14:32"
    assert times.shown(now, SEOUL, "en", "exact") == "14:32:06"
    assert times.shown(now, SEOUL, "en", "full") == f"{times.day(now, 'en')} 14:32 (UTC+9)"


@pytest.mark.parametrize(
    ("span", "korean", "english"),
    [
        (timedelta(0), "0초", "0 s"),
        (timedelta(seconds=-5), "0초", "0 s"),
        (timedelta(seconds=59.9), "59초", "59 s"),
        (timedelta(seconds=119), "1분 59초", "1 min 59 s"),
        (timedelta(minutes=15), "15분", "15 min"),
        (timedelta(hours=3, seconds=4), "3시간", "3 h"),
        (timedelta(days=5, hours=2, minutes=7), "5일 2시간", "5 d 2 h"),
    ],
)
def test_a_duration_is_written_in_its_two_largest_units(span, korean, english):
    assert (times.how_long(span, "ko"), times.how_long(span, "en")) == (korean, english)


def test_days_near_and_zones_have_names():
    today = datetime.now(SEOUL)
    assert times.day_name(today, "ko") == "오늘"
    assert times.day_name(today + timedelta(days=1), "en") == "Tomorrow"
    assert times.zone_name(SEOUL, "ko") == "서울 시간 (UTC+9)"
    assert times.zone_name(ZoneInfo("America/Argentina/Buenos_Aires"), "en") == "Buenos Aires time (UTC−3)"


def test_a_twelve_hour_clock_says_which_half_of_the_day():
    assert times.half_day(AT, SEOUL, "ko") == "오전 9:05"
    assert times.half_day(AT, NEW_YORK, "en") == "7:05 PM"
    assert times.half_day(datetime(2020, 1, 1, 0, 1, tzinfo=UTC), UTC, "en") == "12:01 AM"


def test_a_time_in_a_sentence_says_how_far_from_utc_it_is(monkeypatch):
    """Whoever reads it may sit in another zone than the desk, and the server in a third."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    said = sentence("share.past", "en", {"at": AT.astimezone(SEOUL)}).what
    assert said == "That time is past: Tue 24 Nov 2020 09:05 (UTC+9)."


#: strftime for machines: wire formats, settings, form fields, SQL. Nobody reads them as a sentence.
FOR_MACHINES = {
    "sharing/channels/x/__init__.py",
    "sharing/intake/values.py",
    "sharing/web/pages/compose.py",
    "sharing/web/pages/timing.py",
}


def test_nobody_else_formats_a_time_for_people():
    """`strftime`, and `%H` or `%d` in a format of an f-string, stand in the formatter alone."""
    found = set()
    rooms = (ROOT / room for room in ("config", "sharing", "workers"))
    for path in sorted(each for room in rooms for each in room.rglob("*.py") if "sandbox" not in each.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "strftime"
            spec = (
                ast.unparse(node.format_spec)
                if isinstance(node, ast.FormattedValue) and node.format_spec
                else ""
            )
            if called or any(each in spec for each in ("%H", "%I", "%d", "%m", "%b")):
                found.add(path.relative_to(ROOT).as_posix())
    assert found - {"sharing/wording/times.py"} == FOR_MACHINES | {"sharing/presentation/represent.py"}

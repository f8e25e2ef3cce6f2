"""Times are read whole or not at all: each form, what is refused, and that nothing left over is passed over."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sharing.intake import times

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = "2026-11-24T21:30:00"  # by the clock that the text shows

#: What is written -> what it means; without an offset it is the desk's, in Seoul.
READ = {
    # ISO 8601
    "2026-11-24T21:30:00Z": f"{NIGHT}+00:00",
    "2026-11-24T21:30Z": f"{NIGHT}+00:00",
    "2026-11-24t21:30:00z": f"{NIGHT}+00:00",
    "2026-11-24T21:30:00.123Z": "2026-11-24T21:30:00.123+00:00",
    "2026-11-24T21:30:00,5+09:00": "2026-11-24T21:30:00.5+09:00",
    "2026-11-24T21:30:00.123456789Z": "2026-11-24T21:30:00.123456+00:00",
    "2026-11-24T21:30:00+0900": f"{NIGHT}+09:00",
    "2026-11-24T21:30:00+09": f"{NIGHT}+09:00",
    "2026-11-24T21:30:00+9": f"{NIGHT}+09:00",
    "2026-11-24 21:30:00 +0900": f"{NIGHT}+09:00",
    "2026-11-24T21:30:00-05:30": f"{NIGHT}-05:30",
    "2026-11-24T21:30:00-0000": f"{NIGHT}+00:00",
    "2026-11-24 21:30": f"{NIGHT}+09:00",
    "20261124T213000Z": f"{NIGHT}+00:00",
    "20261124T213000": f"{NIGHT}+09:00",
    "20261124213000": f"{NIGHT}+09:00",
    "202611242130": f"{NIGHT}+09:00",
    "2026-W48-2T21:30": f"{NIGHT}+09:00",
    "2026-11-24T21:30:00+09:00[Asia/Seoul]": f"{NIGHT}+09:00",
    # since 1970
    "1795523400": "2026-11-24T12:30:00+00:00",
    "1795523400000": "2026-11-24T12:30:00+00:00",
    1_795_523_400: "2026-11-24T12:30:00+00:00",
    1_795_523_400_500: "2026-11-24T12:30:00.5+00:00",
    # RFC 822, 850, 5322, and what feeds make of them
    "Tue, 24 Nov 2026 21:30:00 +0900": f"{NIGHT}+09:00",
    "24 Nov 2026 21:30:00 GMT": f"{NIGHT}+00:00",
    "Tue, 24 Nov 2026 21:30 GMT": f"{NIGHT}+00:00",
    "Tue, 24 Nov 2026 21:30:00 UT": f"{NIGHT}+00:00",
    "Tue, 24 Nov 2026 21:30:00 -0000": f"{NIGHT}+00:00",
    "Tue, 24 Nov 2026 21:30:00 EST": f"{NIGHT}-05:00",
    "Tue, 24 Nov 2026 21:30:00 PDT": f"{NIGHT}-07:00",
    "Tue, 24 Nov 2026 21:30:00 CET": f"{NIGHT}+01:00",
    "Tue, 24 Nov 2026 21:30:00 MESZ": f"{NIGHT}+02:00",
    "Tue, 24 Nov 2026 21:30:00 EET": f"{NIGHT}+02:00",
    "Tue, 24 Nov 2026 21:30:00 WET": f"{NIGHT}+00:00",
    "Tue, 24 Nov 2026 21:30:00 HKT": f"{NIGHT}+08:00",
    "Tue, 24 Nov 2026 21:30:00 JST": f"{NIGHT}+09:00",
    "Tue, 24 Nov 2026 21:30:00 MSK": f"{NIGHT}+03:00",
    "Tue, 24 Nov 2026 21:30:00 AEST": f"{NIGHT}+10:00",
    "Tue, 24 Nov 2026 21:30:00 BRT": f"{NIGHT}-03:00",
    "Tue, 24 Nov 2026 21:30:00 ICT": f"{NIGHT}+07:00",
    "Tue, 24 Nov 2026 21:30:00 ET": f"{NIGHT}-05:00",
    "Fri, 24 Jul 2026 21:30:00 ET": "2026-07-24T21:30:00-04:00",
    "Tue, 24 Nov 2026 21:30:00 GMT+7": f"{NIGHT}+07:00",
    "Tue, 24 Nov 2026 21:30:00 UTC+09:00": f"{NIGHT}+09:00",
    "Tue, 24 Nov 2026 21:30:00 +0900 (KST)": f"{NIGHT}+09:00",
    "Tue, 24 Nov 2026 9:30:00 PM KST": f"{NIGHT}+09:00",
    "Tuesday, 24-Nov-2026 21:30:00 GMT": f"{NIGHT}+00:00",
    # as C, Java and browsers write them
    "Tue Nov 24 21:30:00 2026": f"{NIGHT}+09:00",
    "Tue Nov 24 21:30:00 KST 2026": f"{NIGHT}+09:00",
    "Tue Nov 24 2026 21:30:00 GMT+0900 (Korean Standard Time)": f"{NIGHT}+09:00",
    "화, 24 11월 2026 21:30:00 +0900": f"{NIGHT}+09:00",
    "(화) 24 11월 2026 21:30:00": f"{NIGHT}+09:00",
    # as people read them
    "November 24, 2026 9:30 pm": f"{NIGHT}+09:00",
    "Nov 24, 2026 9:30 PM": f"{NIGHT}+09:00",
    "Nov. 24, 2026 at 9:30 p.m.": f"{NIGHT}+09:00",
    "24 November 2026, 9:30 PM": f"{NIGHT}+09:00",
    "24 November 2026 9:30 p.m. ET": f"{NIGHT}-05:00",
    "24. November 2026 21.30 Uhr": f"{NIGHT}+09:00",
    "24 novembre 2026 à 21h30": f"{NIGHT}+09:00",
    "11/24/2026, 9:30:00\u202fPM": f"{NIGHT}+09:00",
    "24/11/2026 21:30": f"{NIGHT}+09:00",
    "24.11.2026 21:30": f"{NIGHT}+09:00",
    "2026-11-24 21:30 Europe/Berlin": f"{NIGHT}+01:00",
    "Nov 24, 2026 12:30 am": "2026-11-24T00:30:00+09:00",
    "Nov 24, 2026 12:30 pm": "2026-11-24T12:30:00+09:00",
    # Korean, Japanese, Chinese
    "2026년 11월 24일 오후 9시 30분": f"{NIGHT}+09:00",
    "2026년 11월 24일 21시 30분": f"{NIGHT}+09:00",
    "2026년 11월 24일 (화) 오후 9:30": f"{NIGHT}+09:00",
    "2026년 11월 24일 오후 9시": "2026-11-24T21:00:00+09:00",
    "2026.11.24 21:30": f"{NIGHT}+09:00",
    "2026. 11. 24. 오후 9:30:00": f"{NIGHT}+09:00",
    "2026.11.24 (화) 21:30": f"{NIGHT}+09:00",
    "2026-11-24 (화) 21:30": f"{NIGHT}+09:00",
    "2026-11-24(화요일) 21:30": f"{NIGHT}+09:00",
    "2026/11/24 오전 9:30": "2026-11-24T09:30:00+09:00",
    "2026/2/4 오후 7:17": "2026-02-04T19:17:00+09:00",
    "2026年11月24日 21時30分": f"{NIGHT}+09:00",
    "2026年11月24日 下午9点30分": f"{NIGHT}+09:00",
}

REFUSED = [
    *("", " ", "noon", "tomorrow", "soon", "embargoed", "9:30 pm", "오후 9:30", "Tue", "2026", "11-24 21:30", None),
    *(True, [], {}, 5, -1, 1e300, float("nan"), "1795523400x", "1795523400.1_0", "12345678", "1" * 15, "9" * 90),
    # several meanings
    *("03/04/2026 21:30", "3.4.2026 21:30", "04-03-2026", "26.11.24 21:30", "24/11/26 21:30"),
    *(f"Tue, 24 Nov 2026 21:30:00 {zone}" for zone in ("CST", "IST", "BST", "AST", "XYZ", "A", "Seoul", "Asia/Nowhere")),
    # quirks of the parsers that were here
    "Wed, 24 Nov 2026 21:30:00 GMT", "2026-11-24 (수) 21:30", "2026-11-24T24:00", "2026-11-24T24:00:00Z",
    "2026-11-24T21:30:60", "Tue, 24 Nov 2026 21:30:60 GMT", "Tue, 32 Nov 2026 21:30:00 GMT", "2026-11-31 21:30",
    "2026-02-29 10:00", "2026-13-01", "2026-11-24T25:00", "2026-11-24T21:60", "2026-11-24x21:30", "2026-11-2421:30",
    "2026-11-24T21", "2026-11-24 -05:00", "2026-11-24 13:30 am", "2026-11-24 오전 13:30", "2026-11-24 오후 9:30 pm",
    "2026-11-24T21:30:00+25:00", "2026-11-24T21:30:00+09:61", "2026-11-24T21:30:00+09:00:30",
    # two zones
    "2026-11-24T21:30:00+09:00[Europe/Berlin]", "Tue, 24 Nov 2026 21:30:00 +0900 (PST)", "2026-11-24 21:30 KST PST",
    # something left over
    "24 Dec 2026 21:30 or so", "not before 24 Dec 2026 21:30", "24 Dec 2026 21:30 local time",
    "2026-11-24 21:30 KST sharp", "2026-11-24 21:30 - 22:30", "2026-11-24 21:30 pm?", "2026년 11월 24일 밤 9시",
    "2026-11-24 21:30 (embargo)", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "0000-00-00 00:00:00",
]  # fmt: skip

#: Enough to show, not to wait for.
NOT_WHOLE = {
    "2026-11-24": "2026-11-24T00:00:00+09:00",
    "20261124": "2026-11-24T00:00:00+09:00",
    "2026-W48-2": "2026-11-24T00:00:00+09:00",
    "2026.11.24.": "2026-11-24T00:00:00+09:00",
    "2026년 11월 24일": "2026-11-24T00:00:00+09:00",
    "November 24, 2026": "2026-11-24T00:00:00+09:00",
    "24 Nov 2026": "2026-11-24T00:00:00+09:00",
    "Tue, 24 Nov 26 21:30:00 GMT": f"{NIGHT}+00:00",
}


def moment(iso):
    head, plus, fraction = re.fullmatch(r"([^.]+)(?:(\.)(\d+))?.*", iso).groups()
    digits = (fraction or "").ljust(6, "0")
    return datetime.fromisoformat(f"{head[:19]}.{digits}{iso[-6:]}") if plus else datetime.fromisoformat(iso)


@pytest.mark.parametrize(("written", "meant"), READ.items())
def test_a_form_is_read_to_the_minute_it_means(written, meant):
    assert times.exact(written, SEOUL) == moment(meant)
    assert times.shown(written, SEOUL) == moment(meant)


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_not_wholly_understood_is_refused(written):
    with pytest.raises(times.Unclear):
        times.exact(written, SEOUL)
    assert times.shown(written, SEOUL) is None


@pytest.mark.parametrize(("written", "meant"), NOT_WHOLE.items())
def test_a_day_is_shown_and_nothing_waits_for_it(written, meant):
    assert times.shown(written, SEOUL) == moment(meant)
    with pytest.raises(times.Unclear):
        times.exact(written, SEOUL)


@pytest.mark.parametrize(
    ("written", "zone", "utc"),
    [
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T01:30"),  # shown twice: the second
        ("2026-10-25 02:30 Europe/Berlin", "Asia/Seoul", "2026-10-25T01:30"),
        ("2026-11-01 01:30 ET", "Asia/Seoul", "2026-11-01T06:30"),
        ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:30"),  # never shown: after the gap
    ],
)
def test_a_clock_that_changes_is_never_early(written, zone, utc):
    assert times.exact(written, ZoneInfo(zone)).astimezone(UTC) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize("nothing", ["0000-00-00 00:00:00", "0000-00-00", "0000-00-00 00:00:00Z", "00000000"])
def test_a_cms_says_that_there_is_no_time(nothing):
    assert times.is_nothing(nothing) or nothing == "00000000"
    assert times.shown(nothing, SEOUL) is None


# -- whatever else stands there ------------------------------------------------------------------------------

#: What may stand before or behind a time without changing it: white space alone.
JUNK = st.text(
    st.characters(codec="utf-8", exclude_categories=("Zs", "Zl", "Zp", "Cc")), min_size=1, max_size=12
)
FORMS = st.sampled_from([each for each in (*READ, *NOT_WHOLE) if isinstance(each, str)])


@given(form=FORMS, junk=JUNK, gap=st.sampled_from(["", " ", ", "]))
def test_junk_behind_a_time_is_never_passed_over(form, junk, gap):
    written = f"{form}{gap}{junk}"
    _is_refused_or_says_so(form, written)


@given(form=FORMS, junk=JUNK, gap=st.sampled_from(["", " ", ", "]))
def test_junk_before_a_time_is_never_passed_over(form, junk, gap):
    written = f"{junk}{gap}{form}"
    _is_refused_or_says_so(form, written)


#: Everything that a time may be made of: what is added and understood is made of these, and nothing else is.
_SAYS = re.compile(
    r"[\d\s.,:+\-/()\[\]TZtz년월일시분초]|[A-Za-z]{1,9}\.?|오전|오후|[월화수목금토일]요일?", re.ASCII
)


def _is_refused_or_says_so(form, written):
    """Understood only where the addition made another whole time, whose every part stands in the table of forms."""
    try:
        read = times.parse(written)
    except times.Unclear:
        return
    was = times.parse(form)
    rest = _SAYS.sub("", written.replace("à", "").replace("Uhr", ""))
    assert not set(rest) - set("年月日時分点午前後上下"), written
    # A letter more is a zone, a half of the day or nothing: the moment, or its zone, is another one.
    assert read != was or _same_but_longer(form, written), written


def _same_but_longer(form, written):
    """`30` and `30.` and `30:00`, `2026` and `2026,`: the same time, with its own signs."""
    added = written.replace(form, "", 1)
    return bool(re.fullmatch(r"[\s.,:0Zz]*|\.0+|utc|gmt|ut|wet", added, re.IGNORECASE))


# -- there and back ------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(
    lambda each: each.replace(microsecond=0)
)
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


def _half(at):
    return f"{at.hour % 12 or 12}:{at:%M:%S} {'PM' if at.hour >= 12 else 'AM'}"


def _korean(at):
    half = "오후" if at.hour >= 12 else "오전"
    return f"{at.year}년 {at.month}월 {at.day}일 {half} {at.hour % 12 or 12}시 {at.minute}분 {at.second}초"


#: A form -> how it is written; each shows all of the moment but its offset.
WRITERS = {
    "iso": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"),
    "space": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "basic": lambda at: at.strftime("%Y%m%dT%H%M%S"),
    "points": lambda at: at.strftime("%Y.%m.%d %H:%M:%S"),
    "points and weekday": lambda at: f"{at:%Y.%m.%d} ({'월화수목금토일'[at.weekday()]}) {at:%H:%M:%S}",
    "mail": lambda at: at.strftime("%a, %d %b %Y %H:%M:%S"),
    "day first": lambda at: f"{at.day} {at:%B %Y}, {_half(at)}",
    "month first": lambda at: f"{at:%B} {at.day}, {at.year} {_half(at)}",
    "korean": _korean,
    "dots and spaces": lambda at: f"{at.year}. {at.month}. {at.day}. {at:%H:%M:%S}",
}


#: Forms that hold their offset: as programs write them.
PROGRAMS = {
    "javascript": lambda at: at.strftime("%a %b %d %Y %H:%M:%S GMT%z (Korean Standard Time)"),
    "java": lambda at: at.strftime("%a %b %d %H:%M:%S GMT%z %Y"),
    "go": lambda at: at.strftime("%Y-%m-%d %H:%M:%S %z %z"),
    "mail": lambda at: at.strftime("%a, %d %b %Y %H:%M:%S %z"),
}


@pytest.mark.parametrize("form", PROGRAMS)
@given(at=MOMENTS, offset=OFFSETS)
def test_a_moment_comes_back_from_what_programs_write(form, at, offset):
    written = PROGRAMS[form](at.replace(tzinfo=offset))
    assert times.exact(written, SEOUL) == at.replace(tzinfo=offset)
    _searching_agrees(written, SEOUL)


def _searching_agrees(written, zone):
    """Where the strict reader reads a text, the searching one reads the same moment, to the second."""
    read = times.shown(written, zone)
    if read and 1995 < read.year < 2100:
        assert times.find(written, zone) == read.replace(microsecond=0)


@given(form=FORMS, junk=JUNK, gap=st.sampled_from(["", " ", ", "]), before=st.booleans())
def test_searching_agrees_wherever_strict_reads(form, junk, gap, before):
    _searching_agrees(form, SEOUL)
    _searching_agrees(f"{junk}{gap}{form}" if before else f"{form}{gap}{junk}", SEOUL)


@pytest.mark.parametrize("form", WRITERS)
@given(at=MOMENTS, offset=OFFSETS)
def test_a_moment_comes_back_from_each_form(form, at, offset):
    written = WRITERS[form](at)
    behind = at.replace(tzinfo=offset)
    assert times.exact(f"{written} {behind:%z}", SEOUL) == behind
    _searching_agrees(f"{written} {behind:%z}", SEOUL)
    _searching_agrees(written, SEOUL)
    assert times.exact(written, ZoneInfo("UTC")) == at.replace(tzinfo=UTC)


@given(at=MOMENTS)
def test_a_moment_comes_back_from_its_seconds(at):
    assume(at.year > 1973)
    seconds = int(at.replace(tzinfo=UTC).timestamp())
    assume(seconds > 10**8)
    assert times.exact(seconds, SEOUL) == at.replace(tzinfo=UTC)
    if seconds > 10**9:
        assert times.exact(str(seconds * 1000), SEOUL) == at.replace(tzinfo=UTC)


# -- the table that describes them ---------------------------------------------------------------------------

DOCS = (Path(__file__).parents[2] / "docs/sources.md").read_text(encoding="utf-8").partition("## Times\n")[2]
FORM = re.compile(
    r"^\| [^`|]+ \| `(?P<text>.+)` \| (?P<strict>`\S+`(?:, only shown)?|refused) \| (?P<found>`\S+`|none) \|$",
    re.MULTILINE,
)
TABLE = [(each["text"].replace("\\|", "|"), each["strict"], each["found"]) for each in FORM.finditer(DOCS)]
SAID = re.findall(r"^\| `--(date-order|zone) (\S+)` \| `(.+)` \| (`\S+`|refused) \|$", DOCS, re.MULTILINE)


def test_each_row_of_the_docs_is_tried():
    rows = [row for row in DOCS.partition("## A mapping")[0].splitlines() if row.startswith("| ")]
    assert len(TABLE) + len(SAID) + 2 == len(rows)


@pytest.mark.parametrize(("text", "strict", "found"), TABLE)
def test_a_form_is_read_as_the_docs_say(text, strict, found):
    shown = times.shown(text, SEOUL)
    assert (f"`{shown.isoformat()}`" if shown else "refused") == strict.partition(",")[0]
    searched = times.find(text, SEOUL)
    assert (f"`{searched.isoformat()}`" if searched else "none") == found
    if strict.endswith("shown") or strict == "refused":
        with pytest.raises(times.Unclear):
            times.exact(text, SEOUL)
    else:
        assert times.exact(text, SEOUL) == shown


def notation(option, value):
    if option == "zone":
        return times.Notation(ZoneInfo(value), says_zone=True)
    return times.Notation(SEOUL, order=value)


@pytest.mark.parametrize(("option", "value", "text", "meant"), SAID)
def test_a_source_says_what_its_figures_and_zones_mean(option, value, text, meant):
    source = notation(option, value)
    if meant == "refused":
        with pytest.raises(times.Unclear):
            times.exact(text, source)
        return
    assert f"`{times.exact(text, source).isoformat()}`" == meant
    assert times.find(text, source) == times.exact(text, source)


@pytest.mark.parametrize("zone", ["IST", "CST", "BST", "AST"])
def test_the_desks_own_zone_says_nothing_of_a_name_with_several_meanings(zone):
    for desk in ("Asia/Kolkata", "America/Chicago", "Europe/London", "America/Halifax"):
        with pytest.raises(times.Unclear):
            times.exact(f"2026-07-24 21:30 {zone}", ZoneInfo(desk))


@pytest.mark.parametrize(
    "text",
    [
        "24 novembre 2026 à 12h15 est de retour",
        "2026-11-24 12:15 west of the river",
        "2026.11.24 12:15 et al.",
        "2026-11-24 12:15 -5 comments",
    ],
)
def test_a_word_behind_a_time_is_no_zone_on_a_page(text):
    assert times.find(text, SEOUL) == datetime(2026, 11, 24, 12, 15, tzinfo=SEOUL)


@pytest.mark.parametrize("language", ["ko", "ja", "it", "es", "fr", "de", "en"])
@given(day=st.dates(datetime(2000, 1, 1).date(), datetime(2099, 12, 31).date()))
def test_months_and_days_are_known_by_their_names(language, day):
    written = _in_words(day, language)
    meant = datetime(day.year, day.month, day.day, 21, 30, tzinfo=SEOUL)
    assert times.exact(written, SEOUL) == times.find(written, SEOUL) == meant


def _in_words(day, language):
    weekdays, months, form = NAMES[language]
    month = months.split()[day.month - 1] if months else ""
    return form.format(
        weekday=weekdays.split()[day.weekday()], day=day.day, month=month, number=day.month, year=day.year
    )


#: Days, months, and how a date is written with them.
NAMES = {
    "ko": (
        "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
        "",
        "{year}년 {number}월 {day}일 {weekday} 오후 9시 30분",
    ),
    "ja": ("月 火 水 木 金 土 日", "", "{year}年{number}月{day}日({weekday}) 午後9時30分"),
    "it": (
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "{weekday} {day} {month} {year} alle 21:30",
    ),
    "es": (
        "lunes martes miércoles jueves viernes sábado domingo",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "{weekday}, {day} de {month} de {year} a las 21:30",
    ),
    "fr": (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "{weekday} {day} {month} {year} à 21h30",
    ),
    "de": (
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "{weekday}, {day}. {month} {year}, 21.30 Uhr",
    ),
    "en": (
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February March April May June July August September October November December",
        "{weekday}, {month} {day}, {year} 9:30 p.m.",
    ),
}

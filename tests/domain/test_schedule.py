"""When something may go out; never early, whatever a wall clock does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.article import Article, Status
from sharing.domain.schedule import in_zone, plan

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


def article(**fields):
    return Article(headline="h", **fields)


@pytest.mark.parametrize(
    ("fields", "asked", "due", "embargo", "scheduled"),
    [
        ({}, {}, NOW, None, False),
        ({}, {"at": SOON}, SOON, None, True),
        ({}, {"embargo": SOON}, SOON, SOON, True),
        ({"embargo_until": SOON}, {}, SOON, SOON, True),
        ({"embargo_until": SOON}, {"embargo": LATER}, LATER, LATER, True),
        ({"embargo_until": LATER}, {"embargo": SOON}, LATER, LATER, True),
        ({"embargo_until": LATER}, {"at": SOON}, LATER, LATER, True),
        ({"status": Status.SCHEDULED, "published_at": SOON}, {}, SOON, None, True),
        ({"status": Status.SCHEDULED, "published_at": SOON}, {"at": LATER}, LATER, None, True),
        ({"published_at": LATER}, {}, NOW, None, False),
        ({"embargo_until": NOW - timedelta(hours=1)}, {}, NOW, None, False),
        ({}, {"at": NOW + timedelta(seconds=30)}, NOW + timedelta(seconds=30), None, False),
    ],
)
def test_the_later_of_what_person_and_cms_say(fields, asked, due, embargo, scheduled):
    made = plan(article(**fields), **{"at": None, "embargo": None, **asked}, now=NOW)
    assert (made.due_at, made.embargo_until, made.scheduled) == (due, embargo, scheduled)


BERLIN, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        (datetime(2026, 11, 24, 21), SEOUL, datetime(2026, 11, 24, 12, tzinfo=UTC)),
        # Shown twice: the second one, an hour later.
        (datetime(2026, 10, 25, 2, 30), BERLIN, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        # Never shown: the moment after the gap.
        (datetime(2026, 3, 29, 2, 30), BERLIN, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12), BERLIN, datetime(2026, 7, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_time_is_the_later_moment_it_can_mean(wall, zone, moment):
    assert in_zone(wall, zone) == moment


def test_a_time_with_its_zone_stays_what_it_is():
    assert in_zone(SOON, SEOUL) == SOON
    assert in_zone(None, SEOUL) is None


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Asia/Seoul", "Australia/Lord_Howe", "Africa/Cairo"]
    ),
)
def test_never_earlier_than_any_moment_with_that_name(wall, zone):
    zone = ZoneInfo(zone)
    moment = in_zone(wall, zone)
    for fold in (0, 1):
        named = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        assert moment >= named
    shown = moment.astimezone(zone).replace(tzinfo=None)
    assert shown >= wall

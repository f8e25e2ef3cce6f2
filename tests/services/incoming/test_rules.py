"""Rules: what fits, where it goes, when, and what a dry run says of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal
from sharing.services.incoming import rules
from sharing.services.incoming.rules import NewRule, plan
from tests.firing import CLI, a_source, told
from tests.given import an_account

pytestmark = pytest.mark.django_db(transaction=True)

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 11, 24, 12, tzinfo=SEOUL)
NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=SEOUL)


@pytest.fixture
def sandboxed(desk, scripted):
    return an_account(desk, mode=Mode.SANDBOX)


@pytest.fixture
def live(desk, scripted):
    return an_account(desk)


@pytest.fixture
def source(desk):
    return a_source(desk)[0]


def story(**fields):
    return Article(
        **{
            "url": "https://news.example/1",
            "headline": "Harbor ferries",
            "section": "Politics",
            "tags": ("harbor", "ferries"),
            "authors": ("Kim Seo-yeon",),
            "language": "en-GB",
            "label": "[Breaking]",
            **fields,
        }
    )


def add(source, before=None, **wanted):
    return rules.add(source, NewRule(**wanted), CLI, before=before)


def places(ways):
    return [(way.accounts[0].mode, way.ask) for way in ways]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"section": "politics"},
        {"tag": "FERRIES"},
        {"author": "kim seo-yeon"},
        {"language": "en"},
        {"language": "EN-gb"},
        {"label": "breaking"},
        {"section": "politics", "tag": "harbor", "language": "en"},
    ],
)
def test_a_rule_fits(source, wanted):
    assert rules.fits(add(source, **wanted), story())


@pytest.mark.parametrize(
    "wanted",
    [
        {"section": "sports"},
        {"section": "polit"},
        {"tag": "buses"},
        {"author": "Lee"},
        {"language": "e"},
        {"language": "ko"},
        {"label": "opinion"},
        {"section": "politics", "tag": "buses"},
    ],
)
def test_a_rule_does_not_fit(source, wanted):
    assert not rules.fits(add(source, **wanted), story())


def test_without_a_rule_practice_goes_at_once_and_live_asks(source, sandboxed, live):
    assert places(plan(source, story()).routes) == [("sandbox", False), ("live", True)]


def test_the_first_rule_that_fits_decides(source, sandboxed, live):
    other = an_account(source.desk)
    everything = add(source, does="ask")
    politics = add(source, section="politics", does="auto", accounts=[other], before=everything)
    found = plan(source, story())
    assert found.rule == politics
    assert [way.accounts for way in found.routes] == [(other,)]
    assert places(found.routes) == [("live", False)]
    assert plan(source, story(section="sports")).rule == everything


def test_never_means_never(source, sandboxed):
    add(source, section="politics", does="never")
    assert plan(source, story()).routes == ()
    answer = told(source, {"article": {"url": "https://a.example/1", "headline": "x", "section": "politics"}})
    assert answer["code"] == "rule.never"
    assert answer["facts"]["rule"] == "section=politics"
    assert not models.Share.objects.exists()


def test_a_delay_counts_from_when_the_article_is_out(source, sandboxed):
    add(source, does="auto", delay=15)
    assert plan(source, story(), NOON).routes[0].at == NOON + timedelta(minutes=15)
    tomorrow = NOON + timedelta(days=1)
    scheduled = story(status=Status.SCHEDULED, published_at=tomorrow)
    assert plan(source, scheduled, NOON).routes[0].at == tomorrow + timedelta(minutes=15)
    embargoed = story(embargo_until=tomorrow)
    assert plan(source, embargoed, NOON).routes[0].at == tomorrow + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (NOON, None),
        (NIGHT, datetime(2026, 11, 25, 7, tzinfo=SEOUL)),
        (datetime(2026, 11, 25, 3, tzinfo=SEOUL), datetime(2026, 11, 25, 7, tzinfo=SEOUL)),
        (datetime(2026, 11, 25, 6, 59, 59, tzinfo=SEOUL), datetime(2026, 11, 25, 7, tzinfo=SEOUL)),
        (datetime(2026, 11, 25, 7, tzinfo=SEOUL), None),
        (datetime(2026, 11, 24, 23, tzinfo=SEOUL), datetime(2026, 11, 25, 7, tzinfo=SEOUL)),
        (datetime(2026, 11, 24, 22, 59, tzinfo=SEOUL), None),
    ],
)
def test_quiet_hours_are_the_desks(source, sandboxed, moment, until):
    add(source, does="auto", quiet="23:00-07:00")
    assert plan(source, story(), moment.astimezone(UTC)).routes[0].at == until


def test_quiet_hours_within_one_day(source, sandboxed):
    add(source, does="auto", quiet="12:00-13:30")
    assert plan(source, story(), NOON).routes[0].at == datetime(2026, 11, 24, 13, 30, tzinfo=SEOUL)
    assert plan(source, story(), NIGHT).routes[0].at is None


def test_quiet_hours_end_by_the_clock_on_the_night_it_changes(desk, source, sandboxed):
    models.Desk.objects.filter(pk=desk.pk).update(zone="America/New_York")
    source = models.Source.objects.get()
    add(source, does="auto", quiet="23:00-07:00")
    zone = ZoneInfo("America/New_York")
    before = datetime(2026, 10, 31, 23, 30, tzinfo=zone)
    at = plan(source, story(), before.astimezone(UTC)).routes[0].at
    assert at == datetime(2026, 11, 1, 7, tzinfo=zone)
    assert at - before.astimezone(UTC) == timedelta(hours=8, minutes=30)


def test_breaking_news_does_not_sleep(source, sandboxed):
    add(source, does="auto", breaking=True, quiet="23:00-07:00", label="breaking")
    (way,) = plan(source, story(), NIGHT).routes
    assert (way.at, way.breaking) == (None, True)


def test_what_a_rule_says_of_time_and_lane_reaches_the_delivery(source, sandboxed):
    add(source, section="politics", does="auto", breaking=True)
    add(source, does="auto", delay=30)
    told(source, {"article": {"url": "https://a.example/1", "headline": "x", "section": "politics"}})
    told(source, {"article": {"url": "https://a.example/2", "headline": "y"}})
    first, second = models.Delivery.objects.order_by("pk")
    assert (first.lane, first.share.breaking) == (0, True)
    assert timedelta(minutes=29) < second.due_at - datetime.now(UTC) < timedelta(minutes=31)
    assert second.scheduled


def test_rules_keep_their_order_when_one_goes(source):
    a, b = add(source, section="a"), add(source, section="b")
    c = add(source, section="c", before=b)
    rules.remove(a, CLI)
    assert list(source.rules.all()) == [c, b]
    assert models.Entry.objects.filter(verb="rule").count() == 4


@pytest.mark.parametrize("quiet", ["23:00", "23-7", "25:00-07:00", "07:00-07:00", "a-b", "23:00-07:00-08:00"])
def test_quiet_hours_that_are_none_are_refused(source, quiet):
    with pytest.raises(Refusal, match=r"rule\.bad_quiet"):
        add(source, quiet=quiet)


@pytest.mark.parametrize(
    "wanted", [{"delay": -1}, {"delay": 10**9}, {"section": "x" * 201}, {"tag": "\ud800"}], ids=str
)
def test_bad_rules_are_refused(source, wanted):
    with pytest.raises(Refusal):
        add(source, **wanted)
    assert not source.rules.exists()


def test_a_dry_run_says_what_would_go_where_and_writes_nothing(source, sandboxed, live):
    for number in range(60):
        section = "politics" if number % 2 else "sports"
        article = {"url": f"https://a.example/{number}", "headline": f"Story {number}", "section": section}
        told(source, {"article": article, "event": "updated"})
    politics = add(source, section="politics", does="auto", accounts=[live])
    add(source, does="never")
    found = rules.dry_run(source)
    assert len(found) == rules.LOOK_BACK
    row, its_plan = found[0]
    assert (row.headline, its_plan.rule, places(its_plan.routes)) == ("Story 59", politics, [("live", False)])
    assert found[1][1].routes == ()
    assert not models.Share.objects.exists()

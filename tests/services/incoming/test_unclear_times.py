"""Where an embargo, a schedule or the order of reports hangs on a time that is not understood, a person is asked."""

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State
from sharing.services.incoming import hooks, rules, sources
from sharing.services.incoming.rules import NewRule
from sharing.services.incoming.sources import Settings
from tests.firing import CLI, a_source, told
from tests.given import an_account, reread

pytestmark = pytest.mark.django_db(transaction=True)

UNCLEAR = "24 Dec 2030 21:30 or so"


@pytest.fixture
def source(desk, scripted, house):
    an_account(desk, mode=Mode.SANDBOX)
    made = a_source(desk, format="plain")[0]
    rules.add(made, NewRule(does="auto"), CLI)
    return made


def story(**fields):
    return {
        "id": "7",
        "title": "Budget passes",
        "url": "https://news.example/b",
        "status": "published",
        **fields,
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"embargo_until": UNCLEAR},
        {"embargo_until": "2030-12-24"},
        {"embargo_until": "03/04/2030 10:00"},
        {"embargo_until": "24 Dec 2030 21:30 IST"},
        {"status": "future", "date": UNCLEAR},
        {"status": "future", "date": "2030-12-24"},
        {"status": "future", "published_at": UNCLEAR, "date": "2026-11-24T09:00:00Z"},
    ],
)
def test_what_waits_for_an_unclear_time_shares_nothing_and_is_kept(source, fields):
    answer = told(source, story(**fields))
    assert (answer["result"], answer["code"]) == ("not_shareable", "article.bad_time")
    assert not models.Share.objects.exists()
    assert models.Inbound.objects.get().body


def test_an_unclear_time_that_is_only_shown_does_not_cost_the_article(source):
    assert told(source, story(published_at=UNCLEAR))["result"] == "shared"
    assert models.Article.objects.get().value.published_at is None


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("December 24, 2030 9:30 pm", "2030-12-24T12:30:00+00:00"),
        ("Tue, 24 Dec 2030 21:30:00 CET", "2030-12-24T20:30:00+00:00"),
        ("2030년 12월 24일 오후 9시 30분", "2030-12-24T12:30:00+00:00"),
    ],
)
@pytest.mark.parametrize("waits", [{"embargo_until": ""}, {"status": "future", "date": ""}])
def test_what_waits_goes_when_it_says(source, written, due, waits):
    fields = {name: value or written for name, value in waits.items()}
    told(source, story(**fields))
    assert models.Delivery.objects.get().due_at.isoformat() == due


@pytest.mark.parametrize(
    ("clear", "moved"),
    [
        ({"embargo_until": "2030-12-24T09:00:00Z"}, {"embargo_until": UNCLEAR}),
        (
            {"status": "future", "date": "2030-12-24T09:00:00Z"},
            {"status": "future", "date": UNCLEAR},
        ),
    ],
)
def test_what_waits_is_held_when_its_time_moves_to_an_unclear_one(source, clear, moved):
    told(source, story(**clear))
    delivery = models.Delivery.objects.get()
    assert delivery.state == State.QUEUED
    assert told(source, story(**moved))["code"] == "article.bad_time"
    assert reread(delivery).state == State.HELD


def test_a_report_that_leaves_the_time_out_does_not_lift_the_schedule(desk, source):
    told(source, story(status="future", date="2030-12-24T09:00:00Z", modified_at="2026-11-24T09:00:00Z"))
    before = models.Delivery.objects.get()
    told(
        source,
        story(
            event="updated", status="published", title="Budget passes at last", date=UNCLEAR,
            modified_at="2026-11-24T10:00:00Z",
        ),
    )  # fmt: skip
    after = reread(before)
    assert (after.state, after.due_at) == (State.QUEUED, before.due_at)


@pytest.mark.parametrize("late", [{}, {"title": "Budget fails"}])
def test_a_report_whose_time_is_unclear_does_not_win_over_a_known_one(source, late):
    told(source, story(modified_at="2026-11-24T09:00:00Z"))
    told(source, story(event="unpublished", modified_at="2026-11-24T10:00:00Z"))
    answer = told(source, story(modified_at="yesterday at ten", **late))
    assert answer["code"] == "article.bad_time"
    row = models.Article.objects.get()
    assert (row.withdrawn_at is not None, row.headline) == (True, "Budget passes")


def test_a_withdrawal_whose_time_is_unclear_counts(source):
    told(source, story(modified_at="2026-11-24T09:00:00Z"))
    assert told(source, story(event="unpublished", modified_at="just now"))["result"] == "withdrawn"


def test_a_refused_time_can_be_read_again_once_its_mapping_is_mended(source):
    answer = told(source, story(embargo_until=UNCLEAR, release="2030-12-24T09:00:00Z"))
    assert answer["code"] == "article.bad_time"
    fields = {"headline": "title", "url": "url", "source_id": "id", "embargo_until": "release"}
    models.Source.objects.filter(pk=source.pk).update(format="auto", mapping={"paths": {"fields": fields}})
    assert hooks.replay(hooks.find_inbound(answer["inbound"]), CLI).result["result"] == "shared"
    assert models.Delivery.objects.get().due_at.isoformat() == "2030-12-24T09:00:00+00:00"


@pytest.mark.parametrize(
    ("written", "says", "due"),
    [
        ("03/04/2030 10:00", {"date_order": "dmy"}, "2030-04-03T01:00:00+00:00"),
        ("03/04/2030 10:00", {"date_order": "mdy"}, "2030-03-04T01:00:00+00:00"),
        ("30.12.24 21:30", {"date_order": "ymd"}, "2030-12-24T12:30:00+00:00"),
        ("24 Dec 2030 21:30 IST", {"zone": "Asia/Kolkata"}, "2030-12-24T16:00:00+00:00"),
        ("24 Jul 2030 21:30 BST", {"zone": "Europe/London"}, "2030-07-24T20:30:00+00:00"),
    ],
)
def test_a_refused_time_can_be_read_again_once_its_source_says_how_it_writes(source, written, says, due):
    answer = told(source, story(embargo_until=written))
    assert answer["code"] == "article.bad_time"
    sources.change(source, CLI, Settings(**says))
    assert hooks.replay(hooks.find_inbound(answer["inbound"]), CLI).result["result"] == "shared"
    assert models.Delivery.objects.get().due_at.isoformat() == due


def test_a_time_without_zone_is_in_the_sources_and_then_in_the_desks(source):
    sources.change(source, CLI, Settings(zone="Europe/London"))
    told(source, story(embargo_until="2030-12-24 21:30"))
    assert models.Delivery.objects.get().due_at.isoformat() == "2030-12-24T21:30:00+00:00"
    sources.change(source, CLI, Settings(zone=""))
    told(source, story(event="updated", embargo_until="2030-12-25 21:30"))
    assert models.Delivery.objects.get().due_at.isoformat() == "2030-12-25T12:30:00+00:00"

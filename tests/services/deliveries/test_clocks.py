"""The database's clock decides; a machine's own may be wrong by hours, and one that jumps holds what is timed."""

from datetime import timedelta

import pytest

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.outcomes import Ambiguous, RateLimited
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.services import clocks
from sharing.services.decisions import resolve
from sharing.services.deliveries import deliver, look_up, sweeps
from tests.clocks import wrong_by
from tests.given import CHO, a_delivery, a_share, ago, ahead, an_account, an_article, moves_of, reread

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = [-1, 1]


@pytest.mark.parametrize("hours", HOURS)
def test_a_share_is_due_now_whatever_the_web_server_thinks(desk, account, scripted, hours):
    with wrong_by(hours=hours):
        row = a_share(desk, account).deliveries.get()
        deliver.drain(account.pk, owner="w")
    assert reread(row).state == State.DELIVERED


@pytest.mark.parametrize("hours", HOURS)
def test_an_embargo_is_kept_by_the_database_clock(desk, account, scripted, hours):
    with wrong_by(hours=hours):
        row = a_share(desk, account, embargo_until=moves.now() + timedelta(minutes=30)).deliveries.get()
        deliver.drain(account.pk, owner="w")
    assert reread(row).embargo_until is not None
    assert reread(row).state == State.QUEUED
    assert not scripted.prepared


@pytest.mark.parametrize("hours", HOURS)
def test_a_wrong_clock_makes_no_absence_count_early(desk, account, hours):
    row = a_delivery(desk, account, State.UNKNOWN)
    with wrong_by(hours=hours):
        look_up.look_up(row.pk, owner="w")
    assert (reread(row).state, reread(row).absences) == (State.UNKNOWN, 0)


def test_a_wrong_clock_lets_nobody_take_over_too_early(desk, account):
    row = a_delivery(desk, account, State.UNKNOWN)
    with wrong_by(hours=1), pytest.raises(Refusal) as refused:
        resolve.take_over(row, CHO)
    assert refused.value.code == "delivery.too_early"


@pytest.mark.parametrize("hours", HOURS)
def test_a_pause_is_as_long_as_the_platform_asked(desk, account, scripted, hours):
    until = ahead(seconds=90)
    with wrong_by(hours=hours):
        # What a platform asks for is a length of time; the adapter turns it into a time by the same clock.
        scripted.answers.append(RateLimited("http.429", until=until + timedelta(hours=hours)))
        row = a_delivery(desk, account)
        deliver.drain(account.pk, owner="w")
    row = reread(row)
    assert row.state == State.WAITING
    assert ahead(seconds=60) < row.due_at < ahead(seconds=95)
    gate = models.AccountGate.objects.get(account=account)
    assert ahead(seconds=60) < gate.next_at < ahead(seconds=95)


@pytest.mark.parametrize("hours", HOURS)
def test_a_circuit_opens_for_a_minute_whatever_the_worker_thinks(desk, account, scripted, hours):
    with wrong_by(hours=hours):
        for _ in range(3):
            scripted.answers.append(Ambiguous("net.cut"))
            a_delivery(desk, account)
            deliver.drain(account.pk, owner="w")
    gate = models.AccountGate.objects.get(account=account)
    assert ahead(seconds=30) < gate.open_until < ahead(seconds=70)


def test_the_page_is_waited_for_by_the_database_clock(desk, account, scripted, house, httpserver):
    httpserver.expect_request("/story").respond_with_data("not here", status=404)
    place = f"{httpserver.host}:{httpserver.port}"
    house(page_wait=60, fetch_allow=(place,))
    row = a_delivery(desk, account, target=f"http://{place}/story", waiting_since=ago(seconds=20))
    with wrong_by(hours=1):
        deliver.drain(account.pk, owner="w")
    assert (reread(row).state, reread(row).why) == (State.WAITING, Why.PAGE_NOT_THERE_YET)


# -- jumps ------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_is_noticed_and_drift_is_not():
    watch = clocks.Watch()
    assert watch.jumped(1000.0, asked=clocks.running()) == 0
    assert watch.jumped(1030.0, asked=clocks.running()) == 0
    assert watch.jumped(4630.0, asked=clocks.running()) == pytest.approx(3600, abs=1)
    assert watch.jumped(4631.0, asked=clocks.running()) == 0
    assert watch.jumped(4431.0, asked=clocks.running()) == pytest.approx(-200, abs=1)


def test_an_answer_that_took_long_is_no_jump():
    watch = clocks.Watch()
    watch.jumped(1000.0, asked=clocks.running())
    assert watch.jumped(1000.0, asked=clocks.running() - 500) == 0


@pytest.fixture
def jump(monkeypatch):
    """The database's clock jumps by so many seconds: what runs on is that much behind it."""
    monkeypatch.setattr(clocks, "database", clocks.Watch())
    clocks.database.jumped(moves.now().timestamp(), asked=clocks.running())
    real = clocks.running

    def jump(seconds):
        monkeypatch.setattr(clocks, "running", lambda: real() - seconds)

    return jump


@pytest.mark.parametrize("seconds", [7200, -7200])
def test_a_claim_after_a_jump_holds_what_was_set_for_a_time(desk, account, scripted, jump, seconds):
    due = a_delivery(desk, account, embargo_until=ago(seconds=1), scheduled=True)
    later = a_delivery(desk, account, scheduled=True, due_at=ahead(hours=5))
    jump(seconds)
    deliver.drain(account.pk, owner="w")
    for row in (due, later):
        assert (reread(row).state, reread(row).why) == (State.HELD, Why.CLOCK_JUMPED)
    assert not scripted.prepared
    assert not scripted.published
    assert models.Notice.objects.filter(kind="clock", over_at=None).exists()


def test_a_jump_does_not_hold_what_is_due_at_once(desk, account, scripted, jump):
    row = a_delivery(desk, account)
    jump(7200)
    deliver.drain(account.pk, owner="w")
    assert reread(row).state == State.DELIVERED


def test_the_notice_is_over_when_nothing_is_held_for_it_any_more(desk, account, scripted, jump):
    row = a_delivery(desk, account, scheduled=True)
    jump(7200)
    deliver.drain(account.pk, owner="w")
    sweeps.clock_is_right_again()
    assert models.Notice.objects.filter(kind="clock", over_at=None).exists()
    resolve.let_go(reread(row), CHO)
    sweeps.clock_is_right_again()
    assert not models.Notice.objects.filter(kind="clock", over_at=None).exists()
    assert moves_of(row)[-2:] == ["held", "queued"]


def test_a_time_without_zone_is_the_desks(desk, account, scripted):
    desk.zone = "Europe/Berlin"
    desk.save()
    wall = ahead(days=1).replace(tzinfo=None, microsecond=0)
    row = a_share(desk, an_account(desk), article=an_article(), at=wall).deliveries.get()
    from zoneinfo import ZoneInfo

    assert row.due_at == wall.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert row.scheduled

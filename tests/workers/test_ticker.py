"""The ticker without a bell, the bell without a ticker, and parts of a tick that fail alone."""

import threading
import time

import pytest

from sharing import models
from sharing.domain.delivery import State
from sharing.services.deliveries import deliver, sweeps
from tests.given import a_delivery, ago, ahead, an_account, reread
from workers import bell, ticker, turn
from workers.process import WorkerProcess
from workers.slots import Slots
from workers.tasks import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(scripted, monkeypatch):
    """This process as a worker with four slots."""
    monkeypatch.setattr(turn, "this_process", WorkerProcess(slots=Slots(4)))
    monkeypatch.setattr(ticker, "this_process", turn.this_process)
    monkeypatch.setattr("workers.tasks.this_process", turn.this_process)
    turn._channel_of.cache_clear()
    return ticker.Ticker()


def wait_for(condition, seconds=300):
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.02)
    return condition()


def delivered(*rows):
    return all(reread(row).state == State.DELIVERED for row in rows)


def test_without_a_broker_the_ticker_drains_at_once(desk, account, worker, settings):
    settings.CELERY_BROKER_URL = ""
    row = a_delivery(desk, account)
    worker._tick()
    assert wait_for(lambda: delivered(row))
    worker.stop()


@pytest.fixture
def rung(monkeypatch):
    bells = []
    monkeypatch.setattr(ticker, "ring", bells.extend)
    return bells


def test_the_ticker_rings_first_and_drains_when_nobody_comes(
    desk, account, worker, settings, rung, monkeypatch
):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(ticker, "BELL_PATIENCE", 0.05)
    row = a_delivery(desk, account)
    worker._tick()
    assert rung == [(account.pk, False)]
    assert reread(row).state == State.QUEUED
    time.sleep(0.06)
    worker._tick()
    assert wait_for(lambda: delivered(row))
    later = a_delivery(desk, account)
    worker._tick()
    assert wait_for(lambda: delivered(later)), "a bell that is known to be dead is not waited for"
    assert len(rung) == 1
    worker.stop()


def test_a_bell_that_is_heard_again_is_trusted_again(desk, account, worker, settings, rung, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    worker._dead_since = time.monotonic()
    monkeypatch.setattr(turn.this_process.slots, "heard_at", time.monotonic() + 0.001)
    a_delivery(desk, account)
    worker._tick()
    assert rung == [(account.pk, False)]


def test_the_bell_alone_drains(desk, account, worker):
    row = a_delivery(desk, account)
    drain(account.pk)
    assert delivered(row)


@pytest.mark.parametrize("arguments", [(10**9,), (10**9, True)])
def test_a_bell_for_nobody_does_nothing(desk, account, worker, arguments):
    drain(*arguments)


def test_a_bell_without_a_free_slot_is_served_by_whoever_ends_next(desk, worker, scripted):
    accounts = [an_account(desk) for _ in range(5)]
    rows = [a_delivery(desk, each) for each in accounts]
    gate = threading.Event()
    scripted.answers.extend([lambda: (gate.wait(300), scripted.post("x"))[1]] * 2)
    threads = [threading.Thread(target=drain, args=(each.pk,)) for each in accounts]
    for thread in threads:
        thread.start()
    wait_for(lambda: sum(not thread.is_alive() for thread in threads) == 3)
    assert sum(thread.is_alive() for thread in threads) == 2, "half of four slots for one channel"
    gate.set()
    for thread in threads:
        thread.join(300)
    assert delivered(*rows)


def test_what_is_breaking_takes_its_own_slot_and_nothing_else(desk, account, worker):
    normal = a_delivery(desk, account)
    breaking = a_delivery(desk, account, lane=0)
    drain(account.pk, True)
    assert delivered(breaking)
    assert reread(normal).state == State.QUEUED


def test_one_part_of_a_tick_that_fails_stops_no_other(desk, account, worker, settings, monkeypatch):
    settings.CELERY_BROKER_URL = ""

    def fails():
        raise RuntimeError("a sweep that does not get through")

    monkeypatch.setattr(sweeps, "SWEEPS", (fails, *sweeps.SWEEPS))
    stale = a_delivery(desk, account, expires_at=ago(seconds=1))
    worker._tick()
    assert reread(stale).state == State.EXPIRED
    assert models.Worker.objects.filter(name=turn.this_process.name).exists()
    worker.stop()


def test_a_worker_that_stops_claims_no_more(desk, account, worker, scripted):
    rows = [a_delivery(desk, account) for _ in range(3)]
    scripted.answers.append(lambda: (turn.this_process.stopping.set(), scripted.post("first"))[1])
    drain(account.pk)
    assert [reread(row).state for row in rows] == [State.DELIVERED, State.QUEUED, State.QUEUED]


def test_a_turn_ends_after_ten_and_goes_on(desk, account, worker, scripted):
    rows = [a_delivery(desk, account) for _ in range(12)]
    assert deliver.drain(account.pk, owner="w") == deliver.DrainResult(10, more=True)
    drain(account.pk)
    assert delivered(*rows)


def test_an_account_that_stands_in_line_here_is_not_rung_for(desk, account, worker, settings, rung):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    a_delivery(desk, account)
    slots = turn.this_process.slots
    for n in range(2):
        slots.take(turn.TurnRequest(1000 + n, "scripted", False))
    assert not slots.take(turn.TurnRequest(account.pk, "scripted", False))
    worker._tick()
    assert rung == []


# -- the bell ----------------------------------------------------------------------------------------------


def test_ringing_never_waits(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    own = bell.Bell()
    monkeypatch.setattr(own, "_publish", lambda *args, **kwargs: time.sleep(20))
    began = time.monotonic()
    own.ring([(n, False) for n in range(5000)])
    assert time.monotonic() - began < 20


def test_a_bell_that_cannot_be_rung_is_left_alone_for_a_while(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    own, tried = bell.Bell(), []

    def refused(account_id, *, breaking):
        tried.append(account_id)
        raise ConnectionError

    monkeypatch.setattr(own, "_publish", refused)
    own.ring([(1, False), (2, False), (3, False)])
    own.flush()
    assert tried == [1]


def test_a_pause_of_an_account_is_nobodys_idleness(desk, account, worker):
    a_delivery(desk, account)
    models.AccountGate.objects.filter(account=account).update(next_at=ahead(minutes=1))
    assert sweeps.accounts_due() == []

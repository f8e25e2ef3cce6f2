"""Claims under competition, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import Lane
from sharing.models import moves
from tests.given import WORKER, a_delivery, ago, ahead, reread

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(number, act):
    """`act(i)` in as many threads, begun together; what each returned."""
    barrier = threading.Barrier(number)

    def run(i):
        barrier.wait(300)
        try:
            return act(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_fifty_claimers_get_one_normal_and_one_breaking_delivery(desk, account):
    for _ in range(5):
        a_delivery(desk, account)
    breaking = a_delivery(desk, account, lane=Lane.BREAKING)
    claims = [c for c in at_once(12, lambda i: moves.claim(account.pk, owner=f"w{i}", lease=60)) if c]
    claims += [c for c in at_once(12, lambda i: moves.claim(account.pk, owner=f"v{i}", lease=60)) if c]
    assert sorted(claim.lane for claim in claims) == [Lane.BREAKING, Lane.NORMAL]
    assert breaking.pk in [claim.id for claim in claims]
    in_flight = models.Delivery.objects.filter(state=State.CLAIMED)
    assert in_flight.count() == 2


def test_one_delivery_is_claimed_once(desk, account):
    row = a_delivery(desk, account)
    claims = at_once(16, lambda i: moves.claim(account.pk, owner=f"w{i}", lease=60))
    assert [c.id for c in claims if c] == [row.pk]
    assert reread(row).attempt_no == 1


def test_one_of_many_gates_is_passed(desk, account):
    a_delivery(desk, account)
    claim = moves.claim(account.pk, owner="w", lease=60)
    gate = lambda _: moves.pass_gate(claim, owner="w", deadline=3, content_hash=claim.approved_hash)  # noqa: E731
    assert at_once(8, gate).count(True) == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"due_at": ahead(hours=3)},
        {"embargo_until": ahead(hours=3)},
        {"expires_at": ago(seconds=1)},
        {"state": State.HELD},
    ],
)
def test_what_may_not_go_is_not_claimed(desk, account, columns):
    row = a_delivery(desk, account)
    models.Delivery.objects.filter(pk=row.pk).update(**columns)
    assert moves.claim(account.pk, owner="w", lease=60) is None


@pytest.mark.parametrize("gate", [{"next_at": ahead(hours=3)}, {"open_until": ahead(hours=3)}])
def test_a_closed_gate_lets_nobody_claim(desk, account, gate):
    a_delivery(desk, account)
    models.AccountGate.objects.filter(account=account).update(**gate)
    assert moves.claim(account.pk, owner="w", lease=60) is None
    assert moves.accounts_due() == []


def test_a_breaking_worker_takes_only_what_is_breaking(desk, account):
    a_delivery(desk, account)
    assert moves.claim(account.pk, owner="w", lease=60, breaking_only=True) is None
    breaking = a_delivery(desk, account, lane=Lane.BREAKING)
    assert moves.claim(account.pk, owner="w", lease=60, breaking_only=True).id == breaking.pk


def test_the_best_lane_goes_first_then_the_earliest(desk, account):
    late = a_delivery(desk, account, due_at=ago(seconds=5))
    early = a_delivery(desk, account, due_at=ago(seconds=50))
    correction = a_delivery(desk, account, lane=Lane.CORRECTION, due_at=ago(seconds=1))
    order = []
    while claim := moves.claim(account.pk, owner="w", lease=60):
        order.append(claim.id)
        models.Delivery.objects.filter(pk=claim.id).update(state=State.CANCELLED)
    assert order == [correction.pk, early.pk, late.pk]


@pytest.mark.parametrize(
    "stale", [{"attempt_no": 2}, {"lease_owner": "another"}, {"lease_until": ahead(seconds=1)}]
)
def test_a_stale_claim_does_not_pass_the_gate(desk, account, stale):
    row = a_delivery(desk, account)
    claim = moves.claim(account.pk, owner="w", lease=60)
    models.Delivery.objects.filter(pk=row.pk).update(**stale)
    assert not moves.pass_gate(claim, owner="w", deadline=3, content_hash=claim.approved_hash)
    assert reread(row).state == State.CLAIMED


def test_an_illegal_move_is_refused_recorded_and_changes_nothing(desk, account):
    row = a_delivery(desk, account)
    assert not moves.move(row.pk, State.DELIVERED, Why.RECEIPT, actor=WORKER)
    assert not moves.move(row.pk, State.RETRACTED, Why.CLAIMED, actor=WORKER)
    assert reread(row).state == State.QUEUED
    assert list(row.events.filter(refused=True).values_list("to_state", flat=True)) == [
        "delivered",
        "retracted",
    ]


def test_a_move_compares_the_attempt(desk, account):
    row = a_delivery(desk, account, State.SENDING, attempt_no=3)
    stale = moves.move(row.pk, State.FAILED, Why.REJECTED, actor=WORKER, attempt_no=2)
    assert not stale
    assert moves.move(row.pk, State.FAILED, Why.REJECTED, actor=WORKER, attempt_no=3)


def test_a_tick_rings_an_account_once_however_many_tick(desk, account):
    rings = at_once(8, lambda _: moves.take_rings({account.pk}, gap=2.0))
    assert sum(len(each) for each in rings) == 1

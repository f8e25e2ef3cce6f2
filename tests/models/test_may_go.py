"""May it go now: one list of conditions, from which the last gate's SQL, the cause and the person's sentence come."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sharing import models
from sharing.domain import may_go
from sharing.domain.delivery import DUE_STATES, State, Why
from sharing.domain.lanes import Purpose
from sharing.models import Health, moves
from sharing.models.moves import conditions
from sharing.presentation.represent import explain
from sharing.presentation.states import appearance_of
from sharing.services.deliveries import deliver, sweeps
from tests.given import WORKER, a_delivery, ago, ahead, reread, sweep

SHARING = Path(models.__file__).parents[1]

#: What makes each condition fail: columns of the delivery, of its account or article, or a hold.
BROKEN = {
    may_go.NOT_WITHDRAWN: {"article": {"withdrawn_at": datetime(2026, 11, 30, tzinfo=UTC)}},
    may_go.EMBARGO_OVER: {"delivery": {"embargo_until": ahead(hours=9), "due_at": ahead(hours=9)}},
    may_go.DUE: {"delivery": {"due_at": ahead(hours=9)}},
    may_go.AS_APPROVED: {"delivery": {"approved_hash": "another"}},
    may_go.AS_THE_ARTICLE: {"delivery": {"article_hash": "an older one"}},
    may_go.CONNECTED: {"account": {"health": Health.REMOVED}},
    may_go.WORKING: {"account": {"health": Health.STOPPED}},
    may_go.STILL_NEWS: {"delivery": {"expires_at": ago(seconds=1)}},
    may_go.NO_HOLD: {"hold": {"scope": "all", "by": "Cho", "reason": "stop"}},
}


def break_(row, condition):
    for what, columns in BROKEN[condition].items():
        if what == "hold":
            models.Switch.objects.create(**columns)
        else:
            row = {"delivery": row, "article": row.article, "account": row.account}[what]
            type(row).objects.filter(pk=row.pk).update(**columns)


def test_every_condition_is_tried_here():
    assert set(BROKEN) == set(may_go.AT_THE_GATE)
    assert set(may_go.TO_BE_CLAIMED) | set(may_go.ITS_TIME) <= set(may_go.AT_THE_GATE)


@pytest.mark.django_db
@pytest.mark.parametrize("condition", may_go.AT_THE_GATE, ids=lambda each: each.name)
def test_whatever_stops_a_delivery_at_the_gate_is_named_as_its_cause(desk, account, condition):
    row = a_delivery(desk, account)
    claim = moves.claim(account.pk, owner=WORKER.name, lease=60)
    break_(reread(row), condition)
    assert not moves.pass_gate(claim, owner=WORKER.name, deadline=3, content_hash=claim.approved_hash)
    deliver.stopped_at_the_gate(claim, claim.approved_hash, WORKER)
    row = reread(row)
    assert (row.state, row.why) == (condition.to, condition.why)
    assert not row.attempts.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("condition", may_go.TO_BE_CLAIMED, ids=lambda each: each.name)
def test_what_may_not_go_is_not_claimed_and_nobody_is_rung_for_it(desk, account, condition):
    row = a_delivery(desk, account)
    assert moves.accounts_due()
    break_(reread(row), condition)
    assert moves.accounts_due() == []
    assert moves.claim(account.pk, owner=WORKER.name, lease=60) is None


@pytest.mark.django_db
def test_a_retraction_passes_where_its_article_is_withdrawn(desk, account):
    row = a_delivery(desk, account, purpose=Purpose.RETRACTION)
    break_(row, may_go.NOT_WITHDRAWN)
    claim = moves.claim(account.pk, owner=WORKER.name, lease=60)
    assert not claim.withdrawn
    assert moves.pass_gate(claim, owner=WORKER.name, deadline=3, content_hash=claim.approved_hash)


# -- a time that only lies ahead is no embargo --------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("over", [None, ago(hours=1)], ids=["no embargo", "an embargo that is over"])
def test_a_delivery_that_was_moved_while_claimed_waits_for_its_time_and_goes_then(desk, account, over):
    row = a_delivery(desk, account, embargo_until=over)
    claim = moves.claim(account.pk, owner=WORKER.name, lease=60)
    models.Delivery.objects.filter(pk=row.pk).update(due_at=ahead(hours=9), scheduled=True)
    deliver.stopped_at_the_gate(claim, claim.approved_hash, WORKER)
    row = reread(row)
    assert (row.state, row.why) == (State.HELD, Why.NOT_YET)
    assert "Scheduled for" in explain(row, "en").what
    assert "예약" in explain(row, "ko").what
    assert appearance_of(row).english == "Scheduled"
    sweeps.let_go()
    assert reread(row).state == State.HELD, "its time has not come"
    models.Delivery.objects.filter(pk=row.pk).update(due_at=ago(seconds=1))
    sweeps.let_go()
    assert reread(row).state == State.QUEUED


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["", Why.APPROVED, Why.RELEASED, Why.AGAIN])
@pytest.mark.parametrize(
    ("due", "embargo", "said", "look"),
    [
        (ahead(hours=9), ahead(hours=9), "Under embargo", "Embargo"),
        (ahead(hours=9), ahead(hours=2), "Under embargo", "Embargo"),
        (ahead(hours=9), ago(hours=1), "Scheduled for", "Scheduled"),
        (ahead(hours=9), None, "Scheduled for", "Scheduled"),
        (ago(seconds=1), ago(seconds=1), "Queued", "Queued"),
        (ago(seconds=1), None, "Queued", "Queued"),
    ],
)
def test_a_queued_delivery_is_called_what_it_waits_for(desk, account, why, due, embargo, said, look):
    row = a_delivery(desk, account, why=why, due_at=due, embargo_until=embargo, scheduled=due > ago())
    assert said in explain(row, "en").what
    assert appearance_of(row).english == look


@pytest.mark.django_db
def test_an_embargo_that_ends_before_the_delivery_is_due_says_when_it_goes(desk, account):
    row = a_delivery(desk, account, due_at=ahead(hours=9), embargo_until=ahead(hours=2), zone="UTC")
    assert f"{row.due_at.astimezone(UTC):%H:%M:%S}" in explain(row, "en").then


# -- leases -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("crashes", range(7))
def test_a_lost_worker_leads_to_unknown_if_it_was_sending_and_to_a_person_the_fifth_time_else(
    desk, account, crashes
):
    columns = {"crashes": crashes, "lease_until": ago(seconds=1)}
    claimed = a_delivery(desk, account, State.CLAIMED, **columns)
    sweeps.end_leases()
    expected = State.REVIEW if crashes + 1 >= 5 else State.QUEUED
    assert reread(claimed).state == expected
    sending = a_delivery(desk, account, State.SENDING, **columns)
    sweeps.end_leases()
    assert (reread(sending).state, reread(sending).why) == (State.UNKNOWN, Why.LEASE_OVER)


# -- plans and words ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_claim_finds_what_is_due_by_its_index_however_long_the_history(desk, account):
    a_delivery(desk, account)
    due = f"d.account_id = {account.pk} AND d.state IN {conditions.one_of(DUE_STATES)}"
    where = f"{due} AND {conditions.may_go_sql('d')}"
    inner = f"SELECT d.id FROM sharing_delivery d WHERE {where} ORDER BY d.lane, d.due_at, d.id LIMIT 1"  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            ("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + inner, []
        )
        plan = str(cursor.fetchall())
    assert re.search(r"Index Scan using due on|USING INDEX due ", plan), plan


@pytest.mark.django_db
def test_the_sweeps_find_what_they_move_by_their_indexes(desk, account):
    a_delivery(desk, account)
    with CaptureQueriesContext(connection) as queries:
        sweep()
    looks = [each["sql"] for each in queries if each["sql"].startswith("SELECT 1 FROM sharing_delivery")]
    assert len(looks) >= 8
    for look in looks:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            explain_ = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
            cursor.execute((explain_ + look).replace("%", "%%"), [])
            plan = str(cursor.fetchall())
        assert re.search(r"(due|leases|freshness|held|one_in_flight)\b", plan), (look, plan)


def test_no_sql_has_a_state_a_lane_or_a_health_as_a_word_of_its_own():
    values = {*State, *Why, *Purpose, *(each.value for each in Health)} - {""}
    words = re.compile(rf"'({'|'.join(sorted(values))})'|\blane\s*(=|<>|<|>)\s*\d")
    found = []
    for path in sorted(SHARING.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if re.search(r"\b(SELECT|UPDATE|WHERE|AND|CASE|state|why|lane)\b", text) and words.search(text):
                found.append(f"{path.relative_to(SHARING)}:{node.lineno} {words.search(text)[0]}")
    assert found == []

"""What ended unclear is sent again by the machine once in the life of a delivery; then it is a person's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from sharing import models
from sharing.domain.delivery import LOOK_FOR, MOVING, State, Why
from sharing.domain.outcomes import Achieved, Ambiguous, Duplicate, Receipt, Sighting, Unavailable
from sharing.models import moves
from sharing.presentation.represent import explain
from sharing.services.decisions import resolve
from sharing.services.deliveries import deliver, look_up
from sharing.services.watch import invariants
from tests.given import CHO, WORKER, a_delivery, ago, moves_of, reread, sweep

pytestmark = pytest.mark.django_db(transaction=True)
S = State
POST = Sighting(remote_id="1001_55", permalink="https://www.facebook.com/1001/posts/55")


class Died(BaseException):
    """The worker's process ends in the middle of a send."""


def _died():
    raise Died


#: What makes an attempt end unclear.
UNCLEAR = {
    "ambiguous": Ambiguous("net.cut"),
    "a 500": Ambiguous("facebook.1", "An unknown error occurred", 500),
    "a broken channel": lambda: 1 / 0,
    "a dead worker": _died,
}


def time_passes(row, seconds=20):
    """Everything that this row waits for is over."""
    ago_ = timedelta(seconds=seconds)
    rows = models.Delivery.objects.filter(pk=row.pk)
    for name in ("lease_until", "check_at", "sending_at", "state_at"):
        rows.filter(**{f"{name}__isnull": False}).update(**{name: F(name) - ago_})
    rows.filter(state=S.WAITING).update(due_at=F("due_at") - timedelta(hours=2))
    models.AccountGate.objects.update(open_until=None, next_at=None)


def send(row):
    try:
        deliver.drain(row.account_id, owner=WORKER.name)
    except Died:
        connection.close()
    time_passes(row)
    sweep()
    return reread(row)


def look(row):
    look_up.look_up(row.pk, owner=WORKER.name)
    time_passes(row)
    return reread(row)


def until_it_rests(row):
    """Send and look until the machine does nothing more by itself."""
    for _ in range(30):
        row = look(send(row))
        if row.state not in MOVING:
            return row
    raise AssertionError(f"it never ends: {moves_of(row)}")


def attempts(row):
    return row.attempts.count()


@pytest.mark.parametrize("second", UNCLEAR)
@pytest.mark.parametrize("first", UNCLEAR)
def test_after_one_resend_that_ends_unclear_a_person_decides(desk, account, scripted, first, second):
    scripted.answers += [UNCLEAR[first], UNCLEAR[second]]
    row = until_it_rests(a_delivery(desk, account))
    assert (row.state, row.why) == (S.REVIEW, Why.ABSENT_AGAIN)
    assert attempts(row) == 2
    assert [each.why for each in row.events.filter(refused=False)].count(Why.ABSENT_TWICE) == 1


def test_a_resend_that_is_answered_or_found_is_delivered(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")]
    assert until_it_rests(a_delivery(desk, account)).state == S.DELIVERED

    def posted_and_lost():
        scripted.post(other.marker)
        raise Ambiguous("net.cut")

    scripted.answers += [Ambiguous("net.cut"), posted_and_lost]
    other = a_delivery(desk, account)
    other = until_it_rests(other)
    assert (other.state, other.why) == (S.DELIVERED, Why.FOUND)


def test_tries_that_prove_unsent_between_two_unclear_ones_do_not_reset_the_count(desk, account, scripted):
    nothing = Unavailable("net.connect")
    scripted.answers += [nothing, Ambiguous("net.cut"), nothing, nothing, Ambiguous("net.cut"), nothing]
    row = until_it_rests(a_delivery(desk, account))
    assert (row.state, row.why) == (S.REVIEW, Why.ABSENT_AGAIN)
    assert attempts(row) == 5


def test_a_crash_while_preparing_the_resend_does_not_reset_the_count(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut"), Ambiguous("net.cut")]
    scripted.prepares += [None, _died, _died]
    row = until_it_rests(a_delivery(desk, account))
    assert (row.state, row.why) == (S.REVIEW, Why.ABSENT_AGAIN)
    assert attempts(row) == 2


def test_what_a_person_sent_again_is_never_sent_again_by_the_machine(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")] * 4
    row = until_it_rests(a_delivery(desk, account))
    for sent in (3, 4):
        resolve.is_not_there(row, "looked at the page", CHO)
        row = until_it_rests(row)
        assert (row.state, row.why, attempts(row)) == (S.REVIEW, Why.ABSENT_AGAIN, sent)


def test_a_persons_resend_counts_also_where_the_machine_had_not_sent_again(desk, account, scripted):
    scripted.answers += [Duplicate("x.duplicate"), Ambiguous("net.cut")]
    row = until_it_rests(a_delivery(desk, account))
    assert row.why == Why.DUPLICATE_ABSENT
    resolve.is_not_there(row, "looked at the page", CHO)
    row = until_it_rests(row)
    assert (row.state, row.why, attempts(row)) == (S.REVIEW, Why.ABSENT_AGAIN, 2)


def test_failed_and_tried_again_by_a_person_keeps_the_count(desk, account, scripted):
    row = a_delivery(desk, account, S.UNKNOWN)
    assert moves.move(row.pk, S.QUEUED, Why.ABSENT_TWICE, actor=WORKER)
    models.Delivery.objects.filter(pk=row.pk).update(state=S.FAILED)
    resolve.again(reread(row), CHO)
    scripted.answers += [Ambiguous("net.cut")]
    assert until_it_rests(row).why == Why.ABSENT_AGAIN


def test_the_move_itself_refuses_a_second_resend(desk, account):
    row = a_delivery(desk, account, S.UNKNOWN)
    assert moves.move(row.pk, S.QUEUED, Why.ABSENT_TWICE, actor=WORKER)
    models.Delivery.objects.filter(pk=row.pk).update(state=S.UNKNOWN)
    assert not moves.move(row.pk, S.QUEUED, Why.ABSENT_TWICE, actor=WORKER)
    assert reread(row).state == S.UNKNOWN


def test_a_refused_move_is_no_resend(desk, account):
    row = a_delivery(desk, account)
    assert not moves.move(row.pk, S.QUEUED, Why.ABSENT_TWICE, actor=WORKER)
    models.Delivery.objects.filter(pk=row.pk).update(state=S.UNKNOWN)
    assert moves.move(row.pk, S.QUEUED, Why.ABSENT_TWICE, actor=WORKER)


def test_the_count_is_read_by_an_index_however_long_the_history(desk, account):
    row = a_delivery(desk, account, S.UNKNOWN)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert moves.take_look_up(row.pk, seconds=60) is not None
    (statement,) = [each["sql"] for each in queries if "sharing_event" in each["sql"]]
    inner = statement[statement.index("SELECT 1 FROM sharing_event") :].rpartition(")")[0]
    inner = inner.replace("sharing_delivery.id", str(row.pk))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + inner)
        plan = str(cursor.fetchall())
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_seqscan")
    assert "Index" in plan or "USING INDEX sharing_event_delivery" in plan, plan
    assert "delivery_id" in plan


def test_what_the_person_reads_says_that_it_may_be_out_twice(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")] * 2
    row = until_it_rests(a_delivery(desk, account))
    assert "more than once" in explain(row, "en").live
    assert "두 번" in explain(row, "ko").live


# -- the same words, no marker ----------------------------------------------------------------------------


def test_a_post_that_may_be_ours_is_a_persons_with_its_address(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")]
    scripted.alike.append(POST)
    row = until_it_rests(a_delivery(desk, account))
    assert (row.state, row.why, attempts(row)) == (S.REVIEW, Why.MAY_BE_OURS, 1)
    for language in ("ko", "en"):
        assert POST.permalink in explain(row, language).what
    assert row.events.last().detail == POST.permalink


def test_a_post_that_may_be_ours_is_not_forgotten_when_the_next_looks_see_nothing(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")]
    row = a_delivery(desk, account)
    deliver.drain(account.pk, owner=WORKER.name)
    scripted.alike.append(POST)
    models.Delivery.objects.update(check_at=ago(seconds=1))
    look_up.look_up(row.pk, owner=WORKER.name)
    assert reread(row).state == S.UNKNOWN, "too early: its marker may yet show"
    scripted.alike.clear()
    time_passes(row)
    row = until_it_rests(row)
    assert (row.state, row.why, attempts(row)) == (S.REVIEW, Why.MAY_BE_OURS, 1)
    assert POST.permalink in explain(row, "en").what


def test_a_marker_that_shows_later_is_a_find(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")]
    row = a_delivery(desk, account)
    deliver.drain(account.pk, owner=WORKER.name)
    scripted.alike.append(POST)
    models.Delivery.objects.update(check_at=ago(seconds=1))
    look_up.look_up(row.pk, owner=WORKER.name)
    scripted.published.append(row.marker)
    time_passes(row)
    assert (look(row).state, look(row).why) == (S.DELIVERED, Why.FOUND)


def test_what_belongs_to_another_delivery_is_not_perhaps_ours(desk, account, scripted):
    a_delivery(desk, account, S.DELIVERED, remote_id=POST.remote_id)
    scripted.answers += [Ambiguous("net.cut")]
    scripted.alike.append(POST)
    assert until_it_rests(a_delivery(desk, account)).state == S.DELIVERED


def test_a_person_who_says_that_it_is_not_there_sends_it_again(desk, account, scripted):
    scripted.answers += [Ambiguous("net.cut")]
    scripted.alike.append(POST)
    row = until_it_rests(a_delivery(desk, account))
    resolve.is_not_there(row, "that one is an older post", CHO)
    assert until_it_rests(row).state == S.DELIVERED


# -- other series -----------------------------------------------------------------------------------------


def test_a_marker_is_not_looked_for_again_for_ever(desk, account, scripted):
    scripted.find_fails = Unavailable("net.connect")
    row = a_delivery(desk, account, S.DELIVERED, recheck_at=ago(seconds=1))
    invariants.recheck(row.pk)
    assert reread(row).recheck_at
    models.Delivery.objects.update(recheck_at=ago(seconds=1), state_at=ago(seconds=LOOK_FOR.total_seconds()))
    invariants.recheck(row.pk)
    assert reread(row).recheck_at is None


def test_what_cannot_be_reached_is_tried_until_it_is_no_news_any_more(desk, account, scripted):
    scripted.answers += [Unavailable("net.connect")] * 3
    row = send(send(a_delivery(desk, account)))
    assert row.state == S.WAITING
    assert row.expires_at
    models.Delivery.objects.update(expires_at=ago(seconds=1))
    row = send(row)
    assert (row.state, scripted.published) == (S.EXPIRED, [])


def test_a_late_answer_of_the_resend_ends_it(desk, account, scripted):
    def slowly():
        time_passes(row)
        models.Delivery.objects.update(lease_until=ago(seconds=1))
        sweep()
        return Receipt(achieved=Achieved.POSTED, remote_id="late")

    scripted.answers += [Ambiguous("net.cut"), slowly]
    row = a_delivery(desk, account)
    row = until_it_rests(row)
    assert (row.state, row.why) == (S.DELIVERED, Why.LATE_RECEIPT)

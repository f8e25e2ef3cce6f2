"""What came of a send is written down, whatever the database does meanwhile; nothing live is called unsent."""

import pytest
from django.db import OperationalError

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.outcomes import Achieved, Ambiguous, Receipt, Rejected, Unavailable
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.services import write_until_stored
from sharing.services.decisions import resolve
from sharing.services.deliveries import deliver, look_up, record
from tests.given import CHO, WORKER, a_delivery, ago, reread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outage(monkeypatch):
    """The database refuses the next so many moves of what was sent."""
    monkeypatch.setattr(write_until_stored, "WRITE_AGAIN", 0.01)

    def strike(times):
        left = [times]
        real = moves.move

        def move(*args, **kwargs):
            if kwargs.get("outcome") is not None and left[0]:
                left[0] -= 1
                raise OperationalError("the server is going away")
            return real(*args, **kwargs)

        monkeypatch.setattr(moves, "move", move)

    return strike


def test_a_result_is_written_again_until_it_stands(desk, account, scripted, outage):
    row = a_delivery(desk, account)
    outage(3)
    deliver.drain(account.pk, owner="w")
    assert reread(row).state == State.DELIVERED
    assert scripted.published == [row.marker]


def test_a_failure_is_counted_once_however_often_it_is_written(desk, account, scripted, outage):
    scripted.answers.append(Unavailable("net.connect"))
    a_delivery(desk, account)
    outage(3)
    deliver.drain(account.pk, owner="w")
    assert models.AccountGate.objects.get(account=account).fails == 1


def test_a_result_is_given_up_when_the_lease_is_over(desk, account, scripted, outage, house):
    house(deadline=0.02, lease=0.2)
    row = a_delivery(desk, account)
    outage(1_000_000)
    deliver.drain(account.pk, owner="w")
    assert reread(row).state == State.SENDING


@pytest.mark.parametrize(
    "answer",
    [
        Rejected("x.400", "half a \ud83d character, a \x00 and\nmore"),
        Ambiguous("net.\x00cut" + "x" * 200, "\udfff" * 5000),
        Receipt(
            achieved=Achieved.POSTED, remote_id="1" * 999, permalink="https://x.example/" + "\x00y" * 3000
        ),
    ],
)
def test_whatever_a_platform_says_can_be_written_down(desk, account, scripted, answer):
    scripted.answers.append(answer)
    row = a_delivery(desk, account)
    deliver.drain(account.pk, owner="w")
    row = reread(row)
    assert row.state in {State.FAILED, State.UNKNOWN, State.DELIVERED}
    assert row.attempts.get().ended


def test_counters_that_are_full_stop_nobody(desk, account, scripted):
    scripted.answers.append(Unavailable("net.connect"))
    full = a_delivery(desk, account, tries=2**63 - 1, crashes=2**63 - 1, absences=2**63 - 1)
    stuck = a_delivery(desk, account, attempt_no=2**63 - 1)
    other = a_delivery(desk, account)
    deliver.drain(account.pk, owner="w")
    assert reread(full).state == State.WAITING
    assert reread(other).state == State.DELIVERED
    assert reread(stuck).state == State.QUEUED


# -- too late ---------------------------------------------------------------------------------------------


def late(account, row, change):
    """A receipt that comes when somebody has decided without it."""
    claim = moves.claim(account.pk, owner=WORKER.name, lease=60)
    assert moves.pass_gate(claim, owner=WORKER.name, deadline=3, content_hash=claim.approved_hash)
    change()
    receipt = Receipt(achieved=Achieved.POSTED, remote_id="late", permalink="https://x.example/late")
    record.record(claim, receipt, WORKER, ends=float("inf"))
    return reread(row)


def test_a_receipt_for_what_was_sent_again_meanwhile_is_kept_and_told(desk, account):
    row = a_delivery(desk, account)

    def decided():
        moves.move(row.pk, State.UNKNOWN, Why.LEASE_OVER, actor=WORKER)
        moves.move(row.pk, State.QUEUED, Why.ABSENT_TWICE, actor=WORKER)

    row = late(account, row, decided)
    assert row.state == State.QUEUED
    assert row.attempts.get().outcome == "Receipt"
    notice = models.Notice.objects.get(kind="double", subject=f"delivery:{row.pk}")
    assert notice.facts["posts"] == ["https://x.example/late"]


def test_a_receipt_for_what_was_found_meanwhile_is_no_news(desk, account):
    row = a_delivery(desk, account)

    def found():
        moves.move(row.pk, State.UNKNOWN, Why.LEASE_OVER, actor=WORKER)
        sets = {"receipt": "posted", "remote_id": "late"}
        moves.move(row.pk, State.DELIVERED, Why.FOUND, actor=WORKER, sets=sets)

    late(account, row, found)
    assert not models.Notice.objects.exists()


def test_an_answer_of_an_older_attempt_moves_nothing(desk, account):
    row = a_delivery(desk, account, State.SENDING, attempt_no=2)
    claim = moves.Claim(
        id=row.pk, account_id=account.pk, article_id=row.article_id, channel=row.channel, lane=row.lane,
        message={}, marker=row.marker, target="", words="auto", approved_hash="", attempt_no=1, tries=0,
        waited=None, claimed_at=0.0, timed=False, troubled=False, withdrawn=False,
        stale=False,
    )  # fmt: skip
    record.record(claim, Rejected("x.400"), WORKER, ends=float("inf"))
    assert reread(row).state == State.SENDING


# -- moves that must not be ----------------------------------------------------------------------------------


def test_a_cancel_that_came_late_does_not_hide_a_live_post(desk, account, scripted):
    row = a_delivery(desk, account)
    deliver.drain(account.pk, owner="w")
    assert row.state == State.QUEUED, "what the person still sees"
    with pytest.raises(Refusal):
        resolve.cancel(row, CHO)
    assert reread(row).state == State.DELIVERED


def test_a_move_begins_only_where_its_way_begins(desk, account):
    row = a_delivery(desk, account)
    sets = {"receipt": "posted", "remote_id": "1"}
    assert not moves.move(row.pk, State.DELIVERED, Why.RECEIPT, actor=WORKER, sets=sets)
    assert not moves.move(row.pk, State.FAILED, Why.REJECTED, actor=WORKER)
    assert reread(row).state == State.QUEUED


# -- looks -------------------------------------------------------------------------------------------------


def test_a_look_that_was_overtaken_counts_for_nothing(desk, account):
    row = a_delivery(desk, account, State.UNKNOWN, sending_at=ago(minutes=5))
    slow = moves.take_look_up(row.pk, seconds=60)
    models.Delivery.objects.filter(pk=row.pk).update(check_at=ago(seconds=1))
    look_up.look_up(row.pk, owner="w2")
    assert reread(row).absences == 1
    models.Delivery.objects.filter(pk=row.pk).update(absences=0)
    assert not moves.look_again(slow, seconds=1, absences=2)
    assert reread(row).absences == 0


def test_a_look_of_an_older_attempt_counts_for_nothing(desk, account):
    row = a_delivery(desk, account, State.UNKNOWN, sending_at=ago(minutes=5))
    slow = moves.take_look_up(row.pk, seconds=60)
    models.Delivery.objects.filter(pk=row.pk).update(attempt_no=2)
    assert not moves.look_again(slow, seconds=1, absences=1)


def test_two_posts_with_one_marker_are_told_at_once(desk, account, scripted):
    row = a_delivery(desk, account, State.UNKNOWN)
    scripted.published += [row.marker, row.marker]
    look_up.look_up(row.pk, owner="w")
    assert reread(row).state == State.DELIVERED
    assert models.Notice.objects.filter(kind="double", subject=f"delivery:{row.pk}").exists()


def test_a_post_that_a_person_named_for_another_delivery_is_not_adopted(desk, account, scripted):
    other = a_delivery(desk, account, State.REVIEW)
    row = a_delivery(desk, account, State.UNKNOWN)
    scripted.published.append(row.marker)
    resolve.is_there(other, f"https://p.example/{row.marker}", CHO)
    look_up.look_up(row.pk, owner="w")
    assert reread(row).state == State.UNKNOWN

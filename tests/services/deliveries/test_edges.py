"""Every way of the state table, walked by the service that uses it."""

from datetime import timedelta

import pytest

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.outcomes import (
    AccountStopped,
    Achieved,
    Ambiguous,
    Duplicate,
    RateLimited,
    Receipt,
    Rejected,
    Sighting,
    Unavailable,
)
from sharing.domain.refusal import Refusal
from sharing.models import Health, moves
from sharing.services.accounts import connect
from sharing.services.decisions import hold, resolve
from sharing.services.deliveries import deliver, look_up, sweeps
from sharing.services.shares import follow
from tests.given import CHO, WORKER, a_delivery, ago, ahead, moves_of, reread, sweep, the_article_changes
from tests.walks import walks

pytestmark = pytest.mark.django_db(transaction=True)
S = State


def drain(account):
    return deliver.drain(account.pk, owner=WORKER.name)


def look(row):
    look_up.look_up(row.pk, owner=WORKER.name)
    return reread(row)


# -- draft, queued, waiting -------------------------------------------------------------------------------


@walks(S.DRAFT, S.QUEUED, Why.APPROVED)
def test_an_approved_draft_is_queued(desk, account):
    row = a_delivery(desk, account, S.DRAFT)
    resolve.approve(row, CHO, seen=row.approved_hash)
    assert row.state == S.QUEUED


@walks(S.DRAFT, S.CANCELLED, Why.CANCELLED, Why.DROPPED)
def test_a_draft_is_cancelled_or_dropped(desk, account):
    row = a_delivery(desk, account, S.DRAFT)
    resolve.cancel(row, CHO)
    assert row.state == S.CANCELLED
    other = a_delivery(desk, account, S.DRAFT)
    resolve.drop(other, "not ours", CHO)
    assert other.state == S.CANCELLED


@walks(S.DRAFT, S.CANCELLED, Why.WITHDRAWN)
@walks(S.QUEUED, S.CANCELLED, Why.WITHDRAWN)
@walks(S.WAITING, S.CANCELLED, Why.WITHDRAWN)
@walks(S.HELD, S.CANCELLED, Why.WITHDRAWN)
@walks(S.CLAIMED, S.CANCELLED, Why.WITHDRAWN)
@pytest.mark.parametrize("state", [S.DRAFT, S.QUEUED, S.WAITING, S.HELD, S.CLAIMED])
def test_what_is_not_out_goes_with_its_withdrawn_article(desk, account, state):
    row = a_delivery(desk, account, state)
    follow.withdraw(row.article, CHO.actor)
    assert reread(row).state == S.CANCELLED


@walks(S.QUEUED, S.CLAIMED, Why.CLAIMED)
@walks(S.CLAIMED, S.SENDING, Why.GATE_PASSED)
@walks(S.SENDING, S.DELIVERED, Why.RECEIPT)
def test_the_path_of_one_delivery(desk, account, scripted):
    row = a_delivery(desk, account)
    drain(account)
    row = reread(row)
    assert moves_of(row) == ["queued", "claimed", "sending", "delivered"]
    assert (row.receipt, row.remote_id) == ("posted", f"post-{row.marker}")
    attempt = row.attempts.get()
    assert (attempt.n, attempt.outcome) == (1, "Receipt")
    assert attempt.ended


@walks(S.WAITING, S.CLAIMED, Why.CLAIMED)
def test_what_waited_is_claimed_when_its_time_comes(desk, account, scripted):
    row = a_delivery(desk, account, S.WAITING, due_at=ago(seconds=1))
    drain(account)
    assert reread(row).state == S.DELIVERED


@walks(S.QUEUED, S.HELD, Why.SWITCH_ON)
@walks(S.WAITING, S.HELD, Why.SWITCH_ON)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING])
@pytest.mark.parametrize("scope", ["all", "channel:scripted", "account", "article"])
def test_a_hold_stops_what_is_due(desk, account, state, scope):
    row = a_delivery(desk, account, state)
    numbers = {"account": f"account:{account.pk}", "article": f"article:{row.article_id}"}
    hold.hold(numbers.get(scope, scope), "wrong story", CHO)
    row = reread(row)
    assert (row.state, row.why) == (S.HELD, Why.SWITCH_ON)


@walks(S.QUEUED, S.HELD, Why.ACCOUNT_STOPPED)
@walks(S.WAITING, S.HELD, Why.ACCOUNT_STOPPED)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING])
def test_a_stopped_account_holds_what_is_due(desk, account, state):
    row = a_delivery(desk, account, state)
    models.Account.objects.filter(pk=account.pk).update(health=Health.STOPPED)
    sweep()
    assert reread(row).state == S.HELD


@walks(S.QUEUED, S.HELD, Why.ARTICLE_CHANGED)
@walks(S.WAITING, S.HELD, Why.ARTICLE_CHANGED)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING])
def test_words_that_a_person_wrote_are_held_when_the_article_changes(desk, account, state):
    row = a_delivery(desk, account, state, words="person")
    the_article_changes(row, headline="Night buses, corrected")
    assert reread(row).state == S.HELD


@walks(S.QUEUED, S.HELD, Why.CLOCK_JUMPED)
@walks(S.WAITING, S.HELD, Why.CLOCK_JUMPED)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING])
def test_what_is_scheduled_is_held_when_the_clock_jumps(desk, account, state):
    scheduled = a_delivery(desk, account, state, scheduled=True, due_at=ahead(hours=1))
    embargoed = a_delivery(desk, account, state, embargo_until=ahead(hours=1))
    now = a_delivery(desk, account, state)
    sweeps.clock_jumped()
    assert (reread(scheduled).state, reread(scheduled).why) == (S.HELD, Why.CLOCK_JUMPED)
    assert (reread(embargoed).state, reread(embargoed).why) == (S.HELD, Why.CLOCK_JUMPED)
    assert reread(now).state == state


@walks(S.QUEUED, S.CANCELLED, Why.CANCELLED)
@walks(S.WAITING, S.CANCELLED, Why.CANCELLED)
@walks(S.CLAIMED, S.CANCELLED, Why.CANCELLED)
@walks(S.HELD, S.CANCELLED, Why.CANCELLED)
@walks(S.FAILED, S.CANCELLED, Why.CANCELLED)
@walks(S.EXPIRED, S.CANCELLED, Why.CANCELLED)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING, S.CLAIMED, S.HELD, S.FAILED, S.EXPIRED])
def test_a_person_cancels_what_is_not_out(desk, account, state):
    row = a_delivery(desk, account, state)
    resolve.cancel(row, CHO)
    assert row.state == S.CANCELLED


@walks(S.QUEUED, S.CANCELLED, Why.DROPPED)
@walks(S.WAITING, S.CANCELLED, Why.DROPPED)
@walks(S.CLAIMED, S.CANCELLED, Why.DROPPED)
@walks(S.HELD, S.CANCELLED, Why.DROPPED)
@walks(S.FAILED, S.CANCELLED, Why.DROPPED)
@walks(S.EXPIRED, S.CANCELLED, Why.DROPPED)
@walks(S.REVIEW, S.CANCELLED, Why.DROPPED)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING, S.CLAIMED, S.HELD, S.FAILED, S.EXPIRED, S.REVIEW])
def test_a_person_drops_it_with_a_reason(desk, account, state):
    row = a_delivery(desk, account, state)
    with pytest.raises(Refusal):
        resolve.drop(row, " ", CHO)
    resolve.drop(row, "no longer news", CHO)
    assert row.state == S.CANCELLED
    assert row.events.last().detail == "no longer news"


@walks(S.QUEUED, S.EXPIRED, Why.TOO_LATE)
@walks(S.WAITING, S.EXPIRED, Why.TOO_LATE)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING])
def test_what_comes_too_late_asks_a_person(desk, account, state, scripted):
    row = a_delivery(desk, account, state, expires_at=ago(seconds=1))
    drain(account)
    sweep()
    assert reread(row).state == S.EXPIRED
    assert not scripted.published


# -- claimed ----------------------------------------------------------------------------------------------


@walks(S.CLAIMED, S.WAITING, Why.UNAVAILABLE, Why.RATE_LIMITED)
@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (Unavailable("net.connect"), Why.UNAVAILABLE),
        (RateLimited("http.429", until=None), Why.RATE_LIMITED),
        (Ambiguous("net.cut"), Why.UNAVAILABLE),
    ],
)
def test_preparing_met_trouble_and_nothing_is_out(desk, account, scripted, failure, why):
    scripted.prepares.append(failure)
    row = a_delivery(desk, account)
    drain(account)
    row = reread(row)
    assert (row.state, row.why, row.tries) == (S.WAITING, why, 1)
    assert row.due_at > ahead(seconds=2)
    assert not scripted.published


@walks(S.CLAIMED, S.WAITING, Why.PAGE_NOT_THERE_YET)
@walks(S.CLAIMED, S.HELD, Why.PAGE_NEVER_CAME)
def test_the_page_is_waited_for_and_then_a_person_is_asked(desk, account, scripted, house, httpserver):
    httpserver.expect_request("/story").respond_with_data("not here", status=404)
    place = f"{httpserver.host}:{httpserver.port}"
    house(page_wait=60, fetch_allow=(place,))
    row = a_delivery(desk, account, target=f"http://{place}/story")
    drain(account)
    row = reread(row)
    assert (row.state, row.why, row.last_code) == (S.WAITING, Why.PAGE_NOT_THERE_YET, "page.404")
    models.Delivery.objects.filter(pk=row.pk).update(due_at=ago(seconds=1), waiting_since=ago(seconds=61))
    drain(account)
    row = reread(row)
    assert (row.state, row.why) == (S.HELD, Why.PAGE_NEVER_CAME)
    assert not scripted.published


@walks(S.CLAIMED, S.QUEUED, Why.LEASE_OVER)
def test_a_worker_that_died_before_sending_leaves_it_queued(desk, account):
    row = a_delivery(desk, account, S.CLAIMED, lease_until=ago(seconds=1))
    sweep()
    row = reread(row)
    assert (row.state, row.crashes) == (S.QUEUED, 1)


@walks(S.CLAIMED, S.REVIEW, Why.FIFTH_CRASH)
def test_the_fifth_crash_is_a_persons(desk, account):
    row = a_delivery(desk, account, S.CLAIMED, lease_until=ago(seconds=1), crashes=4)
    sweep()
    assert reread(row).state == S.REVIEW


@walks(S.CLAIMED, S.FAILED, Why.REJECTED)
def test_what_cannot_be_prepared_as_it_is_has_failed(desk, account, scripted):
    scripted.prepares.append(Rejected("x.picture", "too large"))
    row = a_delivery(desk, account)
    drain(account)
    row = reread(row)
    assert (row.state, row.last_detail) == (S.FAILED, "too large")


@walks(S.CLAIMED, S.HELD, Why.ACCOUNT_STOPPED)
def test_an_account_that_stopped_while_preparing_is_held_with_its_delivery(desk, account, scripted):
    scripted.prepares.append(AccountStopped("http.401"))
    row = a_delivery(desk, account)
    drain(account)
    assert reread(row).state == S.HELD
    account.refresh_from_db()
    assert (account.health, account.health_code) == (Health.STOPPED, "http.401")


def claimed_then(account, change):
    """A delivery claimed, then `change` happens, then it comes to the gate."""
    claim = moves.claim(account.pk, owner=WORKER.name, lease=60)
    change()
    passed = moves.pass_gate(claim, owner=WORKER.name, deadline=3, content_hash=claim.approved_hash)
    if not passed:
        deliver.stopped_at_the_gate(claim, claim.approved_hash, WORKER)
    return passed


@walks(S.CLAIMED, S.HELD, Why.SWITCH_ON, Why.EMBARGO, Why.NOT_YET, Why.ARTICLE_CHANGED)
@pytest.mark.parametrize(
    ("columns", "switch", "why"),
    [
        ({}, True, Why.SWITCH_ON),
        ({"embargo_until": ahead(hours=2)}, False, Why.EMBARGO),
        ({"due_at": ahead(hours=2)}, False, Why.NOT_YET),
        ({"approved_hash": "another"}, False, Why.ARTICLE_CHANGED),
    ],
)
def test_the_last_gate_holds(desk, account, columns, switch, why):
    row = a_delivery(desk, account)

    def change():
        models.Delivery.objects.filter(pk=row.pk).update(**columns)
        if switch:
            models.Switch.objects.create(scope="all", by="Cho", reason="stop")

    assert not claimed_then(account, change)
    row = reread(row)
    assert (row.state, row.why) == (S.HELD, why)
    assert not row.attempts.exists()


@walks(S.CLAIMED, S.HELD, Why.CLOCK_JUMPED)
def test_a_claimed_scheduled_delivery_is_held_when_the_clock_jumps(desk, account):
    row = a_delivery(desk, account, S.CLAIMED, scheduled=True)
    sweeps.clock_jumped()
    assert (reread(row).state, reread(row).why) == (S.HELD, Why.CLOCK_JUMPED)


@walks(S.CLAIMED, S.EXPIRED, Why.TOO_LATE)
def test_the_last_gate_looks_at_the_clock(desk, account):
    row = a_delivery(desk, account)
    late = lambda: models.Delivery.objects.filter(pk=row.pk).update(expires_at=ago(seconds=1))  # noqa: E731
    assert not claimed_then(account, late)
    assert reread(row).state == S.EXPIRED


def test_the_last_gate_lets_nothing_of_a_withdrawn_article_through(desk, account):
    row = a_delivery(desk, account)
    gone = lambda: models.Article.objects.filter(pk=row.article_id).update(withdrawn_at=ago(seconds=1))  # noqa: E731
    assert not claimed_then(account, gone)
    assert (reread(row).state, reread(row).why) == (S.CANCELLED, Why.WITHDRAWN)


# -- sending ----------------------------------------------------------------------------------------------


@walks(S.SENDING, S.WAITING, Why.UNAVAILABLE, Why.RATE_LIMITED)
@walks(S.SENDING, S.FAILED, Why.REJECTED)
@walks(S.SENDING, S.HELD, Why.ACCOUNT_STOPPED)
@walks(S.SENDING, S.UNKNOWN, Why.AMBIGUOUS, Why.DUPLICATE)
@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (Unavailable("net.connect"), S.WAITING, Why.UNAVAILABLE),
        (RateLimited("http.429", until=None), S.WAITING, Why.RATE_LIMITED),
        (Rejected("x.400", "no"), S.FAILED, Why.REJECTED),
        (AccountStopped("http.401"), S.HELD, Why.ACCOUNT_STOPPED),
        (Ambiguous("net.cut"), S.UNKNOWN, Why.AMBIGUOUS),
        (Duplicate("x.duplicate"), S.UNKNOWN, Why.DUPLICATE),
    ],
)
def test_where_an_answer_leads(desk, account, scripted, answer, state, why):
    scripted.answers.append(answer)
    row = a_delivery(desk, account)
    drain(account)
    row = reread(row)
    assert (row.state, row.why) == (state, why)
    assert row.attempts.get().outcome == type(answer).__name__


def test_a_channel_that_breaks_while_sending_leaves_it_unknown(desk, account, scripted):
    scripted.answers.append(lambda: 1 / 0)
    row = a_delivery(desk, account)
    drain(account)
    assert reread(row).state == S.UNKNOWN


@walks(S.SENDING, S.UNKNOWN, Why.LEASE_OVER)
def test_a_worker_that_died_while_sending_leaves_it_unknown_never_queued(desk, account):
    row = a_delivery(desk, account, S.SENDING, lease_until=ago(seconds=1))
    sweep()
    row = reread(row)
    assert row.state == S.UNKNOWN
    assert row.check_at >= row.sending_at + timedelta(seconds=10.99)  # the lease and the settle time


# -- unknown ----------------------------------------------------------------------------------------------


@walks(S.UNKNOWN, S.DELIVERED, Why.FOUND)
def test_what_is_found_was_delivered(desk, account, scripted):
    row = a_delivery(desk, account, S.UNKNOWN)
    scripted.published.append(row.marker)
    row = look(row)
    assert (row.state, row.receipt, row.remote_id) == (S.DELIVERED, "posted", f"post-{row.marker}")


@walks(S.UNKNOWN, S.DELIVERED, Why.LATE_RECEIPT)
def test_a_receipt_after_the_lease_is_a_find(desk, account, scripted):
    def slowly():
        models.Delivery.objects.update(lease_until=ago(seconds=1))
        sweep()
        return Receipt(achieved=Achieved.POSTED, remote_id="late")

    scripted.answers.append(slowly)
    row = a_delivery(desk, account)
    drain(account)
    assert moves_of(reread(row))[-2:] == ["unknown", "delivered"]


@walks(S.UNKNOWN, S.DELIVERED, Why.IS_THERE)
@walks(S.REVIEW, S.DELIVERED, Why.IS_THERE)
@pytest.mark.parametrize("state", [S.UNKNOWN, S.REVIEW])
def test_a_person_says_it_is_there(desk, account, state):
    row = a_delivery(desk, account, state)
    with pytest.raises(Refusal):
        resolve.is_there(row, "javascript:alert(1)", CHO)
    resolve.is_there(row, "https://www.facebook.com/1_2", CHO)
    assert (row.state, row.permalink) == (S.DELIVERED, "https://www.facebook.com/1_2")


@walks(S.UNKNOWN, S.QUEUED, Why.ABSENT_TWICE)
def test_absent_twice_after_the_settle_time_is_sent_again_once(desk, account, scripted):
    row = a_delivery(desk, account, S.UNKNOWN, sending_at=ago(seconds=12))
    row = look(row)
    assert (row.state, row.absences) == (S.UNKNOWN, 1)
    assert look(row).absences == 1  # the second look is a gap away
    models.Delivery.objects.filter(pk=row.pk).update(check_at=ago(seconds=1))
    row = look(row)
    assert (row.state, row.why) == (S.QUEUED, Why.ABSENT_TWICE)
    drain(account)
    assert scripted.published == [row.marker]


def test_an_absence_before_the_settle_time_does_not_count(desk, account):
    row = look(a_delivery(desk, account, S.UNKNOWN))
    assert (row.state, row.absences) == (S.UNKNOWN, 0)


def test_a_read_that_failed_is_no_absence(desk, account, scripted):
    scripted.find_fails = Ambiguous("http.500")
    row = a_delivery(desk, account, S.UNKNOWN, sending_at=ago(minutes=5), absences=1)
    row = look(row)
    assert (row.state, row.absences) == (S.UNKNOWN, 1)


def test_a_post_of_another_delivery_is_not_adopted(desk, account, scripted):
    row = a_delivery(desk, account, S.UNKNOWN)
    scripted.published.append(row.marker)
    a_delivery(desk, account, S.DELIVERED, remote_id=f"post-{row.marker}")
    assert look(row).state == S.UNKNOWN


@walks(S.UNKNOWN, S.REVIEW, Why.DUPLICATE_ABSENT)
def test_a_duplicate_that_is_absent_twice_is_a_persons_never_queued(desk, account):
    row = a_delivery(desk, account, S.UNKNOWN, sending_at=ago(minutes=5), absences=1, duplicate=True)
    assert look(row).state == S.REVIEW


@walks(S.UNKNOWN, S.REVIEW, Why.ABSENT_AGAIN)
@pytest.mark.parametrize("before", [Why.ABSENT_TWICE, Why.NOT_THERE])
def test_what_was_sent_again_once_and_is_absent_again_is_a_persons(desk, account, before):
    row = a_delivery(desk, account, S.REVIEW if before is Why.NOT_THERE else S.UNKNOWN)
    assert moves.move(row.pk, S.QUEUED, before, actor=WORKER)
    unknown = {"state": S.UNKNOWN, "sending_at": ago(minutes=5), "absences": 1, "check_at": ago(seconds=1)}
    models.Delivery.objects.filter(pk=row.pk).update(**unknown)
    row = look(row)
    assert (row.state, row.why) == (S.REVIEW, Why.ABSENT_AGAIN)


@walks(S.UNKNOWN, S.REVIEW, Why.MAY_BE_OURS)
def test_a_post_that_says_the_same_without_a_marker_is_a_persons(desk, account, scripted):
    scripted.alike.append(Sighting(remote_id="7", permalink="https://p.example/7"))
    row = look(a_delivery(desk, account, S.UNKNOWN, sending_at=ago(minutes=5)))
    assert (row.state, row.why, row.last_detail) == (S.REVIEW, Why.MAY_BE_OURS, "https://p.example/7")


@walks(S.UNKNOWN, S.REVIEW, Why.CANNOT_LOOK_UP)
def test_what_cannot_be_looked_up_is_a_persons(desk, scripted, monkeypatch, account):
    monkeypatch.setattr(scripted, "can", lambda *_: False)
    assert look(a_delivery(desk, account, S.UNKNOWN)).state == S.REVIEW


@walks(S.UNKNOWN, S.REVIEW, Why.SIX_HOURS)
def test_six_hours_without_an_answer_are_enough(desk, account, scripted):
    scripted.find_fails = Unavailable("net.connect")
    row = a_delivery(desk, account, S.UNKNOWN, sending_at=ago(hours=6, minutes=1))
    row = look(row)
    assert (row.state, row.why) == (S.REVIEW, Why.SIX_HOURS)


@walks(S.UNKNOWN, S.REVIEW, Why.TAKEN_OVER)
def test_a_person_takes_the_decision_over_but_not_too_early(desk, account):
    early = a_delivery(desk, account, S.UNKNOWN)
    with pytest.raises(Refusal) as refused:
        resolve.take_over(early, CHO)
    assert refused.value.code == "delivery.too_early"
    row = a_delivery(desk, account, S.UNKNOWN, sending_at=ago(seconds=12))
    resolve.take_over(row, CHO)
    assert row.state == S.REVIEW


@walks(S.REVIEW, S.QUEUED, Why.NOT_THERE)
def test_a_person_looked_and_it_is_not_there(desk, account, scripted):
    row = a_delivery(desk, account, S.REVIEW, attempt_no=1)
    with pytest.raises(Refusal):
        resolve.is_not_there(row, "", CHO)
    resolve.is_not_there(row, "looked at the page's feed", CHO)
    drain(account)
    assert scripted.published == [row.marker]


# -- held, failed, expired, delivered ----------------------------------------------------------------------


@walks(S.HELD, S.QUEUED, Why.RELEASED)
def test_a_mended_account_lets_its_deliveries_go(desk, account, scripted):
    row = a_delivery(desk, account, S.HELD, why=Why.ACCOUNT_STOPPED)
    models.Account.objects.filter(pk=account.pk).update(health=Health.STOPPED)
    connect.test(account, CHO)
    assert reread(row).state == S.QUEUED


@walks(S.HELD, S.EXPIRED, Why.TOO_LATE)
def test_what_is_released_too_late_asks_a_person(desk, account):
    row = a_delivery(desk, account, S.HELD, expires_at=ago(seconds=1))
    resolve.let_go(row, CHO)
    assert row.state == S.EXPIRED


@walks(S.HELD, S.CANCELLED, Why.DROPPED)
def test_lifting_a_hold_lets_only_what_it_held_go(desk, account):
    fresh = a_delivery(desk, account)
    stale = a_delivery(desk, account)
    other = a_delivery(desk, account, S.HELD, why=Why.ARTICLE_CHANGED)
    hold.hold("all", "wrong story", CHO)
    models.Delivery.objects.filter(pk=stale.pk).update(expires_at=ago(seconds=1))
    assert hold.lift("all", CHO) == 1
    assert [reread(row).state for row in (fresh, stale, other)] == [S.QUEUED, S.EXPIRED, S.HELD]
    resolve.drop(other, "no longer", CHO)
    assert other.state == S.CANCELLED


@walks(S.FAILED, S.QUEUED, Why.AGAIN)
@walks(S.EXPIRED, S.QUEUED, Why.AGAIN)
@pytest.mark.parametrize("state", [S.FAILED, S.EXPIRED])
def test_a_person_tries_again_what_is_certainly_not_out(desk, account, scripted, state):
    row = a_delivery(desk, account, state, expires_at=ago(hours=1), tries=4)
    resolve.again(row, CHO)
    drain(account)
    assert reread(row).state == S.DELIVERED


@pytest.mark.parametrize("state", [S.SENDING, S.UNKNOWN, S.REVIEW, S.DELIVERED, S.CANCELLED])
def test_nothing_that_may_be_out_is_sent_again(desk, account, state):
    row = a_delivery(desk, account, state)
    with pytest.raises(Refusal):
        resolve.again(row, CHO)
    assert reread(row).state == state


@walks(S.DELIVERED, S.RETRACTED, Why.RETRACTED)
def test_what_was_taken_down_is_retracted(desk, account):
    row = a_delivery(desk, account, S.DELIVERED)
    assert moves.move(row.pk, S.RETRACTED, Why.RETRACTED, actor=WORKER)
    assert reread(row).state == S.RETRACTED


@walks(S.DELIVERED, S.CANCELLED, Why.CANCELLED)
def test_only_what_a_person_still_holds_is_called_back(desk, account):
    out = a_delivery(desk, account, S.DELIVERED)
    with pytest.raises(Refusal) as refused:
        resolve.cancel(out, CHO)
    assert refused.value.code == "delivery.is_out"
    prepared = a_delivery(desk, account, S.DELIVERED, receipt="prepared")
    resolve.cancel(prepared, CHO)
    assert prepared.state == S.CANCELLED


@walks(S.DELIVERED, S.CANCELLED, Why.WITHDRAWN)
def test_what_is_only_prepared_goes_with_its_withdrawn_article(desk, account):
    out = a_delivery(desk, account, S.DELIVERED)
    prepared = a_delivery(desk, account, S.DELIVERED, receipt="prepared")
    follow.withdraw(prepared.article, CHO.actor)
    follow.withdraw(out.article, CHO.actor)
    assert reread(prepared).state == S.CANCELLED
    assert reread(out).state == S.DELIVERED


@pytest.mark.parametrize("state", sorted(set(S) - {S.DRAFT, S.DELIVERED, S.CANCELLED, S.RETRACTED}))
def test_a_restored_backup_makes_everything_open_unknown(desk, account, state):
    row = a_delivery(desk, account, state)
    assert moves.move(row.pk, S.UNKNOWN, Why.RESTORED, actor=WORKER)
    assert reread(row).state == S.UNKNOWN

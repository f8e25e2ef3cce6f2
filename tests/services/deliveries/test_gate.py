"""The account's gate: when trouble with a platform stops asking it, and how it is asked again."""

from datetime import timedelta

import pytest

from sharing import models
from sharing.domain.outcomes import (
    AccountStopped,
    Achieved,
    Ambiguous,
    RateLimited,
    Receipt,
    Rejected,
    Unavailable,
)
from sharing.models import moves
from sharing.services import notices
from sharing.services.accounts import circuit
from sharing.services.decisions import hold
from sharing.services.deliveries import deliver
from tests.given import CHO, a_delivery, a_desk, a_share, ago, ahead, an_account, reread

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = Unavailable("net.connect", "refused")
LOST = Ambiguous("net.cut", "reset")


def gate_of(account):
    return models.AccountGate.objects.get(account=account)


def learn(account, *outcomes):
    for outcome in outcomes:
        circuit.learn(account.pk, outcome)


@pytest.mark.parametrize(("trouble", "times"), [(REFUSED, 5), (LOST, 3)])
def test_trouble_in_a_row_opens_the_circuit_for_a_minute(account, trouble, times):
    learn(account, *[trouble] * (times - 1))
    assert gate_of(account).open_until is None
    learn(account, trouble)
    assert ahead(seconds=50) < gate_of(account).open_until < ahead(seconds=70)


def test_trouble_of_long_ago_does_not_count(account):
    learn(account, *[REFUSED] * 4)
    models.AccountGate.objects.update(counted_from=ago(minutes=11))
    learn(account, REFUSED)
    assert gate_of(account).open_until is None
    assert gate_of(account).fails == 1


def test_an_open_circuit_lets_nothing_through_and_then_one(desk, account, scripted):
    rows = [a_delivery(desk, account) for _ in range(3)]
    learn(account, *[REFUSED] * 5)
    assert deliver.drain(account.pk, owner="w").handled == 0
    models.AccountGate.objects.update(open_until=ago(seconds=1))
    scripted.answers.append(REFUSED)
    deliver.drain(account.pk, owner="w")
    assert [reread(row).state for row in rows] == ["waiting", "queued", "queued"]
    assert ahead(minutes=4) < gate_of(account).open_until < ahead(minutes=6)


def test_an_answer_closes_it_for_good(desk, account, scripted):
    rows = [a_delivery(desk, account) for _ in range(3)]
    learn(account, *[REFUSED] * 5)
    models.AccountGate.objects.update(open_until=ago(seconds=1))
    deliver.drain(account.pk, owner="w")
    assert {reread(row).state for row in rows} == {"delivered"}
    assert (gate_of(account).open_until, gate_of(account).opened, gate_of(account).fails) == (None, 0, 0)


@pytest.mark.parametrize(
    "outcome",
    [Receipt(achieved=Achieved.POSTED, remote_id="1"), Rejected("x.400", "no"), AccountStopped("x.401", "")],
)
def test_whoever_answers_is_there(account, outcome):
    learn(account, *[REFUSED] * 4, outcome, REFUSED)
    assert gate_of(account).open_until is None


def test_our_own_trouble_says_nothing_about_the_platform(account):
    learn(account, *[Unavailable("worker.slept", "")] * 9, *[Unavailable("mail.no_relay", "")] * 9)
    assert gate_of(account).open_until is None


def test_a_pause_that_a_platform_asked_for_is_never_made_shorter(account):
    learn(account, RateLimited("http.429", "", until=ahead(minutes=30)))
    learn(account, RateLimited("http.429", "", until=ahead(minutes=2)))
    assert ahead(minutes=29) < gate_of(account).next_at < ahead(minutes=31)


def test_a_platform_that_is_down_is_one_notice_and_not_one_for_each_account(desk, account, scripted):
    others = [an_account(desk) for _ in range(9)]
    for each in [account, *others[:5]]:
        learn(each, *[REFUSED] * 5)
    circuit.watch_platforms()
    circuit.watch_platforms()
    [notice] = [each for each in notices.open_notices() if each.kind == "outage"]
    assert (notice.subject, notice.facts) == ("scripted", {"down": 6, "of": 10})
    for each in [account, *others[:5]]:
        learn(each, Receipt(achieved=Achieved.POSTED, remote_id="1"))
    circuit.watch_platforms()
    assert not [each for each in notices.open_notices() if each.kind == "outage"]


def test_a_few_accounts_in_trouble_are_no_outage(desk, account, scripted):
    others = [an_account(desk) for _ in range(9)]
    for each in others[:4]:
        learn(each, *[REFUSED] * 5)
    circuit.watch_platforms()
    assert not [each for each in notices.open_notices() if each.kind == "outage"]


@pytest.mark.parametrize("scope", ["all", "channel:scripted", "account", "article"])
def test_a_hold_is_in_force_for_whatever_has_not_passed_the_gate(scope, scripted):
    """The gate reads it in the statement that says "now": there is no second in which a send still begins."""
    desk = a_desk()
    accounts = [an_account(desk) for _ in range(8)]
    rows = a_share(desk, *accounts).deliveries.order_by("pk")
    names = {"account": f"account:{accounts[3].pk}", "article": f"article:{rows[0].article_id}"}
    held = [accounts[3]] if scope == "account" else accounts

    def hold_it():
        hold.hold(names.get(scope, scope), "a wrong name in the story", CHO)

    sent = 0
    scripted.prepares.extend([None, None, hold_it])
    for each in accounts:
        deliver.drain(each.pk, owner="w")
    states = {row.account_id: row.state for row in rows.all()}
    sent = sum(state == "delivered" for state in states.values())
    assert sent == (7 if scope == "account" else 2)
    assert all(states[each.pk] != "delivered" for each in held[2:])
    assert len(scripted.published) == sent


def test_lifting_a_hold_asks_again_whether_it_is_still_news(scripted):
    desk = a_desk()
    account = an_account(desk)
    row = a_share(desk, account).deliveries.get()
    hold.hold("all", "wait", CHO)
    deliver.drain(account.pk, owner="w")
    models.Delivery.objects.filter(pk=row.pk).update(expires_at=ago(minutes=1), due_at=ago(hours=7))
    hold.lift("all", CHO)
    assert moves.now() - timedelta(minutes=1) < reread(row).state_at
    assert reread(row).state in {"expired", "held"}
    assert deliver.drain(account.pk, owner="w").handled == 0
    assert not scripted.published

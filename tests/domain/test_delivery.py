from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.delivery import (
    ABSENCES,
    EDGES,
    ENDS,
    LOOK_FOR,
    State,
    Why,
    after_absence,
    after_preparing,
    after_sending,
    allowed,
    backoff,
)
from sharing.domain.outcomes import FAILURES, Achieved, RateLimited, Receipt
from sharing.domain.timings import Timings

S = State


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_leads_along_a_way_of_the_table(failure):
    made = failure("code.x", "words")
    sent, prepared = after_sending(made), after_preparing(made)
    assert allowed(S.SENDING, sent.to, sent.why)
    assert allowed(S.CLAIMED, prepared.to, prepared.why)


@pytest.mark.parametrize("achieved", Achieved)
def test_every_receipt_is_delivered(achieved):
    assert after_sending(Receipt(achieved=achieved)).to is S.DELIVERED


def test_a_platforms_until_is_kept():
    until = datetime(2026, 11, 24, tzinfo=UTC)
    assert after_sending(RateLimited("x", until=until)).until == until


def test_nothing_leads_on_from_the_ends():
    assert not [pair for pair in EDGES if pair[0] in ENDS]
    assert not allowed(S.CANCELLED, S.UNKNOWN, Why.RESTORED)


def test_from_what_may_be_live_only_a_look_up_or_a_person_leads_to_queued():
    ways = {(before, why) for (before, after), causes in EDGES.items() if after is S.QUEUED for why in causes}
    assert {each for each in ways if each[0] in {S.SENDING, S.UNKNOWN, S.REVIEW}} == {
        (S.UNKNOWN, Why.ABSENT_TWICE),
        (S.REVIEW, Why.NOT_THERE),
    }


FLAGS = {"duplicate": st.booleans(), "alike": st.booleans(), "sent_again": st.booleans()}


@given(st.integers(0, 10), st.fixed_dictionaries(FLAGS), st.timedeltas(timedelta(0), timedelta(days=2)))
def test_absences_lead_to_queued_only_twice_only_once_and_never_where_something_was_there(
    absences, flags, looked_for
):
    step = after_absence(absences=absences, looked_for=looked_for, **flags)
    if step is None:
        assert absences < ABSENCES
        assert looked_for < LOOK_FOR
    else:
        assert allowed(S.UNKNOWN, step.to, step.why)
        if step.to is S.QUEUED:
            assert absences >= ABSENCES
            assert not any(flags.values())


@given(st.integers(-3, 40), st.floats(-1, 1))
def test_the_wait_grows_and_ends_at_an_hour(tries, jitter):
    wait = backoff(tries, jitter)
    assert timedelta(seconds=3.75) <= wait <= timedelta(seconds=4500)
    assert backoff(tries + 1, jitter) >= wait


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": 0},
        {"lease": 70},
        {"settle": 0},
        {"gap": -1},
        {"page_wait": -1},
        {"deadline": float("nan")},
    ],
)
def test_times_that_do_not_fit_are_named(wrong):
    assert Timings().problems() == []
    assert Timings(**wrong).problems()

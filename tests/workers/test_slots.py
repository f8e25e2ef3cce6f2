"""Slots: never idle while somebody waits, never more than half for one channel, always one for what is breaking."""

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.slots import Slots, TurnRequest

X, FACEBOOK = (lambda n: TurnRequest(n, "x", False)), (lambda n: TurnRequest(100 + n, "facebook", False))
BREAKING = TurnRequest(1, "x", True)


def test_no_channel_takes_more_than_half():
    slots = Slots(6)
    assert [slots.take(X(n)) for n in range(5)] == [True, True, True, False, False]
    assert [slots.take(FACEBOOK(n)) for n in range(5)] == [True, True, True, False, False]
    assert slots.free == 0


def test_who_finds_no_slot_gets_the_next_one_of_its_channel():
    slots = Slots(4)
    for n in range(4):
        slots.take(X(n))
    slots.take(FACEBOOK(0))
    slots.take(FACEBOOK(1))
    assert slots.waits(X(2))
    assert not slots.waits(TurnRequest(2, "x", True)), "what is breaking is asked for by itself"
    assert slots.give_back(FACEBOOK(0), again=False) is None, "x has its half"
    assert slots.give_back(X(0), again=False) == X(2)
    assert slots.give_back(X(1), again=True) == X(3)
    assert slots.give_back(X(2), again=False) == X(1)


def test_what_is_breaking_never_waits_behind_what_is_not():
    slots = Slots(2)
    slots.take(X(0))
    slots.take(FACEBOOK(0))
    assert not slots.take(X(1))
    assert slots.take(BREAKING), "in the slot that is kept for it"
    other = TurnRequest(2, "facebook", True)
    assert not slots.breaking_waits()
    assert not slots.take(other)
    assert slots.breaking_waits(), "so turns of what is not breaking end early"
    assert slots.give_back(FACEBOOK(0), again=True) == other


def test_nobody_gets_a_slot_of_a_worker_that_stops():
    slots = Slots(1)
    slots.take(X(0))
    slots.take(X(1))
    assert slots.give_back(X(0), again=True, closing=True) is None
    assert not slots.waits(X(1))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 9),
    st.lists(
        st.tuples(
            st.integers(1, 12), st.sampled_from(["x", "facebook", "mail"]), st.booleans(), st.booleans()
        ),
        max_size=60,
    ),
)
def test_whatever_comes_slots_are_kept_and_none_is_idle(size, events):
    slots, has = Slots(size), []
    waiting = set()
    for account, channel, breaking, ends in events:
        request = TurnRequest(account, channel, breaking)
        if ends and has:
            following = slots.give_back(has.pop(0), again=False)
            if following:
                has.append(following)
                waiting.discard(following)
        elif slots.take(request):
            has.append(request)
        else:
            waiting.add(request)
        normal = [each for each in has if not each.breaking]
        assert len(has) <= size + slots.spare
        assert len(normal) <= size
        assert max(Counter(each.channel for each in normal).values(), default=0) <= max(1, (size + 1) // 2)
    # Everybody who waits gets a turn once the others end.
    while has:
        following = slots.give_back(has.pop(0), again=False)
        if following:
            has.append(following)
            waiting.discard(following)
    assert not waiting


def test_a_turn_is_followed_by_whoever_waits_also_from_many_threads():
    slots, done, lock = Slots(3), [], threading.Lock()

    def turn(request):
        following = request if slots.take(request) else None
        while following:
            with lock:
                done.append(following)
            following = slots.give_back(following, again=False)

    threads = [threading.Thread(target=turn, args=(X(n),)) for n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(each.account_id for each in done) == list(range(200))
    assert slots.free == 3


@pytest.mark.parametrize("size", [1, 2, 12, 50])
def test_there_is_always_a_slot_for_what_is_breaking(size):
    slots = Slots(size)
    for n in range(100):
        slots.take(X(n))
        slots.take(FACEBOOK(n))
    assert slots.take(TurnRequest(1, "x", True))

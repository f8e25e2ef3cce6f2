"""The watchdog: ends what is alive but does not get on, and nothing else."""

import threading

import pytest

from workers import watchdog
from workers.watchdog import Watchdog


@pytest.fixture
def ended():
    return []


@pytest.fixture
def dog(ended):
    return Watchdog(deadline=3, lease=9, end=lambda reason, seconds: ended.append(reason))


PATIENCE = 3 + int(watchdog.WATCHDOG)


def test_due_and_nothing_moves(dog, ended):
    for _ in range(PATIENCE + 1):
        dog.saw(due=True, moved_at=5.0)
    assert not ended
    dog.saw(due=True, moved_at=5.0)
    assert ended == ["nothing moves although something is due"]


@pytest.mark.parametrize(
    "tick",
    [
        lambda dog, n: dog.saw(due=True, moved_at=float(n)),
        lambda dog, n: dog.saw(due=False, moved_at=5.0),
        lambda dog, n: dog.saw_nothing(),
        lambda dog, n: dog.saw(due=n % 20 != 0, moved_at=5.0),
    ],
    ids=["it moves", "nothing is due", "the database is away", "a backlog behind a row in flight"],
)
def test_no_reason_to_end(dog, ended, tick):
    for n in range(10 * PATIENCE):
        tick(dog, n)
    assert not ended


def test_a_ticker_that_hangs(dog, ended, monkeypatch):
    monkeypatch.setattr(watchdog, "SECOND", 0.001)
    dog._tick_patience = 0.005
    stopping = threading.Event()
    dog._end = lambda reason, seconds: (ended.append(reason), stopping.set())
    dog.watch_ticks(stopping)
    assert ended == ["the ticker hangs"]


def test_a_ticker_that_ticks_does_not_hang(dog, ended, monkeypatch):
    monkeypatch.setattr(watchdog, "SECOND", 0.001)
    dog._tick_patience = 0.02
    stopping = threading.Event()
    watching = threading.Thread(target=dog.watch_ticks, args=(stopping,))
    watching.start()
    for _ in range(100):
        dog.saw_nothing()
        threading.Event().wait(0.001)
    stopping.set()
    watching.join(300)
    assert not ended

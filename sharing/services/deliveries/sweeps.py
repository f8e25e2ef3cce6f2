"""Tick: what every worker's ticker does once a second, so that nothing depends on a bell being heard."""

from __future__ import annotations

import time

import structlog
from django.db.models import QuerySet
from django.db.models.functions import Now

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services import clocks, notices
from sharing.services.runtime import runtime

log = structlog.get_logger()

TICK = Actor(kind="tick", name="tick")


def end_leases() -> None:
    """What a worker had in its hands that did not come back."""
    moves.end_leases(actor=TICK, look_after=runtime().timings.look_from.total_seconds())


def expire() -> None:
    """What came too late to be news."""
    moves.expire(actor=TICK)


def hold() -> None:
    """What is due and may not go."""
    moves.hold_what_may_not_go(actor=TICK)


def let_go() -> None:
    """What a hold or an embargo stopped that is over."""
    moves.let_go(actor=TICK)


#: All of it, each for itself: one that fails must not stop the others.
SWEEPS = (end_leases, expire, hold, let_go)


_machine = clocks.Watch()


def watch_clocks() -> None:
    """Look at this machine's clock and at the database's; one that jumped holds what was set for a time."""
    asked = clocks.running()
    jump = _machine.jumped(time.time(), asked=asked)
    jump = clocks.database.jumped(moves.now().timestamp(), asked=asked) or jump
    if jump:
        clock_jumped(jump)


def clock_jumped(seconds: float = 0) -> None:
    """The clock of this machine, or of the database, jumped: what was set for a time waits for a person."""
    log.error("a clock jumped; what was set for a time is held", seconds=round(seconds))
    if moves.hold_for_the_clock(actor=TICK):
        held = _held_for_the_clock().order_by("pk").values_list("pk", flat=True)[:5000]
        notices.tell("clock", "", {"seconds": round(abs(seconds)), "deliveries": list(held)})


def clock_is_right_again() -> None:
    """Nobody waits any more because of a clock: the notice is over."""
    notices.keep_only("clock", {"": set(_held_for_the_clock().values_list("pk", flat=True))})


def _held_for_the_clock() -> QuerySet[models.Delivery]:
    return models.Delivery.objects.filter(state=State.HELD, why=Why.CLOCK_JUMPED)


def accounts_due(*, breaking_only: bool = False) -> list[moves.Due]:
    """The accounts with something due, on desks that this process serves."""
    return moves.accounts_due(only_desk=runtime().only_desk, breaking_only=breaking_only)


def seen(name: str, *, host: str, pid: int, version: str) -> None:
    """This worker lives."""
    models.Worker.objects.update_or_create(
        name=name, defaults={"host": host, "pid": pid, "version": version, "seen_at": Now()}
    )


def gone(name: str) -> None:
    """This worker ends as it should."""
    models.Worker.objects.filter(name=name).delete()

"""Sweeps: what every worker's ticker does once a second, so that nothing depends on a bell being heard."""

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
    """End the leases of deliveries whose worker did not come back in time."""
    moves.end_leases(actor=TICK, look_after=runtime().timings.look_from.total_seconds())


def expire() -> None:
    """Expire deliveries that came too late to be news."""
    moves.expire(actor=TICK)


def hold() -> None:
    """Hold deliveries that are due but may not go."""
    moves.hold_what_may_not_go(actor=TICK)


def let_go() -> None:
    """Let held deliveries go whose hold or embargo is over."""
    moves.let_go(actor=TICK)


#: All sweeps. Each runs by itself: one that fails must not stop the others.
SWEEPS = (end_leases, expire, hold, let_go)


_machine = clocks.Watch()


def watch_clocks() -> None:
    """Check the clocks of this machine and of the database. If one jumped, timed deliveries are held."""
    asked = clocks.running()
    jump = _machine.jumped(time.time(), asked=asked)
    jump = clocks.database.jumped(moves.now().timestamp(), asked=asked) or jump
    if jump:
        clock_jumped(jump)


def clock_jumped(seconds: float = 0) -> None:
    """Hold timed deliveries for a person, because the clock of this machine or of the database jumped by `seconds`."""
    log.error("a clock jumped; what was set for a time is held", seconds=round(seconds))
    if moves.hold_for_the_clock(actor=TICK):
        held = _held_for_the_clock().order_by("pk").values_list("pk", flat=True)[:5000]
        notices.tell("clock", "", {"seconds": round(abs(seconds)), "deliveries": list(held)})


def clock_is_right_again() -> None:
    """End the notice about the clock once no delivery is held because of it."""
    notices.keep_only("clock", {"": set(_held_for_the_clock().values_list("pk", flat=True))})


def _held_for_the_clock() -> QuerySet[models.Delivery]:
    return models.Delivery.objects.filter(state=State.HELD, why=Why.CLOCK_JUMPED)


def accounts_due(*, breaking_only: bool = False) -> list[moves.Due]:
    """Return the accounts that have something due, on desks that this process serves."""
    return moves.accounts_due(only_desk=runtime().only_desk, breaking_only=breaking_only)


def seen(name: str, *, host: str, pid: int, version: str) -> None:
    """Record that this worker is alive."""
    models.Worker.objects.update_or_create(
        name=name, defaults={"host": host, "pid": pid, "version": version, "seen_at": Now()}
    )


def gone(name: str) -> None:
    """Remove the row of this worker, which ends as it should."""
    models.Worker.objects.filter(name=name).delete()

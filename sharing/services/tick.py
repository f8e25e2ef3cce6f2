"""Tick: what every worker's ticker does once a second, so that nothing depends on a bell being heard."""

from __future__ import annotations

from django.db import connection
from django.db.models.functions import Now

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.models import moves
from sharing.models.moves import Actor
from sharing.services import resolve
from sharing.services.house import house
from sharing.services.share import Asker

TICK = Actor(kind="tick", name="tick")
_SQLITE_NOW = "SELECT (julianday('now') - 2440587.5) * 86400.0"


def sweep() -> None:
    """End leases, expire what is too late, hold what may not go, open embargoes that a gate met."""
    timings = house().timings
    moves.end_leases(actor=TICK, look_after=timings.look_from.total_seconds())
    moves.expire(actor=TICK)
    moves.hold_what_may_not_go(actor=TICK)
    _let_embargoes_go()


def _let_embargoes_go() -> None:
    """What the gate held for its embargo goes on once that is over."""
    over = models.Delivery.objects.filter(state=State.HELD, why=Why.EMBARGO, embargo_until__lte=Now())
    for delivery in over[:200]:
        resolve.release(delivery, Asker(name="tick", via="tick"))


def clock_jumped() -> None:
    """The clock of this machine, or of the database, jumped: what was set for a time waits for a person."""
    moves.hold_for_the_clock(actor=TICK)


def database_time() -> float:
    """The database's clock, in unix seconds."""
    sql = "SELECT extract(epoch FROM clock_timestamp())" if connection.vendor == "postgresql" else _SQLITE_NOW
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return float(cursor.fetchone()[0])


def accounts_due(*, breaking_only: bool = False) -> list[moves.Due]:
    """The accounts with something due, on desks that this process serves."""
    return moves.accounts_due(only_desk=house().only_desk, breaking_only=breaking_only)


def seen(name: str, *, host: str, pid: int, version: str) -> None:
    """This worker lives."""
    models.Worker.objects.update_or_create(
        name=name, defaults={"host": host, "pid": pid, "version": version, "seen_at": Now()}
    )


def gone(name: str) -> None:
    """This worker ends as it should."""
    models.Worker.objects.filter(name=name).delete()

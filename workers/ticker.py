"""The ticker: a thread in every worker that looks once a second for due work, so that a lost bell costs a second.

It starts with the worker, before the connection to the broker, and needs no broker.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from celery import bootsteps
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import connection

from sharing.models.moves import Due, take_rings
from sharing.services.deliveries import look_up, sweeps
from sharing.services.watch import chores, invariants
from workers.app import app
from workers.bell import ring
from workers.jobs import Jobs
from workers.process import this_process
from workers.slots import TurnRequest
from workers.turn import take_turn
from workers.watchdog import Watchdog

log = structlog.get_logger()

SECOND = 1.0
#: If something is due and the bell has started no drain for so many seconds, the bell is dead until it starts one.
BELL_PATIENCE = 0.9
LOOK_UPS_AT_ONCE, CHORES_AT_ONCE = 4, 2
#: Seconds between two rings of an account, for all tickers together. A ticker without a free slot rings seldom: a
#: worker with a free slot looks by itself, and a message that waits behind others has only a cost.
RING_GAP, RING_GAP_BREAKING, RING_GAP_BUSY = 2.0, 0.9, 20.0
#: Ticks between two updates of this worker's row in the database.
SIGN_OF_LIFE = 10


class Ticker:
    """Looks for due deliveries and rings the bell. If the bell is dead, it drains them itself in the worker's slots."""

    def __init__(self) -> None:
        timings = settings.SHAREDESK.timings
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._drains = Jobs("drain", this_process.slots.size + this_process.slots.spare)
        self._look_ups = Jobs("look-up", LOOK_UPS_AT_ONCE)
        self._chores = Jobs("chore", CHORES_AT_ONCE)
        self._watchdog = Watchdog(deadline=timings.deadline, lease=timings.lease)
        self._due_since: float | None = None
        self._dead_since = 0.0
        self._beat = 0

    def start(self) -> None:
        self._thread.start()
        self._watchdog.start(this_process.stopping)

    def stop(self) -> None:
        """Stop the ticker and wait for drains that are sending. Look-ups and chores are left for another worker."""
        this_process.stopping.set()
        self._drains.wait()

    def _run(self) -> None:
        while not this_process.stopping.is_set():
            started = time.monotonic()
            self._tick()
            connection.close()
            this_process.stopping.wait(max(0.05, SECOND - (time.monotonic() - started)))

    def _tick(self) -> None:
        """Do every step once. A step that fails is logged and does not stop the others."""
        steps: list[Callable[[], None]] = [self._ring, sweeps.watch_clocks, *sweeps.SWEEPS]
        if not this_process.breaking_only:
            steps += [self._look_up, self._housekeep]
        if self._beat % SIGN_OF_LIFE == 0:
            steps.append(self._live)
        self._beat += 1
        for step in steps:
            try:
                step()
            except Exception:
                log.exception("a part of the tick failed", part=step.__name__)
                connection.close()

    def _live(self) -> None:
        sweeps.seen(this_process.name, host=socket.gethostname(), pid=os.getpid(), version="")

    def _ring(self) -> None:
        try:
            due = sweeps.accounts_due(breaking_only=this_process.breaking_only)
        except Exception:
            self._due_since = None
            self._watchdog.saw_nothing()
            raise
        self._watchdog.saw(due=bool(due), moved_at=this_process.slots.moved_at)
        if not due:
            self._due_since = None
            return
        self._due_since = self._due_since or time.monotonic()
        drain_here = self._bell_is_dead()
        unheard = [
            each
            for each in due
            if not this_process.slots.waits(TurnRequest(each.account_id, each.channel, each.breaking))
        ]
        within_reach = [each for each in unheard if each.breaking or this_process.slots.free]
        if drain_here:
            for each in within_reach:
                self._drain(each)
        else:
            self._ring_for([each for each in within_reach if each.breaking], RING_GAP_BREAKING)
            self._ring_for([each for each in within_reach if not each.breaking], RING_GAP)
        self._ring_for([each for each in unheard if each not in within_reach], RING_GAP_BUSY)

    def _ring_for(self, due: list[Due], gap: float) -> None:
        taken = take_rings({each.account_id for each in due}, gap=gap)
        ring([(each.account_id, each.breaking) for each in due if each.account_id in taken])

    def _bell_is_dead(self) -> bool:
        """Whether something has been due for BELL_PATIENCE and no bell has started a drain, although a slot is free.

        Without a broker the bell is always dead.
        """
        if not settings.CELERY_BROKER_URL:
            return True
        if this_process.slots.heard_at >= self._dead_since:
            since = max(this_process.slots.heard_at, self._due_since or 0)
            if time.monotonic() - since < BELL_PATIENCE or not this_process.slots.free:
                return False
            self._dead_since = time.monotonic()
        return True

    def _drain(self, account: Due) -> None:
        act = partial(take_turn, account.account_id, breaking=account.breaking)
        self._drains.start((account.account_id, account.breaking), act)

    def _look_up(self) -> None:
        if self._look_ups.room:
            for delivery_id in look_up.due(most=LOOK_UPS_AT_ONCE * 4):
                act = partial(look_up.look_up, delivery_id, owner=this_process.name)
                self._look_ups.start(delivery_id, act)

    def _housekeep(self) -> None:
        for kind in chores.due():
            self._chores.start(kind, partial(chores.do, kind))
        for delivery_id in invariants.recheck_due():
            self._look_ups.start(f"recheck {delivery_id}", partial(invariants.recheck, delivery_id))


class TickerStep(bootsteps.StartStopStep):
    """The Celery boot step that starts the ticker with the worker, before it connects to the broker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.ticker = Ticker()

    def start(self, worker: Any) -> None:
        del worker
        self.ticker.start()

    def stop(self, worker: Any) -> None:
        del worker
        self.ticker.stop()
        sweeps.gone(this_process.name)
        connection.close()


app.steps["worker"].add(TickerStep)


@worker_shutting_down.connect
def _stop_claiming(**_: Any) -> None:
    this_process.stopping.set()

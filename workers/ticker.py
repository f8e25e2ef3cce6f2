"""The ticker: a thread in every worker that looks once a second, so that a lost bell costs a second.

It starts with the worker, not with its connection to the broker, and it needs no broker at all.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from celery import bootsteps
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import connection

from sharing.models.moves import take_ring
from sharing.services import audit, chores, look_up, tick
from workers.app import app
from workers.bell import ring
from workers.clocks import Clocks
from workers.slots import Slots
from workers.turn import here, take_turn

log = structlog.get_logger()

SECOND = 1.0
#: A bell that has started nothing for so long, while something is due, is dead.
BELL_PATIENCE = 2.0
#: The watchdog's patience beyond the deadline of a send, in seconds.
WATCHDOG = 30.0
#: How a process ends that does not get on; the supervisor starts it again.
EXIT_STUCK = 70
LOOK_UPS_AT_ONCE = 4


class Ticker:
    """Looks, rings, and where the bell is dead drains by itself, in the worker's own slots."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._own = ThreadPoolExecutor(max_workers=here.slots.size, thread_name_prefix="ticker-drain")
        self._looking = ThreadPoolExecutor(max_workers=LOOK_UPS_AT_ONCE, thread_name_prefix="look-up")
        self._in_hand: set[int] = set()
        self._due_since: float | None = None
        self._beat = 0
        self._clocks: Clocks | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        here.stopping.set()
        self._own.shutdown(wait=True, cancel_futures=True)
        self._looking.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not here.stopping.is_set():
            started = time.monotonic()
            try:
                self._tick()
            except Exception:
                log.exception("tick failed")
            finally:
                connection.close()
            here.stopping.wait(max(0.05, SECOND - (time.monotonic() - started)))

    def _tick(self) -> None:
        if self._beat % 10 == 0:
            tick.seen(here.name, host=socket.gethostname(), pid=os.getpid(), version="")
        self._beat += 1
        self._look_at_the_clocks()
        tick.sweep()
        if not here.breaking_only:
            self._look_up()
            self._housekeep()
        due = tick.accounts_due(breaking_only=here.breaking_only)
        self._watch(bool(due))
        bell_is_dead = bool(due) and here.slots.free and self._nothing_heard()
        for account in due:
            if bell_is_dead:
                self._drain_here(account.account_id, breaking=account.breaking)
            elif take_ring(account.account_id):
                ring([(account.account_id, account.breaking)])

    def _look_at_the_clocks(self) -> None:
        if self._clocks is None:
            self._clocks = Clocks(time.time, tick.database_time)
            return
        jump = self._clocks.jumped()
        if jump:
            log.error("a clock jumped; what was set for a time is held", seconds=round(jump))
            tick.clock_jumped()

    def _nothing_heard(self) -> bool:
        """Something has been due for a while and no bell has begun a drain here."""
        since = max(here.slots.heard_at, self._due_since or 0)
        return time.monotonic() - since >= BELL_PATIENCE or not settings.CELERY_BROKER_URL

    def _drain_here(self, account_id: int, *, breaking: bool) -> None:
        if account_id in self._in_hand or not here.slots.free:
            return
        self._in_hand.add(account_id)
        self._own.submit(self._drain, account_id, breaking=breaking)

    def _drain(self, account_id: int, *, breaking: bool) -> None:
        try:
            take_turn(account_id, breaking=breaking)
        except Exception:
            log.exception("drain failed", account=account_id)
        finally:
            self._in_hand.discard(account_id)
            connection.close()

    def _look_up(self) -> None:
        for delivery_id in look_up.due(most=LOOK_UPS_AT_ONCE * 4):
            self._looking.submit(self._quietly, self._look, delivery_id)

    @staticmethod
    def _look(delivery_id: int) -> None:
        look_up.look_up(delivery_id, owner=here.name)

    def _housekeep(self) -> None:
        for kind in chores.due():
            self._looking.submit(self._quietly, chores.do, kind)
        for delivery_id in audit.recheck_due():
            self._looking.submit(self._quietly, audit.recheck, delivery_id)

    @staticmethod
    def _quietly(act: Callable[[Any], object], subject: object) -> None:
        try:
            act(subject)
        except Exception:
            log.exception("housekeeping failed", subject=subject)
        finally:
            connection.close()

    def _watch(self, due: bool) -> None:  # noqa: FBT001 - private
        """End a process that does not get on with what is due: alive but deaf, or stuck."""
        if not due:
            self._due_since = None
            return
        self._due_since = self._due_since or time.monotonic()
        still = time.monotonic() - max(here.slots.moved_at, self._due_since)
        if still > settings.SHAREDESK.timings.deadline + WATCHDOG:
            log.error("nothing moves although something is due; this worker ends itself", seconds=int(still))
            os._exit(EXIT_STUCK)


class TickerStep(bootsteps.StartStopStep):
    """Starts the ticker with the worker, before it has a connection to the broker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        here.slots = Slots(int(worker.concurrency or 1))
        self.ticker = Ticker()

    def start(self, worker: Any) -> None:
        del worker
        self.ticker.start()

    def stop(self, worker: Any) -> None:
        del worker
        self.ticker.stop()
        tick.gone(here.name)
        connection.close()


app.steps["worker"].add(TickerStep)


@worker_shutting_down.connect
def _stop_claiming(**_: Any) -> None:
    here.stopping.set()

"""The bell: tells a worker that an account has something due. Never waits, never fails, may be lost.

Rung from one background thread with time-outs of its own, so that a frozen broker never freezes a page
(a publish to a stopped Redis hung for more than 20 s with the usual settings, measured 2026-11-24).
"""

from __future__ import annotations

import atexit
import queue as queues
import threading
import time
from typing import Any

import structlog
from django.conf import settings
from kombu import Connection

log = structlog.get_logger()

#: Bells that wait to be rung; beyond that they are dropped, the ticker finds the rows.
WAITING = 2000
#: Seconds for a connection or an answer of the broker.
PATIENCE = 0.5
#: After a failure the broker is left alone so long.
REST = 1.0
#: A bell says "now"; whoever hears it a minute later has been told by a ticker.
EXPIRES = 60


class Bell:
    """A bounded queue and the thread that empties it into the broker."""

    def __init__(self) -> None:
        self._due: queues.Queue[tuple[int, bool]] = queues.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._connection: Any = None
        self._rest_until = 0.0

    def ring(self, due: list[tuple[int, bool]]) -> None:
        """Ask for these accounts, as (id, breaking), to be drained. Returns at once."""
        if not settings.CELERY_BROKER_URL:
            return
        for each in due:
            try:
                self._due.put_nowait(each)
            except queues.Full:
                return
        self._start()

    def flush(self, seconds: float = 1.0) -> None:
        """Give the thread a moment to ring what waits: for commands that are about to end."""
        ends = time.monotonic() + seconds
        while self._due.unfinished_tasks and time.monotonic() < ends:
            time.sleep(0.005)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            account_id, breaking = self._due.get()
            try:
                if time.monotonic() >= self._rest_until:
                    self._publish(account_id, breaking=breaking)
            except Exception as error:  # noqa: BLE001 - the broker's trouble; the ticker is the guarantee
                log.warning("the bell was not heard", error=type(error).__name__)
                self._rest_until = time.monotonic() + REST
                self._drop_connection()
            finally:
                self._due.task_done()

    def _publish(self, account_id: int, *, breaking: bool) -> None:
        from workers.app import app, queue  # noqa: PLC0415 - settings may not be ready at import

        if self._connection is None:
            self._connection = Connection(
                settings.CELERY_BROKER_URL,
                connect_timeout=PATIENCE,
                transport_options={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE},
            )
        app.send_task(
            "drain",
            args=[account_id, breaking],
            queue=queue("breaking" if breaking else "delivery"),
            connection=self._connection,
            retry=False,
            expires=EXPIRES,
            ignore_result=True,
        )

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.collect(socket_timeout=0.1)
            except Exception as error:  # noqa: BLE001 - it is being thrown away
                log.debug("closing the bell's connection", error=type(error).__name__)


_bell = Bell()
ring = _bell.ring
flush = _bell.flush
atexit.register(flush)

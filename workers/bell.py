"""The bell: a Celery message that tells a worker that an account has a due delivery.

Ringing never blocks and never fails, but a message may be lost. One background thread sends the messages with its own
short time-outs, so a frozen broker never freezes a page (with the default settings, publishing to a stopped Redis hung
for more than 20 s, measured 2026-11-24).
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

#: Most messages in the queue of this process. More are dropped; the ticker finds the rows.
WAITING = 2000
#: Time-out of the broker's connection and of each answer, in seconds.
PATIENCE = 0.5
#: Seconds without a message to the broker after a failure.
REST = 1.0
#: Seconds after which a message expires. By then a ticker has found the row.
EXPIRES = 60


class Bell:
    """A bounded queue, and the thread that sends its messages to the broker."""

    def __init__(self) -> None:
        self._due: queues.Queue[tuple[int, bool]] = queues.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._connection: Any = None
        self._rest_until = 0.0

    def ring(self, due: list[tuple[int, bool]]) -> None:
        """Ask the workers to drain these accounts, given as (id, breaking). Returns at once."""
        if not settings.CELERY_BROKER_URL:
            return
        for each in due:
            try:
                self._due.put_nowait(each)
            except queues.Full:
                return
        self._start()

    def flush(self, seconds: float = 1.0) -> None:
        """Wait at most `seconds` until the queue is empty. For commands that are about to end."""
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
            except Exception as error:  # noqa: BLE001 - a broker's failure; the ticker finds the rows
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

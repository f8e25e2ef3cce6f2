"""gunicorn's threads, with one thing done elsewhere."""

from __future__ import annotations

from typing import Any

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import ThreadWorker

#: Seconds that a client has to close its side, before the connection is gone without it.
PATIENCE = 0.5


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A connection that is over is closed by the thread that served it.

    gunicorn 27.0.1 closes it in the one thread that takes new connections, and waits there for up to two seconds for
    the client to close its side (gunicorn/workers/gthread.py, finish_request): who does not holds everybody up.
    """

    def handle(self, conn: Any) -> Any:
        goes_on = super().handle(conn)
        if not goes_on:
            close_graceful(conn.sock, timeout=PATIENCE)
            conn.close = _is_closed
        return goes_on


def _is_closed(*, graceful: bool = False) -> None:
    del graceful

"""A gunicorn worker whose threads get only whole requests. The main loop waits for slow clients.

gunicorn's own `gthread` gives a thread to each connection, and reads head and body there without a time-out. As many
silent clients as there are threads then stop the server. Here the main loop reads without blocking, a thread gets a
request when it is whole, and the main loop sends the rest of an answer that the kernel did not accept. So no client
can hold a thread.

The overridden methods are private to gunicorn 27.0.1 (gunicorn/workers/gthread.py): `accept`, `handle`,
`finish_request`, `wait_for_and_dispatch_events`. `tests/processes/test_clients.py` fails if one of them has moved.
"""

from __future__ import annotations

import errno
import functools
import selectors
import socket
import time
from typing import Any, ClassVar

from gunicorn.workers.gthread import ThreadWorker

from config.connections import CHUNK, Connection, Limits, Stage
from sharing.wording import LANGUAGES, sentence

#: Seconds between two checks of the deadlines while connections wait.
_LOOK = 0.25


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A web process: a main loop that waits for clients, and threads that answer whole requests."""

    limits: ClassVar[Limits] = Limits()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[Stage, dict[Connection, None]] = {stage: {} for stage in Stage}
        self._next_look = 0.0
        self._is_stopping = False

    # -- gunicorn calls these ---------------------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        """Accept a new connection and read what it has sent already."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        connection = Connection(accepted, client, listener.getsockname())
        if connection.receive():
            self._go_on(connection, 0)
        else:
            self._drop(connection)

    def handle(self, connection: Connection) -> bool:
        """Answer a whole request in a thread. Returns whether the connection is kept alive."""
        keeps = False
        try:
            keeps = bool(self.handle_request(connection.request, connection))
        except StopIteration:
            self.log.debug("An answer broke off.")
        except Exception as error:  # noqa: BLE001 - gunicorn logs it and answers 500
            self.handle_error(connection.request, connection.sock, connection.client, error)
        connection.sock.flush()
        return keeps

    def finish_request(self, connection: Connection, future: Any) -> None:
        """Take the connection back from its thread, in the main loop."""
        connection.request = None
        connection.stays_open = not future.cancelled() and future.exception() is None and future.result()
        self._send_rest(connection)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Handle the events, and cut connections whose deadline is over. Both loops of gunicorn call this method."""
        if any(self._waiting.values()):
            timeout = min(timeout, _LOOK)
        super().wait_for_and_dispatch_events(timeout)
        now = time.monotonic()
        if not self.alive and not self._is_stopping:
            self._is_stopping = True
            for connection in self._all():
                connection.deadline = min(connection.deadline, now + self.limits.stopping)
        if now >= self._next_look:
            self._next_look = now + _LOOK
            for connection in self._all():
                if connection.deadline < now:
                    self._cut(connection)

    # -- moves between stages; all run in the main loop -------------------------------------------------------

    def _on_readable(self, connection: Connection) -> None:
        self._receive(connection)
        reading = self._waiting[Stage.READING]
        if connection.held > CHUNK and sum(each.held for each in reading) > self.limits.held_bytes:
            self._cut(next(iter(reading)))

    def _receive(self, connection: Connection) -> bool:
        """Read once from a waiting connection. Returns whether data came."""
        before = connection.held
        if not connection.receive():
            self._drop(connection)
        came = connection.held - before
        if came > 0:
            self._go_on(connection, came)
        return came > 0

    def _go_on(self, connection: Connection, came: int) -> None:
        """Give the next request to a thread if it is whole; else wait for the rest."""
        had_head = connection.has_head
        try:
            request = connection.next_request(self.cfg, self.limits)
        except Exception as error:  # noqa: BLE001 - gunicorn has an answer to each of its own errors
            self._stop_waiting(connection)
            self.handle_error(None, connection.sock, connection.client, error)
            self._part(connection)
            return
        if request is not None:
            self._stop_waiting(connection)
            connection.request = request
            self.enqueue_req(connection)
        elif had_head:
            connection.deadline += came / self.limits.rate
        elif connection.has_head:
            self._wait(connection, Stage.READING, self.limits.body)
        elif connection.stage is not Stage.READING:
            self._wait(connection, Stage.READING, self.limits.head)

    def _send_rest(self, connection: Connection) -> None:
        """Send the rest of an answer; then wait for the next request, or close the connection."""
        if not connection.sock.flush():
            if connection.stage is not Stage.ANSWERING:
                self._wait(connection, Stage.ANSWERING, self.limits.answer)
        elif connection.stays_open:
            self._wait(connection, Stage.IDLE, self.limits.idle)
            if connection.held:
                self._go_on(connection, 0)
        elif connection.may_send_more and connection.sock.half_close():
            self._wait(connection, Stage.PARTING, self.limits.parting)
        else:
            self._drop(connection)

    def _wait(self, connection: Connection, stage: Stage, seconds: float) -> None:
        """Wait for a client, at most `seconds`. If the stage has too many connections, the oldest is cut."""
        patience = min(seconds, self.limits.stopping) if self._is_stopping else seconds
        connection.deadline = time.monotonic() + patience
        if connection.stage is stage:
            return
        self._stop_waiting(connection)
        writes = stage is Stage.ANSWERING
        goes_on = self._send_rest if writes else self._on_readable
        events = selectors.EVENT_WRITE if writes else selectors.EVENT_READ
        self.poller.register(connection.sock, events, lambda _sock: goes_on(connection))
        connection.stage = stage
        together = self._waiting[stage]
        together[connection] = None
        if len(together) > self.limits.most(stage):
            self._cut(next(iter(together)))

    def _stop_waiting(self, connection: Connection) -> None:
        if connection.stage is not None:
            self.poller.unregister(connection.sock)
            del self._waiting[connection.stage][connection]
            connection.stage = None

    def _cut(self, connection: Connection) -> None:
        """End a connection that is late, unless the rest of its request has arrived."""
        while connection.stage is Stage.READING and self._receive(connection):
            pass
        if connection.stage is Stage.READING and connection.has_begun:
            self._stop_waiting(connection)
            connection.sock.sendall(_late())
            self._part(connection)
        elif connection.stage is not None:
            if connection.stage is Stage.ANSWERING:
                connection.sock.reset_on_close()
            self._drop(connection)

    def _part(self, connection: Connection) -> None:
        """Send the last answer to a client that may still be sending, then close."""
        connection.stays_open, connection.may_send_more = False, True
        self._send_rest(connection)

    def _drop(self, connection: Connection) -> None:
        self._stop_waiting(connection)
        connection.sock.close()
        self.nr_conns -= 1

    def _all(self) -> list[Connection]:
        return [each for together in self._waiting.values() for each in together]


@functools.cache
def _late() -> bytes:
    """Return the 408 answer to a request that took too long to arrive."""
    words = "\n".join(str(sentence("request.late", language)) for language in LANGUAGES).encode()
    head = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return f"{head}Content-Length: {len(words)}\r\n\r\n".encode() + words

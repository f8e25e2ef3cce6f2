"""One client's connection to the web server: what it has sent, what it must still receive, and its deadline."""

from __future__ import annotations

import io
import socket
import struct
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote

from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.http.parser import RequestParser

from sharing.web.bodies import Body

CHUNK = 65_536
_END_OF_HEAD = b"\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Stage(Enum):
    """What the main loop waits for on a connection. While a thread answers, the connection has no stage."""

    READING = "a request that is not whole"
    IDLE = "the next request of a connection that is kept alive"
    ANSWERING = "the client to take the rest of its answer"
    PARTING = "the client to close its side"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for clients of the web server, in seconds and bytes."""

    #: Total time for the head of a request (request line and headers).
    head: float = 10
    #: Total time for the body, plus one second for each `rate` bytes received.
    body: float = 20
    rate: int = 50_000
    #: Time between two requests of one connection.
    idle: float = 5
    #: Time for a client to receive an answer that the kernel could not buffer.
    answer: float = 60
    #: Time before the connection is closed, so that a client that still sends can read its answer (RFC 9112, 9.6).
    parting: float = 2
    #: Most time for each of these after the server was told to stop.
    stopping: float = 2
    #: Most bytes of a head.
    head_bytes: int = 65_536
    #: Most bytes of all unfinished requests together.
    held_bytes: int = 64_000_000
    #: Most connections with an unfinished request; most connections in each other stage.
    unfinished: int = 64
    others: int = 128

    def most(self, stage: Stage) -> int:
        """Return the most connections that may be in a stage. If there are more, the oldest is cut."""
        return self.unfinished if stage is Stage.READING else self.others


class ClientSocket(socket.socket):
    """A socket whose `sendall` never blocks and never raises: unsent bytes wait in memory."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        self.setblocking(False)
        self._unsent = bytearray()
        self._is_gone = False

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Keep `data` for the next flush."""
        del flags
        self._unsent += data

    def flush(self) -> bool:
        """Send as much as the kernel accepts. Returns True if nothing is left, or the client is gone."""
        try:
            while self._unsent and not self._is_gone:
                with memoryview(self._unsent) as unsent:
                    taken = self.send(unsent)
                del self._unsent[:taken]
        except BlockingIOError:
            return False
        except OSError:
            self._is_gone = True
        return True

    def reset_on_close(self) -> None:
        """Make `close` reset the connection, so that the kernel drops at once what the client has not read."""
        self.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def half_close(self) -> bool:
        """Tell the client that we send no more. Returns False if the client is gone."""
        try:
            self.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        return not self._is_gone


class Connection:
    """A client's connection, and the request that is being read from it.

    gunicorn's `handle_request` reads `sock`, `client` and `server`.
    """

    def __init__(self, accepted: socket.socket, client: Any, server: Any) -> None:
        self.sock = ClientSocket(accepted)
        self.client, self.server = client, server
        self.stage: Stage | None = None
        self.deadline = 0.0
        self.stays_open = False
        #: True if the client may still be sending. To close at once would then also destroy the answer.
        self.may_send_more = False
        self.request: Any = None
        self._came = bytearray()
        self._searched = 0
        self._head: Any = None
        self._wanted = 0

    @property
    def held(self) -> int:
        """Number of received bytes that belong to no answered request."""
        return len(self._came)

    @property
    def has_head(self) -> bool:
        return self._head is not None

    @property
    def has_begun(self) -> bool:
        return bool(self._came) or self.has_head

    def receive(self) -> bool:
        """Read once what has arrived. Returns False if the client will send no more."""
        try:
            data = self.sock.recv(CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if self.stage is not Stage.PARTING:
            self._came += data
        return bool(data)

    def next_request(self, cfg: Any, limits: Limits) -> Any:
        """Return the next request, parsed by gunicorn and with its body in memory; None if it is not whole yet.

        Only gunicorn's parser reads a head. It gets a whole head, so it never waits.

        Raises:
            Exception: any error of gunicorn's parser for a head that it refuses.
        """
        if self._head is None and not self._read_head(cfg, limits):
            return None
        if len(self._came) < self._wanted:
            self._ask_for_body()
            return None
        request, self._head = self._head, None
        request._expected_100_continue = False  # noqa: SLF001 - answered by us, or needless: the body is here
        request.body = io.BytesIO(self._came[: self._wanted])
        del self._came[: self._wanted]
        self.may_send_more = self.may_send_more or bool(self._came)
        return request

    def _read_head(self, cfg: Any, limits: Limits) -> bool:
        end = self._came.find(_END_OF_HEAD, max(0, self._searched - len(_END_OF_HEAD)))
        if max(end, len(self._came) if end < 0 else 0) > limits.head_bytes:
            raise LimitRequestHeaders("the head is too long")
        if end < 0:
            self._searched = len(self._came)
            return False
        size, self._searched = end + len(_END_OF_HEAD), 0
        head = bytes(self._came[:size])
        del self._came[:size]
        request = next(RequestParser(cfg, [head], self.client))
        body = Body.of(request.method, unquote(request.path), dict(request.headers))
        self._wanted = body.wanted
        if body.is_announced and not body.wanted:
            self.may_send_more = True
            request.force_close()  # the body is not read, so the start of a next request cannot be found
        self._head = request
        return True

    def _ask_for_body(self) -> None:
        if self._head._expected_100_continue:  # noqa: SLF001 - gunicorn would ask when it is too late
            self._head._expected_100_continue = False  # noqa: SLF001
            self.sock.sendall(_CONTINUE)
            self.sock.flush()

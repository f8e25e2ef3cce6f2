"""An HTTP/1.1 server on plain sockets, so that a fault can reset, cut, slow down or stall an answer.

Everything is limited: connections, time per request, sizes of line, headers and body.
"""

from __future__ import annotations

import contextlib
import io
import re
import select
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias

from sharing.sandbox.wire.exchange import Answer, Request

MOST_CONNECTIONS = 512
#: Seconds: to read a whole request, to wait for the next one on a connection, to send an answer.
READ_WITHIN = 15.0
IDLE_FOR = 10.0
WRITE_WITHIN = 30.0
#: Bytes.
LONGEST_LINE = 16 * 1024
LARGEST_BODY = 12 * 1024 * 1024
MOST_HEADERS = 100

_CHUNK = re.compile(rb"[0-9A-Fa-f]{1,8}")
_REASONS = {each.value: each.phrase for each in HTTPStatus}
#: Headers that may come once only. Requests that repeat one are used for request smuggling.
_ONCE = frozenset({"content-length", "host", "authorization", "transfer-encoding", "content-type"})


class Refused(Exception):
    """A request that cannot be read. It is answered with `status`, and the connection is closed."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Timed(io.RawIOBase):
    """A socket as a byte stream with one deadline for the whole request, not for each read."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.until = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.sock.recv_into(buffer)


# Generic for the type checker only: at run time the class takes no parameter.
Source: TypeAlias = "io.BufferedReader[_Timed]"


def _line(source: Source) -> bytes:
    line = source.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise Refused(431, "a line of the head is too long")
    if line and not line.endswith(b"\n"):
        raise ConnectionError("the client left in the middle of the head")
    return line.rstrip(b"\r\n")


def _headers(source: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(MOST_HEADERS + 1):
        line = _line(source)
        if not line:
            return found
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip() or not name.isascii():
            raise Refused(400, "a malformed header")
        name, value = name.lower(), value.strip()
        if name in found:
            if name in _ONCE:
                raise Refused(400, f"{name} stands twice")
            value = f"{found[name]}, {value}"
        found[name] = value
    raise Refused(431, "too many headers")


def _chunks(source: Source) -> bytes:
    body = bytearray()
    while True:
        announced = _line(source).partition(b";")[0]
        if not _CHUNK.fullmatch(announced):
            raise Refused(400, "a malformed chunk")
        size = int(announced, 16)
        if len(body) + size > LARGEST_BODY:
            raise Refused(413, "the body is too large")
        if size == 0:
            _headers(source)
            return bytes(body)
        body += _exactly(source, size)
        _line(source)


def _exactly(source: Source, size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise ConnectionError("the client left in the middle of the body")
    return data


def _body(source: Source, headers: dict[str, str], proceed: Callable[[], None]) -> bytes:
    coded = headers.get("transfer-encoding")
    length = headers.get("content-length")
    if coded is not None and length is not None:
        raise Refused(400, "both a length and chunks")
    if coded is not None and coded.lower() != "chunked":
        raise Refused(501, "an unknown transfer encoding")
    if length is not None and not (length.isascii() and length.isdigit()):
        raise Refused(400, "a malformed length")
    if length is not None and int(length[:20]) > LARGEST_BODY:
        raise Refused(413, "the body is too large")
    if headers.get("expect", "").lower() == "100-continue":
        proceed()
    if coded is not None:
        return _chunks(source)
    return _exactly(source, int(length)) if length else b""


def read_request(source: Source, proceed: Callable[[], None]) -> Request | None:
    """Read the next request; None if the client has finished. Raises Refused, OSError."""
    first = _line(source)
    if not first:
        return None
    words = first.decode("latin-1").split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise Refused(400, "not an HTTP/1.1 request")
    method, target, version = words
    if not (method.isascii() and method.isalpha() and target.startswith("/") and target.isascii()):
        raise Refused(400, "a malformed request line")
    headers = _headers(source)
    if version == "HTTP/1.1" and "host" not in headers:
        raise Refused(400, "no Host")
    if version == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return Request(method, target, headers, _body(source, headers, proceed))


def head(answer: Answer, *, length: int, keep: bool) -> bytes:
    """Return the status line and headers of an answer, as bytes."""
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.kind:
        lines.append(f"Content-Type: {answer.kind}")
    if answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {length}")
    lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
    # Our header values may repeat ids from strangers, so line breaks are removed.
    return ("\r\n".join(line.replace("\r", "").replace("\n", "") for line in lines) + "\r\n\r\n").encode(
        "latin-1", "replace"
    )


class Connection(socketserver.BaseRequestHandler):
    """One client's connection: request and answer, repeated until one side closes."""

    request: socket.socket
    server: Server

    def handle(self) -> None:
        raw = _Timed(self.request)
        source = io.BufferedReader(raw, 16 * 1024)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.until = time.monotonic() + READ_WITHIN
        try:
            while self._one(source):
                raw.until = time.monotonic() + IDLE_FOR
                if not source.peek(1):
                    break
                raw.until = time.monotonic() + READ_WITHIN
        except OSError:
            return  # the client left or is too slow

    def _one(self, source: Source) -> bool:
        try:
            request = read_request(source, self._proceed)
        except Refused as why:
            body = f'{{"error":"{why}"}}'.encode()
            self._send(head(Answer(why.status), length=len(body), keep=False) + body)
            return False
        if request is None:
            return False
        answer = self.server.reply(request)
        keep = request.headers.get("connection", "").lower() != "close" and not answer.effect
        if request.method == "HEAD":
            self._send(head(answer, length=len(answer.body), keep=keep))
        elif answer.effect in _EFFECTS:
            _EFFECTS[answer.effect](self, answer)
        else:
            self._wait(answer.pause)
            self._send(head(answer, length=len(answer.body), keep=keep) + answer.body)
        return keep and not self.server.closing.is_set()

    def _proceed(self) -> None:
        self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _send(self, data: bytes) -> None:
        self.request.settimeout(WRITE_WITHIN)
        self.request.sendall(data)

    def _wait(self, seconds: float) -> None:
        """Wait. Raises ConnectionAbortedError if the client leaves or the sandbox stops."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if left < 0.05:
                time.sleep(left)
            elif self.server.closing.is_set():
                raise ConnectionAbortedError
            elif select.select([self.request], [], [], min(left, 0.25))[0]:
                if not self.request.recv(1, socket.MSG_PEEK):
                    raise ConnectionAbortedError
                time.sleep(min(left, 0.05))

    def _reset(self, answer: Answer) -> None:
        """Reset the connection (RST instead of FIN), as a crashing front-end does."""
        self._wait(answer.pause)
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()

    def _close(self, answer: Answer) -> None:
        self._wait(answer.pause)

    def _hang(self, answer: Answer) -> None:
        self._wait(answer.pause + answer.stretch)

    def _half_header(self, answer: Answer) -> None:
        self._wait(answer.pause)
        whole = head(answer, length=len(answer.body), keep=False)
        self._send(whole[: len(whole) // 2])

    def _half_body(self, answer: Answer) -> None:
        self._wait(answer.pause)
        self._send(head(answer, length=len(answer.body), keep=False) + answer.body[: len(answer.body) // 2])

    def _wrong_length(self, answer: Answer) -> None:
        self._wait(answer.pause)
        self._send(head(answer, length=max(len(answer.body) - 7, 0), keep=False) + answer.body)

    def _interim(self, answer: Answer) -> None:
        self._wait(answer.pause)
        self._send(b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n")
        self._send(head(answer, length=len(answer.body), keep=False) + answer.body)

    def _drip(self, answer: Answer) -> None:
        self._wait(answer.pause)
        whole = head(answer, length=len(answer.body), keep=False) + answer.body
        pieces = min(len(whole), 200)
        for number in range(pieces):
            start, end = len(whole) * number // pieces, len(whole) * (number + 1) // pieces
            self._send(whole[start:end])
            self._wait(answer.stretch / pieces)


_EFFECTS: dict[str, Callable[[Connection, Answer], None]] = {
    "reset": Connection._reset,  # noqa: SLF001 - the table stands beside the class
    "close": Connection._close,  # noqa: SLF001
    "hang": Connection._hang,  # noqa: SLF001
    "half_header": Connection._half_header,  # noqa: SLF001
    "half_body": Connection._half_body,  # noqa: SLF001
    "wrong_length": Connection._wrong_length,  # noqa: SLF001
    "interim": Connection._interim,  # noqa: SLF001
    "drip": Connection._drip,  # noqa: SLF001
}


class Server(socketserver.ThreadingTCPServer):
    """The listener. Each connection has a thread; there are at most MOST_CONNECTIONS."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], reply: Callable[[Request], Answer]) -> None:
        self.reply = reply
        self.closing = threading.Event()
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._live: set[socket.socket] = set()
        super().__init__(address, Connection)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        # If all places are taken, a new client waits in the listen queue (back-pressure).
        self._free.acquire()
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread could start: drop the client, free its place
            self._free.release()
            self.shutdown_request(request)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        live = request if isinstance(request, socket.socket) else request[1]
        self._live.add(live)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._live.discard(live)
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Print no traceback: an error of one connection concerns only that connection."""

    def stop(self) -> None:
        """End waiting answers, the listener, and all open connections."""
        self.closing.set()
        ender = threading.Thread(target=self.shutdown)
        ender.start()
        with contextlib.suppress(OSError):
            # The server loop wakes when a client connects, else twice a second.
            socket.create_connection(self.socket.getsockname()[:2], timeout=1).close()
        ender.join()
        self.server_close()
        for each in list(self._live):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

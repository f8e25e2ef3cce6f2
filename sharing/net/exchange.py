"""One HTTP exchange on its own connection, with one deadline for all of it and without retries.

The time-out of `requests` is for each read, not for the whole exchange: a name server that does not answer, or a body
that comes byte by byte, would hold a worker for ever (psf/requests#1928, read 2026-11-24). Here the name look-up runs
in a thread of its own, and another thread closes the connection when the deadline is over.

The exchange remembers whether a byte of the request was written. If none was, it is certain that nothing was sent.
"""

from __future__ import annotations

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.client import HTTPResponse, IncompleteRead
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

#: Decides whether we may connect to an address of a host: (host, ip, port) -> bool.
PeerCheck = Callable[[str, str, int], bool]

#: Tells platforms and publishers who calls.
USER_AGENT = "Mozilla/5.0 (compatible; Sharedesk/1.0; newsroom share desk)"

_BLOCK = 65_536


class PeerRefused(Exception):
    """We may not connect to an address of this host."""


class TooLong(Exception):
    """The answer has more bytes than the limit."""


@dataclass(slots=True)
class Exchange:
    """The state of one exchange. `ends` is its deadline on the monotonic clock, in seconds.

    `wrote`: a byte of the request may have left. `over`: the deadline ended it. `guard`: a second handle of its socket.
    """

    ends: float
    may_connect: PeerCheck | None = None
    wrote: bool = False
    over: bool = False
    guard: socket.socket | None = None

    def left(self) -> float:
        """Return the seconds left, at least 0.001, because a socket time-out of 0 means non-blocking."""
        return max(self.ends - time.monotonic(), 0.001)

    def still_in_time(self) -> None:
        """Check before a write that the deadline is not over.

        A process that was frozen may wake up with an open connection after another worker has decided that nothing
        was sent.

        Raises:
            TimeoutError: the deadline is over.
        """
        if self.over or time.monotonic() >= self.ends:
            self.over = True
            raise TimeoutError("the deadline is over")

    def cut(self) -> None:
        """End the exchange now; any thread may call it. The thread that reads gets a closed connection."""
        self.over = True
        if self.guard is not None:
            try:
                self.guard.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # closed already

    def connect(self, host: str, port: int) -> socket.socket:
        addresses = _look_up(host, port, self.left())
        # A name with a private address among public ones is a known attack: then none of them is used.
        for each in addresses:
            self._check(host, each[4])
        last: OSError = OSError("the name has no address")
        for family, kind, protocol, _, address in addresses:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self.left())
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.connect(address)
                peer = sock.getpeername()
            except OSError as error:
                sock.close()
                last = error
                continue
            try:
                self._check(host, peer)
            except PeerRefused:
                sock.close()
                raise
            # Keep a second handle of the same connection, because TLS takes over the first.
            self.guard = sock.dup()
            if self.over:
                self.cut()
            return sock
        raise last

    def _check(self, host: str, address: Any) -> None:
        if self.may_connect is not None and not self.may_connect(host, address[0], address[1]):
            raise PeerRefused(address[0])

    def close(self) -> None:
        if self.guard is not None:
            self.guard.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: status, headers (case-insensitive), and the body as it was sent, not decompressed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=CaseInsensitiveDict)
    body: bytes = b""


def run(request: requests.Request, exchange: Exchange, *, limit: int) -> Answer:
    """Send `request` once, on a new connection, and read its whole answer.

    Raises:
        PeerRefused: we may not connect to the address.
        TooLong: the answer has more than `limit` bytes.
        requests.RequestException, OSError: the exchange failed. `exchange.wrote` says whether a byte may have left,
            `exchange.over` whether the deadline ended it.
    """
    # No session: a session uses proxies and .netrc from the environment, follows redirects and keeps cookies.
    prepared = request.prepare()
    with closing(_OneShot()) as adapter, in_force(exchange):
        left = exchange.left()
        with adapter.send(prepared, stream=True, timeout=(left, left)) as answer:
            body = b"".join(_read(answer, limit))
        if exchange.over:
            raise requests.Timeout("the deadline is over")
        return Answer(status=answer.status_code, headers=answer.headers, body=body)


def _read(answer: requests.Response, limit: int) -> Iterator[bytes]:
    total = 0
    while True:
        try:
            block = answer.raw.read(_BLOCK, decode_content=False)
        except HTTPError as error:
            raise requests.ConnectionError(type(error).__name__) from error
        if not block:
            return
        total += len(block)
        if total > limit:
            raise TooLong
        yield block


_current: ContextVar[Exchange] = ContextVar("exchange")


class _WholeLines:
    """The stream of an answer while its head is read. The standard library accepts a head that was cut off."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self._stream.readline(limit)
        if not line.endswith(b"\n"):
            raise IncompleteRead(line)
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Measured(HTTPResponse):
    """An answer that must have a whole head and no chunk with a negative length.

    For a chunk of length -1 the standard library would read everything into memory.
    """

    fp: Any

    def begin(self) -> None:
        stream = self.fp
        self.fp = _WholeLines(stream)
        super().begin()
        self.fp = stream

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:
            raise IncompleteRead(b"")
        return super()._safe_read(amt)  # type: ignore[misc,no-any-return]  # not in typeshed


class _Watched:
    """A connection that the current exchange opens. It tells the exchange before the first byte is written."""

    host: str
    port: int
    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        return _current.get().connect(self.host.strip("[]"), self.port)

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange = _current.get()
        exchange.still_in_time()
        exchange.wrote = True
        super().send(data)  # type: ignore[misc]


class _Plain(_Watched, HTTPConnection):
    response_class = _Measured


class _Tls(_Watched, HTTPSConnection):
    response_class = _Measured


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class _OneShot(HTTPAdapter):
    """An adapter without retries. Its connections belong to the current exchange."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=_NEVER)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


_NEVER = Retry(0, redirect=False, read=False)


def _look_up(host: str, port: int, seconds: float) -> list[Any]:
    """Call `getaddrinfo` with a time-out in seconds. It has none of its own and cannot be interrupted.

    Raises:
        TimeoutError: the name server did not answer in time.
        OSError: the name is not known.
    """
    try:
        return socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        )
    except socket.gaierror:
        pass  # a name, not a number
    result: list[Any] = []

    def look() -> None:
        try:
            result.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            result.append(error)

    thread = threading.Thread(target=look, name=f"look-up of {host[:60]}", daemon=True)
    thread.start()
    thread.join(seconds)
    if not result:
        raise TimeoutError("the name look-up took too long")
    if isinstance(result[0], Exception):
        raise OSError("the name is not known") from result[0]
    found: list[Any] = result[0]
    return found


class _Clock:
    """One thread per process that ends every exchange at its deadline."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Exchange]] = []
        self._count = itertools.count()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def watch(self, exchange: Exchange) -> None:
        with self._wake:
            heapq.heappush(self._heap, (exchange.ends, next(self._count), exchange))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            if self._heap[0][2] is exchange:
                self._wake.notify()

    def forget(self, exchange: Exchange) -> None:
        exchange.ends = float("inf")  # the thread ignores its entry in the heap

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._heap or self._heap[0][0] > time.monotonic():
                    self._wake.wait(self._heap[0][0] - time.monotonic() if self._heap else None)
                _, _, exchange = heapq.heappop(self._heap)
            if exchange.ends != float("inf"):
                exchange.cut()


_clock = _Clock()


@contextmanager
def in_force(exchange: Exchange) -> Iterator[None]:
    """Make the exchange the current one of this thread, end it at its deadline, and close it at the end."""
    token = _current.set(exchange)
    _clock.watch(exchange)
    try:
        yield
    finally:
        _clock.forget(exchange)
        _current.reset(token)
        exchange.close()

"""HTTP from the sandbox to this machine only: pages, pictures, webhooks."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

LARGEST = 3 * 1024 * 1024
BROWSER = "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


class NotReached(Exception):
    """Nothing was fetched. The message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One HTTP answer. Header names are lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def is_loopback(url: str) -> bool:
    """Return whether an http(s) address names this machine, without asking DNS."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        return parts.scheme in {"http", "https"} and parts.port != 0 and _is_local(host)
    except ValueError:
        return False


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    within: float = 5.0,
) -> Fetched:
    """Make one request of at most `within` seconds; follow no redirect. Raises NotReached."""
    if not is_loopback(url) or not url.startswith("http://"):
        raise NotReached(f"{url[:200]} is not an http address of this machine; the sandbox goes nowhere else")
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(_address(parts.hostname or ""), parts.port or 80, timeout=within)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    cut = threading.Timer(within, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.request(method, path, body, {"Host": parts.netloc, **(headers or {})})
        response = connection.getresponse()
        data = response.read(LARGEST + 1)
        found = {name.lower(): value for name, value in response.getheaders()}
    except (OSError, http.client.HTTPException, ValueError) as why:
        raise NotReached(f"{url[:200]} did not answer: {type(why).__name__}") from why
    finally:
        cut.cancel()
        connection.close()
    if len(data) > LARGEST:
        raise NotReached(f"{url[:200]} is larger than {LARGEST} bytes")
    return Fetched(url, response.status, found, data)


def _address(host: str) -> str:
    # `news.localhost` is this machine (RFC 6761), whether the resolver knows it or not.
    return "127.0.0.1" if host.endswith(".localhost") else host


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)

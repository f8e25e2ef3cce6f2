"""The guarded fetcher: gets a page, feed or picture from an address given by others, and reaches no private network.

At every redirect it checks the IP address of the open connection, so a changed DNS answer cannot deceive it.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import requests

from sharing.domain.hosts import host_of
from sharing.domain.refusal import Refusal
from sharing.net.addresses import Allowed
from sharing.net.exchange import USER_AGENT, Answer, Exchange, PeerRefused, TooLong, run

HTML_LIMIT = 4_000_000
FORM_ANSWER_LIMIT = 64_000
HOPS = 3
#: Seconds between two requests to one public host from one process.
HOST_GAP = 0.25

_UNSAFE = set(' \\"<>^`{|}\t\r\n\x00')
_ENCODED_TROUBLE = ("%00", "%0a", "%0d", "%5c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A whole answer: `url` is the address after redirects, `body` is decompressed."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


def fetch(
    url: str,
    *,
    allowed: Allowed,
    accept: str = "text/html,application/xhtml+xml,*/*;q=0.5",
    headers: Mapping[str, str] | None = None,
    limit: int = HTML_LIMIT,
    deadline: float = 8,
) -> Fetched:
    """GET `url` and follow at most three redirects. `deadline` is in seconds for all of it, `limit` in bytes.

    Raises:
        Refusal: `url.*`: the address is not valid. `fetch.*`: we do not fetch it, or its answer cannot be used.
    """
    ends = time.monotonic() + deadline
    address = safe_url(url)
    wanted = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "gzip", "Connection": "close"}
    for hop in range(HOPS + 1):
        _be_polite(address, allowed, ends)
        answer = _once(address, {**wanted, **(headers or {})}, allowed=allowed, limit=limit, ends=ends)
        location = answer.headers.get("location")
        if answer.status not in {301, 302, 303, 307, 308} or not location:
            body = _inflated(answer, limit)
            return Fetched(url=address, status=answer.status, headers=answer.headers, body=body)
        if hop == HOPS:
            break
        onward = safe_url(urljoin(address, _as_text(location)))
        if address.startswith("https:") and onward.startswith("http:"):
            raise Refusal("fetch.downgrade", field="url", url=onward[:200])
        address = onward
    raise Refusal("fetch.too_many_redirects", field="url", hops=HOPS)


def post_form(url: str, form: Mapping[str, str], *, allowed: Allowed, deadline: float = 8) -> Fetched:
    """POST a form to an address given by others, such as a hub's. Redirects are returned, not followed.

    Raises:
        Refusal: as for `fetch`.
    """
    ends = time.monotonic() + deadline
    address = safe_url(url)
    _be_polite(address, allowed, ends)
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    answer = _once(address, headers, allowed=allowed, limit=FORM_ANSWER_LIMIT, ends=ends, form=form)
    return Fetched(url=address, status=answer.status, headers=answer.headers, body=answer.body)


def safe_url(url: str) -> str:
    """Return `url` in the form that we fetch: ASCII host, encoded path and query, no fragment.

    Raises:
        Refusal: `url.not_http`; `url.userinfo` (a name or password before the host); `url.broken`, also if longer
            than 2,048 characters.
    """
    text = url.strip()
    if len(text) > 2048 or any(c in _UNSAFE or ord(c) < 32 or c == "\x7f" for c in text):
        raise Refusal("url.broken", field="url", url=text[:200])
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Refusal("url.broken", field="url", url=text[:200]) from None
    if parts.scheme not in {"http", "https"}:
        raise Refusal("url.not_http", field="url", url=text[:200])
    if "@" in parts.netloc or ("@" in text and not parts.path):
        raise Refusal("url.userinfo", field="url")
    host = host_of(text)
    if not host or port == 0 or any(each in text.lower() for each in _ENCODED_TROUBLE):
        raise Refusal("url.broken", field="url", url=text[:200])
    place = host + (f":{port}" if port is not None else "")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme, place, path, query, ""))


def _once(
    url: str,
    headers: Mapping[str, str],
    *,
    allowed: Allowed,
    limit: int,
    ends: float,
    form: Mapping[str, str] | None = None,
) -> Answer:
    exchange = Exchange(ends=ends, may_connect=allowed.may_connect)
    if time.monotonic() >= ends:
        raise Refusal("fetch.too_slow", field="url", url=url[:200])
    try:
        method = "GET" if form is None else "POST"
        return run(requests.Request(method, url, headers=dict(headers), data=form), exchange, limit=limit)
    except PeerRefused:
        raise Refusal("fetch.address_refused", field="url", url=url[:200]) from None
    except TooLong:
        raise Refusal("fetch.too_big", field="url", megabytes=limit // 1_000_000) from None
    except (requests.RequestException, OSError, ValueError):
        code = "fetch.too_slow" if exchange.over or time.monotonic() >= ends else "fetch.unreachable"
        raise Refusal(code, field="url", url=url[:200]) from None


def _inflated(answer: Answer, limit: int) -> bytes:
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        return answer.body
    if coding not in {"gzip", "x-gzip"}:
        raise Refusal("fetch.encoding", field="url", coding=coding[:40])
    inflater = zlib.decompressobj(wbits=31)
    try:
        body = inflater.decompress(answer.body, limit + 1)
    except zlib.error:
        raise Refusal("fetch.encoding", field="url", coding=coding) from None
    if len(body) > limit:
        raise Refusal("fetch.too_big", field="url", megabytes=limit // 1_000_000)
    return body


def _as_text(location: str) -> str:
    """Read a Location header as UTF-8, which many servers send; http.client has decoded it as Latin-1."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return location


_last: OrderedDict[str, float] = OrderedDict()
_lock = threading.Lock()


def _be_polite(url: str, allowed: Allowed, ends: float) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if allowed.lifts(host, host, port):
        return  # the operator allows it: probably a machine of the newsroom
    with _lock:
        now = time.monotonic()
        turn = max(now, _last.get(host, 0) + HOST_GAP)
        _last[host] = turn
        _last.move_to_end(host)
        while len(_last) > 1000:
            _last.popitem(last=False)
    if turn >= ends:
        raise Refusal("fetch.too_slow", field="url", url=url[:200])
    time.sleep(turn - now)

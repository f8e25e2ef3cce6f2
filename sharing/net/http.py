"""Call a platform, and turn an HTTP status or a broken connection into a Failure.

before any byte left       Unavailable      it is certainly not out
401                        AccountStopped
429                        RateLimited      until Retry-After or x-rate-limit-reset
other 4xx with JSON        Rejected         a channel refines it by the platform's own code
3xx, 408, 5xx, half, late  Ambiguous        it may be out; JSON that is cut off is Ambiguous with any status
anything not recognised    Ambiguous
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from sharing.domain.outcomes import AccountStopped, Ambiguous, Failure, RateLimited, Rejected, Unavailable
from sharing.net.exchange import USER_AGENT, Answer, Exchange, TooLong, run
from sharing.net.redact import redact

#: Most bytes of an answer; more than any platform sends.
ANSWER_LIMIT = 4_000_000
#: The bounds of a pause that a platform asks for.
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a platform. `deadline` is the time-out of the whole exchange, in seconds."""

    method: str
    url: str
    headers: Mapping[str, str] | None = None
    params: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    json: Any = None
    files: Mapping[str, Any] | None = None
    auth: Any = None
    deadline: float = 30
    #: Values to mask wherever the answer repeats them.
    known_secrets: tuple[str, ...] = ()


def send(call: Call) -> Answer:
    """Send the call once and return its answer, whatever its status.

    Raises:
        Unavailable: no byte of the request left.
        Ambiguous: bytes may have left, and no whole answer came, or it was longer than ANSWER_LIMIT.
    """
    exchange = Exchange(ends=time.monotonic() + call.deadline)
    request = requests.Request(
        call.method,
        call.url,
        headers={
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **(call.headers or {}),
        },
        params=call.params,
        data=call.form,
        json=call.json,
        files=call.files,
        auth=call.auth,
    )
    try:
        return run(request, exchange, limit=ANSWER_LIMIT)
    except TooLong:
        raise Ambiguous("net.too_long") from None
    except (requests.RequestException, OSError, ValueError) as error:
        # The text of these errors may contain the whole address with its secrets: keep only the type.
        kind = type(error).__name__
        if not exchange.wrote:
            raise Unavailable("net.deadline" if exchange.over else "net.connect", kind) from None
        raise Ambiguous("net.deadline" if exchange.over else "net.cut", kind) from None


def read_json(answer: Answer) -> Any:
    """Return the answer's JSON, or None if it has none."""
    return as_json(answer.body)


def as_json(text: str | bytes) -> Any:
    """Return the JSON of a body or header, or None if it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def said(answer: Answer, *known_secrets: str) -> str:
    """Return the platform's own text, masked and at most 2,048 characters long, for people to read."""
    text = answer.body[:4096].decode("utf-8", "replace")
    return redact(text, *known_secrets)[:2048]


def failure(answer: Answer, *known_secrets: str) -> Failure:
    """Return the Failure for an answer. A channel may know a better one from the platform's own code."""
    status, detail = answer.status, said(answer, *known_secrets)
    code = f"http.{status}"
    if answer.body.lstrip()[:1] in {b"{", b"["} and read_json(answer) is None:
        return Ambiguous("net.cut", detail, status)
    if status == 401:
        return AccountStopped(code, detail, status)
    if status == 429:
        return RateLimited(code, detail, status, until=pause_until(answer.headers))
    if 400 <= status < 500 and status != 408 and isinstance(read_json(answer), dict | list):
        return Rejected(code, detail, status)
    return Ambiguous(code, detail, status)


def pause_until(headers: Mapping[str, str], now: datetime | None = None) -> datetime | None:
    """Return the time (UTC) until which the platform asks to wait, within the bounds; None if it gives no time.

    `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); `x-rate-limit-reset` in unix seconds
    (docs.x.com, rate limits, read 2026-08).
    """
    now = now or datetime.now(UTC)
    pause = _retry_after(headers.get("retry-after"), now)
    if pause is None:
        pause = _reset(headers.get("x-rate-limit-reset"), now)
    if pause is None:
        return None
    return now + min(max(pause, SHORTEST_PAUSE), LONGEST_PAUSE)


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    if not value:
        return None
    try:
        return timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        pass
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=when.tzinfo or UTC) - now


def _reset(value: str | None, now: datetime) -> timedelta | None:
    try:
        return datetime.fromtimestamp(int(value or ""), UTC) - now
    except (ValueError, OverflowError, OSError):
        return None

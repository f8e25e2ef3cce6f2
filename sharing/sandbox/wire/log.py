"""A log of the last requests with masked secrets, to see what was really sent."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from sharing.sandbox.records import iso
from sharing.sandbox.wire.exchange import Answer, Request

MOST = 500
#: The most bytes of a body that are kept.
KEPT = 4096
_NAMES = "access_token|appsecret_proof|refresh_token|client_secret|password|oauth_token|oauth_signature"
_SECRET = re.compile(
    rf"(?P<name>(?:{_NAMES})(?:\"?\s*[=:]\s*\"?))(?P<value>[^&\s\",;]+)",
    re.IGNORECASE,
)
MASK = "***"


@dataclass(slots=True)
class _Entry:
    at: float
    channel: str
    operation: str
    request: Request
    status: int
    fault: str


class Log:
    """A limited list of requests. Secrets are masked when somebody reads it."""

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self.count = 0
        #: Number of requests at which the sandbox itself failed. The tests check that it is 0.
        self.crashes = 0

    def number(self) -> int:
        """Return the number of the next request."""
        with self._lock:
            self.count += 1
            return self.count

    def add(self, channel: str, operation: str, request: Request, answer: Answer, fault: str) -> None:
        if len(request.body) > KEPT:
            request.body = request.body[:KEPT]
        vars(request).pop("parsed", None)
        status = 0 if answer.effect in {"reset", "close", "hang", "half_header"} else answer.status
        self._entries.append(_Entry(time.time(), channel, operation, request, status, fault))

    def shown(self, secrets: set[str]) -> list[dict[str, Any]]:
        """Return the requests, oldest first. Masks secret parameters by name, and every value in `secrets`."""
        return [self._one(entry, secrets) for entry in list(self._entries)]

    def _one(self, entry: _Entry, secrets: set[str]) -> dict[str, Any]:
        request = entry.request
        headers = {name: _header(name, masked(value, secrets)) for name, value in request.headers.items()}
        return {
            "number": request.number,
            "at": iso(entry.at),
            "channel": entry.channel,
            "operation": entry.operation,
            "method": request.method,
            "target": masked(request.target, secrets),
            "headers": headers,
            "body": masked(request.body.decode("utf-8", "replace"), secrets),
            "status": entry.status,
            "fault": entry.fault,
            "flags": request.flags,
        }

    def clear(self) -> None:
        self._entries.clear()


def masked(text: str, secrets: set[str]) -> str:
    """Mask the values of secret parameters and the known secrets in a text."""
    text = _SECRET.sub(lambda found: found["name"] + MASK, text)
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def _header(name: str, value: str) -> str:
    if name in {"authorization", "cookie", "proxy-authorization"}:
        return f"{value.partition(' ')[0]} {MASK}"
    return value

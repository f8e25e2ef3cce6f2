"""Rules that decide by a request's headers alone whether its body is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from sharing.domain.refusal import Refusal
from sharing.services.incoming.admission import LIMIT as HOOK_LIMIT

#: Bytes of an API body: many times an article with its full text.
API_LIMIT = 2_000_000
#: Bytes of a form. Only /compose takes a whole article.
FORM_LIMIT = 1_000_000
#: Methods whose body has no meaning (RFC 9110, section 9.3), so it is never read.
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"})
_MACHINES = {"/hooks/": "hook", "/api/": "api", "/kakao/": "api"}


@dataclass(frozen=True, slots=True)
class Body:
    """The headers of a request that describe its body. `path` is percent-decoded."""

    method: str
    path: str
    kind: str
    length: str
    coding: str

    @classmethod
    def of(cls, method: str, path: str, headers: Mapping[str, str]) -> Body:
        """Read the description from headers; their names are upper case."""
        names = ("CONTENT-TYPE", "CONTENT-LENGTH", "TRANSFER-ENCODING")
        return cls(method, path, *(headers.get(name, "").strip() for name in names))

    @property
    def is_announced(self) -> bool:
        """Return whether a body follows the headers."""
        return bool(self.coding) or self.length not in {"", "0"}

    @property
    def wanted(self) -> int:
        """Return the number of body bytes to read before the request is handled."""
        if not self.is_announced or self.method in _BODILESS or self.refusal() is not None:
            return 0
        return int(self.length)

    def refusal(self) -> Refusal | None:
        """Return the reason why this body is not read; None if it is read."""
        if not self.is_announced or self.method in _BODILESS:
            return None
        door = next((door for start, door in _MACHINES.items() if self.path.startswith(start)), "form")
        if self.coding or not self.length.isdecimal():
            return Refusal(f"{door}.no_length", field="Content-Length", status=411)
        if self.kind.lower().startswith("multipart/"):
            code = "form.multipart" if door == "form" else f"{door}.not_json"
            return Refusal(code, field="Content-Type", status=415)
        if int(self.length) > (limit := self._limit(door)):
            return Refusal(f"{door}.too_big", field="body", status=413, limit=f"{limit:,}")
        return None

    def _limit(self, door: str) -> int:
        if self.path.startswith("/compose"):
            return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return {"hook": HOOK_LIMIT, "api": API_LIMIT, "form": FORM_LIMIT}[door]

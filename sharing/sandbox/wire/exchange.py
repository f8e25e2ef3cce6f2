"""Request and Answer: what a client sends and what the sandbox returns."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from sharing.sandbox.wire import forms

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"
#: The most parameters of a query or form.
MOST_PARAMETERS = 200


class UnreadableError(ValueError):
    """A body or query that is not in the form it claims. The message is a plain sentence."""


@dataclass
class Request:
    """One HTTP request, read completely. Header names are lower case; the body is at most 12 MB."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    number: int = 0
    #: Remarks for the log, e.g. `token_in_query`.
    flags: list[str] = field(default_factory=list)
    #: Seconds until a post made by this request shows in lists (fault `read_lag`).
    lag: float = 0.0
    #: The most entries in a list (fault `page_size`); 0: as the request asks.
    page_size: int = 0
    #: Faults that the platform itself plays (webhook faults, `stranger`), with their parameters.
    beside: dict[str, float] = field(default_factory=dict)

    @cached_property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @cached_property
    def segments(self) -> list[str]:
        """Return the path's parts, percent-decoded."""
        return [unquote(part) for part in self.path.split("/") if part]

    @cached_property
    def query(self) -> dict[str, str]:
        """Return the query's parameters; the last value of a repeated one. Raises UnreadableError."""
        return pairs(self.target.partition("?")[2])

    @cached_property
    def kind(self) -> str:
        """Return the media type of the body, without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def parsed(self) -> Any:
        """Return the body as its Content-Type says: a JSON value, or a dict of form fields. Raises UnreadableError."""
        if not self.body:
            return {}
        if self.kind == "application/json" or self.kind.endswith("+json"):
            return read_json(self.body)
        if self.kind == "application/x-www-form-urlencoded":
            return pairs(_utf8(self.body))
        if self.kind == "multipart/form-data":
            try:
                return forms.multipart(self.body, self.headers["content-type"])
            except ValueError as why:
                raise UnreadableError(str(why)) from why
        raise UnreadableError(f"a body of type {self.kind or '(none)'} cannot be read here")

    @property
    def host(self) -> str:
        return self.headers.get("host", "127.0.0.1")

    @property
    def bearer(self) -> str:
        """Return the token of `Authorization: Bearer`; empty if there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(slots=True)
class Answer:
    """One HTTP answer. `effect` names how the connection spoils it (see wire/http.py)."""

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    effect: str = ""
    #: Seconds: `pause` before the first byte, `stretch` for the length of a slow effect.
    pause: float = 0.0
    stretch: float = 0.0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def answer_json(
    value: Any, status: int = 200, *, kind: str = JSON, headers: dict[str, str] | None = None
) -> Answer:
    """Return an answer with `value` as JSON in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Answer(status, body, kind, headers or {})


def pairs(text: str) -> dict[str, str]:
    """Parse form-encoded parameters. Raises UnreadableError for bad UTF-8 or too many parameters."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS))
    except ValueError as why:
        raise UnreadableError("the parameters are not form-encoded UTF-8") from why


def read_json(body: bytes | str) -> Any:
    """Parse strict JSON: UTF-8, no NaN, no lone surrogate, no repeated name. Raises UnreadableError."""
    text = body if isinstance(body, str) else _utf8(body)
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
        if "\\u" in text:
            # JSON escapes may spell a lone surrogate, but no valid text contains one.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as why:
        raise UnreadableError("the body is not valid JSON") from why
    return value


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as why:
        raise UnreadableError("the body is not UTF-8") from why


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_repeats(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise ValueError("a name stands twice")
    return found

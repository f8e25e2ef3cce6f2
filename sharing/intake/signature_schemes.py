"""The signature scheme of each CMS: what it signs, and how. `sharing.intake.signatures` checks all of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from sharing.domain.refusal import Refusal

_CONTENTFUL_ALWAYS = ("x-contentful-signed-headers", "x-contentful-timestamp")
_BASE64_HEADERS = ("x-wc-webhook-signature", "x-shopify-hmac-sha256", "x-signature")


@dataclass(frozen=True, slots=True)
class Request:
    """A hook request as it arrived, with header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """Return the header's value.

        Raises:
            Refusal: `signature.missing`, if the header is absent or empty.
        """
        found = self.headers.get(name, "").strip()
        if not found:
            refuse("signature.missing", header=name)
        return found


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request claims: the given signatures, a function for the expected one, its id and its signed time."""

    given: Sequence[bytes]
    expected: Callable[[bytes], bytes]
    message_id: str | None = None
    at: datetime | None = None
    weak: bool = False


def refuse(code: str, **facts: Any) -> NoReturn:
    """Raise a Refusal with status 401."""
    raise Refusal(code, status=401, **facts)


def _ascii(text: str) -> bytes:
    # A signature is ASCII. Other characters become "?", which no signature alphabet has, so the check fails.
    return text.strip().encode("ascii", "replace")


def _digits(text: str, *, milliseconds: bool = False) -> datetime:
    """Read the signed time. Only ASCII digits: `int` also accepts signs, underscores and other scripts' digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= (14 if milliseconds else 11)):
        refuse("signature.bad_time")
    return datetime.fromtimestamp(int(text) / (1000 if milliseconds else 1), UTC)


def _hex(live: bytes, signed: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(live, signed, algorithm).hexdigest().encode()


def _parts(header: str) -> list[tuple[str, str]]:
    """Split `t=1,v1=abc` into pairs (name, value). A part without "=" has an empty name."""
    pairs = (part.strip().partition("=") for part in header.split(","))
    return [(name, value) if equals else ("", name) for name, equals, value in pairs]


def _of(pairs: list[tuple[str, str]], name: str) -> list[str]:
    return [value for given, value in pairs if given == name]


def _one_of(pairs: list[tuple[str, str]], name: str) -> str:
    found = _of(pairs, name)
    if len(found) != 1:
        refuse("signature.doubled" if found else "signature.missing", header=name)
    return found[0]


def _standard(request: Request) -> Claim:
    """Standard Webhooks 1.0: signs `id.timestamp.body`, base64; one or more `v1,...`, separated by spaces."""
    message_id = request.header("webhook-id")
    timestamp = request.header("webhook-timestamp")
    given = [token[3:] for token in request.header("webhook-signature").split(" ") if token.startswith("v1,")]
    # With a full stop in the id, two different pairs of id and time could give the same signed text.
    if "." in message_id or not message_id.isascii():
        refuse("signature.bad_id")
    signed = f"{message_id}.{timestamp}.".encode() + request.body
    return Claim(
        given=[_ascii(token) for token in given],
        expected=lambda live: base64.b64encode(hmac.digest(live, signed, "sha256")),
        message_id=message_id,
        at=_digits(timestamp),
    )


def _github(request: Request) -> Claim:
    """GitHub: signs the body, hex. GitHub signs no time (docs.github.com/webhooks, 2026-11-24)."""
    name, _, given = request.header("x-hub-signature-256").partition("=")
    return Claim(
        given=[_ascii(given)] if name == "sha256" else [],
        expected=lambda live: _hex(live, request.body),
        message_id=request.headers.get("x-github-delivery", "").strip() or None,
    )


def _ghost(request: Request) -> Claim:
    """Ghost: signs the body followed directly by the time in milliseconds, hex (its webhook-trigger.js)."""
    pairs = _parts(request.header("x-ghost-signature"))
    milliseconds = _one_of(pairs, "t")
    at = _digits(milliseconds, milliseconds=True)
    return Claim(
        given=[_ascii(value) for value in _of(pairs, "sha256")],
        expected=lambda live: _hex(live, request.body + milliseconds.encode()),
        at=at,
    )


def _sanity(request: Request) -> Claim:
    """Sanity: signs `milliseconds.body`, base64url without padding (its webhook toolkit)."""
    pairs = _parts(request.header("sanity-webhook-signature"))
    milliseconds = _one_of(pairs, "t")
    at = _digits(milliseconds, milliseconds=True)
    signed = f"{milliseconds}.".encode() + request.body
    return Claim(
        given=[_ascii(value) for value in _of(pairs, "v1")],
        expected=lambda live: base64.urlsafe_b64encode(hmac.digest(live, signed, "sha256")).rstrip(b"="),
        message_id=request.headers.get("idempotency-key", "").strip() or None,
        at=at,
    )


def _contentful(request: Request) -> Claim:
    """Contentful: signs method, path, the signed headers in order, and body, hex (its node-apps-toolkit)."""
    names = sorted({n.strip().lower() for n in request.header("x-contentful-signed-headers").split(",")})
    if not set(_CONTENTFUL_ALWAYS) <= set(names) or "x-contentful-signature" in names:
        refuse("signature.missing", header="x-contentful-timestamp")
    lines = ";".join(f"{name}:{request.headers[name].strip()}" for name in names if name in request.headers)
    signed = f"{request.method}\n{request.path}\n{lines}\n".encode(errors="replace") + request.body
    return Claim(
        given=[_ascii(request.header("x-contentful-signature"))],
        expected=lambda live: _hex(live, signed),
        at=_digits(request.header("x-contentful-timestamp"), milliseconds=True),
    )


def _superdesk(request: Request) -> Claim:
    """Superdesk: signs the body, hex, with SHA-1. Superdesk signs no time (its http_push.py)."""
    name, _, given = request.header("x-superdesk-signature").partition("=")
    return Claim(
        given=[_ascii(given)] if name == "sha1" else [],
        expected=lambda live: _hex(live, request.body, "sha1"),
    )


def _websub(request: Request) -> Claim:
    """WebSub, section 8: signs the body, hex. The hub chooses SHA-1, SHA-256, SHA-384 or SHA-512."""
    name, _, given = request.header("x-hub-signature").partition("=")
    known = name in {"sha1", "sha256", "sha384", "sha512"}
    return Claim(
        given=[_ascii(given)] if known else [],
        expected=lambda live: _hex(live, request.body, name if known else "sha256"),
        weak=name == "sha1",
    )


def _hmac_base64(request: Request) -> Claim:
    """WooCommerce, Shopify and many in-house systems: sign the body, base64."""
    present = [name for name in _BASE64_HEADERS if request.headers.get(name)]
    if len(present) > 1:
        refuse("signature.doubled", header=present[1])
    return Claim(
        given=[_ascii(request.header(present[0] if present else _BASE64_HEADERS[-1]))],
        expected=lambda live: base64.b64encode(hmac.digest(live, request.body, "sha256")),
        message_id=request.headers.get("x-wc-webhook-delivery-id", "").strip() or None,
    )


def _bearer(request: Request) -> Claim:
    """Strapi and senders that cannot sign: a fixed secret in `Authorization: Bearer`. The body is not protected."""
    name, _, given = request.header("authorization").partition(" ")
    return Claim(
        given=[_hashed(given.strip().encode(errors="replace"))] if name.lower() == "bearer" else [],
        expected=_hashed,
    )


def _hashed(word: bytes) -> bytes:
    # A hash has a fixed length, so the comparison does not show the length of the secret.
    return hashlib.sha256(word).digest()


#: Scheme -> function that reads the claim of a request.
READ: dict[str, Callable[[Request], Claim]] = {
    "standard-webhooks": _standard,
    "github": _github,
    "ghost": _ghost,
    "sanity": _sanity,
    "contentful": _contentful,
    "superdesk": _superdesk,
    "websub": _websub,
    "hmac-base64": _hmac_base64,
    "bearer": _bearer,
}

#: Headers that must not be sent twice: a request with two values would have two meanings.
SIGNING_HEADERS = frozenset(
    {
        "authorization",
        "idempotency-key",
        "sanity-webhook-signature",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
        "x-contentful-signature",
        "x-ghost-signature",
        "x-github-delivery",
        "x-hub-signature",
        "x-hub-signature-256",
        "x-superdesk-signature",
        "x-wc-webhook-delivery-id",
        *_CONTENTFUL_ALWAYS,
        *_BASE64_HEADERS,
    }
)

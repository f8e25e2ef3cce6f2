"""Verify the signature of a hook over its raw bytes.

`sharing.intake.signature_schemes` says what each CMS signs. This module has the part common to all schemes: several
live secrets, comparison in constant time, no early exit, bounded work, the time window.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets as random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharing.domain.refusal import Refusal
from sharing.intake.signature_schemes import READ, SIGNING_HEADERS, Request, refuse

#: Largest difference between the signed time and now, if the scheme signs a time (as in Standard Webhooks).
TOLERANCE = timedelta(seconds=300)
#: Most signatures in one header. A sender that rotates its key sends two.
MOST_SIGNATURES = 32
#: Longest message id of a sender, in characters.
LONGEST_ID = 255
#: Schemes with SHA-1 or without a signature: accepted because the CMS has no other, and shown as weak.
WEAK = frozenset({"superdesk", "bearer"})

#: The names that `source add --scheme` takes.
SCHEMES = tuple(READ)

_STANDARD_PREFIX = "whsec_"
#: Placeholder for the signature in a header that is being written.
_HERE = "\ue000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A hook with a right signature.

    `message_id` is the sender's id of this hook, and `at` the signed time; each is None if the scheme has none. Without
    them the inbox cannot detect a replay, so the unique key of the delivery must. `weak` marks a weak scheme in
    the list of sources.
    """

    message_id: str | None = None
    at: datetime | None = None
    weak: bool = False


def verify(
    scheme: str,
    secrets: Sequence[str],
    *,
    method: str,
    path: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    body: bytes,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> Verified:
    """Check a hook against every live secret of its source.

    Args:
        scheme: one of `SCHEMES`.
        secrets: all live secrets, so that a key can be changed without losing a hook; empty ones are ignored.
        method: the method of the request; only POST is accepted.
        path: path and query of the request line (Contentful signs them).
        headers: names in any case. Pairs are better than a mapping: they show a header that was sent twice.
        body: the raw bytes, before any parsing.
        now: the present time, aware.
        tolerance: largest difference between the signed time and `now`, in both directions.

    Raises:
        Refusal: status 401: `signature.missing`, `signature.wrong`, `signature.stale`, `signature.bad_time`,
            `signature.bad_id`, `signature.doubled`, `signature.too_many`, `signature.no_secret`; 405:
            `signature.not_post`.
        KeyError: the scheme does not exist, a mistake in our code.
    """
    read = READ[scheme]
    if method.upper() != "POST":
        raise Refusal("signature.not_post", status=405, method=method[:20])
    request = Request(method.upper(), path, _once_each(headers), body)
    keys = [key(scheme, secret) for secret in secrets if secret.strip()]
    if not keys:
        refuse("signature.no_secret")
    claim = read(request)
    if len(claim.given) > MOST_SIGNATURES:
        refuse("signature.too_many", limit=MOST_SIGNATURES)
    if claim.message_id and (len(claim.message_id) > LONGEST_ID or not claim.message_id.isprintable()):
        refuse("signature.bad_id")
    right = False
    for live in keys:
        expected = claim.expected(live)
        for given in claim.given:
            right |= hmac.compare_digest(expected, given)
    if not right:
        refuse("signature.wrong")
    if claim.at is not None and abs(now - claim.at) > tolerance:
        refuse("signature.stale", span=abs(now - claim.at))
    return Verified(message_id=claim.message_id, at=claim.at, weak=claim.weak or scheme in WEAK)


def sign(
    scheme: str,
    secret: str,
    *,
    message_id: str,
    body: bytes,
    now: datetime,
    method: str = "POST",
    path: str = "/",
) -> dict[str, str]:
    """Return the headers with which `verify` accepts `body`. For test senders (`sharedesk source sign`)."""
    live = key(scheme, secret)
    if scheme == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    headers = _unsigned(scheme, message_id, f"{now.timestamp():.0f}", f"{now.timestamp() * 1000:.0f}")
    request = Request(method.upper(), path, _once_each(headers), body)
    signature = READ[scheme](request).expected(live).decode()
    return {name: value.replace(_HERE, signature) for name, value in headers.items()}


def _unsigned(scheme: str, message_id: str, seconds: str, milliseconds: str) -> dict[str, str]:
    match scheme:
        case "standard-webhooks":
            return {
                "webhook-id": message_id,
                "webhook-timestamp": seconds,
                "webhook-signature": f"v1,{_HERE}",
            }
        case "github":
            return {"X-Hub-Signature-256": f"sha256={_HERE}", "X-GitHub-Delivery": message_id}
        case "ghost":
            return {"X-Ghost-Signature": f"sha256={_HERE}, t={milliseconds}"}
        case "sanity":
            return {
                "sanity-webhook-signature": f"t={milliseconds},v1={_HERE}",
                "idempotency-key": message_id,
            }
        case "contentful":
            return {
                "X-Contentful-Signature": _HERE,
                "X-Contentful-Signed-Headers": "x-contentful-signed-headers,x-contentful-timestamp",
                "X-Contentful-Timestamp": milliseconds,
            }
        case "superdesk":
            return {"x-superdesk-signature": f"sha1={_HERE}"}
        case "websub":
            return {"X-Hub-Signature": f"sha256={_HERE}"}
        case "hmac-base64":
            return {"X-WC-Webhook-Signature": _HERE, "X-WC-Webhook-Delivery-ID": message_id}
        case _:
            raise KeyError(scheme)


def new_secret(scheme: str) -> str:
    """Make a secret of at least 190 random bits, in the form that the sender of the scheme requires."""
    if scheme == "standard-webhooks":
        return _STANDARD_PREFIX + base64.b64encode(random.token_bytes(32)).decode()
    if scheme == "contentful":  # it takes exactly 64 characters (contentful.com/developers, 2026-11-24)
        return random.token_hex(32)
    return random.token_urlsafe(32)


def key(scheme: str, secret: str) -> bytes:
    """Return the key bytes of a secret. A Standard Webhooks secret is `whsec_` and base64, or the raw text.

    Raises:
        Refusal: `signature.bad_secret`, shown when a source is added.
    """
    if scheme == "standard-webhooks" and secret.startswith(_STANDARD_PREFIX):
        try:
            decoded = base64.b64decode(secret.removeprefix(_STANDARD_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            decoded = b""
        if not decoded:
            raise Refusal("signature.bad_secret", field="secret")
        return decoded
    try:
        return secret.encode()
    except UnicodeEncodeError:
        raise Refusal("signature.bad_secret", field="secret") from None


def _once_each(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        if name.lower() in found and name.lower() in SIGNING_HEADERS:
            refuse("signature.doubled", header=name.lower()[:80])
        found[name.lower()] = value
    return found

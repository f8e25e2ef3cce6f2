"""Mask secrets in what is stored or logged of a platform's answer."""

from __future__ import annotations

import re

MASK = "•••"
_NAMED = re.compile(
    r"(?i)((?:access_token|refresh_token|client_secret|app_secret|appsecret_proof|api_key|admin_key|"
    r"authorization|oauth_token|oauth_signature|oauth_consumer_key|password|passwd|secret|signature|"
    r"code_verifier)\"?'?\s*[=:]\s*\"?'?)(?:(?:bearer|basic|kakaoak|oauth)\s+)?[^\s\"'&,;<>}]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic|kakaoak)\s+[^\s\"'&,;<>}]{6,}")
_USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]+@")


def redact(text: str, *known: str) -> str:
    """Mask everything in `text` that looks like a token, and each `known` value of four characters or more."""
    for value in known:
        if len(value) >= 4:
            text = text.replace(value, MASK)
    text = _USERINFO.sub(rf"\1{MASK}@", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    return _NAMED.sub(rf"\1{MASK}", text)

"""A browser's rules for a page: Content-Security-Policy, Referrer-Policy, subresource integrity."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

_WEAKEST_FIRST = ("sha256", "sha384", "sha512")


def allows_script(policy: str, address: str, page: str, nonce: str) -> bool:
    """Return whether a policy lets `page` load a script (CSP 3; only addresses and nonces as sources)."""
    rules = _rules(policy)
    names = ("script-src-elem", "script-src", "default-src")
    sources = next((rules[name] for name in names if name in rules), None)
    if sources is None or (nonce and f"'nonce-{nonce}'" in sources):
        return True
    return "'strict-dynamic'" not in sources and any(_matches(source, address, page) for source in sources)


def allows_form(policy: str, address: str, page: str) -> bool:
    """Return whether a policy lets `page` post a form. form-action does not fall back to default-src."""
    sources = _rules(policy).get("form-action")
    return sources is None or any(_matches(source, address, page) for source in sources)


def _rules(policy: str) -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for rule in policy.split(";"):
        words = rule.split()
        if words:
            rules.setdefault(words[0].lower(), words[1:])
    return rules


def _matches(source: str, address: str, page: str) -> bool:
    there, here = urlsplit(address), urlsplit(page)
    if source == "*":
        return there.scheme in {"http", "https"}
    if source.lower() == "'self'":
        return (there.scheme, there.netloc) == (here.scheme, here.netloc)
    if source.startswith("'"):
        return False
    if source.endswith(":") and "/" not in source:
        return there.scheme == source[:-1].lower()
    named = urlsplit(source if "://" in source else f"{here.scheme}://{source}")
    host, wanted = (there.hostname or ""), (named.hostname or "")
    same_host = host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted
    same_port = named.netloc.endswith(":*") or (named.port or _usual(named.scheme)) == (
        there.port or _usual(there.scheme)
    )
    path = named.path
    same_path = not path or path == there.path or (path.endswith("/") and there.path.startswith(path))
    return there.scheme == named.scheme and same_host and same_port and same_path


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def origin_shown(referrer_policy: str) -> tuple[bool, str]:
    """Return (whether a cross-origin POST sends its Origin, how much of the page's address the Referer has).

    The second is `origin` or empty. Under the default policy, a cross-origin request never gets the path.
    """
    policy = referrer_policy.rpartition(",")[2].strip().lower()
    if policy in {"no-referrer", "same-origin"}:
        return False, ""
    return True, "origin"


def intact(body: bytes, integrity: str) -> bool:
    """Return whether a script matches its `integrity`. The strongest named algorithm decides."""
    wanted: dict[str, set[str]] = {}
    for token in integrity.split():
        algorithm, dash, digest = token.partition("-")
        if dash and algorithm in _WEAKEST_FIRST:
            wanted.setdefault(algorithm, set()).add(digest)
    for algorithm in reversed(_WEAKEST_FIRST):
        if algorithm in wanted:
            real = base64.b64encode(hashlib.new(algorithm, body).digest()).decode()
            return real in wanted[algorithm]
    return True

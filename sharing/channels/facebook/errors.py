"""The Failure for each error of the Graph API. Sources: docs/channels/facebook.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sharing.domain.account import Account
from sharing.domain.outcomes import (
    AccountStopped,
    Ambiguous,
    Duplicate,
    Failure,
    RateLimited,
    Rejected,
    Unavailable,
)
from sharing.net import http
from sharing.net.exchange import Answer
from sharing.net.redact import redact

# The meaning of Graph's codes. The subcode decides if there is one, because one code has several meanings
# (docs/graph-api/guides/error-handling, 2026-06-21).
_AMBIGUOUS = {1, 2, 1363047, 1609010}
_THROTTLED = {4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014}
_TOO_FAST = {1390008}
_SIGNED_OUT = {102, 190, 458, 459, 460, 463, 464, 467, 492, 1404078}
_BLOCKED = {368, 1404006, 1404112, 4854002}
_DUPLICATE = {506, 1366051}
_SCRAPE_FAILED = {1609005}
GONE = {33, 803}


def failure(answer: Answer, said: Any, account: Account) -> Failure:
    """Return the Failure for an answer that is not a success. `said` is its parsed JSON."""
    error = said.get("error") if isinstance(said, dict) else None
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return http.failure(answer, *account.known_secrets())
    code, subcode = error["code"], error.get("error_subcode")
    name = f"facebook.{subcode or code}"
    detail = http.said(answer, *account.known_secrets())
    words = str(error.get("error_user_msg") or error.get("message") or detail)
    facts = (name, redact(words, *account.known_secrets()), answer.status)
    if answer.status >= 500:
        return Ambiguous(*facts)  # the server may have posted before it failed, whatever code it names
    for each in (subcode, code):
        found = _by_code(each, facts, answer, str(error.get("message", "")))
        if found is not None:
            return found
    return Rejected(*facts) if 400 <= answer.status < 500 else Ambiguous(*facts)


def _by_code(code: Any, facts: tuple[str, str, int], answer: Answer, message: str) -> Failure | None:
    if code in _DUPLICATE or (code in _BLOCKED and "already posted" in message):
        return Duplicate(*facts)
    if code in _AMBIGUOUS:
        return Ambiguous(*facts)
    if code in _SIGNED_OUT or code in _BLOCKED:
        return AccountStopped(*facts)
    if code in _THROTTLED or code in _TOO_FAST:
        pause = timedelta(minutes=15)
        until = _regain(answer) or http.pause_until(answer.headers) or datetime.now(UTC) + pause
        return RateLimited(*facts, until=until)
    if code in _SCRAPE_FAILED:
        return Unavailable(*facts)
    return None


def _regain(answer: Answer) -> datetime | None:
    """Return when Graph takes calls again, by X-Business-Use-Case-Usage (minutes, at most a day); None if unknown."""
    usage = http.as_json(answer.headers.get("x-business-use-case-usage", ""))
    if not isinstance(usage, dict):
        return None
    entries = [each for rows in usage.values() if isinstance(rows, list) for each in rows]
    minutes = [each.get("estimated_time_to_regain_access") for each in entries if isinstance(each, dict)]
    longest = max((m for m in minutes if isinstance(m, int | float) and m > 0), default=None)
    return datetime.now(UTC) + timedelta(minutes=min(longest, 24 * 60)) if longest else None

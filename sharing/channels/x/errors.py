"""The Failure for each error of X's API. Sources: docs/channels/x.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sharing.domain.account import Account
from sharing.domain.outcomes import AccountStopped, Ambiguous, Duplicate, Failure, RateLimited, Rejected
from sharing.net import http
from sharing.net.exchange import Answer
from sharing.net.redact import redact


def failure(answer: Answer, said: Any, account: Account) -> Failure:
    """Return the Failure for an answer. Reads parsed fields only, never a number found in free text."""
    problem = said if isinstance(said, dict) else {}
    kind = str(problem.get("type") or "").rsplit("/", 1)[-1]
    title, detail = str(problem.get("title") or ""), str(problem.get("detail") or "")
    legacy = {each.get("code") for each in problem.get("errors") or [] if isinstance(each, dict)}
    known = account.known_secrets()
    words = redact(detail or title, *known) or http.said(answer, *known)
    facts = (f"x.{kind or answer.status}", words, answer.status)
    if answer.status >= 500:
        return Ambiguous(*facts)  # the server may have posted before it failed, whatever problem it names
    if answer.status == 402 or kind in {"usage-capped", "credits-depleted"} or "CreditsDepleted" in title:
        return AccountStopped(*facts)
    if answer.status == 429 or kind == "rate-limit-exceeded" or 88 in legacy:
        until = _reset(answer) or http.pause_until(answer.headers)
        return RateLimited(*facts, until=until)
    if answer.status == 401 or kind in {"unsupported-authentication", "user-suspended"}:
        return AccountStopped(*facts)
    if answer.status == 403:
        if 187 in legacy or "duplicate content" in detail:
            return Duplicate("x.duplicate", words, 403)
        return Rejected(*facts)
    if answer.status in {400, 404, 409, 422} and problem:
        return Rejected(*facts)
    return http.failure(answer, *account.known_secrets())


def _reset(answer: Answer) -> datetime | None:
    """Return the later of the 15-minute reset and, if that limit is used up, the 24-hour reset; at least in 60 s."""
    headers = answer.headers
    names = ["x-rate-limit-reset"]
    names += [
        f"x-{who}-limit-24hour-reset"
        for who in ("app", "user")
        if headers.get(f"x-{who}-limit-24hour-remaining") == "0"
    ]
    resets = [http.pause_until({"x-rate-limit-reset": headers.get(name, "")}) for name in names]
    known = [each for each in resets if each]
    return max([*known, datetime.now(UTC) + timedelta(seconds=60)]) if known else None

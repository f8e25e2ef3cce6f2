"""Record the result of a delivery: first the move, then what the result says about its account.

If a result is not stored, a person must search for a post that we know of. So the write is retried on fresh connections
until it is stored or the lease is over.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from sharing import models
from sharing.domain.delivery import State, Step, Why, after_preparing, after_sending, backoff
from sharing.domain.outcomes import AccountStopped, Failed, Outcome, Receipt, Unavailable
from sharing.models import moves
from sharing.models.moves import Actor, After, Claim
from sharing.services import notices, write_until_stored
from sharing.services.accounts import circuit, tokens, values
from sharing.services.runtime import runtime

log = structlog.get_logger()

#: Codes of short waits that we cause ourselves.
SOON = frozenset({"token.refreshing"})
#: Seconds until a marker that could stand on two posts is looked for once more.
RECHECK = 300.0
#: Limit of the tries counter: an overflow would stop everything behind it.
MANY = 1_000_000


def not_prepared(claim: Claim, failure: Failed, actor: Actor, row: models.Account) -> None:
    """Record that preparing failed: nothing is out, and the delivery moves to where the failure leads."""
    version = row.token_version
    if isinstance(failure, AccountStopped) and tokens.overtaken(row):
        failure = Unavailable("token.refreshing", failure.detail, failure.http_status)
    step = after_preparing(failure)
    moves.move(
        claim.id,
        step.to,
        step.why,
        actor=actor,
        attempt_no=claim.attempt_no,
        detail=str(failure),
        sets={
            "last_code": failure.code,
            "last_detail": failure.detail,
            **_next_try(claim, step, failure.code),
        },
    )
    _tell_the_account(claim, failure, version)


def record(
    claim: Claim, outcome: Outcome, actor: Actor, *, ends: float, row: models.Account | None = None
) -> None:
    """Write the result of a send, until it is stored or the lease is over.

    `ends`: the end of the lease, in seconds of `clocks.running`. `row`: the account, if a refused token may be
    refreshed.
    """
    version = row.token_version if row is not None else None
    if row is not None and isinstance(outcome, AccountStopped):
        outcome = _refreshable(outcome, row, ends)
    stands = write_until_stored.write(lambda: _record_once(claim, outcome, actor), ends=ends)
    if not stands:
        log.error("result not written; the lease will make it unknown", delivery=claim.id)
        return
    write_until_stored.write(lambda: _tell_the_account(claim, outcome, version), ends=ends)


def _refreshable(stopped: AccountStopped, row: models.Account, ends: float) -> Outcome:
    """Turn a refused token into a retry if the account has other secrets by now, or if its token can be refreshed."""
    refreshable: list[bool] = []
    write_until_stored.write(lambda: refreshable.append(tokens.overtaken(row)), ends=ends)
    if not any(refreshable) and stopped.http_status == 401:
        write_until_stored.write(lambda: refreshable.append(tokens.was_refused(row)), ends=ends)
    if any(refreshable):
        return Unavailable("token.refreshing", stopped.detail, stopped.http_status)
    return stopped


def _record_once(claim: Claim, outcome: Outcome, actor: Actor) -> None:
    """Move the delivery. If somebody else moved it before, keep the result as evidence."""
    facts = _attempt_facts(outcome)
    if isinstance(outcome, Receipt):
        moved = _delivered(claim, outcome, facts, actor)
    else:
        step = after_sending(outcome)
        sets = {"last_code": outcome.code, "last_detail": outcome.detail}
        moved = moves.move(
            claim.id,
            step.to,
            step.why,
            actor=actor,
            attempt_no=claim.attempt_no,
            detail=str(outcome),
            sets={**sets, **_next_try(claim, step, outcome.code)},
            outcome=facts,
        )
    if not moved:
        _too_late(claim, outcome, facts)


def _delivered(claim: Claim, receipt: Receipt, facts: dict[str, Any], actor: Actor) -> bool:
    sets = {
        "receipt": receipt.achieved.value,
        "remote_id": receipt.remote_id,
        "permalink": receipt.permalink,
        "first_seen_at": After(0),
        "last_code": "",
        "last_detail": "",
        # Sent more than once: check later that there is only one post.
        "recheck_at": After(RECHECK) if claim.attempt_no > 1 else None,
    }
    # If the lease ran out meanwhile, the delivery is `unknown`: this late receipt still proves that it is out.
    return any(
        moves.move(
            claim.id, State.DELIVERED, why, actor=actor, attempt_no=claim.attempt_no, sets=sets, outcome=facts
        )
        for why in (Why.RECEIPT, Why.LATE_RECEIPT)
    )


def _too_late(claim: Claim, outcome: Outcome, facts: dict[str, Any]) -> None:
    """Keep a result that came after the delivery was moved. Tell people if it says that two posts may be out."""
    moves.keep_evidence(claim.id, claim.attempt_no, facts)
    if not isinstance(outcome, Receipt):
        return
    row = models.Delivery.objects.get(pk=claim.id)
    if row.state == State.DELIVERED and row.remote_id in {None, outcome.remote_id}:
        return  # found, or confirmed by a person: the same post
    tell_double(row, [outcome.permalink or outcome.remote_id or ""])


def tell_double(row: models.Delivery, posts: Sequence[str]) -> None:
    """Tell people that one marker stands, or may stand, on several posts: they must take down all but one."""
    facts = {"posts": list(posts), "channel": row.channel, "account": row.account.name}
    notices.tell("double", f"delivery:{row.pk}", {**facts, "headline": row.article.headline[:200]})


def _attempt_facts(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Receipt):
        return {"outcome": "Receipt", "code": outcome.achieved.value, "http_status": None, "evidence": ""}
    return {
        "outcome": type(outcome).__name__,
        "code": outcome.code,
        "http_status": outcome.http_status,
        "evidence": outcome.detail,
    }


def _next_try(claim: Claim, step: Step, code: str) -> dict[str, Any]:
    """Return when to go on: the next try if nothing was sent, the first look-up if the post may be out."""
    timings = runtime().timings
    if step.to is State.WAITING and code in SOON:
        return {"due_at": After(1)}
    if step.to is State.WAITING:
        tries = min(claim.tries, MANY) + 1
        if step.until is not None:
            # A duration that the database adds to its own time: this machine's clock may be wrong,
            # its differences are right.
            return {"due_at": After((step.until - datetime.now(UTC)).total_seconds()), "tries": tries}
        pause = backoff(tries, random.uniform(-1, 1))  # noqa: S311 - jitter, no secret
        return {"due_at": After(pause.total_seconds()), "tries": tries}
    if step.to is State.UNKNOWN:
        # An early look-up may find the post and costs nothing; only those after the settle time count as absences.
        early = min(5.0, timings.look_from.total_seconds() / 4)
        return {"check_at": After(early), "absences": 0, "duplicate": step.why is Why.DUPLICATE}
    return {}


def _tell_the_account(claim: Claim, outcome: Outcome, version: int | None) -> None:
    if isinstance(outcome, AccountStopped):
        values.stop(claim.account_id, outcome, version=version)
    circuit.learn(claim.account_id, outcome, troubled=claim.troubled)

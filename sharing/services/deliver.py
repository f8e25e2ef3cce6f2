"""Deliver: claim, prepare, pass the last gate, send once, record. The heart of the house.

    claim ── prepare ── gate ── SEND ── record
      │         │         │       │        └─ written again until it is written, or the lease is over
      │         │         │       └─ one mutation, one connection, one deadline, never repeated
      │         │         └─ one UPDATE that re-checks everything at the moment of sending
      │         └─ invisible: page there? token fresh? media up? A crash here is always safe to repeat
      └─ one normal and one breaking delivery in flight per account

Whatever kills this process on the way leaves a row that says how far it came (docs/reliability.md).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection

from sharing import models
from sharing.channels.base import Channel
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.account import Account, Mode
from sharing.domain.delivery import State, Step, Why, after_preparing, after_sending, backoff
from sharing.domain.lanes import BREAKING_PAGE_WAIT, Lane
from sharing.domain.message import Message, Prepared, approved_hash
from sharing.domain.outcomes import (
    FAILURES,
    AccountStopped,
    Ambiguous,
    Failed,
    Outcome,
    Receipt,
    Unavailable,
)
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.models.moves import Actor, After, Claim
from sharing.services import accounts, gate, page, tokens
from sharing.services.house import house

log = structlog.get_logger()

#: One turn of an account ends after so many deliveries or seconds; then its bell rings again.
TURN_DELIVERIES, TURN_SECONDS = 10, 10.0
#: Waits that are ours and short.
SOON = frozenset({"token.refreshing"})
#: Seconds after which a marker is looked for once more, where it could stand on two posts.
RECHECK = 300.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one drain did: how many deliveries it handled, and whether the account may have more."""

    handled: int
    more: bool


def drain(
    account_id: int, *, owner: str, breaking_only: bool = False, stopping: Callable[[], bool] = lambda: False
) -> Turn:
    """Deliver what is due on one account, best first, until none is due or the turn is over."""
    row = models.Account.objects.select_related("desk").filter(pk=account_id).first()
    if row is None or not served_here(row.desk):
        return Turn(0, more=False)
    ends = time.monotonic() + TURN_SECONDS
    for handled in range(TURN_DELIVERIES):
        if stopping() or time.monotonic() >= ends:
            return Turn(handled, more=True)
        started = time.monotonic()
        claim = moves.claim(account_id, owner=owner, lease=house().timings.lease, breaking_only=breaking_only)
        if claim is None:
            return Turn(handled, more=False)
        deliver(claim, row, owner=owner, started=started)
    return Turn(TURN_DELIVERIES, more=True)


def served_here(desk: models.Desk) -> bool:
    """Whether this process serves this desk: the demo's is served by the demo's own worker alone."""
    return desk.name == house().only_desk if house().only_desk else not desk.by_itself


def deliver(claim: Claim, row: models.Account, *, owner: str, started: float) -> None:
    """One claimed delivery, to whatever end. `started` is the monotonic time just before the claim."""
    actor = Actor(kind="worker", name=owner)
    try:
        channel = channel_by_slug(claim.channel)
        message = Message.load(claim.message)
        tokens.make_fresh(row, channel)
        account = accounts.as_value(row)
    except FAILURES as failure:
        return _not_prepared(claim, failure, actor)
    except Refusal as refusal:
        return _not_prepared(claim, AccountStopped(refusal.code), actor)
    if not _page_is_there(claim, account, actor):
        return None
    moves.release()
    try:
        prepared = channel.prepare(message, account, claim.marker)
    except FAILURES as failure:
        return _not_prepared(claim, failure, actor)
    except Exception as error:
        log.exception("prepare failed", delivery=claim.id)
        return _not_prepared(claim, Unavailable("channel.broken", type(error).__name__), actor)
    content_hash = approved_hash(prepared.message.stored(), account.remote_id)
    timings = house().timings
    if not moves.pass_gate(claim, owner=owner, deadline=timings.deadline, content_hash=content_hash):
        return stopped_at_the_gate(claim, content_hash, actor)
    moves.release()
    if time.monotonic() - started >= timings.lease - timings.deadline:
        # This process slept since the claim. Nothing was sent; say so while the attempt is still ours.
        return _record(claim, Unavailable("worker.slept"), actor, started)
    outcome = _send(channel, prepared, account, claim)
    if isinstance(outcome, AccountStopped) and outcome.http_status == 401 and tokens.was_refused(row):
        outcome = Unavailable("token.refreshing", outcome.detail, 401)
    return _record(claim, outcome, actor, started)


def _send(channel: Channel, prepared: Prepared, account: Account, claim: Claim) -> Outcome:
    """The one mutation. Whatever is not understood may be out."""
    try:
        return channel.deliver(prepared, account)
    except FAILURES as failure:
        return failure
    except Exception as error:
        log.exception("deliver failed", delivery=claim.id)
        return Ambiguous("channel.broken", type(error).__name__)


# -- before the gate -------------------------------------------------------------------------------------


def _page_is_there(claim: Claim, account: Account, actor: Actor) -> bool:
    timings = house().timings
    if timings.page_wait == 0:
        return True
    longest = timedelta(seconds=timings.page_wait)
    if claim.lane is Lane.BREAKING:
        longest = min(longest, BREAKING_PAGE_WAIT)
    reason = page.why_not_there(claim.article_id, claim.target, deadline=min(5.0, timings.prepare))
    if not reason:
        return True
    if account.mode is Mode.SANDBOX:
        log.info("page not there, sandboxed all the same", delivery=claim.id, reason=reason)
        return True
    waited = datetime.now(UTC) - claim.waiting_since if claim.waiting_since else timedelta(0)
    to, why = State.HELD, Why.PAGE_NEVER_CAME
    sets: dict[str, Any] = {"last_code": reason}
    if waited < longest:
        to, why = State.WAITING, Why.PAGE_NOT_THERE_YET
        sets |= {"due_at": After(1 if claim.lane is Lane.BREAKING else 3)}
        sets |= {} if claim.waiting_since else {"waiting_since": After(0)}
    moves.move(claim.id, to, why, actor=actor, attempt_no=claim.attempt_no, detail=reason, sets=sets)
    return False


def _not_prepared(claim: Claim, failure: Failed, actor: Actor) -> None:
    step = after_preparing(failure)
    _tell_the_account(claim, failure)
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


def stopped_at_the_gate(claim: Claim, content_hash: str, actor: Actor) -> None:
    """Nothing was sent: find out what stood in the way, and go where that leads."""
    row = models.Delivery.objects.select_related("article", "account").get(pk=claim.id)
    now = datetime.now(UTC)
    if row.state != State.CLAIMED or row.attempt_no != claim.attempt_no:
        return  # somebody else has it
    if row.article.withdrawn_at:
        to, why = State.CANCELLED, Why.WITHDRAWN
    elif row.embargo_until and row.embargo_until > now:
        to, why = State.HELD, Why.EMBARGO
    elif row.approved_hash != content_hash:
        to, why = State.HELD, Why.ARTICLE_CHANGED
    elif row.account.health != models.Health.OK:
        to, why = State.HELD, Why.ACCOUNT_STOPPED
    elif row.expires_at and row.expires_at <= now:
        to, why = State.EXPIRED, Why.TOO_LATE
    elif _under_a_switch(row):
        to, why = State.HELD, Why.SWITCH_ON
    else:
        to, why = State.QUEUED, Why.LEASE_OVER  # too little of the lease was left
    moves.move(claim.id, to, why, actor=actor, attempt_no=claim.attempt_no)


def _under_a_switch(row: models.Delivery) -> bool:
    on = set(models.Switch.objects.values_list("scope", "subject"))
    mine = {
        ("all", ""),
        ("channel", row.channel),
        ("account", str(row.account_id)),
        ("article", str(row.article_id)),
    }
    return bool(on & mine)


# -- after the send --------------------------------------------------------------------------------------


def _record(claim: Claim, outcome: Outcome, actor: Actor, started: float) -> None:
    """Write what came of it, again and again on fresh connections, until it stands or the lease is over."""
    ends = started + house().timings.lease
    while True:
        try:
            _record_once(claim, outcome, actor)
        except DatabaseError:
            if time.monotonic() >= ends:
                log.error("result not written; the lease will make it unknown", delivery=claim.id)  # noqa: TRY400
                return
            connection.close()
            time.sleep(0.5)
        else:
            return


def _record_once(claim: Claim, outcome: Outcome, actor: Actor) -> bool:
    step = after_sending(outcome)
    facts = _attempt_facts(outcome)
    _tell_the_account(claim, outcome)
    if isinstance(outcome, Receipt):
        sets = {
            "receipt": outcome.achieved.value,
            "remote_id": outcome.remote_id,
            "permalink": outcome.permalink,
            "first_seen_at": After(0),
            "last_code": "",
            "last_detail": "",
            # Sent again after a look-up: is there really only one?
            "recheck_at": After(RECHECK) if claim.tries or claim.attempt_no > 1 else None,
        }
        # A lease that ran out meanwhile has made it unknown: then this is a find, as good as any other.
        return any(
            moves.move(
                claim.id,
                State.DELIVERED,
                why,
                actor=actor,
                attempt_no=claim.attempt_no,
                sets=sets,
                outcome=facts,
            )
            for why in (Why.RECEIPT, Why.LATE_RECEIPT)
        )
    return moves.move(
        claim.id,
        step.to,
        step.why,
        actor=actor,
        attempt_no=claim.attempt_no,
        detail=str(outcome),
        sets={
            "last_code": outcome.code,
            "last_detail": outcome.detail,
            **_next_try(claim, step, outcome.code),
        },
        outcome=facts,
    )


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
    """When the machine goes on: the next try of what is proven not sent, the first look at what is not."""
    timings = house().timings
    if step.to is State.WAITING and code in SOON:
        return {"due_at": After(1)}
    if step.to is State.WAITING:
        pause = backoff(claim.tries + 1, random.uniform(-1, 1))  # noqa: S311 - jitter, no secret
        due = step.until or After(pause.total_seconds())
        return {"due_at": due, "tries": claim.tries + 1}
    if step.to is State.UNKNOWN:
        # An early look may find it and costs nothing; only those after the settle time count as absences.
        early = min(5.0, timings.look_from.total_seconds() / 4)
        return {"check_at": After(early), "absences": 0, "duplicate": step.why is Why.DUPLICATE}
    return {}


def _tell_the_account(claim: Claim, outcome: Outcome) -> None:
    if isinstance(outcome, AccountStopped):
        accounts.stop(claim.account_id, outcome)
    gate.learn(claim.account_id, outcome)

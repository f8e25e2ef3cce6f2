"""Deliver: claim, prepare, pass the last gate, send once, record.

    claim ── prepare ── gate ── SEND ── record
      │         │         │       │        └─ written again until it is written, or the lease is over
      │         │         │       └─ one mutation, one connection, one deadline, never repeated
      │         │         └─ one UPDATE that re-checks everything at the moment of sending
      │         └─ invisible: page there? token fresh? media up? A crash here is always safe to repeat
      └─ one normal and one breaking delivery in flight per account

Whatever kills this process on the way leaves a row that says how far it came (docs/reliability.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from sharing import models
from sharing.channels.base import Channel
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.account import Account
from sharing.domain.delivery import State
from sharing.domain.may_go import ITS_TIME, first_failing
from sharing.domain.message import Message, Prepared, approved_hash
from sharing.domain.origin import Words
from sharing.domain.outcomes import (
    FAILURES,
    AccountStopped,
    Ambiguous,
    Failed,
    Outcome,
    Unavailable,
)
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.models.moves import Actor, Claim
from sharing.services import clocks
from sharing.services.accounts import tokens, values
from sharing.services.deliveries import page_check, sweeps
from sharing.services.deliveries.record import not_prepared, record
from sharing.services.deliveries.why_stopped import stopped_at_the_gate
from sharing.services.runtime import runtime
from sharing.services.shares import follow

log = structlog.get_logger()

#: One turn of an account ends after this many deliveries or seconds; then another account has its turn.
TURN_DELIVERIES, TURN_SECONDS = 10, 10.0
#: How often one attempt is prepared, if its words change between claim and gate.
REREADS = 3


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What one drain did: how many deliveries it handled, and whether the account may have more."""

    handled: int
    more: bool


def _never() -> bool:
    return False


def _nothing() -> None:
    return None


def drain(
    account_id: int,
    *,
    owner: str,
    breaking_only: bool = False,
    stopping: Callable[[], bool] = _never,
    giving_way: Callable[[], bool] = _never,
    moved: Callable[[], None] = _nothing,
) -> DrainResult:
    """Deliver what is due on one account, best first, until none is due or the turn is over.

    `stopping` is asked before each claim, `giving_way` before each but the first: something more urgent waits.
    `moved` is called whenever something was claimed or ended.
    """
    row = models.Account.objects.select_related("desk").filter(pk=account_id).first()
    if row is None or not served_here(row.desk):
        return DrainResult(0, more=False)
    ends = clocks.running() + TURN_SECONDS
    for handled in range(TURN_DELIVERIES):
        if stopping() or clocks.running() >= ends or (handled and giving_way()):
            return DrainResult(handled, more=True)
        started = clocks.running()
        claim = moves.claim(
            account_id, owner=owner, lease=runtime().timings.lease, breaking_only=breaking_only
        )
        if claim is None:
            return DrainResult(handled, more=False)
        moved()
        deliver(claim, row, owner=owner, started=started)
        moved()
    return DrainResult(TURN_DELIVERIES, more=True)


def served_here(desk: models.Desk) -> bool:
    """Whether this process serves this desk. Only the demo's own worker serves the demo's desk."""
    return desk.name == runtime().only_desk if runtime().only_desk else not desk.by_itself


def deliver(claim: Claim, row: models.Account, *, owner: str, started: float) -> None:
    """Carry one claimed delivery to its end. `started`: the running time just before the claim, in seconds."""
    actor = Actor(kind="worker", name=owner)
    if claim.timed and (jump := clocks.database.jumped(claim.claimed_at, asked=started)):
        sweeps.clock_jumped(jump)  # a clock that cannot be trusted made it due: all timed deliveries are held
        return
    if claim.withdrawn:
        stopped_at_the_gate(claim, claim.approved_hash, actor)
        return
    if claim.stale:
        standing = _after_a_change(claim, claim.approved_hash, actor)
        if standing is None:
            stopped_at_the_gate(claim, claim.approved_hash, actor)
            return
        claim = standing
    try:
        channel = channel_by_slug(claim.channel)
        tokens.make_fresh(row, channel)
        account = values.as_value(row)
    except FAILURES as failure:
        not_prepared(claim, failure, actor, row)
        return
    except Refusal as refusal:
        not_prepared(claim, AccountStopped(refusal.code), actor, row)
        return
    if page_check.is_there(claim, account, actor):
        _send_what_stands(claim, channel, account, actor, started=started, row=row)


def _send_what_stands(
    claim: Claim, channel: Channel, account: Account, actor: Actor, *, started: float, row: models.Account
) -> None:
    """Prepare, pass the gate, send, record. If the words changed meanwhile, read and prepare them again."""
    timings = runtime().timings
    standing: Claim | None = claim
    for _ in range(REREADS):
        claim = standing or claim
        prepared = _prepare(claim, channel, account, actor, row)
        if prepared is None:
            return
        content_hash = approved_hash(prepared.message.stored(), account.remote_id)
        if moves.pass_gate(claim, owner=actor.name, deadline=timings.deadline, content_hash=content_hash):
            break
        standing = _after_a_change(claim, content_hash, actor)
        if standing is None:
            stopped_at_the_gate(claim, content_hash, actor)
            return
    else:
        return  # the words change faster than they are prepared: the lease ends, and it is queued again
    moves.give_back_connection()
    ends = started + timings.lease
    if clocks.running() - started >= timings.lease - timings.deadline:
        # This process slept since the claim. Nothing was sent; record that while the attempt is still ours.
        record(claim, Unavailable("worker.slept"), actor, ends=ends)
        return
    record(claim, _send(channel, prepared, account, claim), actor, ends=ends, row=row)


def _prepare(
    claim: Claim, channel: Channel, account: Account, actor: Actor, row: models.Account
) -> Prepared | None:
    """Prepare a delivery; no database connection is held meanwhile. None: preparing failed, and that is recorded."""
    moves.give_back_connection()
    failure: Failed
    try:
        return channel.prepare(Message.load(claim.message), account, claim.marker)
    except FAILURES as failed:
        failure = failed
    except Exception as error:
        log.exception("prepare failed", delivery=claim.id)
        failure = Unavailable("channel.broken", type(error).__name__)
    not_prepared(claim, failure, actor, row)
    return None


def _after_a_change(claim: Claim, content_hash: str, actor: Actor) -> Claim | None:
    """Return the claim with the words that follow the changed article, to be prepared again.

    None: the delivery may not go now, or its words are not what stopped it.
    """
    mine = models.Delivery.objects.filter(pk=claim.id, state=State.CLAIMED, attempt_no=claim.attempt_no)
    row = mine.select_related("article", "share", "account__desk").first()
    if row is None or row.article.withdrawn_at:
        return None
    if row.article_hash != row.article.data_hash:
        follow.follow_with(row, actor)
        row = mine.first()
        if row is None or first_failing(ITS_TIME, row, moves.now()):
            return None  # a change moved it: nothing is prepared before its time
    elif row.words != Words.AUTO or row.approved_hash == content_hash:
        return None
    return dataclasses.replace(claim, message=row.message, target=row.target, approved_hash=row.approved_hash)


def _send(channel: Channel, prepared: Prepared, account: Account, claim: Claim) -> Outcome:
    """Send: the one mutation. An error that is not understood is `Ambiguous`, because the post may be out."""
    try:
        return channel.deliver(prepared, account)
    except FAILURES as failure:
        return failure
    except Exception as error:
        log.exception("deliver failed", delivery=claim.id)
        return Ambiguous("channel.broken", type(error).__name__)

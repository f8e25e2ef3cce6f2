"""The states of a Delivery, every move that is allowed between them, and the functions that decide the next step.

The table is section 5 of design.md as data. `models/moves` refuses every move that is not in it, and
docs/concepts.md is checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from sharing.domain.outcomes import (
    AccountStopped,
    Ambiguous,
    Duplicate,
    Failed,
    Outcome,
    RateLimited,
    Receipt,
    Rejected,
    Unavailable,
)


class State(StrEnum):
    """The state of a Delivery."""

    DRAFT = "draft"
    QUEUED = "queued"
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    REVIEW = "review"
    HELD = "held"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


class Why(StrEnum):
    """The cause of a move."""

    APPROVED = "approved"
    CLAIMED = "claimed"
    GATE_PASSED = "gate_passed"
    RECEIPT = "receipt"
    LATE_RECEIPT = "late_receipt"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    PAGE_NOT_THERE_YET = "page_not_there_yet"
    PAGE_NEVER_CAME = "page_never_came"
    REJECTED = "rejected"
    ACCOUNT_STOPPED = "account_stopped"
    ACCOUNT_REMOVED = "account_removed"
    CONNECTED_AGAIN = "connected_again"
    AMBIGUOUS = "ambiguous"
    DUPLICATE = "duplicate"
    LEASE_OVER = "lease_over"
    FIFTH_CRASH = "fifth_crash"
    SWITCH_ON = "switch_on"
    EMBARGO = "embargo"
    NOT_YET = "not_yet"
    ARTICLE_CHANGED = "article_changed"
    CLOCK_JUMPED = "clock_jumped"
    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    FOUND = "found"
    ABSENT_TWICE = "absent_twice"
    ABSENT_AGAIN = "absent_again"
    MAY_BE_OURS = "may_be_ours"
    DUPLICATE_ABSENT = "duplicate_absent"
    CANNOT_LOOK_UP = "cannot_look_up"
    SIX_HOURS = "six_hours"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"
    IS_THERE = "is_there"
    NOT_THERE = "not_there"
    AGAIN = "again"
    DROPPED = "dropped"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"
    RESTORED = "restored"


class EventWhy(StrEnum):
    """The cause of an event without a change of state. Every other event has the `Why` of its move."""

    MADE = ""
    COPIED = "copied"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    TIMED = "timed"


S = State
_HELD_BY = {
    Why.SWITCH_ON,
    Why.ACCOUNT_STOPPED,
    Why.ACCOUNT_REMOVED,
    Why.ARTICLE_CHANGED,
    Why.CLOCK_JUMPED,
}
_PERSON_OR_WITHDRAWN = {Why.CANCELLED, Why.WITHDRAWN, Why.DROPPED}

#: Every allowed move (state before, state after) with its causes. `RESTORED` is the one exception, in `allowed`.
EDGES: dict[tuple[State, State], frozenset[Why]] = {
    pair: frozenset(causes)
    for pair, causes in {
        (S.DRAFT, S.QUEUED): {Why.APPROVED},
        (S.DRAFT, S.CANCELLED): _PERSON_OR_WITHDRAWN,
        (S.QUEUED, S.CLAIMED): {Why.CLAIMED},
        (S.QUEUED, S.HELD): _HELD_BY,
        (S.QUEUED, S.CANCELLED): _PERSON_OR_WITHDRAWN,
        (S.QUEUED, S.EXPIRED): {Why.TOO_LATE},
        (S.WAITING, S.CLAIMED): {Why.CLAIMED},
        (S.WAITING, S.HELD): _HELD_BY,
        (S.WAITING, S.CANCELLED): _PERSON_OR_WITHDRAWN,
        (S.WAITING, S.EXPIRED): {Why.TOO_LATE},
        (S.CLAIMED, S.SENDING): {Why.GATE_PASSED},
        (S.CLAIMED, S.WAITING): {Why.UNAVAILABLE, Why.RATE_LIMITED, Why.PAGE_NOT_THERE_YET},
        (S.CLAIMED, S.QUEUED): {Why.LEASE_OVER},
        (S.CLAIMED, S.HELD): _HELD_BY | {Why.EMBARGO, Why.NOT_YET, Why.PAGE_NEVER_CAME},
        (S.CLAIMED, S.FAILED): {Why.REJECTED},
        (S.CLAIMED, S.CANCELLED): _PERSON_OR_WITHDRAWN,
        (S.CLAIMED, S.EXPIRED): {Why.TOO_LATE},
        (S.CLAIMED, S.REVIEW): {Why.FIFTH_CRASH},
        (S.SENDING, S.DELIVERED): {Why.RECEIPT},
        (S.SENDING, S.WAITING): {Why.UNAVAILABLE, Why.RATE_LIMITED},
        (S.SENDING, S.FAILED): {Why.REJECTED},
        (S.SENDING, S.HELD): {Why.ACCOUNT_STOPPED},
        (S.SENDING, S.UNKNOWN): {Why.AMBIGUOUS, Why.DUPLICATE, Why.LEASE_OVER},
        (S.UNKNOWN, S.DELIVERED): {Why.FOUND, Why.LATE_RECEIPT, Why.IS_THERE},
        (S.UNKNOWN, S.QUEUED): {Why.ABSENT_TWICE},
        (S.UNKNOWN, S.REVIEW): {
            Why.CANNOT_LOOK_UP,
            Why.DUPLICATE_ABSENT,
            Why.MAY_BE_OURS,
            Why.ABSENT_AGAIN,
            Why.SIX_HOURS,
            Why.TAKEN_OVER,
            Why.ACCOUNT_REMOVED,
        },
        (S.REVIEW, S.UNKNOWN): {Why.CONNECTED_AGAIN},
        (S.REVIEW, S.DELIVERED): {Why.IS_THERE},
        (S.REVIEW, S.QUEUED): {Why.NOT_THERE},
        (S.REVIEW, S.CANCELLED): {Why.DROPPED},
        (S.HELD, S.QUEUED): {Why.RELEASED},
        (S.HELD, S.CANCELLED): _PERSON_OR_WITHDRAWN,
        (S.HELD, S.EXPIRED): {Why.TOO_LATE},
        (S.FAILED, S.QUEUED): {Why.AGAIN},
        (S.FAILED, S.CANCELLED): {Why.DROPPED, Why.CANCELLED},
        (S.EXPIRED, S.QUEUED): {Why.AGAIN},
        (S.EXPIRED, S.CANCELLED): {Why.DROPPED, Why.CANCELLED},
        (S.DELIVERED, S.RETRACTED): {Why.RETRACTED},
        (S.DELIVERED, S.CANCELLED): {Why.CANCELLED, Why.WITHDRAWN},
    }.items()
}

#: Final states: no move leads out of them.
ENDS = frozenset({S.CANCELLED, S.RETRACTED})
#: States that stay until somebody asks for a move.
SETTLED = ENDS | {S.DELIVERED}
#: States that the machine moves on by itself.
MOVING = frozenset({S.QUEUED, S.WAITING, S.CLAIMED, S.SENDING, S.UNKNOWN})
#: States in which a person must do something.
NEEDS_A_HAND = frozenset({S.DRAFT, S.REVIEW, S.HELD, S.FAILED, S.EXPIRED})
#: States in which a worker has the delivery: at most one normal and one breaking delivery per account.
IN_FLIGHT = frozenset({S.CLAIMED, S.SENDING})
#: States from which a worker may claim the delivery.
DUE_STATES = frozenset({S.QUEUED, S.WAITING})
#: States that are not settled. After a restored backup, such a delivery may have gone out (see `allowed`).
OPEN = frozenset(S) - SETTLED
#: States in which a person may repeat the delivery: it is out, or it was taken down. In any other state the first
#: delivery may still go out beside the repeat.
REPEATABLE = frozenset({S.DELIVERED, S.RETRACTED})
#: States in which a post may be live, so that they are never called a failure.
MAY_BE_LIVE = frozenset({S.SENDING, S.UNKNOWN, S.REVIEW, S.DELIVERED})


def allowed(before: State, after: State, why: Why) -> bool:
    """Whether the table allows this move for this cause. `RESTORED` (by `sharedesk restore`) moves open deliveries."""
    if after is S.UNKNOWN and why is Why.RESTORED:
        return before in OPEN and before is not S.DRAFT
    return why in EDGES.get((before, after), frozenset())


#: After so many crashes of its worker a delivery goes to a person, because it may be the cause.
CRASHES_TO_REVIEW = 5
#: Look-ups, at least a gap apart, that must not find a post before it counts as not out.
ABSENCES = 2
#: Causes of a second sending after an unclear one. After such an event the machine does not send it again by itself.
SENT_AGAIN = frozenset({Why.ABSENT_TWICE, Why.NOT_THERE})
#: How long we look for a post whose answer was lost.
LOOK_FOR = timedelta(hours=6)

_BACKOFF = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600))


def backoff(tries: int, jitter: float) -> timedelta:
    """Return the wait after `tries` tries: from 5 seconds to 1 hour, ±25 %. `jitter` is between -1 and 1."""
    step = _BACKOFF[min(max(tries, 1), len(_BACKOFF)) - 1]
    return step * (1 + 0.25 * jitter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next state and its cause. `until` is set if the platform asked to wait until that time (UTC)."""

    to: State
    why: Why
    until: datetime | None = None


def after_preparing(failure: Failed) -> Step:
    """Return the next step of a claimed delivery after `prepare` failed. `prepare` posts nothing, so nothing is out."""
    match failure:
        case RateLimited(until=until):
            return Step(to=S.WAITING, why=Why.RATE_LIMITED, until=until)
        case AccountStopped():
            return Step(to=S.HELD, why=Why.ACCOUNT_STOPPED)
        case Rejected():
            return Step(to=S.FAILED, why=Why.REJECTED)
        case Unavailable() | Ambiguous() | Duplicate():
            return Step(to=S.WAITING, why=Why.UNAVAILABLE)
        case _:
            assert_never(failure)


def after_sending(outcome: Outcome) -> Step:
    """Return the next step of a sending delivery. Every outcome has exactly one next step."""
    match outcome:
        case Receipt():
            return Step(to=S.DELIVERED, why=Why.RECEIPT)
        case RateLimited(until=until):
            return Step(to=S.WAITING, why=Why.RATE_LIMITED, until=until)
        case Unavailable():
            return Step(to=S.WAITING, why=Why.UNAVAILABLE)
        case AccountStopped():
            return Step(to=S.HELD, why=Why.ACCOUNT_STOPPED)
        case Rejected():
            return Step(to=S.FAILED, why=Why.REJECTED)
        case Duplicate():
            return Step(to=S.UNKNOWN, why=Why.DUPLICATE)
        case Ambiguous():
            return Step(to=S.UNKNOWN, why=Why.AMBIGUOUS)
        case _:
            assert_never(outcome)


@dataclass(frozen=True, slots=True)
class LeaseEnd:
    """The move of a delivery in `state` when its lease is over.

    `poison` True: for deliveries with CRASHES_TO_REVIEW crashes, this one included. False: with fewer. None: for all.
    """

    state: State
    poison: bool | None
    to: State
    why: Why


#: All moves that the ticker makes when a lease is over.
AFTER_LEASE = (
    LeaseEnd(S.CLAIMED, True, S.REVIEW, Why.FIFTH_CRASH),
    LeaseEnd(S.CLAIMED, False, S.QUEUED, Why.LEASE_OVER),
    LeaseEnd(S.SENDING, None, S.UNKNOWN, Why.LEASE_OVER),
)


def after_absence(
    *, absences: int, duplicate: bool, alike: bool, sent_again: bool, looked_for: timedelta
) -> Step | None:
    """Return the next step of an unknown delivery that a look-up did not find; None: look again.

    `absences` includes this look-up. A person decides about sending again in three cases: the platform answered
    Duplicate (it says that the post is there); a look-up saw a post that may be ours (`alike`); the delivery was sent
    again once already (`sent_again`, an event of SENT_AGAIN). Otherwise a platform that hides what it accepted would
    get one copy after another.
    """
    if absences < ABSENCES:
        return overdue(looked_for)
    if duplicate:
        return Step(to=S.REVIEW, why=Why.DUPLICATE_ABSENT)
    if alike:
        return Step(to=S.REVIEW, why=Why.MAY_BE_OURS)
    if sent_again:
        return Step(to=S.REVIEW, why=Why.ABSENT_AGAIN)
    return Step(to=S.QUEUED, why=Why.ABSENT_TWICE)


def overdue(looked_for: timedelta) -> Step | None:
    """Return the step to `review` after six hours of look-ups; else None. Read errors end here, never in `queued`."""
    return Step(to=S.REVIEW, why=Why.SIX_HOURS) if looked_for >= LOOK_FOR else None

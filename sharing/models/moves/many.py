"""What the ticker moves, many rows at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from sharing.domain.delivery import CRASHES_TO_REVIEW, State, Why
from sharing.models.moves.sql import Actor, after_sql, now_sql, on_postgres, run, switch_sql


def _sweep(
    to: State,
    why: Why,
    condition: str,
    *,
    actor: Actor,
    most: int,
    also: str = "",
    facts: Mapping[str, Any] | None = None,
) -> list[int]:
    """Move every row that meets the condition, at most so many; return their ids.

    Looks first and locks only when there is something: tickers of many workers look every second. SQLite uses a
    partial index only where the condition repeats the index's own, word for word.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM sharing_delivery WHERE {condition} LIMIT 1", facts or {"none": 0})
        if cursor.fetchone() is None:
            return []
    lock = " FOR UPDATE SKIP LOCKED" if on_postgres() else ""
    rows = f"SELECT id FROM sharing_delivery WHERE {condition} ORDER BY id LIMIT {int(most)}{lock}"
    update = (
        f"UPDATE sharing_delivery SET came_from = state, state_at = {now_sql()}, state = '{to.value}',"
        f" why = '{why.value}'{also} WHERE id IN ({rows}) RETURNING id, attempt_no, came_from, state"
    )
    return [row[0] for row in run(update, dict(facts or {}), actor=actor, why=why)]


def end_leases(*, actor: Actor, look_after: float, most: int = 200) -> list[int]:
    """Move the deliveries whose worker did not come back, and return the ids of those that are due again.

    `claimed` goes to `queued`, the fifth time to `review`; `sending` goes to `unknown`, to be looked up
    `look_after` seconds after its `sending_at`.
    """
    over = f"state IN ('claimed', 'sending') AND lease_until <= {now_sql()}"  # as the index `leases` has it
    poison = f"state = 'claimed' AND {over} AND crashes >= {CRASHES_TO_REVIEW - 1}"
    crashed = f"state = 'claimed' AND {over} AND crashes < {CRASHES_TO_REVIEW - 1}"
    sending = f"state = 'sending' AND {over}"
    _sweep(State.REVIEW, Why.FIFTH_CRASH, poison, actor=actor, most=most)
    counted = ", crashes = crashes + 1"
    again = _sweep(State.QUEUED, Why.LEASE_OVER, crashed, actor=actor, most=most, also=counted)
    look = f", absences = 0, check_at = {after_sql('look', 'sending_at')}"
    facts = {"look": look_after}
    _sweep(State.UNKNOWN, Why.LEASE_OVER, sending, actor=actor, most=most, also=look, facts=facts)
    return again


def expire(*, actor: Actor, most: int = 200) -> list[int]:
    """What came too late to be news, before anybody sends it."""
    stale = (
        f"state IN ('held', 'queued', 'waiting') AND expires_at <= {now_sql()}"  # in the index's own order
    )
    return _sweep(State.EXPIRED, Why.TOO_LATE, stale, actor=actor, most=most)


def hold_what_may_not_go(*, actor: Actor, most: int = 500) -> list[int]:
    """What is due under a switch, or on an account that stopped or is gone: `held`, so that a person sees it."""
    due = f"state IN ('queued', 'waiting') AND due_at <= {now_sql()}"
    held: list[int] = []
    if _any("SELECT 1 FROM sharing_switch"):
        switched = f"{due} AND {switch_sql('sharing_delivery')}"
        held = _sweep(State.HELD, Why.SWITCH_ON, switched, actor=actor, most=most)
    for why, health in ((Why.ACCOUNT_STOPPED, "stopped"), (Why.ACCOUNT_REMOVED, "removed")):
        stopped = f"{due} AND account_id IN (SELECT id FROM sharing_account WHERE health = '{health}')"
        held += _sweep(State.HELD, why, stopped, actor=actor, most=most)
    return held


def hold_of_removed(account_id: int, *, actor: Actor, most: int = 20_000) -> list[int]:
    """All that waits on an account that was disconnected, also what is set for a later time."""
    waits = (
        "state IN ('queued', 'waiting') AND account_id = %(account)s"
        " AND account_id IN (SELECT id FROM sharing_account WHERE health = 'removed')"
    )
    facts = {"account": account_id}
    return _sweep(State.HELD, Why.ACCOUNT_REMOVED, waits, actor=actor, most=most, facts=facts)


def let_go(*, actor: Actor, most: int = 500) -> list[int]:
    """What a hold, an embargo or its account stopped goes on once that is over; what is no news has expired before.

    An account is `ok` again only after its platform said so, or after a person gave it secrets that were tried.
    """
    lifted = f"state = 'held' AND why = '{Why.SWITCH_ON}' AND NOT {switch_sql('sharing_delivery')}"
    opened = (
        f"state = 'held' AND why = '{Why.EMBARGO}' AND due_at <= {now_sql()}"
        f" AND (embargo_until IS NULL OR embargo_until <= {now_sql()})"
    )
    mended = (
        f"state = 'held' AND why IN ('{Why.ACCOUNT_STOPPED}', '{Why.ACCOUNT_REMOVED}')"
        " AND account_id IN (SELECT id FROM sharing_account WHERE health = 'ok')"
    )
    fresh = f" AND (expires_at IS NULL OR expires_at > {now_sql()})"
    also = ", waiting_since = NULL"
    gone: list[int] = []
    for condition in (lifted, opened, mended):
        gone += _sweep(State.QUEUED, Why.RELEASED, condition + fresh, actor=actor, most=most, also=also)
    return gone


def hold_for_the_clock(*, actor: Actor, most: int = 5000) -> list[int]:
    """What somebody set for a later time: a clock that jumped must not send it early."""
    timed = "state IN ('queued', 'waiting', 'claimed') AND (scheduled OR embargo_until IS NOT NULL)"
    return _sweep(State.HELD, Why.CLOCK_JUMPED, timed, actor=actor, most=most)


def _any(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"{query} LIMIT 1")
        return cursor.fetchone() is not None

"""The sweeps of the ticker: each moves many deliveries at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from sharing.domain.delivery import AFTER_LEASE, CRASHES_TO_REVIEW, DUE_STATES, IN_FLIGHT, State, Why
from sharing.domain.may_go import DUE, ITS_TIME, NO_HOLD, STILL_NEWS
from sharing.models.accounts import Health
from sharing.models.moves.conditions import all_hold_sql, holds_sql, one_of
from sharing.models.moves.sql import Actor, after_sql, now_sql, on_postgres, run

_ROW = "sharing_delivery"


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
    """Move the rows that meet the condition, at most `most` of them, and return their ids.

    It looks first and locks rows only if there are any, because the tickers of many workers look every second. SQLite
    uses a partial index only if the condition repeats the condition of the index word for word.
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
    """Move the deliveries whose lease is over, and return the ids of those that are queued again.

    domain.delivery.AFTER_LEASE says where each goes. An `unknown` delivery is looked up `look_after` seconds after
    its `sending_at`.
    """
    also = {
        State.QUEUED: ", crashes = crashes + 1",
        State.UNKNOWN: f", absences = 0, check_at = {after_sql('look', 'sending_at')}",
    }
    again: list[int] = []
    for end in AFTER_LEASE:
        over = f"state IN {one_of(IN_FLIGHT)} AND lease_until <= {now_sql()}"  # as the index `leases` has it
        condition = f"state = '{end.state}' AND {over}{_CRASHES[end.poison]}"
        facts = {"look": look_after}
        moved = _sweep(
            end.to, end.why, condition, actor=actor, most=most, also=also.get(end.to, ""), facts=facts
        )
        again += moved if end.to is State.QUEUED else []
    return again


#: The SQL condition on the crashes before this one, by `LeaseEnd.poison`.
_CRASHES = {
    None: "",
    True: f" AND crashes >= {CRASHES_TO_REVIEW - 1}",
    False: f" AND crashes < {CRASHES_TO_REVIEW - 1}",
}


def expire(*, actor: Actor, most: int = 200) -> list[int]:
    """Expire the deliveries that are too late to be news, before a worker sends them."""
    stale = f"state IN {one_of({*DUE_STATES, State.HELD})} AND expires_at <= {now_sql()}"
    return _sweep(State.EXPIRED, Why.TOO_LATE, stale, actor=actor, most=most)


def hold_what_may_not_go(*, actor: Actor, most: int = 500) -> list[int]:
    """Hold what is due under a switch, or on a stopped or removed account, so that a person sees it."""
    due = f"state IN {one_of(DUE_STATES)} AND {holds_sql(DUE, _ROW)}"
    held: list[int] = []
    if _any("SELECT 1 FROM sharing_switch"):
        switched = f"{due} AND NOT ({holds_sql(NO_HOLD, _ROW)})"
        held = _sweep(State.HELD, NO_HOLD.why, switched, actor=actor, most=most)
    for why, health in ((Why.ACCOUNT_STOPPED, Health.STOPPED), (Why.ACCOUNT_REMOVED, Health.REMOVED)):
        stopped = f"{due} AND {_of_accounts(health)}"
        held += _sweep(State.HELD, why, stopped, actor=actor, most=most)
    return held


def hold_of_removed(account_id: int, *, actor: Actor, most: int = 20_000) -> list[int]:
    """Hold all that waits on a disconnected account, also what is set for a later time."""
    waits = f"state IN {one_of(DUE_STATES)} AND account_id = %(account)s AND {_of_accounts(Health.REMOVED)}"
    facts = {"account": account_id}
    return _sweep(State.HELD, Why.ACCOUNT_REMOVED, waits, actor=actor, most=most, facts=facts)


def let_go(*, actor: Actor, most: int = 500) -> list[int]:
    """Queue held deliveries again when the reason is over: a switch, its time, or its account.

    What is too old to be news is not queued; `expire` moves it. An account is `ok` again only after its platform said
    so, or after a person gave it new secrets and they were tested.
    """
    over = (
        ((NO_HOLD.why,), holds_sql(NO_HOLD, _ROW)),
        ([each.why for each in ITS_TIME], all_hold_sql(ITS_TIME, _ROW)),
        ((Why.ACCOUNT_STOPPED, Why.ACCOUNT_REMOVED), _of_accounts(Health.OK)),
    )
    also = ", waiting_since = NULL"
    gone: list[int] = []
    for causes, condition in over:
        held = f"state = '{State.HELD}' AND why IN {one_of(causes)} AND {condition} AND {holds_sql(STILL_NEWS, _ROW)}"
        gone += _sweep(State.QUEUED, Why.RELEASED, held, actor=actor, most=most, also=also)
    return gone


def hold_for_the_clock(*, actor: Actor, most: int = 5000) -> list[int]:
    """Hold everything that was set for a later time, because a clock that jumped must not send it early."""
    waits = one_of({*DUE_STATES, State.CLAIMED})
    timed = f"state IN {waits} AND (scheduled OR embargo_until IS NOT NULL)"
    return _sweep(State.HELD, Why.CLOCK_JUMPED, timed, actor=actor, most=most)


def _of_accounts(health: Health) -> str:
    return f"account_id IN (SELECT id FROM sharing_account WHERE health = '{health}')"


def _any(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"{query} LIMIT 1")
        return cursor.fetchone() is not None

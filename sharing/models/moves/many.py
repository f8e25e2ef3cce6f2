"""What the ticker moves, many rows at once; and the look-ups' own clock, which is no state."""

from __future__ import annotations

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
    facts: dict[str, Any] | None = None,
) -> list[int]:
    """Move every row that meets the condition, at most so many; return their ids.

    Looks first and locks only when there is something: tickers of many workers look every second.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM sharing_delivery WHERE {condition} LIMIT 1", {"none": 0})
        if cursor.fetchone() is None:
            return []
    lock = " FOR UPDATE SKIP LOCKED" if on_postgres() else ""
    rows = f"SELECT id FROM sharing_delivery WHERE {condition} ORDER BY id LIMIT {int(most)}{lock}"
    update = (
        f"UPDATE sharing_delivery SET came_from = state, state_at = {now_sql()}, state = '{to.value}',"
        f" why = '{why.value}'{also} WHERE id IN ({rows}) RETURNING id, attempt_no, came_from, state"
    )
    return [row[0] for row in run(update, facts or {}, actor=actor, why=why)]


def end_leases(*, actor: Actor, look_after: float, most: int = 200) -> list[int]:
    """Move the deliveries whose worker did not come back, and return the ids of those that are due again.

    `claimed` goes to `queued`, the fifth time to `review`; `sending` goes to `unknown`, to be looked up
    `look_after` seconds after its `sending_at`.
    """
    over = f"lease_until <= {now_sql()}"
    poison = f"state = 'claimed' AND {over} AND crashes + 1 >= {CRASHES_TO_REVIEW}"
    crashed = f"state = 'claimed' AND {over} AND crashes + 1 < {CRASHES_TO_REVIEW}"
    sending = f"state = 'sending' AND {over}"
    counted = ", crashes = crashes + 1"
    _sweep(State.REVIEW, Why.FIFTH_CRASH, poison, actor=actor, most=most, also=counted)
    again = _sweep(State.QUEUED, Why.LEASE_OVER, crashed, actor=actor, most=most, also=counted)
    look = f", absences = 0, check_at = {after_sql('look', 'sending_at')}"
    facts = {"look": look_after}
    _sweep(State.UNKNOWN, Why.LEASE_OVER, sending, actor=actor, most=most, also=look, facts=facts)
    return again


def expire(*, actor: Actor, most: int = 200) -> list[int]:
    """What came too late to be news, before anybody sends it."""
    stale = f"state IN ('queued', 'waiting', 'held') AND expires_at <= {now_sql()}"
    return _sweep(State.EXPIRED, Why.TOO_LATE, stale, actor=actor, most=most)


def hold_what_may_not_go(*, actor: Actor, most: int = 500) -> list[int]:
    """What is due under a switch, or on an account that stopped: `held`, so that a person sees it."""
    due = f"state IN ('queued', 'waiting') AND due_at <= {now_sql()}"
    switched = f"{due} AND {switch_sql('sharing_delivery')}"
    stopped = (
        f"{due} AND EXISTS (SELECT 1 FROM sharing_account a WHERE a.id = account_id AND a.health <> 'ok')"
    )
    held = _sweep(State.HELD, Why.SWITCH_ON, switched, actor=actor, most=most)
    return held + _sweep(State.HELD, Why.ACCOUNT_STOPPED, stopped, actor=actor, most=most)


def hold_for_the_clock(*, actor: Actor, most: int = 5000) -> list[int]:
    """What somebody set for a later time: a clock that jumped must not send it early."""
    timed = "state IN ('queued', 'waiting', 'claimed') AND (scheduled OR embargo_until IS NOT NULL)"
    return _sweep(State.HELD, Why.CLOCK_JUMPED, timed, actor=actor, most=most)


def lease_look_up(delivery_id: int, *, seconds: float) -> bool:
    """Take one look-up for a while; no move, the state stays. False: it is not due any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sharing_delivery SET check_at = {after_sql('seconds')}"
            f" WHERE id = %(id)s AND state = 'unknown' AND check_at <= {now_sql()}",
            {"id": delivery_id, "seconds": seconds},
        )
        return bool(cursor.rowcount)


def look_again(delivery_id: int, *, seconds: float, absences: int) -> bool:
    """Look again later, with so many absences counted. A read error keeps the count as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sharing_delivery SET check_at = {after_sql('seconds')}, absences = %(absences)s"
            " WHERE id = %(id)s AND state = 'unknown'",
            {"id": delivery_id, "seconds": seconds, "absences": absences},
        )
        return bool(cursor.rowcount)

"""What the ticker moves, many rows at once; and the look-ups' own clock, which is no state."""

from __future__ import annotations

from typing import Any

from django.db import connection

from sharing.domain.delivery import CRASHES_TO_REVIEW, State, Why
from sharing.models.moves.sql import Actor, after_sql, now_sql, on_postgres, run, switch_sql


def _sweep(update: str, facts: dict[str, Any], why: Why, actor: Actor) -> list[int]:
    returning = f"{update} RETURNING id, attempt_no, came_from, state"
    return [row[0] for row in run(returning, facts, actor=actor, why=why)]


def _ids(condition: str, most: int, order: str = "id") -> str:
    lock = " FOR UPDATE SKIP LOCKED" if on_postgres() else ""
    return (
        f"id IN (SELECT id FROM sharing_delivery WHERE {condition} ORDER BY {order} LIMIT {int(most)}{lock})"
    )


def _moved_to(state: State, why: Why) -> str:
    return (
        f"UPDATE sharing_delivery SET came_from = state, state_at = {now_sql()}, state = '{state.value}',"
        f" why = '{why.value}'"
    )


def end_leases(*, actor: Actor, look_after: float, most: int = 200) -> list[int]:
    """Move the deliveries whose worker did not come back, and return the ids of those that are due again.

    `claimed` goes to `queued`, the fifth time to `review`; `sending` goes to `unknown`, to be looked up
    `look_after` seconds after its `sending_at`.
    """
    over = f"lease_until <= {now_sql()}"
    poison = f"state = 'claimed' AND {over} AND crashes + 1 >= {CRASHES_TO_REVIEW}"
    to_review = (
        f"{_moved_to(State.REVIEW, Why.FIFTH_CRASH)}, crashes = crashes + 1 WHERE {_ids(poison, most)}"
    )
    _sweep(to_review, {}, Why.FIFTH_CRASH, actor)
    crashed = f"state = 'claimed' AND {over} AND crashes + 1 < {CRASHES_TO_REVIEW}"
    to_queued = (
        f"{_moved_to(State.QUEUED, Why.LEASE_OVER)}, crashes = crashes + 1 WHERE {_ids(crashed, most)}"
    )
    again = _sweep(to_queued, {}, Why.LEASE_OVER, actor)
    sending = f"state = 'sending' AND {over}"
    look = f"check_at = {after_sql('look', 'sending_at')}, absences = 0"
    to_unknown = f"{_moved_to(State.UNKNOWN, Why.LEASE_OVER)}, {look} WHERE {_ids(sending, most)}"
    _sweep(to_unknown, {"look": look_after}, Why.LEASE_OVER, actor)
    return again


def expire(*, actor: Actor, most: int = 200) -> list[int]:
    """What came too late to be news, before anybody sends it."""
    stale = f"state IN ('queued', 'waiting', 'held') AND expires_at <= {now_sql()}"
    update = f"{_moved_to(State.EXPIRED, Why.TOO_LATE)} WHERE {_ids(stale, most)}"
    return _sweep(update, {}, Why.TOO_LATE, actor)


def hold_what_may_not_go(*, actor: Actor, most: int = 500) -> list[int]:
    """What is due under a switch, or on an account that stopped: `held`, so that a person sees it."""
    due = f"state IN ('queued', 'waiting') AND due_at <= {now_sql()}"
    switched = f"{due} AND {switch_sql('sharing_delivery')}"
    stopped = (
        f"{due} AND EXISTS (SELECT 1 FROM sharing_account a WHERE a.id = account_id AND a.health <> 'ok')"
    )
    held = []
    for why, condition in ((Why.SWITCH_ON, switched), (Why.ACCOUNT_STOPPED, stopped)):
        held += _sweep(f"{_moved_to(State.HELD, why)} WHERE {_ids(condition, most)}", {}, why, actor)
    return held


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

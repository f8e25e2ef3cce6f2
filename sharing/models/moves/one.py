"""One move of one delivery, by compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection

from sharing.domain.delivery import State, Why, allowed
from sharing.models.moves.sql import EVENT, Actor, After, after_sql, now_sql, on_postgres, run, stored

_SETTABLE = {
    "due_at", "scheduled", "embargo_until", "expires_at", "check_at", "sending_at", "first_seen_at",
    "lease_until", "lease_owner", "absences", "duplicate", "tries", "crashes", "receipt", "remote_id",
    "permalink", "last_code", "last_detail", "dedupe_key", "approved_hash", "message", "words", "attempt_no",
    "confirmed_by", "waiting_since", "recheck_at",
}  # fmt: skip


def move(
    delivery_id: int,
    to: State,
    why: Why,
    *,
    actor: Actor,
    attempt_no: int | None = None,
    before: State | None = None,
    detail: str = "",
    sets: Mapping[str, Any] | None = None,
    outcome: Mapping[str, Any] | None = None,
) -> bool:
    """Move one delivery, if it still stands where this way begins.

    Args:
        delivery_id: which one.
        to: where it goes.
        why: the cause; together they say where it may come from (domain.delivery.EDGES).
        actor: who moves it.
        attempt_no: compared as well, when a worker speaks of its own attempt.
        before: only from this state; else from every state that has this way.
        detail: what to keep with the event, masked.
        sets: further columns; `After(seconds)` is a time by the database's clock.
        outcome: closes the attempt with `outcome`, `http_status`, `code`, `evidence`.

    Returns:
        Whether it moved. If not, a refused event says so and nothing changed.
    """
    ways = [each for each in (State if before is None else (before,)) if allowed(each, to, why)]
    if not ways:
        _refuse(delivery_id, to, why, actor, detail)
        return False
    fragments, facts = _assignments(sets or {})
    facts |= {"id": delivery_id, "to": to.value, "why": why.value, "attempt_no": attempt_no}
    facts |= {f"way{i}": each.value for i, each in enumerate(ways)}
    names = ", ".join(f"%(way{i})s" for i in range(len(ways)))
    update = (
        "UPDATE sharing_delivery SET came_from = state, state = %(to)s,"
        f" state_at = {now_sql()}, why = %(why)s"
        f"{fragments} WHERE id = %(id)s AND state IN ({names})"
        + (" AND attempt_no = %(attempt_no)s" if attempt_no is not None else "")
        + " RETURNING id, attempt_no, came_from, state"
    )
    beside = ""
    if outcome is not None:
        facts |= {f"o_{name}": value for name, value in outcome.items()}
        beside = (
            f"UPDATE sharing_attempt SET ended = {now_sql()}, outcome = %(o_outcome)s, code = %(o_code)s,"
            " http_status = %(o_http_status)s, evidence = %(o_evidence)s {source}"
            " AND sharing_attempt.delivery_id = {id} AND sharing_attempt.n = {n}"
        )
        if on_postgres():
            beside = beside.replace("{source} AND", "{source} WHERE")
    try:
        moved = run(update, facts, actor=actor, why=why, detail=detail, beside=beside)
    except IntegrityError:
        moved = []  # a key or the one place in flight is taken
    if not moved:
        _refuse(delivery_id, to, why, actor, detail)
    return bool(moved)


def _assignments(sets: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    fragments, facts = "", {}
    for name, value in sets.items():
        if name not in _SETTABLE:
            raise TypeError(f"a move does not set {name}")
        if isinstance(value, After):
            fragments += f", {name} = {after_sql(name)}"
            facts[name] = value.seconds
        else:
            fragments += f", {name} = %({name})s"
            facts[name] = stored(value)
    return fragments, facts


def _refuse(delivery_id: int, to: State, why: Why, actor: Actor, detail: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{EVENT} SELECT id, attempt_no, {now_sql()}, %(kind)s, %(actor)s, state, %(to)s, %(why)s,"
            f" %(detail)s, {'true' if on_postgres() else '1'} FROM sharing_delivery WHERE id = %(id)s",
            {
                "kind": actor.kind,
                "actor": actor.name[:200],
                "to": to.value,
                "why": why.value,
                "detail": detail[:2100],
                "id": delivery_id,
            },
        )

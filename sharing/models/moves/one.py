"""Move one delivery by compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, connection, transaction

from sharing.domain.delivery import State, Why, allowed
from sharing.domain.outcomes import Achieved
from sharing.models.moves.sql import (
    EVENT,
    Actor,
    After,
    after_sql,
    clean,
    now_sql,
    on_postgres,
    run,
    sent_again_sql,
    stored,
)

#: The columns that a move may set beside the state; for text, the number of characters that are kept.
_SETTABLE: dict[str, int | None] = {
    "due_at": None, "scheduled": None, "embargo_until": None, "expires_at": None, "check_at": None,
    "sending_at": None, "first_seen_at": None, "lease_until": None, "lease_owner": 80, "absences": None,
    "duplicate": None, "tries": None, "crashes": None, "receipt": 10, "remote_id": 300, "permalink": 2200,
    "last_code": 80, "last_detail": 2100, "dedupe_key": 64, "approved_hash": 64, "message": None, "words": 6,
    "attempt_no": None, "confirmed_by": 200, "waiting_since": None, "recheck_at": None, "article_hash": 64,
}  # fmt: skip
_OUTCOME = {"outcome": 20, "code": 80, "http_status": None, "evidence": 2100}
#: Further conditions of a move, checked in SQL whatever the caller believes: a post that readers have is not
#: cancelled, and the machine sends an unclear delivery again only once in its life.
_ONLY_WHERE = {
    (State.DELIVERED, State.CANCELLED): f"receipt = '{Achieved.PREPARED}'",
    (State.UNKNOWN, State.QUEUED): f"NOT {sent_again_sql('sharing_delivery')}",
}


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
    """Move one delivery, if it is still in a state from which this move is allowed.

    Args:
        delivery_id: the delivery.
        to: the new state.
        why: the cause. `to` and `why` together say from which states it may come (domain.delivery.EDGES).
        actor: who moves it.
        attempt_no: the attempt number to compare, when a worker reports on its own attempt.
        before: move only from this state; None: from every state that allows this move.
        detail: text to store with the event, masked.
        sets: further columns to set; `After(seconds)` is a time by the database's clock.
        outcome: closes the attempt with `outcome`, `http_status`, `code`, `evidence`.

    Returns:
        Whether the delivery moved. If not, nothing changed except that a refused event was written.

    Raises:
        TypeError: `sets` has a column that a move does not set.
    """
    ways = [each for each in (State if before is None else (before,)) if allowed(each, to, why)]
    if not ways:
        _refuse(delivery_id, to, why, actor, detail)
        return False
    fragments, facts = _assignments(sets or {})
    facts |= {"id": delivery_id, "to": to.value, "why": why.value, "attempt_no": attempt_no}
    facts |= {f"way{i}": each.value for i, each in enumerate(ways)}
    update = (
        "UPDATE sharing_delivery SET came_from = state, state = %(to)s,"
        f" state_at = {now_sql()}, why = %(why)s"
        f"{fragments} WHERE id = %(id)s AND ({_from(ways, to)})"
        + (" AND attempt_no = %(attempt_no)s" if attempt_no is not None else "")
        + " RETURNING id, attempt_no, came_from, state"
    )
    beside = ""
    if outcome is not None:
        facts |= _outcome_facts(outcome)
        beside = _CLOSE.format(now=now_sql(), id="{id}", n="{n}", source="{source}")
        if on_postgres():
            beside = beside.replace("{source} AND", "{source} WHERE")
    try:
        # Inside the caller's transaction, an index that refuses the move must undo only the move: use a savepoint.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            moved = run(update, facts, actor=actor, why=why, detail=detail, beside=beside)
    except IntegrityError:
        moved = []  # the dedupe key, or the one place in flight, is taken
    if not moved:
        _refuse(delivery_id, to, why, actor, detail)
    return bool(moved)


def _from(ways: list[State], to: State) -> str:
    return " OR ".join(
        f"(state = %(way{i})s AND {_ONLY_WHERE[each, to]})"
        if (each, to) in _ONLY_WHERE
        else f"state = %(way{i})s"
        for i, each in enumerate(ways)
    )


_CLOSE = (
    "UPDATE sharing_attempt SET ended = {now}, outcome = %(o_outcome)s, code = %(o_code)s,"
    " http_status = %(o_http_status)s, evidence = %(o_evidence)s {source}"
    " AND sharing_attempt.delivery_id = {id} AND sharing_attempt.n = {n}"
)


def _outcome_facts(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {f"o_{name}": stored(outcome[name], limit) for name, limit in _OUTCOME.items()}


def keep_evidence(delivery_id: int, attempt_no: int, outcome: Mapping[str, Any]) -> bool:
    """Store the outcome of an attempt after its delivery was already decided. False: the attempt is closed already."""
    close = _CLOSE.format(now=now_sql(), id="%(id)s", n="%(n)s", source="WHERE ended IS NULL")
    with connection.cursor() as cursor:
        cursor.execute(close, {**_outcome_facts(outcome), "id": delivery_id, "n": attempt_no})
        return bool(cursor.rowcount)


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
            facts[name] = stored(value, _SETTABLE[name])
    return fragments, facts


def _refuse(delivery_id: int, to: State, why: Why, actor: Actor, detail: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{EVENT} SELECT id, attempt_no, {now_sql()}, %(kind)s, %(actor)s, state, %(to)s, %(why)s,"
            f" %(detail)s, {'true' if on_postgres() else '1'} FROM sharing_delivery WHERE id = %(id)s",
            {
                "kind": actor.kind,
                "actor": clean(actor.name, 200),
                "to": to.value,
                "why": why.value,
                "detail": clean(detail, 2100),
                "id": delivery_id,
            },
        )

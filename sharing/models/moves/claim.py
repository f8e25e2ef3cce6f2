"""Claim the best due delivery of an account, and pass the last gate before it is sent."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from sharing.domain.delivery import DUE_STATES, IN_FLIGHT, State, Why
from sharing.domain.lanes import Lane
from sharing.domain.may_go import AS_THE_ARTICLE, NOT_WITHDRAWN, WORKING, Condition
from sharing.models.moves.conditions import holds_sql, may_go_sql, one_of, passes_sql
from sharing.models.moves.sql import (
    Actor,
    after_sql,
    as_json,
    as_time,
    now_sql,
    on_postgres,
    run,
    run_behind,
    since_sql,
)

#: Tries to lock an account's gate row, and seconds between two tries. Others lock it only for a moment.
TRIES, A_MOMENT = 5, 0.004
#: Tries for a breaking delivery. More, because the holder of the row lock may wait for a busy disk.
TRIES_BREAKING = 100
#: A row with this many attempts is not claimed: its counter is near overflow, and it must not block other rows.
MOST_ATTEMPTS = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that a worker has claimed, with all that is needed to send it.

    `claimed_at` is the database's time, in unix seconds. `waited` is the seconds since the article's page was first
    not there; None: it was never missed. `timed`: it was set for a later time or has an embargo. `troubled`: the
    account's gate counts failures that a success must reset. `stale`: the article changed after the words were written.
    """

    id: int
    account_id: int
    article_id: int
    channel: str
    lane: Lane
    message: Mapping[str, Any]
    marker: str
    target: str
    words: str
    approved_hash: str
    attempt_no: int
    tries: int
    waited: float | None
    claimed_at: float
    timed: bool
    troubled: bool
    withdrawn: bool
    stale: bool


def _claimed() -> str:
    # Return the plain column: in RETURNING, SQLite 3.40 says true for `embargo_until IS NOT NULL` when it is null.
    return (
        "id, attempt_no, came_from, state, account_id, article_id, channel, lane, message, marker, target,"
        f" words, approved_hash, tries, {since_sql('waiting_since')}, claimed_at, scheduled, embargo_until,"
        " (SELECT g.fails > 0 OR g.unknowns > 0 OR g.opened > 0 FROM sharing_accountgate g"
        " WHERE g.account_id = sharing_delivery.account_id),"
        f" {_of_article(NOT_WITHDRAWN)}, {_of_article(AS_THE_ARTICLE)}"
    )


def _of_article(condition: Condition) -> str:
    """Return SQL: whether a condition about the article holds for the row that was just claimed."""
    asked = holds_sql(condition, "sharing_delivery")
    return f"(SELECT {asked} FROM sharing_article t WHERE t.id = sharing_delivery.article_id)"


def breaking_sql(row: str) -> str:
    """Return SQL: whether the delivery is in the breaking lane."""
    return f"{row}.lane = {Lane.BREAKING:d}"


def room_sql(account: str, breaking: str, gate: str) -> str:
    """Return SQL: whether the account may take one more delivery in flight.

    The breaking lane and all other lanes together have one place each. While the gate's `opened` is more than 0 (its
    circuit breaker opened), there is one place for both.
    """
    return (
        f"NOT EXISTS (SELECT 1 FROM sharing_delivery f WHERE f.account_id = {account}"
        f" AND f.state IN {one_of(IN_FLIGHT)} AND (({breaking_sql('f')}) = ({breaking}) OR {gate}.opened > 0))"
    )


def open_sql(gate: str) -> str:
    """Return SQL: whether account `a` is healthy, no pause was asked for, and its circuit breaker is not open."""
    return (
        f"{holds_sql(WORKING, 'd')} AND ({gate}.next_at IS NULL OR {gate}.next_at <= {now_sql()})"
        f" AND ({gate}.open_until IS NULL OR {gate}.open_until <= {now_sql()})"
    )


def claim(account_id: int, *, owner: str, lease: float, breaking_only: bool = False) -> Claim | None:
    """Claim the account's best due delivery; `lease` is in seconds. None: nothing is due, or the account is busy.

    The best delivery has the lowest lane, then the earliest due time. One normal and one breaking delivery may be in
    flight. The unique index `one_in_flight` enforces this; a worker that loses the race for the place gets None.
    """
    best = (
        "SELECT d.id FROM sharing_delivery d"
        " JOIN sharing_account a ON a.id = d.account_id"
        f" JOIN {'gate' if on_postgres() else 'sharing_accountgate'} g ON g.account_id = d.account_id"
        f" WHERE d.account_id = %(account)s AND d.state IN {one_of(DUE_STATES)}"
        f" AND {may_go_sql('d')} AND {open_sql('g')} AND {room_sql('d.account_id', breaking_sql('d'), 'g')}"
        f" AND d.attempt_no < {MOST_ATTEMPTS}"
        + (f" AND {breaking_sql('d')}" if breaking_only else "")
        + " ORDER BY d.lane, d.due_at, d.id LIMIT 1"
        + (" FOR UPDATE OF d SKIP LOCKED" if on_postgres() else "")
    )
    update = (
        f"UPDATE sharing_delivery SET came_from = state, state = '{State.CLAIMED}', why = '{Why.CLAIMED}',"
        f" state_at = {now_sql()},"
        " attempt_no = attempt_no + 1, lease_owner = %(owner)s,"
        f" lease_until = {after_sql('lease')}, claimed_at = {now_sql()}"
        f" WHERE id = ({best}) AND state IN {one_of(DUE_STATES)} RETURNING {_claimed()}"
    )
    facts = {"account": account_id, "owner": owner, "lease": lease}
    actor = Actor(kind="worker", name=owner)
    try:
        if on_postgres():
            tries = TRIES_BREAKING if breaking_only else TRIES
            rows = _claim_behind_the_gate(update, facts, actor, tries)
        else:
            rows = _claim(update, facts, actor)
    except IntegrityError:
        return None
    return _as_claim(rows[0]) if rows else None


def _claim(update: str, facts: dict[str, Any], actor: Actor) -> list[tuple[Any, ...]]:
    return run(update, facts, actor=actor, why=Why.CLAIMED)


def _claim_behind_the_gate(
    update: str, facts: dict[str, Any], actor: Actor, tries: int
) -> list[tuple[Any, ...]]:
    """On PostgreSQL, claim behind a row lock on the account's gate, so that one worker at a time claims.

    A worker that finds the row locked tries again after a moment. It does not give up, because the other worker may be
    claiming in the other lane, and then this delivery would wait for the next tick, one second.
    """
    gate = "SELECT * FROM sharing_accountgate WHERE account_id = %(account)s FOR UPDATE SKIP LOCKED"
    for _ in range(tries):
        rows, entered = run_behind(gate, update, facts, actor=actor, why=Why.CLAIMED)
        if entered:
            return rows
        time.sleep(A_MOMENT)
    return []


def _as_claim(row: tuple[Any, ...]) -> Claim:
    return Claim(
        id=row[0],
        attempt_no=row[1],
        account_id=row[4],
        article_id=row[5],
        channel=row[6],
        lane=Lane(row[7]),
        message=as_json(row[8]),
        marker=row[9],
        target=row[10],
        words=row[11],
        approved_hash=row[12],
        tries=row[13],
        waited=row[14],
        claimed_at=as_time(row[15]).timestamp(),
        timed=bool(row[16]) or row[17] is not None,
        troubled=bool(row[18]),
        withdrawn=not row[19],
        stale=not row[20],
    )


def pass_gate(claim: Claim, *, owner: str, deadline: float, content_hash: str) -> bool:
    """Pass the last gate: check at the moment of sending that the delivery may still go.

    One UPDATE checks attempt number, lease and every condition of domain/may_go.py; the attempt row is written with it.
    The lease must last at least `deadline` seconds more. Returns False if nothing may be sent.
    """
    update = (
        f"UPDATE sharing_delivery SET came_from = state, state = '{State.SENDING}', state_at = {now_sql()},"
        f" why = '{Why.GATE_PASSED}', sending_at = {now_sql()}"
        " WHERE id = %(id)s AND attempt_no = %(attempt_no)s AND lease_owner = %(owner)s"
        f" AND state = '{State.CLAIMED}'"
        f" AND lease_until > {after_sql('deadline')}"
        f" AND {passes_sql('sharing_delivery')}"
        " RETURNING id, attempt_no, came_from, state"
    )
    beside = (
        "INSERT INTO sharing_attempt (delivery_id, n, started, outcome, code, evidence)"
        f" SELECT {{id}}, {{n}}, {now_sql()}, '', '', '' {{source}}"
    )
    facts = {
        "id": claim.id,
        "attempt_no": claim.attempt_no,
        "owner": owner,
        "deadline": deadline,
        "hash": content_hash,
    }
    actor = Actor(kind="worker", name=owner)
    return bool(run(update, facts, actor=actor, why=Why.GATE_PASSED, beside=beside))

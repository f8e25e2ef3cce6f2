"""Claim the best due delivery of an account; pass the last gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from sharing.domain.delivery import Why
from sharing.domain.lanes import Lane
from sharing.models.moves.sql import Actor, after_sql, as_json, as_time, now_sql, on_postgres, run, switch_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery in a worker's hands, with what it takes to send it."""

    id: int
    account_id: int
    article_id: int
    channel: str
    lane: Lane
    message: Mapping[str, Any]
    marker: str
    target: str
    approved_hash: str
    attempt_no: int
    tries: int
    waiting_since: datetime | None


_CLAIMED = (
    "id, attempt_no, came_from, state, account_id, article_id, channel, lane, message, marker, target,"
    " approved_hash, tries, waiting_since"
)


def claim(account_id: int, *, owner: str, lease: float, breaking_only: bool = False) -> Claim | None:
    """Take the account's best due delivery, or None: nothing due, or the account is busy.

    Best is the lowest lane, then the earliest. One normal and one breaking delivery may be in flight; the
    index `one_in_flight` makes that a fact, and losing a race for the place reads as "busy".
    """
    free = "(SELECT account_id FROM sharing_accountgate WHERE account_id = %(account)s{lock})"
    lock = " FOR UPDATE SKIP LOCKED" if on_postgres() else ""
    best = (
        f"SELECT d.id FROM sharing_delivery d"
        " JOIN sharing_account a ON a.id = d.account_id"
        " JOIN sharing_accountgate g ON g.account_id = d.account_id"
        f" WHERE d.account_id IN {free.format(lock=lock)}"
        " AND d.state IN ('queued', 'waiting')"
        f" AND d.due_at <= {now_sql()}"
        f" AND (d.embargo_until IS NULL OR d.embargo_until <= {now_sql()})"
        f" AND (d.expires_at IS NULL OR d.expires_at > {now_sql()})"
        " AND a.health = 'ok'"
        f" AND (g.next_at IS NULL OR g.next_at <= {now_sql()})"
        f" AND (g.open_until IS NULL OR g.open_until <= {now_sql()})"
        f" AND NOT {switch_sql('d')}"
        " AND NOT EXISTS (SELECT 1 FROM sharing_delivery f WHERE f.account_id = d.account_id"
        " AND f.state IN ('claimed', 'sending') AND (f.lane = 0) = (d.lane = 0))"
        + (" AND d.lane = 0" if breaking_only else "")
        + " ORDER BY d.lane, d.due_at, d.id LIMIT 1"
        + (" FOR UPDATE OF d SKIP LOCKED" if on_postgres() else "")
    )
    update = (
        "UPDATE sharing_delivery SET came_from = state, state = 'claimed', why = 'claimed',"
        f" state_at = {now_sql()},"
        " attempt_no = attempt_no + 1, lease_owner = %(owner)s,"
        f" lease_until = {after_sql('lease')}, claimed_at = {now_sql()}"
        f" WHERE id = ({best}) AND state IN ('queued', 'waiting') RETURNING {_CLAIMED}"
    )
    facts = {"account": account_id, "owner": owner, "lease": lease}
    try:
        rows = run(update, facts, actor=Actor(kind="worker", name=owner), why=Why.CLAIMED)
    except IntegrityError:
        return None
    return _as_claim(rows[0]) if rows else None


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
        approved_hash=row[11],
        tries=row[12],
        waiting_since=as_time(row[13]) if row[13] else None,
    )


def pass_gate(claim: Claim, *, owner: str, deadline: float, content_hash: str) -> bool:
    """The last gate: at the moment of sending, is everything still as it must be?

    One UPDATE re-checks attempt and lease, switches, embargo, freshness, withdrawal, the account and the hash
    of what is about to be sent; the attempt row is written with it. False: nothing may be sent.
    """
    update = (
        f"UPDATE sharing_delivery SET came_from = state, state = 'sending', state_at = {now_sql()},"
        f" why = 'gate_passed', sending_at = {now_sql()}"
        " WHERE id = %(id)s AND attempt_no = %(attempt_no)s AND lease_owner = %(owner)s AND state = 'claimed'"
        f" AND lease_until > {after_sql('deadline')}"
        f" AND (embargo_until IS NULL OR embargo_until <= {now_sql()})"
        f" AND (expires_at IS NULL OR expires_at > {now_sql()})"
        " AND approved_hash = %(hash)s"
        " AND EXISTS (SELECT 1 FROM sharing_account a WHERE a.id = account_id AND a.health = 'ok')"
        " AND NOT EXISTS (SELECT 1 FROM sharing_article t WHERE t.id = article_id"
        " AND t.withdrawn_at IS NOT NULL AND purpose <> 'retraction')"
        f" AND NOT {switch_sql('sharing_delivery')}"
        " RETURNING id, attempt_no, came_from, state"
    )
    beside = (
        "INSERT INTO sharing_attempt (delivery_id, n, started, request_hash, outcome, code, evidence)"
        f" SELECT {{id}}, {{n}}, {now_sql()}, %(hash)s, '', '', '' {{source}}"
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

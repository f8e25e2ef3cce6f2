"""Find the accounts with a delivery that could go now, and choose which ticker rings for them. No delivery moves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from sharing.domain.delivery import DUE_STATES
from sharing.models.moves.claim import MOST_ATTEMPTS, breaking_sql, open_sql, room_sql
from sharing.models.moves.conditions import may_go_sql, one_of
from sharing.models.moves.sql import after_sql, now_sql, on_postgres


@dataclass(frozen=True, slots=True)
class Due:
    """An account with a due delivery that could go now."""

    account_id: int
    channel: str
    breaking: bool


def accounts_due(*, only_desk: str = "", breaking_only: bool = False, most: int = 500) -> list[Due]:
    """Return the accounts that have a due delivery, may send, and have nothing in flight in that lane.

    `only_desk` names one desk; empty: all desks except those with `by_itself`. Breaking comes first, then the account
    that was rung the longest time ago. The query asks per account whether one such row exists, so a long queue does
    not make it slower.
    """
    lanes = "(SELECT 1 AS breaking UNION ALL SELECT 0)"
    sql = (
        "SELECT a.id, a.channel, l.breaking FROM sharing_account a"
        " JOIN sharing_accountgate g ON g.account_id = a.id"
        " JOIN sharing_desk k ON k.id = a.desk_id"
        f" CROSS JOIN {lanes} l"
        f" WHERE {open_sql('g')} AND {room_sql('a.id', 'l.breaking = 1', 'g')}"
        " AND EXISTS (SELECT 1 FROM sharing_delivery d WHERE d.account_id = a.id"
        f" AND d.state IN {one_of(DUE_STATES)} AND ({breaking_sql('d')}) = (l.breaking = 1)"
        f" AND {may_go_sql('d')} AND d.attempt_no < {MOST_ATTEMPTS})"
        + (" AND l.breaking = 1" if breaking_only else "")
        + (
            " AND k.name = %(only)s"
            if only_desk
            else f" AND NOT k.by_itself{'' if on_postgres() else ' = 1'}"
        )
        + " ORDER BY l.breaking DESC, g.rung_at NULLS FIRST LIMIT %(most)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"only": only_desk, "most": most})
        return [Due(account, channel, bool(breaking)) for account, channel, breaking in cursor.fetchall()]


def take_rings(accounts: Collection[int], *, gap: float) -> set[int]:
    """Return the accounts that this ticker must ring. All tickers together ring an account once in `gap` seconds."""
    if not accounts:
        return set()
    facts = {f"a{i}": account for i, account in enumerate(accounts)}
    rows = (
        f"SELECT account_id FROM sharing_accountgate WHERE account_id IN ({', '.join(f'%({a})s' for a in facts)})"
        f" AND (rung_at IS NULL OR rung_at <= {after_sql('gap')})"
        + (" FOR UPDATE SKIP LOCKED" if on_postgres() else "")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sharing_accountgate SET rung_at = {now_sql()} WHERE account_id IN ({rows})"
            " RETURNING account_id",
            {**facts, "gap": -gap},
        )
        return {account for (account,) in cursor.fetchall()}

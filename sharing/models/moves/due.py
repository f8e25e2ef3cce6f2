"""Which accounts have something that could go now, and whose turn it is to ring them. No moves."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from sharing.models.moves.sql import after_sql, now_sql, on_postgres, switch_sql

#: An account is rung once in so many seconds, by however many tickers.
RING_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Due:
    """An account with something due that could go now."""

    account_id: int
    channel: str
    breaking: bool


def accounts_due(*, only_desk: str = "", breaking_only: bool = False, most: int = 500) -> list[Due]:
    """The accounts that have something due, their gate open and nothing in flight in that lane.

    Of one desk, or of all that are not served by themselves.
    """
    sql = (
        "SELECT d.account_id, d.channel, d.lane = 0 AS breaking"
        " FROM sharing_delivery d"
        " JOIN sharing_account a ON a.id = d.account_id"
        " JOIN sharing_accountgate g ON g.account_id = d.account_id"
        " JOIN sharing_desk k ON k.id = d.desk_id"
        f" WHERE d.state IN ('queued', 'waiting') AND d.due_at <= {now_sql()}"
        f" AND (d.embargo_until IS NULL OR d.embargo_until <= {now_sql()})"
        f" AND (d.expires_at IS NULL OR d.expires_at > {now_sql()})"
        f" AND a.health = 'ok' AND (g.next_at IS NULL OR g.next_at <= {now_sql()})"
        f" AND (g.open_until IS NULL OR g.open_until <= {now_sql()})"
        " AND NOT EXISTS (SELECT 1 FROM sharing_delivery f WHERE f.account_id = d.account_id"
        " AND f.state IN ('claimed', 'sending') AND (f.lane = 0) = (d.lane = 0))"
        f" AND NOT {switch_sql('d')}"
        + (" AND d.lane = 0" if breaking_only else "")
        + (
            " AND k.name = %(only)s"
            if only_desk
            else f" AND NOT k.by_itself{'' if on_postgres() else ' = 1'}"
        )
        + " GROUP BY d.account_id, d.channel, d.lane = 0 ORDER BY MIN(d.lane), MIN(d.due_at) LIMIT %(most)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"only": only_desk, "most": most})
        return [Due(account, channel, bool(breaking)) for account, channel, breaking in cursor.fetchall()]


def take_ring(account_id: int) -> bool:
    """Whether it is this ticker's turn to ring the account: N tickers ring once and are as good as one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sharing_accountgate SET rung_at = {now_sql()} WHERE account_id = %(account)s"
            f" AND (rung_at IS NULL OR rung_at <= {after_sql('gap')})",
            {"account": account_id, "gap": -RING_GAP},
        )
        return bool(cursor.rowcount)

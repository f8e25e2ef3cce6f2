"""The conditions of domain/may_go.py as SQL. In all functions, `row` is the table name or alias of a delivery."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from django.db import connection

from sharing.domain.delivery import State, Why
from sharing.domain.lanes import Purpose
from sharing.domain.may_go import (
    AS_APPROVED,
    AS_THE_ARTICLE,
    AT_THE_GATE,
    CONNECTED,
    NO_HOLD,
    NOT_WITHDRAWN,
    TO_BE_CLAIMED,
    WORKING,
    Condition,
)
from sharing.models.accounts import Health
from sharing.models.moves.sql import now_sql

#: The SQL of each condition that does not only compare a time. `a` is the delivery's account, `t` its article; the
#: parameter `hash` is the hash of what would be sent.
_ASKED = {
    NOT_WITHDRAWN: f"(t.withdrawn_at IS NULL OR {{row}}.purpose = '{Purpose.RETRACTION}')",
    AS_APPROVED: "{row}.approved_hash = %(hash)s",
    AS_THE_ARTICLE: "{row}.article_hash IN ('', t.data_hash)",
    CONNECTED: f"a.health <> '{Health.REMOVED}'",
    WORKING: f"a.health = '{Health.OK}'",
    NO_HOLD: (
        "NOT EXISTS (SELECT 1 FROM sharing_switch s WHERE s.scope = 'all'"
        " OR (s.scope = 'channel' AND s.subject = {row}.channel)"
        " OR (s.scope = 'account' AND s.subject = CAST({row}.account_id AS text))"
        " OR (s.scope = 'article' AND s.subject = CAST({row}.article_id AS text)))"
    ),
}
_BESIDE = "a.id = {row}.account_id AND t.id = {row}.article_id"


def one_of(values: Iterable[Enum]) -> str:
    """Return the values as an SQL list, sorted as in our partial indexes (SQLite compares the text word for word)."""
    return "({})".format(", ".join(sorted(f"'{each.value}'" for each in values)))


def holds_sql(condition: Condition, row: str) -> str:
    """Return SQL: whether the condition holds."""
    if not condition.column:
        return _ASKED[condition].format(row=row)
    time = f"{row}.{condition.column}"
    sql = f"{time} {'<=' if condition.over else '>'} {now_sql()}"
    return f"({time} IS NULL OR {sql})" if condition.may_be_unset else sql


def all_hold_sql(conditions: Iterable[Condition], row: str) -> str:
    """Return SQL: whether all of these conditions hold."""
    return " AND ".join(holds_sql(each, row) for each in conditions)


def may_go_sql(row: str) -> str:
    """Return SQL: whether a delivery may be claimed. The ticker, the claim and the last gate use it."""
    return all_hold_sql(TO_BE_CLAIMED, row)


def passes_sql(row: str) -> str:
    """Return SQL: whether every condition of the last gate holds."""
    beside = [each for each in AT_THE_GATE if each not in TO_BE_CLAIMED]
    return (
        f"{may_go_sql(row)} AND EXISTS (SELECT 1 FROM sharing_account a, sharing_article t"
        f" WHERE {_BESIDE.format(row=row)} AND {all_hold_sql(beside, row)})"
    )


def what_stops(delivery_id: int, attempt_no: int, content_hash: str) -> tuple[State, Why] | None:
    """Return the next state and the cause for a claimed delivery that did not pass the last gate.

    If every condition holds now, the lease was too short or the obstacle is gone: the delivery is queued again. None:
    this attempt does not hold the claim any more.
    """
    cases = " ".join(
        f"WHEN NOT ({holds_sql(condition, 'd')}) THEN {number}"
        for number, condition in enumerate(AT_THE_GATE)
    )
    sql = (
        f"SELECT CASE {cases} END FROM sharing_delivery d, sharing_account a, sharing_article t"
        f" WHERE d.id = %(id)s AND d.attempt_no = %(attempt_no)s AND d.state = '{State.CLAIMED}'"
        f" AND {_BESIDE.format(row='d')}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": delivery_id, "attempt_no": attempt_no, "hash": content_hash})
        found = cursor.fetchone()
    if found is None:
        return None
    if found[0] is None:
        return State.QUEUED, Why.LEASE_OVER
    return AT_THE_GATE[found[0]].to, AT_THE_GATE[found[0]].why

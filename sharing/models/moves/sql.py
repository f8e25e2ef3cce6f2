"""The two SQL dialects, and the statement that moves rows and writes their events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from sharing.domain.delivery import SENT_AGAIN, Why
from sharing.models.moves.group_commit import together


@dataclass(frozen=True, slots=True)
class After:
    """The time `seconds` from now, by the database's clock."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who moves a delivery: a worker, a person, a hook or the desk's own clock (`tick`)."""

    kind: str
    name: str


def on_postgres() -> bool:
    """Return True on PostgreSQL, False on SQLite."""
    return connection.vendor == "postgresql"


def now_sql() -> str:
    """Return SQL: the current time of the database. SQLite stores times as text, in Django's format."""
    return "clock_timestamp()" if on_postgres() else "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')"


def after_sql(name: str, start: str = "") -> str:
    """Return SQL: the time that lies the seconds of parameter `name` after the column `start`; default: after now."""
    if on_postgres():
        return f"({start or 'clock_timestamp()'} + make_interval(secs => %({name})s))"
    begin = start or "'now'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f000', {begin}, %({name})s || ' seconds')"


def since_sql(start: str) -> str:
    """Return SQL: the seconds from the time `start` until now, by the database's clock; NULL if `start` is NULL."""
    if on_postgres():
        return f"extract(epoch FROM clock_timestamp() - {start})::float8"
    return f"(julianday('now') - julianday({start})) * 86400.0"


def now() -> datetime:
    """Return the current time of the database (UTC). Only this clock decides: a machine's own may be hours wrong."""
    with connection.cursor() as cursor:
        # Without parameters SQLite does not turn %% into %.
        cursor.execute(f"SELECT {now_sql()}" if on_postgres() else f"SELECT {now_sql()}".replace("%%", "%"))
        return as_time(cursor.fetchone()[0])


def sent_again_sql(row: str) -> str:
    """Return SQL: whether the delivery was sent again once after it had ended unclear.

    Its events say so. The statement that moves the delivery writes them, and they are kept as long as the delivery.
    """
    causes = ", ".join(f"'{why}'" for why in sorted(SENT_AGAIN))
    return (
        f"EXISTS (SELECT 1 FROM sharing_event e WHERE e.delivery_id = {row}.id"
        f" AND e.why IN ({causes}) AND NOT e.refused)"
    )


def give_back_connection() -> None:
    """Give the connection back to the pool before an HTTP call, so that none is held while a platform answers."""
    if on_postgres() and not connection.in_atomic_block:
        connection.close()


EVENT = (
    "INSERT INTO sharing_event"
    " (delivery_id, n, at, actor_kind, actor, from_state, to_state, why, detail, refused)"
)
_EVENT_VALUES = "%(actor_kind)s, %(actor)s, {came_from}, {state}, %(why)s, %(detail)s, {false}"


def run(
    update: str, facts: dict[str, Any], *, actor: Actor, why: Why, detail: str = "", beside: str = ""
) -> list[tuple[Any, ...]]:
    """Run an UPDATE and write one event per moved row. The UPDATE must return id, attempt_no, came_from, state first.

    `beside` is a further statement. On PostgreSQL it reads the moved rows as `moved`; on SQLite it runs once per row
    with the row's id and attempt number.
    """
    facts = _with_event(facts, actor, why, detail)
    if on_postgres():
        return prepared(f"WITH {_moved(update, beside)} SELECT * FROM moved", facts)
    return together(lambda: _run_each(update, facts, beside))


def _run_each(update: str, facts: dict[str, Any], beside: str) -> list[tuple[Any, ...]]:
    """On SQLite, do the same with several statements in one transaction."""
    event = _EVENT_VALUES.format(came_from="%(came_from)s", state="%(state)s", false="0")
    with connection.cursor() as cursor:
        cursor.execute(update, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        for row in rows:
            row_facts = {**facts, "id": row[0], "n": row[1], "came_from": row[2], "state": row[3]}
            cursor.execute(f"{EVENT} VALUES (%(id)s, %(n)s, {now_sql()}, {event})", row_facts)
            if beside:
                cursor.execute(beside.format(id="%(id)s", n="%(n)s", source="WHERE 1"), row_facts)
        return rows


def prepared(statement: str, facts: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a prepared statement on PostgreSQL. To plan it each time would cost more than to run it."""
    import psycopg  # noqa: PLC0415 - not where SQLite is used: it costs memory

    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, facts, prepare=True)
        return cursor.fetchall()


def run_behind(
    gate: str, update: str, facts: dict[str, Any], *, actor: Actor, why: Why
) -> tuple[list[tuple[Any, ...]], bool]:
    """On PostgreSQL, run an UPDATE that reads a locked row as `gate`. Returns its rows, and whether it got the lock."""
    facts = _with_event(facts, actor, why, "")
    rows = prepared(
        f"WITH gate AS ({gate}), {_moved(update)}"
        " SELECT EXISTS (SELECT 1 FROM gate), moved.* FROM (VALUES (1)) AS one LEFT JOIN moved ON true",
        facts,
    )
    return [row[1:] for row in rows if row[1] is not None], bool(rows[0][0])


def _moved(update: str, beside: str = "") -> str:
    event = _EVENT_VALUES.format(came_from="came_from", state="state", false="false")
    sql = f"moved AS ({update}), told AS ({EVENT} SELECT id, attempt_no, {now_sql()}, {event} FROM moved)"
    if beside:
        sql += f", beside AS ({beside.format(id='moved.id', n='moved.attempt_no', source='FROM moved')})"
    return sql


def _with_event(facts: Mapping[str, Any], actor: Actor, why: Why, detail: str) -> dict[str, Any]:
    return {
        **facts,
        "actor_kind": actor.kind,
        "actor": clean(actor.name, 200),
        "why": why.value,
        "detail": clean(detail, 2100),
    }


def stored(value: Any, limit: int | None = None) -> Any:
    """Return a Python value as this database stores it; text has at most `limit` characters."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Mapping):
        return connection.ops.adapt_json_value(dict(value), None)
    if isinstance(value, str):
        return clean(value, limit)
    return value


def clean(text: str, limit: int | None = None) -> str:
    """Return text that both databases accept: without NUL characters and without surrogates.

    A platform's answer may have these, and a result that cannot be written would be lost.
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:limit]


def as_json(value: Any) -> Any:
    """Return the value of a JSON column that a raw cursor read; on SQLite it is text."""
    return json.loads(value) if isinstance(value, str) else value


def as_time(value: datetime | str) -> datetime:
    """Return a time that a raw cursor read; on SQLite it is text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)

"""The two dialects, and one statement that moves rows and writes their events."""

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
    """A time so many seconds from now, by the database's clock."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who moves: a worker, a person, a hook or the desk's own clock (`tick`)."""

    kind: str
    name: str


def on_postgres() -> bool:
    """PostgreSQL; else it is SQLite."""
    return connection.vendor == "postgresql"


def now_sql() -> str:
    """The database's present moment. SQLite keeps times as text, in Django's own form."""
    return "clock_timestamp()" if on_postgres() else "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')"


def after_sql(name: str, start: str = "") -> str:
    """The moment that many seconds (parameter `name`) after `start`, a column; default: after now."""
    if on_postgres():
        return f"({start or 'clock_timestamp()'} + make_interval(secs => %({name})s))"
    begin = start or "'now'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f000', {begin}, %({name})s || ' seconds')"


def since_sql(start: str) -> str:
    """The seconds from `start`, a time, until now, by the database's clock; NULL where there is no start."""
    if on_postgres():
        return f"extract(epoch FROM clock_timestamp() - {start})::float8"
    return f"(julianday('now') - julianday({start})) * 86400.0"


def now() -> datetime:
    """The database's present moment: the one clock that decides. A machine's own may be wrong by hours."""
    with connection.cursor() as cursor:
        # SQLite: executed without parameters, so no % is doubled.
        cursor.execute(f"SELECT {now_sql()}" if on_postgres() else f"SELECT {now_sql()}".replace("%%", "%"))
        return as_time(cursor.fetchone()[0])


def sent_again_sql(row: str) -> str:
    """Whether this row of a delivery was sent again once after it had ended unclear.

    Its events say so. They are written by the statement that moves it, found by their index, and kept as long as
    the delivery.
    """
    causes = ", ".join(f"'{why}'" for why in sorted(SENT_AGAIN))
    return (
        f"EXISTS (SELECT 1 FROM sharing_event e WHERE e.delivery_id = {row}.id"
        f" AND e.why IN ({causes}) AND NOT e.refused)"
    )


def give_back_connection() -> None:
    """Give the connection back to the pool before an HTTP call: none is held while a platform thinks."""
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
    """Run an UPDATE that returns id, attempt_no, came_from, state first, and write its events with it.

    `beside` is a further statement that reads the moved rows as `moved` (PostgreSQL), or runs once per row
    with the row's id and attempt number (SQLite).
    """
    facts = _with_event(facts, actor, why, detail)
    if on_postgres():
        return prepared(f"WITH {_moved(update, beside)} SELECT * FROM moved", facts)
    return together(lambda: _run_each(update, facts, beside))


def _run_each(update: str, facts: dict[str, Any], beside: str) -> list[tuple[Any, ...]]:
    """SQLite: the same in several statements, within a transaction."""
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
    """PostgreSQL: run it as a prepared statement; to plan it anew each time costs more than to run it."""
    import psycopg  # noqa: PLC0415 - not where SQLite is used: it costs memory

    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, facts, prepare=True)
        return cursor.fetchall()


def run_behind(
    gate: str, update: str, facts: dict[str, Any], *, actor: Actor, why: Why
) -> tuple[list[tuple[Any, ...]], bool]:
    """PostgreSQL: `run` of an UPDATE that reads a locked row as `gate`; and whether the lock was to be had."""
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
    """A Python value as this database keeps it; text at most `limit` characters long."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Mapping):
        return connection.ops.adapt_json_value(dict(value), None)
    if isinstance(value, str):
        return clean(value, limit)
    return value


def clean(text: str, limit: int | None = None) -> str:
    """Text as both databases take it: what a platform answered may hold NULs and halves of characters.

    A result that cannot be written would be a result that is lost.
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:limit]


def as_json(value: Any) -> Any:
    """A JSON column from a cursor of our own: text on SQLite."""
    return json.loads(value) if isinstance(value, str) else value


def as_time(value: datetime | str) -> datetime:
    """A time from a cursor of our own: text on SQLite."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)

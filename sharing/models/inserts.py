"""Insert new rows. The statement of each model is built once, and prepared once on PostgreSQL.

The ORM builds each INSERT again. That costs more than the statement itself, and one hook writes fifteen rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import DateTimeField, Field, Model
from django.db.models.expressions import DatabaseDefault

from sharing.models.moves.sql import as_time, on_postgres, prepared

M = TypeVar("M", bound=Model)

#: Most rows per statement: our widest table has 36 columns, and some builds of SQLite accept only 999 values.
_AT_ONCE = 25


def insert(rows: Sequence[M], *, unless_taken: str | None = None) -> list[M]:
    """Insert new rows of one model, and set their ids and the columns that the database filled in.

    Args:
        rows: the new rows; all leave the same columns to the database.
        unless_taken: leave out the rows that a unique index refuses. Give the name of an attribute that is different
            in each row: it tells which rows were written.

    Returns:
        The rows that were written, in their order.

    Raises:
        IntegrityError: a row was refused, and `unless_taken` is None.
    """
    written: list[M] = []
    for begin in range(0, len(rows), _AT_ONCE):
        written += _insert(rows[begin : begin + _AT_ONCE], unless_taken)
    return written


def _insert(rows: Sequence[M], unless_taken: str | None) -> list[M]:
    table = _table(type(rows[0]), _given(rows[0]))
    facts = [value for row in rows for value in table.values(row)]
    answer = _run(table.statement(len(rows), unless_taken), facts)
    if unless_taken is not None:
        kept = {each[-1] for each in answer}
        rows = [row for row in rows if getattr(row, unless_taken) in kept]
        places = {getattr(row, unless_taken): place for place, row in enumerate(rows)}
        answer = sorted(answer, key=lambda each: places[each[-1]])
    for row, returned in zip(rows, answer, strict=True):
        table.complete(row, returned)
    return list(rows)


def _given(row: Model) -> tuple[str, ...]:
    """Return the attributes that have a value; the database fills in the others."""
    own = [each.attname for each in row._meta.concrete_fields if not each.primary_key]
    return tuple(name for name in own if not isinstance(getattr(row, name), DatabaseDefault))


@cache
def _table(model: type[Model], given: tuple[str, ...]) -> _Table:
    fields = [each for each in model._meta.concrete_fields if not each.primary_key]
    return _Table(
        model=model,
        given=[each for each in fields if each.attname in given],
        left=[each for each in fields if each.attname not in given],
        statements={},
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns that the rows give, the columns left to the database, and the statements built so far."""

    model: type[Model]
    given: list[Field[Any, Any]]
    left: list[Field[Any, Any]]
    statements: dict[tuple[int, str | None], str]

    def values(self, row: Model) -> list[Any]:
        return [each.get_db_prep_save(getattr(row, each.attname), connection) for each in self.given]

    def statement(self, number: int, unless_taken: str | None) -> str:
        key = (number, unless_taken)
        if key not in self.statements:
            self.statements[key] = self._composed(number, unless_taken)
        return self.statements[key]

    def _composed(self, number: int, unless_taken: str | None) -> str:
        table = self.model._meta.db_table
        columns = _listed(each.attname for each in self.given)
        row = "(" + ", ".join(["%s"] * len(self.given)) + ")"
        taken = "" if unless_taken is None else " ON CONFLICT DO NOTHING"
        known_by = [] if unless_taken is None else [unless_taken]
        returned = _listed(["id", *(each.attname for each in self.left), *known_by])
        rows = ", ".join([row] * number)
        return f"INSERT INTO {table} ({columns}) VALUES {rows}{taken} RETURNING {returned}"

    def complete(self, row: Model, returned: Sequence[Any]) -> None:
        """Set a row's id and the columns that the database filled in."""
        row.pk = returned[0]
        row._state.adding, row._state.db = False, connection.alias
        for field, value in zip(self.left, returned[1:], strict=False):
            setattr(row, field.attname, as_time(value) if isinstance(field, DateTimeField) else value)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{each}"' for each in columns)


def _run(statement: str, facts: list[Any]) -> list[tuple[Any, ...]]:
    if on_postgres():
        return prepared(statement, facts)
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        answer: list[tuple[Any, ...]] = cursor.fetchall()
        return answer

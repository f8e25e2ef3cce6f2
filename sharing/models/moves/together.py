"""SQLite has one writer at a time, and each transaction waits for the disk: what comes meanwhile goes together.

While one thread of a process writes, the moves of the others stand in line; the next one writes them all, each
within a savepoint of its own, and the disk is waited for once. Nobody goes on before the transaction that holds
its move stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


@dataclass(slots=True)
class _Waiting(Generic[T]):
    """One move in line, and what came of it."""

    act: Callable[[], T]
    result: T | None = None
    error: BaseException | None = None
    over: bool = False

    def run(self) -> None:
        """On the connection of whoever writes. An index that refuses it undoes it, and it alone."""
        try:
            with transaction.atomic():
                self.result = self.act()
        except Exception as error:  # noqa: BLE001 - raised where it belongs, in the thread that waits for it
            self.error = error


_line: list[_Waiting[object]] = []
_lock = threading.Lock()
_turn = threading.Lock()


def together(act: Callable[[], T]) -> T:
    """Do `act` in a transaction, which others may share. Raises what it raises, or what the transaction does."""
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    mine: _Waiting[T] = _Waiting(act)
    with _lock:
        _line.append(mine)  # type: ignore[arg-type]  # each knows its own result
    with _turn:
        if not mine.over:
            _write(_whoever_waits())
    if mine.error is not None:
        raise mine.error
    return mine.result  # type: ignore[return-value]  # without an error it is there


def _whoever_waits() -> list[_Waiting[object]]:
    with _lock:
        waiting = _line.copy()
        _line.clear()
    return waiting


def _write(waiting: list[_Waiting[object]]) -> None:
    try:
        with transaction.atomic():
            for each in waiting:
                each.run()
    except BaseException as error:
        for each in waiting:
            each.error = each.error or error  # what it did is undone with the rest
        if not isinstance(error, Exception):
            raise
    finally:
        for each in waiting:
            each.over = True

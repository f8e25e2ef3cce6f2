"""SQLite has one writer at a time, and each transaction waits for the disk: what comes meanwhile goes together.

While one thread of a process writes, the moves of the others stand in line; then the first of them writes them all,
each within a savepoint of its own, and the disk is waited for once. Nobody goes on before the transaction that holds
its move stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Move(Generic[T]):
    """One move, and what came of it."""

    act: Callable[[], T]
    result: T | None = None
    error: BaseException | None = None
    #: It is over, or it is this thread's turn to write.
    called: threading.Event = field(default_factory=threading.Event)
    over: bool = False

    def run(self) -> None:
        """On the connection of whoever writes. An index that refuses it undoes it, and it alone."""
        try:
            with transaction.atomic():
                self.result = self.act()
        except Exception as error:  # noqa: BLE001 - raised where it belongs, in the thread that waits for it
            self.error = error


class _Line:
    """The moves that wait; the first in line writes whenever nobody does."""

    def __init__(self) -> None:
        self._waiting: list[_Move[Any]] = []
        self._lock = threading.Lock()
        self._writing = False

    def join(self, move: _Move[Any]) -> None:
        """Returns once it is over, whoever wrote it."""
        with self._lock:
            self._waiting.append(move)
            first, self._writing = not self._writing, True
        if not first:
            move.called.wait()
        if not move.over:
            self._write_all()

    def _write_all(self) -> None:
        with self._lock:
            moves, self._waiting = self._waiting, []
        try:
            _write(moves)
        finally:
            for each in moves:
                each.over = True
                each.called.set()
            with self._lock:
                self._writing = bool(self._waiting)
                following = self._waiting[0] if self._waiting else None
            if following is not None:
                following.called.set()


def _write(moves: list[_Move[Any]]) -> None:
    try:
        with transaction.atomic():
            for each in moves:
                each.run()
    except BaseException as error:
        for each in moves:
            each.error = each.error or error  # what it did is undone with the rest
        if not isinstance(error, Exception):
            raise


_line = _Line()


def together(act: Callable[[], T]) -> T:
    """Do `act` in a transaction, which others may share. Raises what it raises, or what the transaction does."""
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    move: _Move[T] = _Move(act)
    _line.join(move)
    if move.error is not None:
        raise move.error
    return move.result  # type: ignore[return-value]  # without an error it is there

"""Group commit on SQLite: the moves of several threads share one transaction.

SQLite has one writer at a time, and each transaction waits for the disk. While one thread writes, the moves of the
other threads stand in line. Then the first thread in line writes all of them in one transaction, each move in its own
savepoint, and waits for the disk once. No thread goes on before the transaction with its move is committed.
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
    """One move and its result or error."""

    act: Callable[[], T]
    result: T | None = None
    error: BaseException | None = None
    #: Set when the move is over, or when it is this thread's turn to write.
    called: threading.Event = field(default_factory=threading.Event)
    over: bool = False

    def run(self) -> None:
        """Run the move on the connection of the thread that writes. An error undoes this move alone."""
        try:
            with transaction.atomic():
                self.result = self.act()
        except Exception as error:  # noqa: BLE001 - raised where it belongs, in the thread that waits for it
            self.error = error


class _Line:
    """The line of waiting moves. When no thread writes, the first thread in line writes."""

    def __init__(self) -> None:
        self._waiting: list[_Move[Any]] = []
        self._lock = threading.Lock()
        self._writing = False

    def join(self, move: _Move[Any]) -> None:
        """Put the move in line, and return when it is over, no matter which thread wrote it."""
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
            each.error = each.error or error  # the rollback undid this move too
        if not isinstance(error, Exception):
            raise


_line = _Line()


def together(act: Callable[[], T]) -> T:
    """Run `act` in a transaction that other threads may share. Raises the error of `act` or of the transaction."""
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    move: _Move[T] = _Move(act)
    _line.join(move)
    if move.error is not None:
        raise move.error
    return move.result  # type: ignore[return-value]  # without an error it is there

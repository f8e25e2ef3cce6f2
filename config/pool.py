"""A PostgreSQL connection that skips the pool's health check when it is not needed."""

from __future__ import annotations

import select
from typing import Any

import psycopg


class Connection(psycopg.Connection[Any]):
    """A connection that answers the pool's health check (an empty query) itself, if the server has sent nothing.

    A server that closes a connection sends something first; then the query is really sent. The health checks, three
    per delivery, took a tenth of all waiting in a burst (bench/RESULTS.md).
    """

    def execute(self, query: Any, *args: Any, **options: Any) -> psycopg.Cursor[Any]:
        if query == "" and self._is_silent():
            return self.cursor()
        return super().execute(query, *args, **options)

    def _is_silent(self) -> bool:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return not poll.poll(0)

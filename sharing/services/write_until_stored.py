"""Retry a write that must not be lost, on fresh connections, until it is stored."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from sharing.services.clocks import running

#: Seconds between two tries.
WRITE_AGAIN = 0.5


def write(act: Callable[[], None], *, ends: float) -> bool:
    """Run `act` until the database accepts it, or until the running time `ends` (seconds). Returns whether it stands.

    A database that restarts, or a pool that has no free connection, costs seconds but no result.
    """
    while True:
        try:
            act()
        except DatabaseError:
            if running() >= ends:
                return False
            connection.close()
            time.sleep(WRITE_AGAIN)
        else:
            return True

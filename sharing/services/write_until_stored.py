"""What must not be lost is written again, on fresh connections, until it stands."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from sharing.services.clocks import running

#: Seconds between two tries.
WRITE_AGAIN = 0.5


def write(act: Callable[[], None], *, ends: float) -> bool:
    """Do `act` until the database takes it, or the running time `ends` is over; returns whether it stands.

    A database that restarts, or a pool that has no connection for a while, costs seconds and no result.
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

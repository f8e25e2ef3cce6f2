"""The Celery task. Only the rows decide what is sent, whatever the message says."""

from __future__ import annotations

import time

from workers.app import app
from workers.process import this_process
from workers.turn import take_turn


@app.task(name="drain")
def drain(account_id: int, breaking: bool = False) -> None:  # noqa: FBT001, FBT002 - a message's
    """Deliver what is due on one account, in a slot of this worker."""
    this_process.slots.heard_at = time.monotonic()
    take_turn(int(account_id), breaking=bool(breaking))

"""A consumer that survives whatever the broker says: read-only, full, or a queue with nonsense in it.

Celery ends the whole process on what it does not know. Here deliveries are on their way in its threads, and the
ticker works without any broker; so the consumer starts anew, and the process goes on.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

from celery.exceptions import CPendingDeprecationWarning
from celery.worker.consumer import Consumer

#: Seconds between two starts.
PAUSE = 0.5


class SteadyConsumer(Consumer):
    """Takes every error for a lost connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection_errors = (Exception,)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        with warnings.catch_warnings():
            # It warns of what its next version does to late acknowledgements at each lost connection; we have none.
            warnings.simplefilter("ignore", CPendingDeprecationWarning)
            super().on_connection_error_after_connected(exc)
        time.sleep(PAUSE)

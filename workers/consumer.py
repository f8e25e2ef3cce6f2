"""A consumer that survives every error of the broker: read-only, full, or a queue with invalid messages.

Celery ends the whole process on an unknown error. Our threads may be sending deliveries, and the ticker needs no
broker, so here only the consumer starts again and the process goes on.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

from celery.exceptions import CPendingDeprecationWarning
from celery.worker.consumer import Consumer

#: Seconds to wait before the consumer starts again.
PAUSE = 0.5


class SteadyConsumer(Consumer):
    """A consumer that treats every error as a lost connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection_errors = (Exception,)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        with warnings.catch_warnings():
            # Ignore a warning about late acknowledgements in Celery's next version: we do not use them.
            warnings.simplefilter("ignore", CPendingDeprecationWarning)
            super().on_connection_error_after_connected(exc)
        time.sleep(PAUSE)

"""Run a worker process: Celery with a thread pool, the bell's queues, and the ticker."""

from __future__ import annotations

import os
import socket
import sys
import warnings

from celery.exceptions import SecurityWarning

from workers import ticker  # noqa: F401 - connects the ticker to the worker
from workers.app import app, queue, queues
from workers.process import this_process
from workers.slots import Slots

#: Threads beside those that deliver, to receive the bell's messages.
LISTENERS = 2


def run(*, concurrency: int, breaking_only: bool) -> None:
    """Run the worker until it is told to stop; then finish what is being sent and claim nothing. Exits the process."""
    this_process.breaking_only = breaking_only
    this_process.slots = Slots(concurrency)
    # Let Celery run as root, as in a container. This is safe, because messages are JSON, never pickle.
    os.environ.setdefault("C_FORCE_ROOT", "1")
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # Skip Django's system checks, which also load the pages: they take a second and twice the memory.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    names = ["breaking"] if breaking_only else ["breaking", "delivery"]
    app.conf.task_queues = queues(*names)
    worker = app.Worker(
        hostname=f"sharedesk-{os.getpid()}@{socket.gethostname()}",
        pool_cls="threads",
        # A drain that finds no slot stands in line and frees its thread. Without more threads than slots, a message
        # would stay in the broker while all slots are taken, and normal turns would not end early for breaking ones.
        concurrency=this_process.slots.size + this_process.slots.spare + LISTENERS,
        queues=[queue(name) for name in names],
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode or 0)

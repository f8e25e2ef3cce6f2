"""A worker process: Celery's threads pool, the bell's queues, the ticker."""

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

#: Threads beside those that deliver, to hear bells.
LISTENERS = 2


def run(*, concurrency: int, breaking_only: bool) -> None:
    """Work until told to end: then finish what is being sent, and claim no more. Ends the process."""
    this_process.breaking_only = breaking_only
    this_process.slots = Slots(concurrency)
    # In a container of its own root is nobody else; the message travels as JSON, never as pickle.
    os.environ.setdefault("C_FORCE_ROOT", "1")
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # Celery would have Django check everything at each start, the pages too: a second, and twice the memory.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    names = ["breaking"] if breaking_only else ["breaking", "delivery"]
    app.conf.task_queues = queues(*names)
    worker = app.Worker(
        hostname=f"sharedesk-{os.getpid()}@{socket.gethostname()}",
        pool_cls="threads",
        # A drain that finds no slot stands in line and leaves its thread; without one more thread than there are
        # slots a bell would stay in the broker when all are taken, and nobody would give way to what is breaking.
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

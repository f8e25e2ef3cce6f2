"""A worker process: Celery's threads pool, the bell's queues, the ticker."""

from __future__ import annotations

import os
import socket
import warnings

from celery.exceptions import SecurityWarning

from workers import ticker  # noqa: F401 - connects the ticker to the worker
from workers.app import app, queue, queues
from workers.slots import Slots
from workers.turn import here


def run(*, concurrency: int, breaking_only: bool) -> None:
    """Work until told to end: then finish what is being sent, and claim no more."""
    here.breaking_only = breaking_only
    here.slots = Slots(concurrency)
    threads = (
        here.slots.size + here.slots.spare
    )  # a drain that finds no slot stands in line and leaves its thread
    # In a container of its own root is nobody else; the message travels as JSON, never as pickle.
    os.environ.setdefault("C_FORCE_ROOT", "1")
    warnings.filterwarnings("ignore", category=SecurityWarning)
    names = ["breaking"] if breaking_only else ["breaking", "delivery"]
    app.conf.task_queues = queues(*names)
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool=threads",
            f"--concurrency={threads}",
            f"--queues={','.join(queue(name) for name in names)}",
            f"--hostname=sharedesk-{os.getpid()}@{socket.gethostname()}",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )

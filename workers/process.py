"""This worker process: one for all of its threads."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field

from workers.slots import Slots


@dataclass(slots=True)
class WorkerProcess:
    """Its name in claims and leases, its slots, whether it takes breaking deliveries alone, whether it is stopping."""

    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    slots: Slots = field(default_factory=lambda: Slots(1))
    breaking_only: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)


this_process = WorkerProcess()

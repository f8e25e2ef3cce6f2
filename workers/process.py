"""The state of this worker process, shared by its threads."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field

from workers.slots import Slots


@dataclass(slots=True)
class WorkerProcess:
    """The state of a worker process.

    `name` is the owner in claims and leases. `breaking_only`: it takes only breaking deliveries. `stopping` is set when
    the process must end.
    """

    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    slots: Slots = field(default_factory=lambda: Slots(1))
    breaking_only: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)


this_process = WorkerProcess()

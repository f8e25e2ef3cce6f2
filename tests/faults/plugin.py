"""What is patched into a worker from outside, before it starts: scaled timers, mutants, points of death."""

import os
import socket

from tests.faults.scale import scale


def load(spec: dict) -> None:
    """`spec`: `mutants`, names from tests.faults.mutants; `death`, a point from tests.faults.points."""
    scale()
    if spec.get("mutants"):
        from tests.faults import mutants

        for name in spec["mutants"]:
            mutants.MUTANTS[name].patch()
    if spec.get("death"):
        from tests.faults import points

        points.die_at(**spec["death"])


def become_a_worker() -> None:
    """In a process that was forked: its own name, so that leases and kills tell workers apart."""
    from workers import turn

    turn.this_process.name = f"{socket.gethostname()}:{os.getpid()}"

"""Runs the tests against every mutant: each must be caught."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.mutants import MUTANTS


@dataclass(frozen=True)
class Hunted:
    """One mutant, and by which test it was caught."""

    name: str
    caught: bool
    by: str
    seconds: float


def hunt(names=None, *, at_once=2):
    """All of them, or those named."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(_one, names or MUTANTS))


def _one(name):
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.faults.mutated", "--no-header", "-rf"]
    done = subprocess.run(
        [*command, *MUTANTS[name].bites],
        env={**os.environ, "MUTANT": name},
        capture_output=True,
        text=True,
        timeout=600,
    )
    lines = done.stdout.splitlines()
    failed = [line[7:].partition(" - ")[0] for line in lines if line.startswith("FAILED ")]
    by = (
        failed[0] if failed else done.stdout.strip().splitlines()[-1:] + done.stderr.strip().splitlines()[-1:]
    )
    # Only a failed test counts: a run that could not start has caught nothing.
    return Hunted(name, bool(failed) and done.returncode == 1, str(by), round(time.monotonic() - began, 1))

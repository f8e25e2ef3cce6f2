"""The fault harness from the terminal; every part of it ends with 1 when a promise did not hold.

python -m tests.faults                 everything, about 20 minutes: `make faults`
python -m tests.faults --ci            a part of everything, under 4 minutes: `make faults-ci`
python -m tests.faults mutants [NAME]  only the mutants, or some of them
python -m tests.faults list            the scenarios and the mutants by name

`--keep` writes the report into docs/reliability.md. One scenario alone: `python -m tests.faults.one NAME`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.faults import report
from tests.faults.hunt import hunt
from tests.faults.mutants import MUTANTS
from tests.faults.scenarios import ALL, BY_NAME
from tests.postgres import postgres

#: The part of it that a change has to pass: (scenario, database, part of its size).
CI = [("kills", "sqlite", 0.06), ("broker", "pg", 0.6), ("zombies", "pg", 0.6)]
CI_MUTANTS = ("attempt", "last gate", "lease over = queued", "two absences", "Duplicate to queued")
#: Worlds side by side: most of a run is waiting for leases, settle times and dead workers.
AT_ONCE = 2
#: Sequences of the state machine on each database.
EXAMPLES, CI_EXAMPLES = 1000, 60


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", default="all", choices=["all", "scenarios", "mutants", "list"])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--ci", action="store_true", help="a part of everything")
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each has its own")
    parser.add_argument("--keep", action="store_true", help="write the report into docs/reliability.md")
    given = parser.parse_args(arguments)
    if given.what == "list":
        print(*(f"{each.name:14}{each.what}" for each in ALL), "", sep="\n")
        print(*(f"{each.name:34}{each.what}" for each in MUTANTS.values()), sep="\n")
        return 0
    began = time.monotonic()
    runs, checks, hunted = [], [], []
    if given.what in {"all", "scenarios"}:
        runs = list(_scenarios(given))
    if given.what == "all":
        checks = list(_checks(given))
    if given.what in {"all", "mutants"}:
        hunted = list(_mutants(given))
    whole = report.Report(runs, checks, hunted, seconds=time.monotonic() - began, seed=given.seed)
    print(whole.text())
    if given.keep:
        report.keep(whole)
    return 0 if whole.clean else 1


def _scenarios(given):
    if given.ci:
        wanted = CI
    else:
        chosen = [BY_NAME[name] for name in given.names] if given.what == "scenarios" and given.names else ALL
        wanted = [(each.name, database, 1.0) for each in chosen for database in each.databases]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(_scenario, wanted, count(given.seed))


def _scenario(wanted, seed):
    """One world, in processes of its own."""
    name, database, part = wanted
    command = [sys.executable, "-m", "tests.faults.one", name, "--database", database]
    command += ["--seed", str(seed), "--part", str(part)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    lines = done.stdout.strip().splitlines()
    row = (
        json.loads(lines[-1])
        if lines
        else {"scenario": name, "database": database, "broken": done.returncode}
    )
    print(report.line(row), flush=True)
    return row


def _checks(given):
    """The named points of death, and the state machine on both databases."""
    examples = CI_EXAMPLES if given.ci else EXAMPLES
    points = ["tests/faults/crash_points.py"]
    if given.ci:  # a sixth of it: whole channels, so that what is left out is plain
        points += ["-k", "x-accepted or x-reset or facebook-duplicate or mail-lost or kakao or fifth"]
    yield _pytest("points of death", points, {})
    machine = ["tests/faults/machine.py"]
    yield _pytest(
        f"state machine, {examples} sequences, SQLite", machine, {"MACHINE_EXAMPLES": str(examples)}
    )
    with postgres("fsync=off") as url:
        some = max(20, examples // 4)
        yield _pytest(
            f"state machine, {some} sequences, PostgreSQL", machine,
            {"MACHINE_EXAMPLES": str(some), "TEST_DATABASE_URL": url},
        )  # fmt: skip


def _pytest(name, arguments, environment):
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    said = (done.stdout.strip().splitlines() or ["nothing"])[-1]
    seconds = round(time.monotonic() - began, 1)
    check = {"name": name, "said": said, "held": done.returncode == 0, "seconds": seconds}
    if not check["held"]:
        print(done.stdout[-6000:], done.stderr[-2000:], file=sys.stderr)
    print(report.check_line(check), flush=True)
    return check


def _mutants(given):
    names = (
        given.names
        if given.what == "mutants" and given.names
        else (CI_MUTANTS if given.ci else list(MUTANTS))
    )
    for hunted in hunt(names):
        print(report.mutant_line(hunted), flush=True)
        yield hunted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

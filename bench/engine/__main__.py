"""Every bench of the engine, each on each database in a process of its own.

The rows are kept in bench/results.json and shown in bench/RESULTS.md; `--only burst` measures one anew and leaves the
others as they were; `--quick` is a taste of all of it in a minute, and writes nothing.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
KEPT, SHOWN = FOLDER / "results.json", FOLDER / "RESULTS.md"


@dataclass(frozen=True)
class Run:
    name: str
    databases: tuple = ("pg", "sqlite")
    options: dict = field(default_factory=dict)
    quick: dict | None = None  #: None: not in a minute


RUNS = [
    Run("burst", quick={"deliveries": 400, "accounts": 100, "repeats": 1}),
    Run("burst", ("pg",), {"deliveries": 2000, "repeats": 2, "prepare": 0.2}),
    Run("few", quick={"each": 10, "repeats": 1}),
    Run("breaking"),
    Run("history"),
    Run("ingest", ("pg",), quick={"hooks": 20, "repeats": 2}),
    Run("idle", options={"hooks": 100}),
    Run("broken", options={"seconds": 6.0, "repeats": 3}),
]


def one(name, database, options):
    from bench.engine import burst, rows, waits
    from bench.engine.desk import Desk

    benches = {
        "burst": burst.burst,
        "few": burst.few,
        "breaking": waits.breaking,
        "history": rows.history,
        "ingest": rows.ingest,
        "idle": waits.idle,
        "broken": waits.broken,
    }
    with Desk(database) as desk:
        made = benches[name](desk, **options)
    print(json.dumps([row.told() for row in made]))


def measure(run, database, options):
    """The rows of one bench: Django is set up once per process, so it has one of its own."""
    call = [sys.executable, "-m", "bench.engine", "--one", run.name, database, json.dumps(options)]
    done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(f"{run.name} on {database} did not come to its end", flush=True)
        return []
    rows = json.loads(done.stdout.splitlines()[-1])
    for row in rows:
        print(line(row), flush=True)
    return rows


def keep(rows, name, database):
    """Write these into the kept ones, in place of what the same bench has said before."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else []
    today = datetime.now(UTC).date().isoformat()
    fresh = [{**row, "date": today, "bench": name, "database": database} for row in rows]
    whats = {row["what"] for row in fresh}
    kept = [row for row in kept if row["what"] not in whats] + fresh
    order = [run.name for run in RUNS]
    kept.sort(key=lambda row: (order.index(row["bench"]), row["database"]))
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    notes = (FOLDER / "engine" / "notes.md").read_text()
    head = "| what | bar | measured | ratio | spread | met | date |\n|---|---|---|---|---|---|---|\n"
    SHOWN.write_text(notes.replace("TABLE", head + "\n".join(line(row) for row in kept)))


def line(row):
    met = {True: "yes", False: "**no**", None: ""}[row["met"]]
    cells = [row["what"], row["bar"], row["measured"], row["ratio"], row["spread"], met, row.get("date", "")]
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, metavar=("BENCH", "DATABASE", "OPTIONS"), help=argparse.SUPPRESS)
    parser.add_argument("--only", action="append", choices=sorted({run.name for run in RUNS}))
    parser.add_argument("--quick", action="store_true", help="small numbers, one minute, nothing is written")
    given = parser.parse_args()
    if given.one:
        name, database, options = given.one
        return one(name, database, json.loads(options))
    good = True
    for run in RUNS:
        if (given.only and run.name not in given.only) or (given.quick and run.quick is None):
            continue
        for database in run.databases[:1] if given.quick else run.databases:
            rows = measure(run, database, run.quick if given.quick else run.options)
            good = good and bool(rows) and all(row["met"] is not False for row in rows)
            if not given.quick:
                keep(rows, run.name, database)
    return 0 if good or given.quick else 1


if __name__ == "__main__":
    sys.exit(main())

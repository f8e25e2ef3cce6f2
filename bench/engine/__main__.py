"""Every bench of the engine, each on each database in a process of its own; the table goes to bench/RESULTS.md."""

import argparse
import json
import sys

from bench.engine.desk import Desk


def one(name, database, options):
    from bench.engine import burst, rows, waits

    benches = {
        "burst": burst.burst,
        "few": burst.few,
        "idle": waits.idle,
        "breaking": waits.breaking,
        "broken": waits.broken,
        "history": rows.history,
        "ingest": rows.ingest,
    }
    with Desk(database) as desk:
        made = benches[name](desk, **options)
    print(json.dumps([row.told() for row in made]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", nargs=3)
    given = parser.parse_args()
    name, database, options = given.one
    sys.exit(one(name, database, json.loads(options)))

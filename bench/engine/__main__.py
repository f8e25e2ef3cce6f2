"""Every bench of the engine, each on each database in a process of its own; the table goes to bench/RESULTS.md."""

import argparse
import json
import sys

from bench.engine.desk import Desk


def one(name, database, options):
    from bench.engine import burst

    benches = {"burst": burst.burst, "few": burst.few}
    with Desk(database) as desk:
        rows = benches[name](desk, **options)
    print(json.dumps([row.told() for row in rows]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", nargs=3)
    given = parser.parse_args()
    name, database, options = given.one
    sys.exit(one(name, database, json.loads(options)))

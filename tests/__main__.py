"""`python -m tests`: everything, on SQLite; then what touches the database again, on a real PostgreSQL.

`python -m tests ARGUMENTS` hands its arguments to pytest, in both rounds.
"""

import os
import subprocess
import sys

from tests.postgres import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]


def main(arguments: list[str]) -> int:
    print("== SQLite", flush=True)
    first = subprocess.run([*PYTEST, *arguments]).returncode
    print("== PostgreSQL", flush=True)
    with postgres("fsync=off") as url:
        environment = {**os.environ, "TEST_DATABASE_URL": url}
        second = subprocess.run([*PYTEST, "-m", "database", *arguments], env=environment).returncode
    no_tests = 5  # pytest's own: a selection may leave none for the second round
    return first or (0 if second == no_tests else second)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

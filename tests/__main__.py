"""`python -m tests`: everything on SQLite, pages in a browser, then what meets the engine on a real PostgreSQL.

`python -m tests ARGUMENTS` hands its arguments to pytest, in every round; whatever of them touches the database then
runs on PostgreSQL, not only what meets the engine. `--everywhere` alone says the same of all tests. As many tests run
at a time as there are cores; `-n0` lets them run one by one, in one process.
"""

import os
import secrets
import subprocess
import sys

from tests.postgres import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]
AT_ONCE = ["-n", "auto"]
NO_TESTS = 5  # pytest's own: a selection may leave none for a round


def main(arguments: list[str]) -> int:
    os.environ.setdefault("ORDERS", str(secrets.randbelow(10_000)))
    print(f"== stories are told in orders by ORDERS={os.environ['ORDERS']}", flush=True)
    touches = "database" if arguments else "engine"
    arguments = [each for each in arguments if each != "--everywhere"]
    # A browser's event loop runs in the thread of the tests for as long as it is open, so it has a round of its own.
    codes = [
        _round("SQLite", [*AT_ONCE, "-m", "not browser", *arguments]),
        _round("Chromium", ["-m", "browser", *arguments]),
    ]
    with postgres("fsync=off") as url:
        codes.append(_round("PostgreSQL", [*AT_ONCE, "-m", touches, *arguments], TEST_DATABASE_URL=url))
    return next((code for code in codes if code not in {0, NO_TESTS}), 0)


def _round(name: str, arguments: list[str], **environment: str) -> int:
    print(f"== {name}", flush=True)
    return subprocess.run([*PYTEST, *arguments], env={**os.environ, **environment}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

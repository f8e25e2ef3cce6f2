"""`python -m tests`: everything on SQLite, pages in a browser, then what meets the engine on a real PostgreSQL.

`python -m tests ARGUMENTS` hands its arguments to pytest, in every round; whatever of them touches the database then
runs on PostgreSQL, not only what meets the engine. `--everywhere` alone says the same of all tests. As many tests run
at a time as there are cores; `-n0` lets them run one by one, in one process.
"""

import os
import re
import secrets
import subprocess
import sys
import time
from collections import Counter

from tests.postgres import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]
AT_ONCE = ["-n", "auto"]
CLOSING, COUNT = re.compile(r" in [\d.]+s"), re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed)\b")
NO_TESTS = 5  # pytest's own: a selection may leave none for a round


def main(arguments: list[str]) -> int:
    os.environ.setdefault("ORDERS", str(secrets.randbelow(10_000)))
    print(f"== stories are told in orders by ORDERS={os.environ['ORDERS']}", flush=True)
    touches = "database" if arguments else "engine"
    arguments = [each for each in arguments if each != "--everywhere"]
    began, counts = time.monotonic(), Counter[str]()
    # A browser's event loop runs in the thread of the tests for as long as it is open, so it has a round of its own.
    codes = [
        _round("SQLite", [*AT_ONCE, "-m", "not browser", *arguments], counts),
        _round("Chromium", ["-m", "browser", *arguments], counts),
    ]
    with postgres("fsync=off") as url:
        codes.append(
            _round("PostgreSQL", [*AT_ONCE, "-m", touches, *arguments], counts, TEST_DATABASE_URL=url)
        )
    print(f"{', '.join(f'{n} {what}' for what, n in counts.items())} in {time.monotonic() - began:.2f}s")
    return next((code for code in codes if code not in {0, NO_TESTS}), 0)


def _round(name: str, arguments: list[str], counts: Counter[str], **environment: str) -> int:
    print(f"== {name}", flush=True)
    with subprocess.Popen(
        [*PYTEST, *arguments], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            if CLOSING.search(line):
                counts.update({what: int(n) for n, what in COUNT.findall(line)})
    return running.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

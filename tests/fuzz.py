"""`python -m tests.fuzz [MINUTES]`: all tests on both databases, with stories in all orders; then every property test
with new examples, round after round, until the time is over.

What is found is kept in .hypothesis and tried first from then on.
"""

import os
import secrets
import subprocess
import sys
import time


def main(minutes: float = 10.0) -> int:
    everything = [sys.executable, "-m", "tests", "--everywhere"]
    code = subprocess.run(everything, env={**os.environ, "ORDERS": "all"}).returncode
    if code:
        return code
    ends, rounds = time.monotonic() + minutes * 60, 0
    while time.monotonic() < ends:
        seed, rounds = secrets.randbelow(2**32), rounds + 1
        print(f"== round {rounds}, seed {seed}", flush=True)
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "hypothesis and not browser",
            f"--hypothesis-seed={seed}",
        ]
        code = subprocess.run(command).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))

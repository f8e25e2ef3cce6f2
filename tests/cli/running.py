"""Runs `sharedesk` as a person does: a process, its own data folder, no environment but what is given."""

import json
import os
import subprocess
import sys
from pathlib import Path

from config.env import SETTINGS

SHAREDESK = Path(sys.executable).parent / "sharedesk"


def environment(folder, **more):
    """The caller's environment without any setting of ours."""
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SETTINGS}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    kept.pop("TEST_DATABASE_URL", None)
    return {**kept, "SHAREDESK_DATA": str(folder), "LANG": "en_US.UTF-8", **more}


def sharedesk(*arguments, folder, stdin="", timeout=60, **more):
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, str(SHAREDESK), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment(folder, **more),
    )


def data_of(answer):
    """What a command printed as JSON, when it worked."""
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def one_clear_line(answer, *words):
    """Bad input: exit 2 and one clear line on stderr, no traceback."""
    assert answer.returncode == 2, (answer.returncode, answer.stdout, answer.stderr)
    assert "Traceback" not in answer.stderr
    lines = [line for line in answer.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, answer.stderr
    for word in words:
        assert word in lines[0], lines[0]

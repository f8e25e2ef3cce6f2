"""Runs `sharedesk` as a person does: a process, its own data folder, no environment but what is given."""

import atexit
import functools
import json
import os
import subprocess
import sys

from config.env import SETTINGS
from tests.cli.warm import SHAREDESK, Warm


def environment(folder, **more):
    """The caller's environment without any setting of ours."""
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SETTINGS}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    kept.pop("TEST_DATABASE_URL", None)
    return {**kept, "SHAREDESK_DATA": str(folder), "LANG": "en_US.UTF-8", **more}


def sharedesk(*arguments, folder, stdin="", **more):
    """Run one command to its end, in a process that is forked where the imports are made already."""
    return _warm().run([*map(str, arguments)], stdin, environment(folder, **more))


def sharedesk_from_nothing(*arguments, folder, stdin="", **more):
    """Run one command to its end, in a new interpreter."""
    return subprocess.run(
        [sys.executable, str(SHAREDESK), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(folder, **more),
    )


@functools.cache
def _warm():
    warm = Warm(environment("/nowhere"))
    atexit.register(warm.end)
    return warm


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

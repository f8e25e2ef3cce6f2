"""A process that has imported what `sharedesk` imports. It forks for each command, so that no command pays for that.

Each command is still a process of its own: the installed script, with its own environment, folder and streams, run
to the end of the interpreter. `python -m tests.cli.warm FD` reads orders from that socket, one line of JSON each.
"""

import contextlib
import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHAREDESK = Path(sys.executable).parent / "sharedesk"
#: Nothing here reads the environment or needs Django's settings when it is imported.
IMPORTED = """
allauth.account argon2 config.cli config.logs cryptography.fernet dj_database_url django.contrib.auth.hashers
django.core.management.commands.migrate django.core.serializers.json django.db.backends.sqlite3.base
django.db.migrations.executor django.db.models django.db.models.sql.compiler django.http django.shortcuts django.urls
jmespath kombu lxml.html pydantic requests sharing.channels sharing.channels.registry sharing.intake.entry sharing.intake.feeds
sharing.intake.signatures sharing.intake.source sharing.net.fetch sharing.wording sharing.words.lint sharing.words.templates structlog
""".split()


class Warm:
    """The side of the tests."""

    def __init__(self, environment):
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.warm", str(theirs.fileno())],
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).resolve().parents[2],
            )
        self._socket, self._orders = ours, ours.makefile("rw", encoding="utf-8")

    def run(self, arguments, stdin, environment):
        """Run one command to its end, as `subprocess.run` does."""
        with contextlib.ExitStack() as stack:
            streams = [
                stack.enter_context(tempfile.NamedTemporaryFile("w+", encoding="utf-8")) for _ in range(3)
            ]
            streams[0].write(stdin)
            streams[0].flush()
            order = {
                "arguments": [str(SHAREDESK), *arguments],
                "environment": environment,
                "streams": [each.name for each in streams],
                "folder": os.getcwd(),
            }
            print(json.dumps(order), file=self._orders, flush=True)
            answer = self._orders.readline()
            assert answer, f"the warm process ended: {self._process.wait()}"
            out, told = (Path(each.name).read_text(encoding="utf-8") for each in streams[1:])
            return subprocess.CompletedProcess(arguments, int(answer), out, told)

    def end(self):
        self._orders.close()
        self._socket.close()
        self._process.wait()


def serve(orders):
    """Fork for each order; the child comes back out of here with its order."""
    for line in orders:
        child = os.fork()
        if child == 0:
            return json.loads(line)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=orders, flush=True)
    return None


def become(order):
    """Take the command's arguments, environment, streams and folder for our own."""
    for number, (name, flags) in enumerate(
        zip(order["streams"], (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)
    ):
        stream = os.open(name, flags)
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    os.chdir(order["folder"])
    sys.argv = order["arguments"]


def main(number):
    for name in IMPORTED:
        importlib.import_module(name)
    with socket.socket(fileno=number) as connection, connection.makefile("rw", encoding="utf-8") as orders:
        order = serve(orders)
    if order is not None:
        become(order)
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(int(sys.argv[1]))

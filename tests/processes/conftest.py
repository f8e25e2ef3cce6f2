"""Real processes: the whole desk, started and ended as a person does."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config.children import free_port
from tests.cli.running import SHAREDESK, environment, sharedesk

SHORT = {
    "SHAREDESK_SEND_DEADLINE": "2",
    "SHAREDESK_LEASE": "6",
    "SHAREDESK_SETTLE": "1",
    "SHAREDESK_LOOKUP_GAP": "1",
}


class Desk:
    """A running `sharedesk up`."""

    def __init__(self, folder, **more):
        self.folder = folder
        self.port = free_port()
        self.env = {**SHORT, **more}
        self.process = None
        self.facts = {}

    def start(self):
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(SHAREDESK),
                "up",
                "--json",
                "--port",
                str(self.port),
                "--data",
                str(self.folder),
            ],
            env=environment(self.folder, **self.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.facts = json.loads(line)
        return self

    def run(self, *arguments, **more):
        return sharedesk(*arguments, folder=self.folder, **{**self.env, **more})

    def tree(self):
        """Every process of this desk: (pid, command line)."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                env = Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                continue
            ours = f"SHAREDESK_DATA={self.folder}".encode() in env
            if ours and ("sharedesk" in command or "valkey-server" in command):
                found.append((int(pid), command))
        return found

    def pids(self, name):
        return [pid for pid, command in self.tree() if f"sharedesk {name} " in command]

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.status, answer.read()

    def truth(self):
        with urllib.request.urlopen(f"{self.facts['sandbox']}truth", timeout=60) as answer:
            return json.load(answer)["records"]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdout, self.process.stderr) if self.process else ():
            stream.close()


#: Far more than a well machine needs; only a test that hangs comes so far.
HANG = 300


def wait_for(condition, seconds=HANG):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    return condition()


@pytest.fixture
def up(tmp_path):
    """Starts desks; ends them all."""
    desks = []

    def start(folder=None, **more):
        desk = Desk(folder or tmp_path / "desk", **more)
        desks.append(desk)
        return desk.start()

    yield start
    for desk in desks:
        desk.stop()

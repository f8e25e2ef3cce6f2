"""A whole desk for one run: database, broker, sandbox and workers, each of which can be killed and revived.

Use it in a process of its own: Django is set up once, for this run's database.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.broker import Broker
from config.children import Child, command, free_port, spawn
from config.env import SETTINGS
from tests.faults.scale import TIMINGS
from tests.postgres import Postgres

KEYS = {
    "SECRET_KEY": "only-for-faults-" * 3,
    "SHAREDESK_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU=",
}


class World:
    """Everything runs after `start`; nothing is left after `end`."""

    def __init__(self, *, database="sqlite", faults="", seed=1, workers=4, concurrency=8, spec=None, **env):
        self.folder = Path(tempfile.mkdtemp(prefix="sd-faults-"))
        self.database, self.faults, self.seed = database, faults, seed
        self.size, self.concurrency = workers, concurrency
        self.spec = spec or {}
        self.env = {**TIMINGS, **KEYS, **env}
        self.postgres = self.broker = self.broker_child = self.sandbox = self.nursery = None
        self.workers: dict[int, dict] = {}
        self.lock = threading.Lock()
        self.log = self.folder / "workers.log"
        self.parent = ThreadPoolExecutor(1)

    # -- start and end ---------------------------------------------------------------------------------

    def start(self):
        if self.database == "pg":
            self.postgres = Postgres()  # fsync on, as in production
            self.postgres.start()
        if self.env.get("CELERY_BROKER_URL") is None:
            self.broker = Broker()
            self.broker_child = self.broker.start()
        self.ports = free_port(), free_port()
        self._start_sandbox()
        for name in SETTINGS:
            os.environ.pop(name, None)
            os.environ.pop(f"{name}_FILE", None)
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": self.postgres.url if self.postgres else "",
                "SHAREDESK_DATA": str(self.folder),
                "SHAREDESK_BASE_URL": "http://127.0.0.1:8000",
                "SHAREDESK_SANDBOX_URL": f"http://127.0.0.1:{self.ports[0]}?smtp_port={self.ports[1]}",
                "SHAREDESK_LOG": "warning",
                "CELERY_BROKER_URL": self.broker.url if self.broker else "",
                **self.env,
            }
        )
        from config.cli.asking import start_django

        start_django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from tests.faults import plugin

        plugin.load(self.spec)
        self._start_nursery()
        for _ in range(self.size):
            self.start_worker()
        return self

    def _start_sandbox(self):
        port, smtp = self.ports
        arguments = ["sandbox", "--port", str(port), "--smtp-port", str(smtp), "--seed", str(self.seed)]
        self.sandbox = spawn("sandbox", command(*arguments), stdout=subprocess.PIPE)
        self.sandbox.process.stdout.readline()
        if self.faults:
            self.set_faults(self.faults)

    def _start_nursery(self):
        log = self.log.open("a")
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            env={**os.environ, "FAULTS_PLUGIN": json.dumps(self.spec)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def end(self):
        for pid in list(self.workers):
            self._signal(pid, signal.SIGCONT)
            self._signal(pid, signal.SIGKILL)
        if self.nursery is not None:
            self.nursery.kill()
            self.nursery.wait()
        if self.sandbox is not None:
            self.sandbox.stop(2)
        if self.broker is not None:
            self._signal(self.broker_child.process.pid, signal.SIGCONT)
            self.broker_child.stop(2)
            self.broker.remove()
        from django.db import connections

        connections.close_all()
        for alias in connections:
            if self.postgres:
                connections[alias].close_pool()
        if self.postgres is not None:
            self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- the sandbox -----------------------------------------------------------------------------------

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[0]}{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def set_faults(self, spec):
        self.ask("PUT", "/faults", {"spec": spec, "seed": self.seed})

    def truth(self):
        return self.ask("GET", "/truth")["records"]

    # -- workers ---------------------------------------------------------------------------------------

    def start_worker(self, lane=None, concurrency=None, clock=0.0):
        """`clock`: by how many seconds this worker's own clock is wrong."""
        with self.lock:
            requested = {"concurrency": concurrency or self.concurrency, "lane": lane, "clock": clock}
            self.nursery.stdin.write(json.dumps(requested) + "\n")
            self.nursery.stdin.flush()
            pid = int(self.nursery.stdout.readline())
            self.workers[pid] = requested
            return pid

    def alive(self, pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def kill(self, pid, how=signal.SIGKILL):
        """End a worker; nobody revives it."""
        with self.lock:
            self.workers.pop(pid, None)
        self._signal(pid, how)

    def revive(self):
        """What has died is started again, as a supervisor would."""
        for pid, requested in list(self.workers.items()):
            if not self.alive(pid):
                with self.lock:
                    self.workers.pop(pid, None)
                self.start_worker(**requested)
                yield pid

    @staticmethod
    def _signal(pid, how):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)

    # -- broker ----------------------------------------------------------------------------------------

    def broker_signal(self, how):
        self._signal(self.broker_child.process.pid, how)

    def broker_restart(self):
        if self.broker_child.alive:
            self.broker_child.process.kill()
        self.broker_child.process.wait()
        self.broker.socket.unlink(missing_ok=True)
        # A child ends with the thread that started it (prctl(2)), so that thread has to last.
        self.broker_child: Child = self.parent.submit(self.broker.start).result()

    def broker_client(self):
        import redis

        return redis.Redis(unix_socket_path=str(self.broker.socket), socket_timeout=2)


def wait_for(condition, seconds, every=0.1):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        value = condition()
        if value:
            return value
        time.sleep(every)
    return condition()

"""`sharedesk up`: run web, worker, sandbox and broker under one supervisor, which imports little to save memory.

    supervisor ── broker    Valkey on a private socket
               ├─ sandbox   the fake platforms, on ports that stay the same when it comes back
               ├─ web       starts after the tables are made
               └─ worker

A part that dies is restarted within three seconds. The first Ctrl-C ends all parts in order; a second one kills them.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import IO, Any

from config.broker import Broker
from config.children import Child, command, free_port, spawn, wait_until
from config.env import BadSetting, read
from config.place import Place
from config.supervisor import Supervisor

#: Threads of the only worker. Practice and a small newsroom need few.
WORKER_THREADS = 12
#: Seconds beyond the deadline of a send before the worker is killed, so that a send in flight can end.
GRACE = 5.0
READY_WITHIN = 30.0
_EVERYWHERE = {"127.0.0.1", "0.0.0.0", "::1", "::"}  # noqa: S104 - compared, not bound


class Up:
    """One run of `sharedesk up` on one data folder."""

    def __init__(self, place: Place, *, host: str, port: int, as_json: bool) -> None:
        self.place = place
        self.host, self.port = host, port
        self.as_json = as_json
        self.parts = Supervisor(self._say)
        self.broker: Broker | None = None
        self.env: dict[str, str] = {}

    def run(self) -> int:
        """Run until told to end, and return the exit status.

        Raises:
            BadSetting: `up` runs on this folder already, or a part cannot start.
        """
        lock = self.place.lock()
        if lock is None:
            raise BadSetting(self._already())
        with lock:
            signal.signal(signal.SIGINT, self._ask_to_stop)
            signal.signal(signal.SIGTERM, self._ask_to_stop)
            try:
                self._start()
                self.parts.watch()
            finally:
                self._end()
        return 0

    def _already(self) -> str:
        running = {}
        with contextlib.suppress(OSError, ValueError):
            running = json.loads((self.place.folder / "running.json").read_text(encoding="utf-8"))
        where = f" at {running['url']} (process {running['pid']})" if running else ""
        return f"a desk runs on {self.place.folder} already{where}; end it first, or use another --data"

    # -- starting ------------------------------------------------------------------------------------------

    def _start(self) -> None:
        started = time.monotonic()
        self._check_port()
        self._say(f"data in {self.place.folder}")
        self.broker = Broker()
        self.parts.start("broker", self.broker.start)
        ports = free_port(), free_port()
        self.env = self._environment(self.broker.url, *ports)
        # The sandbox keeps its accounts in memory, so they are registered again after each restart.
        self.parts.start("sandbox", lambda: self._spawn_sandbox(*ports), after_return=self._prepare)
        link = self._prepare()
        web = command("web", "--host", self.host, "--port", str(self.port))
        worker = command("worker", "--concurrency", str(WORKER_THREADS))
        self.parts.start("worker", lambda: spawn("worker", worker, env=self.env))
        self.parts.start("web", lambda: spawn("web", web, env=self.env))
        self.place.write_running({"pid": os.getpid(), "url": self.url, "env": self._shared_env()})
        stopping = self.parts.stopping.is_set
        if not wait_until(READY_WITHIN, lambda: stopping() or self._is_ready()):
            raise BadSetting(f"the desk did not get ready in {READY_WITHIN:g} s; see the lines above")
        if not stopping():
            self._tell_ready(link, time.monotonic() - started, ports[0])

    @property
    def url(self) -> str:
        host = "localhost" if self.host in _EVERYWHERE else self.host
        return f"http://{host}:{self.port}"

    def _check_port(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((self.host, self.port))
            except OSError as error:
                raise BadSetting(
                    f"port {self.port} on {self.host} cannot be used ({error.strerror}); try another --port"
                ) from None

    def _environment(self, broker: str, sandbox_port: int, smtp_port: int) -> dict[str, str]:
        own = [f"localhost:{self.port}", f"127.0.0.1:{self.port}"]
        allowed = [each for each in read("SHAREDESK_FETCH_ALLOW").split(",") if each] + own
        env = {
            "SHAREDESK_DATA": str(self.place.folder),
            "CELERY_BROKER_URL": broker,
            "SHAREDESK_BASE_URL": os.environ.get("SHAREDESK_BASE_URL") or self.url,
            "SHAREDESK_SANDBOX_URL": f"http://127.0.0.1:{sandbox_port}?smtp_port={smtp_port}",
            "SHAREDESK_FETCH_ALLOW": ",".join(dict.fromkeys(allowed)),
            "SHAREDESK_LOG": os.environ.get("SHAREDESK_LOG") or "warning",
        }
        for name, value in self.place.keys().items():
            env.setdefault(name, os.environ.get(name) or value)
        return env

    def _shared_env(self) -> dict[str, str]:
        """Return the settings that commands in another window need. The keys are in their own file."""
        names = ("CELERY_BROKER_URL", "SHAREDESK_BASE_URL", "SHAREDESK_SANDBOX_URL", "SHAREDESK_FETCH_ALLOW")
        return {name: self.env[name] for name in names}

    def _spawn_sandbox(self, port: int, smtp_port: int) -> Child:
        arguments = command("sandbox", "--port", str(port), "--smtp-port", str(smtp_port))
        child = spawn("sandbox", arguments, env=self.env, stdout=subprocess.PIPE)
        _first_line(child.process.stdout)
        return child

    def _prepare(self) -> str | None:
        """Make tables, practice accounts and the first person in a child process. Returns the one-time link or None."""
        child = spawn("first-start", command("first-start"), env=self.env, stdout=subprocess.PIPE)
        line = _first_line(child.process.stdout)
        if child.process.wait(60) != 0:
            raise BadSetting("the desk could not be prepared; see the line above")
        link: str | None = json.loads(line)["link"]
        return link

    def _is_ready(self) -> bool:
        host = "127.0.0.1" if self.host in _EVERYWHERE else self.host
        place = f"[{host}]" if ":" in host else host
        try:
            with urllib.request.urlopen(f"http://{place}:{self.port}/readyz", timeout=2) as answer:
                return bool(json.load(answer)["workers"])
        except (OSError, ValueError, KeyError):
            return False

    def _tell_ready(self, link: str | None, seconds: float, sandbox_port: int) -> None:
        sandbox = f"http://127.0.0.1:{sandbox_port}/"
        if self.as_json:
            facts = {"url": self.url, "link": link, "sandbox": sandbox, "seconds": round(seconds, 1)}
            print(json.dumps(facts), flush=True)  # noqa: T201 - the command line speaks
            return
        self._say(f"ready in {seconds:.1f} s: {self.url}")
        if link:
            self._say(f"sign in the first time (once, within three days): {link}")
        self._say(f"practice platforms: {sandbox}")
        self._say("Ctrl-C ends it")

    def _say(self, line: str) -> None:
        print(f"sharedesk: {line}", file=sys.stderr if self.as_json else sys.stdout, flush=True)

    # -- ending ----------------------------------------------------------------------------------------------

    def _ask_to_stop(self, *_: Any) -> None:
        if self.parts.stopping.is_set():
            self.parts.kill()
        self.parts.stopping.set()

    def _end(self) -> None:
        """End web and worker first, so that nothing new comes in and sends can end; then sandbox and broker."""
        self.parts.end("web", "worker", grace=float(read("SHAREDESK_SEND_DEADLINE")) + GRACE)
        if self.broker is not None:
            self.broker.remove()
        (self.place.folder / "running.json").unlink(missing_ok=True)


def _first_line(stream: IO[str] | None) -> str:
    return stream.readline() if stream is not None else ""

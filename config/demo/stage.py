"""The stage of the demo: its own sandbox, web server, worker and desk, which are removed at the end."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path
from typing import Any

from config.broker import Broker
from config.children import Child, command, free_port, spawn, wait_until
from config.env import BadSetting, read
from config.place import Place
from config.supervisor import Supervisor

#: Times in seconds, unless the environment sets them. They are short, so that the demo shows the recovery if its worker
#: is killed.
TIMINGS = {
    "SHAREDESK_SEND_DEADLINE": "5",
    "SHAREDESK_LEASE": "14",
    "SHAREDESK_SETTLE": "3",
    "SHAREDESK_LOOKUP_GAP": "2",
}


class Stage:
    """The processes and the folder of one demo. It uses the database and broker of the environment, if they are set."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sharedesk-demo-"))
        self.desk_name = f"demo-{secrets.token_hex(4)}"
        self.web_port = free_port()
        self.base_url = f"http://127.0.0.1:{self.web_port}"
        self.sandbox_url = ""
        self.broker: Broker | None = None
        self.parts = Supervisor(lambda _: None)
        self.log = self.folder / "parts.log"
        self._watcher = threading.Thread(target=self.parts.watch, name="supervisor", daemon=True)

    def set_environment(self) -> None:
        """Set the environment variables of the parts and of this process. Call it before Django starts."""
        place = Place(self.folder)
        own = {
            "SHAREDESK_DATA": str(self.folder),
            "SHAREDESK_BASE_URL": self.base_url,
            "SHAREDESK_ONLY_DESK": self.desk_name,
            "SHAREDESK_LOG": "warning",
            **place.keys(),
        }
        os.environ.update(own)
        allowed = [each for each in (read("SHAREDESK_FETCH_ALLOW"), f"127.0.0.1:{self.web_port}") if each]
        os.environ["SHAREDESK_FETCH_ALLOW"] = ",".join(allowed)
        for name, value in TIMINGS.items():
            os.environ.setdefault(name, value)

    def start(self) -> None:
        """Start broker and sandbox. The other parts start when the desk exists."""
        if not read("CELERY_BROKER_URL"):
            self.broker = Broker()
            self.parts.start("broker", self.broker.start)
            os.environ["CELERY_BROKER_URL"] = self.broker.url
        line = self._start_sandbox()
        self.sandbox_url = line["url"]
        os.environ["SHAREDESK_SANDBOX_URL"] = f"{line['url']}?smtp_port={line['smtp_port']}"

    def _start_sandbox(self) -> dict[str, Any]:
        port, smtp_port = free_port(), free_port()
        lines: list[str] = []

        def start() -> Child:
            child = spawn(
                "sandbox",
                command("sandbox", "--port", str(port), "--smtp-port", str(smtp_port)),
                stdout=subprocess.PIPE,
            )
            lines.append(child.process.stdout.readline() if child.process.stdout else "")
            return child

        self.parts.start("sandbox", start)
        if not lines[0]:
            raise BadSetting("the sandbox did not start")
        found: dict[str, Any] = json.loads(lines[0])
        return found

    def start_parts(self) -> None:
        """Start web and worker and wait until they answer.

        Raises:
            BadSetting: they did not answer within 30 seconds.
        """
        log = self.log.open("a")
        web = command("web", "--port", str(self.web_port))
        worker = command("worker", "--concurrency", "8")
        self.parts.start("worker", lambda: spawn("worker", worker, stderr=log, stdout=log))
        self.parts.start("web", lambda: spawn("web", web, stderr=log, stdout=log))
        self._watcher.start()
        if not wait_until(30, self._is_ready):
            raise BadSetting("web and worker did not get ready in 30 s:\n" + self.log.read_text()[-2000:])

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=2) as answer:
                return bool(json.load(answer)["workers"])
        except (OSError, ValueError, KeyError):
            return False

    def end(self) -> None:
        """End every part and remove the folder."""
        self.parts.end("web", "worker", grace=float(read("SHAREDESK_SEND_DEADLINE")) + 3)
        if self.broker is not None:
            self.broker.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def truth(self) -> list[dict[str, Any]]:
        """Return the sandbox's records of what was posted."""
        with urllib.request.urlopen(f"{self.sandbox_url}/truth", timeout=5) as answer:
            records: list[dict[str, Any]] = json.load(answer)["records"]
        return records

    def read_as_reader(self, channel: str, what: dict[str, str]) -> dict[str, Any]:
        """Let the sandbox act as the reader of a share page or a pasted text, with what a browser gets."""
        request = urllib.request.Request(
            f"{self.sandbox_url}/reader/{channel}",
            data=json.dumps(what).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                said: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            try:
                said = json.load(error)
            except ValueError:
                said = {"ok": False, "error": f"HTTP {error.code}"}
        except OSError as error:
            said = {"ok": False, "error": type(error).__name__}
        return said

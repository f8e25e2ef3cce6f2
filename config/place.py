"""The data folder of the embedded desk: its database, its keys, and what runs there now.

Only where DATABASE_URL is not set. With it, everything comes from the environment.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO, Any

from config.env import BadSetting, read


class Place:
    """One data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()

    @classmethod
    def named(cls, folder: str | None = None) -> Place:
        """The folder given, else the one that SHAREDESK_DATA names."""
        return cls(Path(folder or read("SHAREDESK_DATA")))

    def make(self) -> None:
        """Make the folder, for its owner alone.

        Raises:
            BadSetting: it cannot be made or written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise BadSetting(f"the data folder {self.folder} cannot be made: {error.strerror}") from None
        if not os.access(self.folder, os.W_OK):
            raise BadSetting(f"the data folder {self.folder} cannot be written")

    def keys(self) -> dict[str, str]:
        """SECRET_KEY and SHAREDESK_KEYS of this folder, made at the first use, for its owner alone."""
        file = self.folder / "keys.json"
        if file.exists():
            return self._read_keys(file)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SHAREDESK_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        new = self.folder / f"keys.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            json.dump(made, out)
        try:
            # Whole or not at all: of processes that start at once, one's keys stand and the others read them.
            os.link(new, file)
        except FileExistsError:
            return self._read_keys(file)
        finally:
            new.unlink()
        return made

    @staticmethod
    def _read_keys(file: Path) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise BadSetting(f"{file} cannot be read: restore it, tokens are sealed with it") from None
        return kept

    def running(self) -> dict[str, Any]:
        """What `up` left here about itself; empty when it does not run (any more)."""
        lock = self.lock()
        if lock is not None:
            lock.close()
            return {}
        try:
            state: dict[str, Any] = json.loads((self.folder / "running.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state

    def write_running(self, state: dict[str, Any]) -> None:
        """Say where the parts are, for the command line in another window."""
        file = self.folder / "running.json"
        new = file.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
            json.dump(state, out)
        new.replace(file)

    def lock(self) -> IO[str] | None:
        """The folder's one lock, as long as the file is open; None when somebody has it."""
        self.make()
        file = (self.folder / "up.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file


def adopt(place: Place) -> None:
    """Fill in what the environment does not set: the folder's keys, a running `up`'s broker and sandbox.

    Raises:
        BadSetting: the folder cannot be used.
    """
    if read("DATABASE_URL"):
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
        return
    place.make()
    os.environ.setdefault("SHAREDESK_DATA", str(place.folder))
    for source in (place.running().get("env", {}), place.keys()):
        for name, value in source.items():
            if not os.environ.get(name) and not os.environ.get(f"{name}_FILE"):
                os.environ[name] = value

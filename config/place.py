"""The data folder of the embedded desk: its database, its keys, and the state of a running `up`.

It is used only if DATABASE_URL is not set. Otherwise everything comes from the environment.
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
        """Return the given folder, else the one that SHAREDESK_DATA names."""
        return cls(Path(folder or read("SHAREDESK_DATA")))

    def make(self) -> None:
        """Make the folder, with access only for its owner.

        Raises:
            BadSetting: the folder cannot be made or written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise BadSetting(f"the data folder {self.folder} cannot be made: {error.strerror}") from None
        if not os.access(self.folder, os.W_OK):
            raise BadSetting(f"the data folder {self.folder} cannot be written")

    def keys(self) -> dict[str, str]:
        """Return SECRET_KEY and SHAREDESK_KEYS of this folder. The first call makes the file, readable by its owner."""
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
            # The link is atomic: if several processes start at once, one writes the keys and the others read them.
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
        """Return what `up` wrote about its parts (`write_running`); empty if it does not run."""
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
        """Write where the parts of `up` are, for commands in another window."""
        file = self.folder / "running.json"
        new = file.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
            json.dump(state, out)
        new.replace(file)

    def lock(self) -> IO[str] | None:
        """Take the lock of the folder. It is held while the returned file is open; None: another process has it."""
        self.make()
        file = (self.folder / "up.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file


def adopt(place: Place) -> None:
    """Add to the environment what is not set: the folder's keys, and the broker and sandbox of a running `up`.

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

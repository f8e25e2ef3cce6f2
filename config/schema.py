"""Brings a database's tables up to date, and makes the first desk."""

from __future__ import annotations

import hashlib
from pathlib import Path

from config.env import read
from config.place import Place


def _wanted() -> str:
    """Changes whenever a migration of ours is added, or Django or allauth are."""
    from importlib.metadata import version

    folder = Path(__file__).resolve().parent.parent / "sharing" / "migrations"
    names = sorted(each.name for each in folder.glob("0*.py"))
    return hashlib.sha256(repr((names, version("django"), version("django-allauth"))).encode()).hexdigest()


def bring_up_to_date(place: Place) -> None:
    """Migrate the embedded database if it is not current; looking costs a moment, not a second."""
    if read("DATABASE_URL"):
        return
    stamp = place.folder / "schema.stamp"
    database = place.folder / "desk.sqlite3"
    wanted = _wanted()
    if database.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    migrate()
    stamp.write_text(wanted)


def migrate(*, verbosity: int = 0) -> None:
    """Bring the tables up to date and make the desk `main` if there is no desk."""
    from django.core.management import call_command

    from sharing import models
    from sharing.services.people import MAIN_DESK

    call_command("migrate", interactive=False, verbosity=verbosity)
    models.Desk.objects.get_or_create(name=MAIN_DESK)

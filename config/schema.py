"""Bring the database's tables up to date, find what they lack, and make the first desk."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config.env import BadSetting, read
from config.place import Place


def _wanted() -> str:
    """Return a hash of our migrations and of the versions of Django and allauth. It changes if one of them does."""
    ours = [(each.name, each.read_bytes()) for each in _files()]
    return hashlib.sha256(repr((ours, version("django"), version("django-allauth"))).encode()).hexdigest()


def _files() -> list[Path]:
    """Return the files of our migrations, in order."""
    folder = Path(__file__).resolve().parent.parent / "sharing" / "migrations"
    return sorted(folder.glob("0*.py"))


def bring_up_to_date(place: Place) -> None:
    """Migrate the embedded database if it is not current. A stamp file keeps this check fast.

    Raises:
        BadSetting: other migrations with the same names made its tables.
    """
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
    """Bring the tables up to date, and make the desk `main` if it does not exist.

    Raises:
        BadSetting: other migrations with the same names made the tables.
    """
    from django.core.management import call_command

    from sharing import models
    from sharing.services.staff.people import MAIN_DESK

    call_command("migrate", interactive=False, verbosity=verbosity)
    missing = _missing()
    if missing:
        raise BadSetting("; ".join(_old(missing)))
    models.Desk.objects.get_or_create(name=MAIN_DESK)


def plan() -> list[dict[str, Any]]:
    """Return what `migrate` would do, in order: each migration with its steps. Writes nothing."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [
        {
            "app": each.app_label,
            "migration": each.name,
            "steps": [step.describe() for step in each.operations],
        }
        for each, _backwards in steps
    ]


def trouble() -> tuple[str, str] | None:
    """Return what is wrong with the database's tables and what to do about it; None if they are current."""
    return _trouble(len(plan()))


def _trouble(waiting: int) -> tuple[str, str] | None:
    if waiting:
        number = f"{waiting} migrations" if waiting > 1 else "1 migration"
        return f"the database lacks {number}", "run `sharedesk migrate`"
    missing = _missing()
    return _old(missing) if missing else None


def refuse_old() -> None:
    """Check at the start of a process that the tables are current. If the database is down, the check passes.

    It compares only the names of our migrations and the columns. To load the migrations would cost memory for as long
    as the process runs.

    Raises:
        BadSetting: the tables are not current. The message says what is wrong and what to do.
    """
    from django.db import Error, connection
    from django.db.migrations.recorder import MigrationRecorder

    try:
        done = {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "sharing"}
        found = _trouble(len({each.stem for each in _files()} - done))
    except Error:
        found = None
    finally:
        connection.close()
        if hasattr(connection, "close_pool"):
            # A process that forks must not share the pool's sockets with its children.
            connection.close_pool()
    if found:
        raise BadSetting("; ".join(found))


def _missing() -> list[str]:
    """Return the tables and columns that the models need and the database does not have."""
    from django.apps import apps
    from django.db import connection

    lacking = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if not model._meta.managed or model._meta.proxy:
                continue
            if table not in tables:
                lacking.append(table)
                continue
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            wanted = {field.column for field in model._meta.local_concrete_fields if field.column}
            lacking += [f"{table}.{column}" for column in sorted(wanted - there)]
    return lacking


def _old(missing: list[str]) -> tuple[str, str]:
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    what = f"old schema: the database's migrations are recorded, but it lacks {', '.join(missing[:3])}{more}"
    return what, (
        "it was made before version 0.1 and cannot be migrated: keep it with the code that made it, and start with "
        "an empty database"
    )

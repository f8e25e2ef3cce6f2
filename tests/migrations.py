"""`python -m tests.migrations`: do the migrations make what the models say?

`python -m tests.migrations NAME` makes the next one; where nothing changed it refuses. `--land` writes down the hash of
each migration that has none yet: from then on its file never changes (tests/models/test_migrations.py).
"""

import hashlib
import json
import os
import re
import sys
from pathlib import Path

import tests.environment  # noqa: F401 - settings for Django

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "sharing" / "migrations"
LANDED = ROOT / "tests" / "models" / "landed.json"


def hashes(folder=FOLDER):
    """Name -> the hash of its file, for every migration in a folder."""
    return {each.stem: hashlib.sha256(each.read_bytes()).hexdigest() for each in sorted(folder.glob("0*.py"))}


def landed():
    """Name -> the hash of every migration that has landed."""
    return json.loads(LANDED.read_text())


def land():
    """Write down the hash of each migration that has none; never another one for a migration that has."""
    LANDED.write_text(json.dumps({**hashes(), **landed()}, indent=2, sort_keys=True) + "\n")


def check():
    """Whether the models say no more than the migrations make; prints what is missing."""
    from django.core.management import call_command

    call_command("makemigrations", "sharing", check=True, dry_run=True, verbosity=1, stdout=sys.stderr)


def make(name):
    """The next migration; returns its file."""
    from django.core.management import call_command

    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        sys.exit(
            f"a name has lower-case letters, digits and _: make migration NAME=add_a_column (got {name!r})"
        )
    before = set(hashes())
    call_command("makemigrations", "sharing", name=name, verbosity=0)
    made = sorted(set(hashes()) - before)
    if not made:
        sys.exit("the models say nothing that the migrations do not make: there is nothing to write")
    return FOLDER / f"{made[0]}.py"


def main(arguments):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if arguments == ["--land"]:
        land()
        print(f"landed: {', '.join(landed())}")
    elif arguments:
        print(
            f"made {make(arguments[0]).relative_to(ROOT)}; read it, then `python -m tests.migrations --land`"
        )
    else:
        check()
        print("migrations: current")


if __name__ == "__main__":
    main(sys.argv[1:])

"""`python -m tests.migrations`: do the migrations make what the models say?"""

import os
import sys

import tests.environment  # noqa: F401 - settings for Django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("makemigrations", "sharing", check=True, dry_run=True, verbosity=1, stdout=sys.stderr)
    print("migrations: current")

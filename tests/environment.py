"""The environment of every test, set before anything is imported. Nothing of the caller's reaches a test."""

import atexit
import os
import shutil
import tempfile

from config.env import SETTINGS

FOLDER = tempfile.mkdtemp(prefix="sharedesk-test-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

for name in SETTINGS:
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "SHAREDESK_DATA": FOLDER,
        "SECRET_KEY": "only-for-tests-" * 3,
        "SHAREDESK_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU=",
        "SHAREDESK_LOG": "error",
        # A page is looked for only where a test is about that.
        "SHAREDESK_PAGE_WAIT": "0",
        "SHAREDESK_SEND_DEADLINE": "3",
        "SHAREDESK_LEASE": "9",
        "SHAREDESK_SETTLE": "2",
        "SHAREDESK_LOOKUP_GAP": "1",
        "LANG": "en_US.UTF-8",
    }
)
os.environ.pop("LC_ALL", None)
os.environ.pop("LC_MESSAGES", None)

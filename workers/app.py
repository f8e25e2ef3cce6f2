"""The Celery application. A message only wakes a worker; the work itself is in the database."""

from __future__ import annotations

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sharedesk")
app.config_from_object("workers.options")


def queue(name: str) -> str:
    """Return the queue's name for this process. The demo adds its desk's name, because it may share a broker."""
    from django.conf import settings  # noqa: PLC0415 - read when asked, not when imported

    only = settings.SHAREDESK.only_desk
    return f"{name}.{only}" if only else name


def queues(*names: str) -> list[Queue]:
    """Return these queues as Celery needs them."""
    return [Queue(queue(name), routing_key=queue(name)) for name in names]

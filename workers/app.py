"""The Celery application: a doorbell. What is to be done stands in the database, not in a message."""

from __future__ import annotations

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sharedesk")
app.config_from_object("workers.options")


def queue(name: str) -> str:
    """The queue's name here: the demo rings its own worker, in a broker that others may use too."""
    from django.conf import settings  # noqa: PLC0415 - read when asked, not when imported

    only = settings.SHAREDESK.only_desk
    return f"{name}.{only}" if only else name


def queues(*names: str) -> list[Queue]:
    """Queues as Celery wants them."""
    return [Queue(queue(name), routing_key=queue(name)) for name in names]

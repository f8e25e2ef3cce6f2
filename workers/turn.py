"""One turn of one account in this worker: in a slot, under the worker's name, until told to stop."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field
from functools import cache

import structlog

from sharing import models
from sharing.services import deliver
from workers.bell import ring
from workers.slots import Slots

log = structlog.get_logger()


@dataclass(slots=True)
class Here:
    """This worker process: its name, its slots, whether it only takes what is breaking, whether it stops."""

    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    slots: Slots = field(default_factory=lambda: Slots(1))
    breaking_only: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)


here = Here()


def take_turn(account_id: int, *, breaking: bool) -> bool:
    """Drain the account in a free slot; ring again if more is due. False: no slot was free."""
    channel = _channel_of(account_id)
    if channel is None or not here.slots.take(channel):
        return False
    try:
        turn = deliver.drain(
            account_id, owner=here.name, breaking_only=here.breaking_only, stopping=here.stopping.is_set
        )
    finally:
        here.slots.give_back(channel)
    if turn.more and turn.handled and not here.stopping.is_set():
        ring([(account_id, breaking)])
    return True


@cache
def _channel_of(account_id: int) -> str | None:
    return models.Account.objects.filter(pk=account_id).values_list("channel", flat=True).first()

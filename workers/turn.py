"""One turn of one account in this worker: in a slot, under the worker's name, until told to stop."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field
from functools import cache

import structlog
from django.db import connection

from sharing import models
from sharing.services.deliveries import deliver
from workers.slots import Asked, Slots

log = structlog.get_logger()


@dataclass(slots=True)
class Here:
    """This worker process: its name, its slots, whether it only takes what is breaking, whether it stops."""

    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    slots: Slots = field(default_factory=lambda: Slots(1))
    breaking_only: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)


here = Here()


def take_turn(account_id: int, *, breaking: bool) -> None:
    """Drain the account in a free slot, and after it whoever waits for that slot; or stand in line for one."""
    channel = _channel_of(account_id)
    if channel is None:
        return
    asked = Asked(account_id, channel, breaking)
    following = asked if here.slots.take(asked) else None
    while following is not None:
        following = _one_turn(following)


def _one_turn(asked: Asked) -> Asked | None:
    again = False
    try:
        turn = deliver.drain(
            asked.account_id,
            owner=here.name,
            breaking_only=here.breaking_only or asked.breaking,
            stopping=here.stopping.is_set,
            giving_way=_never if asked.breaking else here.slots.breaking_waits,
            moved=here.slots.moved,
        )
        again = turn.more and turn.handled > 0
    except Exception:
        log.exception("a turn failed", account=asked.account_id)
        connection.close()
    finally:
        following = here.slots.give_back(asked, again=again, closing=here.stopping.is_set())
    return following


def _never() -> bool:
    return False


@cache
def _channel_of(account_id: int) -> str | None:
    return models.Account.objects.filter(pk=account_id).values_list("channel", flat=True).first()

"""Run the turns of accounts in this worker's slots."""

from __future__ import annotations

from functools import cache

import structlog
from django.db import connection

from sharing import models
from sharing.services.deliveries import deliver
from workers.process import this_process
from workers.slots import TurnRequest

log = structlog.get_logger()


def take_turn(account_id: int, *, breaking: bool) -> None:
    """Drain an account in a free slot, then the accounts that wait for this slot. If no slot is free, stand in line."""
    channel = _channel_of(account_id)
    if channel is None:
        return
    request = TurnRequest(account_id, channel, breaking)
    following = request if this_process.slots.take(request) else None
    while following is not None:
        following = _one_turn(following)


def _one_turn(request: TurnRequest) -> TurnRequest | None:
    again = False
    try:
        turn = deliver.drain(
            request.account_id,
            owner=this_process.name,
            breaking_only=this_process.breaking_only or request.breaking,
            stopping=this_process.stopping.is_set,
            giving_way=_never if request.breaking else this_process.slots.breaking_waits,
            moved=this_process.slots.moved,
        )
        again = turn.more and turn.handled > 0
    except Exception:
        log.exception("a turn failed", account=request.account_id)
        connection.close()
    finally:
        following = this_process.slots.give_back(request, again=again, closing=this_process.stopping.is_set())
    return following


def _never() -> bool:
    return False


@cache
def _channel_of(account_id: int) -> str | None:
    return models.Account.objects.filter(pk=account_id).values_list("channel", flat=True).first()

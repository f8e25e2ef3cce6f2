"""Audit: find what stands still without a notice. Every five minutes, on whichever worker comes first.

It looks for rows that stand still although somebody should move them, for states that no event explains, and for
markers that stand on two posts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.delivery import DUE_STATES, LOOK_FOR, State
from sharing.domain.message import Message
from sharing.domain.outcomes import Failure
from sharing.domain.refusal import Refusal
from sharing.models import Health, moves
from sharing.services import notices
from sharing.services.accounts import values
from sharing.services.deliveries.look_up import LOOK_BACK
from sharing.services.deliveries.record import tell_double
from sharing.services.runtime import runtime

log = structlog.get_logger()

#: Nothing due should wait longer than this while its account is free.
SLO = timedelta(seconds=60)
#: Time until the next look-up after one that could not read.
RECHECK_AGAIN = timedelta(minutes=15)


def audit() -> dict[str, Any]:
    """Check everything that is open, and tell people what stands still or is not explained. Returns counts."""
    stuck = _stuck()
    unexplained = _unexplained()
    if stuck:
        notices.tell("stuck", "", {"deliveries": stuck})
    else:
        notices.over("stuck")
    if unexplained:
        notices.tell("unexplained", "", {"deliveries": unexplained})
    else:
        notices.over("unexplained")
    counts = dict(models.Delivery.objects.values_list("state").annotate(Count("pk")))
    return {"states": counts, "stuck": len(stuck), "unexplained": len(unexplained)}


def _stuck() -> list[int]:
    """Return what is overdue with nothing in the way, and what is in flight or unknown for longer than it can be."""
    now, timings = moves.now(), runtime().timings
    held_up = models.Delivery.objects.filter(
        state__in=DUE_STATES, due_at__lt=now - SLO, account__health=Health.OK, account__desk__by_itself=False
    ).exclude(embargo_until__gt=now)
    held_up = held_up.exclude(account__gate__next_at__gt=now).exclude(account__gate__open_until__gt=now)
    busy = models.Delivery.objects.filter(
        account=OuterRef("account"), state__in=(State.CLAIMED, State.SENDING)
    ).values("pk")
    idle = held_up.annotate(busy=Subquery(busy[:1])).filter(busy=None)
    # A backlog that moves is not stuck: a delivery of the account moved within the last minute.
    moved = models.Event.objects.filter(delivery__account=OuterRef("account"), at__gt=now - SLO).values("pk")
    idle = idle.annotate(moved=Subquery(moved[:1])).filter(moved=None)
    lease = timedelta(seconds=timings.lease)
    overdue = models.Delivery.objects.filter(
        state__in=(State.CLAIMED, State.SENDING), lease_until__lt=now - lease - SLO
    )
    silent = models.Delivery.objects.filter(
        state=State.UNKNOWN, sending_at__lt=now - LOOK_FOR - timings.look_from - SLO
    )
    return sorted({pk for rows in (idle, overdue, silent) for pk in rows.values_list("pk", flat=True)[:500]})


def _unexplained() -> list[int]:
    """Return deliveries whose last event does not lead to their state: of the last day, and those told before."""
    last = models.Event.objects.filter(delivery=OuterRef("pk"), refused=False).order_by("-pk")
    told = notices.things("unexplained").get("", ())
    rows = models.Delivery.objects.filter(Q(state_at__gt=Now() - timedelta(days=1)) | Q(pk__in=told))
    rows = rows.annotate(told=Subquery(last.values("to_state")[:1])).exclude(state=F("told"))
    return list(rows.values_list("pk", flat=True)[:500])


def recheck_due(most: int = 20) -> list[int]:
    """Return the deliveries whose marker must be looked for once more."""
    rows = models.Delivery.objects.filter(recheck_at__lte=Now(), desk__by_itself=False)
    rows = rows.exclude(account__health=Health.REMOVED)  # nobody can look there until it is connected again
    return list(rows.values_list("pk", flat=True)[:most])


def recheck(delivery_id: int) -> None:
    """Check that a marker stands on one post only. If it stands on several, tell people to take the others down."""
    taken = models.Delivery.objects.filter(pk=delivery_id, recheck_at__lte=Now()).update(recheck_at=None)
    if not taken:
        return
    row = models.Delivery.objects.select_related("account__desk").get(pk=delivery_id)
    channel = channel_by_slug(row.channel)
    try:
        account = values.as_value(row.account)
        if not channel.can("find", account):
            return
        moves.give_back_connection()
        since = (row.sending_at or row.created_at) - timedelta(hours=6) - LOOK_BACK
        found = channel.find(row.marker, Message.load(row.message), account, since)
    except (Failure, Refusal) as failure:
        log.warning("a marker could not be looked for again", delivery=delivery_id, reason=str(failure))
        # Not for ever: an account that the platform has closed can never be read.
        young = models.Delivery.objects.filter(pk=delivery_id, state_at__gt=Now() - LOOK_FOR)
        young.update(recheck_at=Now() + RECHECK_AGAIN)
        return
    if len(found.sightings) > 1:
        tell_double(row, [each.permalink or each.remote_id for each in found.sightings])

"""Look up what did not end clearly, before anything is sent again.

Absences count only after the settle time, at least a gap apart; a read that failed is no absence.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from django.db.models.functions import Now

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.delivery import State, Why, after_absence, overdue
from sharing.domain.message import Message
from sharing.domain.outcomes import Achieved, Failure, Found, Sighting, Unsupported
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.models.moves import Actor, After
from sharing.services import accounts
from sharing.services.deliver import RECHECK
from sharing.services.house import house

log = structlog.get_logger()

LOOK_BACK = timedelta(seconds=60)


def due(most: int = 50) -> list[int]:
    """The ids of the look-ups whose time has come, on desks that this process serves."""
    rows = models.Delivery.objects.filter(state=State.UNKNOWN, check_at__lte=Now()).order_by("check_at")
    only = house().only_desk
    rows = rows.filter(desk__name=only) if only else rows.filter(desk__by_itself=False)
    return list(rows.values_list("pk", flat=True)[:most])


def look_up(delivery_id: int, *, owner: str) -> None:
    """One look at one unknown delivery; nothing happens when another worker has just taken it."""
    timings = house().timings
    if not moves.lease_look_up(delivery_id, seconds=timings.deadline + timings.gap):
        return
    row = models.Delivery.objects.select_related("account__desk").get(pk=delivery_id)
    actor = Actor(kind="worker", name=owner)
    looked_for = datetime.now(UTC) - (row.sending_at or row.state_at)
    try:
        found = _find(row)
    except Unsupported:
        moves.move(row.pk, State.REVIEW, Why.CANNOT_LOOK_UP, actor=actor)
        return
    except (Failure, Refusal) as failure:
        _could_not_read(row, str(failure), looked_for, actor)
        return
    except Exception:
        log.exception("look-up failed", delivery=row.pk)
        _could_not_read(row, "channel.broken", looked_for, actor)
        return
    ours = [each for each in found.sightings if not _belongs_to_another(row, each)]
    if ours:
        _found(row, ours, actor)
    else:
        _absent(row, looked_for, actor)


def _find(row: models.Delivery) -> Found:
    channel = channel_by_slug(row.channel)
    account = accounts.as_value(row.account)
    if not channel.can("find", account):
        raise Unsupported(row.channel)
    moves.release()
    since = (row.sending_at or row.state_at) - LOOK_BACK
    return channel.find(row.marker, Message.load(row.message), account, since)


def _belongs_to_another(row: models.Delivery, seen: Sighting) -> bool:
    others = models.Delivery.objects.filter(account_id=row.account_id, remote_id=seen.remote_id)
    return others.exclude(pk=row.pk).exists()


def _found(row: models.Delivery, ours: list[Sighting], actor: Actor) -> None:
    if len(ours) > 1:
        log.error("one marker, several posts", delivery=row.pk, posts=[each.remote_id for each in ours])
    first = ours[-1]
    by_hand = channel_by_slug(row.channel).by_hand
    moves.move(
        row.pk,
        State.DELIVERED,
        Why.FOUND,
        actor=actor,
        attempt_no=row.attempt_no,
        detail=f"{len(ours)} found" if len(ours) > 1 else "",
        sets={
            "receipt": (Achieved.PREPARED if by_hand else Achieved.POSTED).value,
            "remote_id": first.remote_id,
            "permalink": first.permalink,
            "first_seen_at": first.at or After(0),
            "recheck_at": After(RECHECK),
        },
    )


def _absent(row: models.Delivery, looked_for: timedelta, actor: Actor) -> None:
    timings = house().timings
    settled = looked_for >= timings.look_from
    if not settled:
        until = (timings.look_from - looked_for).total_seconds()
        moves.look_again(row.pk, seconds=until, absences=0)
        return
    absences = row.absences + 1
    step = after_absence(absences=absences, duplicate=row.duplicate, looked_for=looked_for)
    if step is None:
        moves.look_again(row.pk, seconds=timings.gap, absences=absences)
        return
    sets = {"due_at": After(0)} if step.to is State.QUEUED else {}
    moves.move(row.pk, step.to, step.why, actor=actor, attempt_no=row.attempt_no, sets=sets)


def _could_not_read(row: models.Delivery, reason: str, looked_for: timedelta, actor: Actor) -> None:
    step = overdue(looked_for)
    if step is None:
        moves.look_again(row.pk, seconds=house().timings.gap, absences=row.absences)
        return
    moves.move(row.pk, step.to, step.why, actor=actor, attempt_no=row.attempt_no, detail=reason)

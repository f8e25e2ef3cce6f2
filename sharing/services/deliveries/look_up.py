"""Look up deliveries whose send did not end clearly, before anything is sent again.

Absences count only after the settle time and at least one gap apart. A read that failed is not an absence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import DatabaseError
from django.db.models import Q
from django.db.models.functions import Now

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.delivery import State, Why, after_absence, overdue
from sharing.domain.message import Message
from sharing.domain.outcomes import DETAIL_LIMIT, Achieved, Failure, Found, Sighting, Unsupported
from sharing.domain.refusal import Refusal
from sharing.models import Health, moves
from sharing.models.moves import Actor, After, LookUp
from sharing.services.accounts import tokens, values
from sharing.services.decisions import resolve
from sharing.services.deliveries.record import RECHECK, tell_double
from sharing.services.runtime import runtime

log = structlog.get_logger()

#: `last_code` of a delivery whose look-up saw posts that may be ours; `last_detail` has their addresses.
MAY_BE_OURS = "look_up.may_be_ours"
#: The search begins this long before the send: our database's clock and the platform's may differ.
LOOK_BACK = timedelta(minutes=10)


def due(most: int = 50) -> list[int]:
    """Return the ids of the look-ups that are due, on desks that this process serves."""
    rows = models.Delivery.objects.filter(state=State.UNKNOWN, check_at__lte=Now()).order_by("check_at")
    only = runtime().only_desk
    rows = rows.filter(desk__name=only) if only else rows.filter(desk__by_itself=False)
    return list(rows.values_list("pk", flat=True)[:most])


def look_up(delivery_id: int, *, owner: str) -> None:
    """Look up one unknown delivery. Does nothing if another worker has just taken it."""
    timings = runtime().timings
    look = moves.take_look_up(delivery_id, seconds=timings.deadline + timings.gap)
    if look is None:
        return
    row = models.Delivery.objects.select_related("account__desk").get(pk=delivery_id)
    actor = Actor(kind="worker", name=owner)
    if row.account.health == Health.REMOVED:
        resolve.ask_a_person(row, actor)
        return
    try:
        found = _find(row)
    except Unsupported:
        moves.move(row.pk, State.REVIEW, Why.CANNOT_LOOK_UP, actor=actor, attempt_no=look.attempt_no)
        return
    except (Failure, Refusal) as failure:
        _could_not_read(look, str(failure), actor)
        return
    except DatabaseError:
        raise
    except Exception:
        log.exception("look-up failed", delivery=row.pk)
        _could_not_read(look, "channel.broken", actor)
        return
    ours = [each for each in found.sightings if not _belongs_to_another(row, each)]
    alike = [each for each in found.alike if not _belongs_to_another(row, each)]
    if ours:
        _found(row, look, ours, actor)
    elif alike:
        _may_be_ours(row, look, alike, actor)
    else:
        _absent(row, look, actor)


def _find(row: models.Delivery) -> Found:
    channel = channel_by_slug(row.channel)
    account = values.as_value(row.account)
    if not channel.can("find", account):
        raise Unsupported(row.channel)
    tokens.make_fresh(row.account, channel)
    account = values.as_value(row.account)
    moves.give_back_connection()
    # A restored delivery may have gone out at any time since it was written.
    begun = row.created_at if row.why == Why.RESTORED else row.sending_at or row.state_at
    since = begun - LOOK_BACK
    return channel.find(row.marker, Message.load(row.message), account, since)


def _belongs_to_another(row: models.Delivery, seen: Sighting) -> bool:
    same_post = Q(remote_id=seen.remote_id)
    if seen.permalink:
        same_post |= Q(permalink=seen.permalink)
    others = models.Delivery.objects.filter(same_post, account_id=row.account_id)
    return others.exclude(pk=row.pk).exists()


def _found(row: models.Delivery, look: LookUp, ours: list[Sighting], actor: Actor) -> None:
    first = ours[-1]
    by_hand = channel_by_slug(row.channel).by_hand
    moves.move(
        row.pk,
        State.DELIVERED,
        Why.FOUND,
        actor=actor,
        attempt_no=look.attempt_no,
        detail=f"{len(ours)} found" if len(ours) > 1 else "",
        sets={
            "receipt": (Achieved.PREPARED if by_hand else Achieved.POSTED).value,
            "remote_id": first.remote_id,
            "permalink": first.permalink,
            "first_seen_at": first.at or After(0),
            "recheck_at": None if by_hand else After(RECHECK),
        },
    )
    if len(ours) > 1:
        tell_double(row, [each.permalink or each.remote_id for each in ours])


def _may_be_ours(row: models.Delivery, look: LookUp, posts: Sequence[Sighting], actor: Actor) -> None:
    """Keep posts with our words and address but without a readable marker. After the settle time a person compares."""
    detail = " ".join(each.permalink or each.remote_id for each in posts)
    if _too_early(look):
        # A later look-up that sees nothing must not forget these posts.
        rows = models.Delivery.objects.filter(pk=row.pk, state=State.UNKNOWN, attempt_no=look.attempt_no)
        rows.update(last_code=MAY_BE_OURS, last_detail=moves.clean(detail, DETAIL_LIMIT))
        return
    sets = {"last_code": MAY_BE_OURS, "last_detail": detail}
    moves.move(
        row.pk,
        State.REVIEW,
        Why.MAY_BE_OURS,
        actor=actor,
        attempt_no=look.attempt_no,
        detail=detail,
        sets=sets,
    )


def _too_early(look: LookUp) -> bool:
    """Whether the settle time is not over yet. If so, schedule another look-up; no absence is counted."""
    settle = runtime().timings.look_from.total_seconds()
    if look.looked_for < settle:
        moves.look_again(look, seconds=settle - look.looked_for, absences=0)
    return look.looked_for < settle


def _absent(row: models.Delivery, look: LookUp, actor: Actor) -> None:
    if _too_early(look):
        return
    absences = look.absences + 1
    looked_for = timedelta(seconds=look.looked_for)
    step = after_absence(
        absences=absences,
        duplicate=look.duplicate,
        alike=row.last_code == MAY_BE_OURS,
        sent_again=look.sent_again,
        looked_for=looked_for,
    )
    if step is None:
        moves.look_again(look, seconds=runtime().timings.gap, absences=absences)
        return
    sets = {"due_at": After(0)} if step.to is State.QUEUED else {}
    moves.move(look.id, step.to, step.why, actor=actor, attempt_no=look.attempt_no, sets=sets)


def _could_not_read(look: LookUp, reason: str, actor: Actor) -> None:
    step = overdue(timedelta(seconds=look.looked_for))
    if step is None:
        moves.look_again(look, seconds=runtime().timings.gap, absences=look.absences)
        return
    moves.move(look.id, step.to, step.why, actor=actor, attempt_no=look.attempt_no, detail=reason)

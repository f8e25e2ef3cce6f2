"""Confirm: Kakao reports that a prepared message was sent, or a person copied a link. The state does not change."""

from __future__ import annotations

import hmac

from django.db import transaction

from sharing import models
from sharing.channels.registry import channels
from sharing.domain.delivery import EventWhy, State
from sharing.domain.outcomes import Achieved
from sharing.domain.refusal import Refusal
from sharing.services.accounts.sealing import unseal
from sharing.services.entries import ActingFor


def kakao_account(account_id: int, authorization: str) -> models.Account:
    """Return the account if this is its admin key. Keys are compared in constant time.

    Raises:
        Refusal: `kakao.not_authorised` (401), also for an unknown account: the answer does not tell which exist.
    """
    row = models.Account.objects.filter(pk=account_id).first()
    known = channels().get(row.channel) if row else None
    secrets = unseal(f"account:{row.pk}", row.sealed) if row and known and known.webhook_proof else {}
    found = secrets.get(known.webhook_proof) if known else None
    key = found.reveal() if found else ""
    given = authorization.removeprefix("KakaoAK ").strip()
    right = hmac.compare_digest(key.encode(), given.encode("utf-8", "surrogatepass"))
    if row is None or not key or not right:
        raise Refusal("kakao.not_authorised", status=401)
    return row


def confirm(account: models.Account, marker: str, *, resource: str, chat: str) -> bool:
    """Record that the message with this marker was sent. False: unknown, not prepared, or reported before.

    `resource`: Kakao's id of one sending, which Kakao may report twice. `chat`: the kind of chat, never which chat.
    """
    with transaction.atomic():
        row = (
            models.Delivery.objects.select_for_update()
            .filter(account=account, marker=marker, state=State.DELIVERED, receipt=Achieved.PREPARED)
            .first()
        )
        if row is None:
            return False
        models.Delivery.objects.filter(pk=row.pk).update(
            receipt=Achieved.CONFIRMED.value, confirmed_by=resource[:200] or None
        )
        models.Event.objects.create(
            delivery=row,
            n=row.attempt_no,
            actor_kind="platform",
            actor=account.channel,
            from_state=row.state,
            to_state=row.state,
            why=EventWhy.CONFIRMED,
            detail=chat[:60],
        )
    return True


def note_copy(row: models.Delivery, acting: ActingFor) -> None:
    """Record once that a person copied a prepared link to the clipboard. Nobody knows where they paste it."""
    known = channels().get(row.channel)
    copied = known is not None and known.achieves == Achieved.PREPARED
    if not copied or row.state != State.DELIVERED or row.events.filter(why=EventWhy.COPIED).exists():
        return
    models.Event.objects.create(
        delivery=row,
        n=row.attempt_no,
        actor_kind=acting.actor.kind,
        actor=acting.name,
        from_state=row.state,
        to_state=row.state,
        why=EventWhy.COPIED,
    )

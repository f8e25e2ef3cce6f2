"""Stopped at the last gate: nothing was sent. What stood in the way, and where that leads."""

from __future__ import annotations

from datetime import datetime

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import Purpose
from sharing.models import moves
from sharing.models.moves import Actor, Claim


def stopped_at_the_gate(claim: Claim, content_hash: str, actor: Actor) -> None:
    """Find out what stood in the way, by the database's clock, and move the delivery there."""
    row = models.Delivery.objects.select_related("article", "account").get(pk=claim.id)
    if row.state != State.CLAIMED or row.attempt_no != claim.attempt_no:
        return  # somebody else has it
    to, why = _cause(row, content_hash, moves.now())
    moves.move(claim.id, to, why, actor=actor, attempt_no=claim.attempt_no)


def _cause(row: models.Delivery, content_hash: str, now: datetime) -> tuple[State, Why]:
    if row.article.withdrawn_at and row.purpose != Purpose.RETRACTION:
        return State.CANCELLED, Why.WITHDRAWN
    if row.due_at > now or (row.embargo_until and row.embargo_until > now):
        return State.HELD, Why.EMBARGO
    if row.approved_hash != content_hash or row.article_hash not in {"", row.article.data_hash}:
        return State.HELD, Why.ARTICLE_CHANGED
    if row.account.health == models.Health.REMOVED:
        return State.HELD, Why.ACCOUNT_REMOVED
    if row.account.health != models.Health.OK:
        return State.HELD, Why.ACCOUNT_STOPPED
    if row.expires_at and row.expires_at <= now:
        return State.EXPIRED, Why.TOO_LATE
    if _under_a_switch(row):
        return State.HELD, Why.SWITCH_ON
    return State.QUEUED, Why.LEASE_OVER  # too little of the lease was left, or what stood there has gone


def _under_a_switch(row: models.Delivery) -> bool:
    on = set(models.Switch.objects.values_list("scope", "subject"))
    mine = {
        ("all", ""),
        ("channel", row.channel),
        ("account", str(row.account_id)),
        ("article", str(row.article_id)),
    }
    return bool(on & mine)

"""Stopped at the last gate: nothing was sent. Find the condition that stopped a delivery, and move the delivery on."""

from __future__ import annotations

from sharing.models import moves
from sharing.models.moves import Actor, Claim


def stopped_at_the_gate(claim: Claim, content_hash: str, actor: Actor) -> None:
    """Move a delivery to where the first condition that does not hold leads, by the database's clock."""
    found = moves.what_stops(claim.id, claim.attempt_no, content_hash)
    if found is not None:
        to, why = found
        moves.move(claim.id, to, why, actor=actor, attempt_no=claim.attempt_no)

"""Stopped at the last gate: nothing was sent. What stood in the way, and where that leads."""

from __future__ import annotations

from sharing.models import moves
from sharing.models.moves import Actor, Claim


def stopped_at_the_gate(claim: Claim, content_hash: str, actor: Actor) -> None:
    """Move a delivery to where the first condition leads that does not hold, by the database's clock."""
    found = moves.what_stops(claim.id, claim.attempt_no, content_hash)
    if found is not None:
        to, why = found
        moves.move(claim.id, to, why, actor=actor, attempt_no=claim.attempt_no)

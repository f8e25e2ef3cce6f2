"""Entries: what people did, for the audit. Never changed, never deleted."""

from __future__ import annotations

from sharing import models
from sharing.services.share import Asker


def note(desk: models.Desk, asker: Asker, verb: str, subject: str, reason: str = "") -> None:
    """Keep that somebody did something to `subject`, as `source:cms`."""
    models.Entry.objects.create(
        desk=desk,
        person=asker.person,
        name=asker.name,
        role=asker.role,
        ip=asker.ip,
        verb=verb,
        subject=subject[:100],
        reason=reason[:1000],
    )

"""Retention: how long data is kept (docs/operations.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sharing import models
from sharing.domain.delivery import State
from sharing.models import moves

#: How long these are kept: raw hooks; masked answers of platforms; keys and links that are used up.
INBOUND, EVIDENCE, SPENT = timedelta(days=30), timedelta(days=90), timedelta(days=30)
#: How long these are kept: entries that left their feed, and reports about articles that never came.
SEEN = timedelta(days=90)


def forget() -> dict[str, Any]:
    """Delete what is older than its limit. Returns the number of rows of each kind."""
    now = moves.now()  # by the database's clock: a jump of this machine's clock must not delete anything
    hooks = models.Inbound.objects.filter(received_at__lt=now - INBOUND)
    keys = models.IdempotencyKey.objects.filter(created_at__lt=now - SPENT)
    entries = models.FeedEntry.objects.filter(seen_at__lt=now - SEEN)
    names = models.ArticleName.objects.filter(article=None, created_at__lt=now - SEEN)
    links = models.SignInLink.objects.filter(expires_at__lt=now - SPENT)
    workers = models.Worker.objects.filter(seen_at__lt=now - timedelta(days=1))
    counts = {
        "hooks": hooks.delete()[0],
        "entries": entries.delete()[0],
        "names": names.delete()[0],
        "keys": keys.delete()[0],
        "links": links.delete()[0],
        "workers": workers.delete()[0],
    }
    old = models.Attempt.objects.filter(started__lt=now - EVIDENCE).exclude(evidence="")
    counts["evidence"] = old.update(evidence="")
    counts["drafts"] = _unused_drafts(now - SPENT)
    over = models.Delivery.objects.filter(state=State.CANCELLED, state_at__lt=now - EVIDENCE)
    over.exclude(last_detail="", typed=None).update(last_detail="", typed=None)
    return counts


def _unused_drafts(before: datetime) -> int:
    """Delete shares that somebody began to write and never sent. Returns how many rows."""
    begun = models.Share.objects.filter(created_at__lt=before, deliveries__state=State.DRAFT)
    begun = begun.filter(deliveries__dedupe_key=None).exclude(deliveries__dedupe_key__isnull=False)
    return begun.delete()[0]

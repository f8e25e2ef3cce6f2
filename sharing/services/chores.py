"""Chores: what recurs, as rows with a next time. Any worker may do one; compare-and-set sees that one does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db.models import Q

from sharing import models
from sharing.services import articles, audit, feeds, gate, ingest, retention

log = structlog.get_logger()

#: A chore that was begun and not ended is somebody else's after this.
LEASE = timedelta(minutes=5)


def _platforms() -> dict[str, Any]:
    gate.watch_platforms()
    return {}


#: What is done, and how often.
CHORES: dict[str, tuple[Callable[[], dict[str, Any]], timedelta]] = {
    "articles": (articles.follow_forgotten, timedelta(seconds=30)),
    "audit": (audit.audit, timedelta(minutes=5)),
    "feeds": (feeds.read_due, timedelta(seconds=1)),
    "hooks": (ingest.read_kept, timedelta(seconds=1)),
    "platforms": (_platforms, timedelta(seconds=15)),
    "retention": (retention.forget, timedelta(hours=6)),
}

#: What is begun only where there is something to do.
ONLY_IF: dict[str, Callable[[], bool]] = {
    "articles": articles.anything_forgotten,
    "feeds": feeds.anything_due,
    "hooks": ingest.anything_kept,
}


def due() -> list[str]:
    """The chores whose time has come; rows of new ones are made here."""
    now = datetime.now(UTC)
    known = {row.kind: row for row in models.Chore.objects.filter(kind__in=CHORES, subject="")}
    for kind in set(CHORES) - set(known):
        known[kind], _ = models.Chore.objects.get_or_create(kind=kind, subject="")
    free = [row for row in known.values() if row.lease_until is None or row.lease_until < now]
    ripe = [row.kind for row in free if row.next_at <= now]
    return [kind for kind in ripe if kind not in ONLY_IF or ONLY_IF[kind]()]


def do(kind: str) -> bool:
    """Do one chore, if it is still due; returns whether it was done here."""
    act, every = CHORES[kind]
    now = datetime.now(UTC)
    rows = models.Chore.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), kind=kind, subject="")
    if not rows.filter(next_at__lte=now).update(lease_until=now + LEASE):
        return False
    result: dict[str, Any] = {"failed": True}
    try:
        result = act()
    except Exception:
        log.exception("a chore failed", chore=kind)
    models.Chore.objects.filter(kind=kind, subject="").update(
        lease_until=None, next_at=datetime.now(UTC) + every, done_at=datetime.now(UTC), result=result
    )
    return True

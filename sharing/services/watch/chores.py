"""Chores: recurring work, as rows with a next time. Any worker may do a chore; compare-and-set lets only one do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from sharing import models
from sharing.services import notices
from sharing.services.accounts import circuit
from sharing.services.deliveries import sweeps
from sharing.services.incoming import admission, feeds, hooks, named
from sharing.services.shares import follow
from sharing.services.watch import invariants, retention

log = structlog.get_logger()

#: After this time, another worker may do a chore that was begun and not ended.
LEASE = timedelta(minutes=5)


def _platforms() -> dict[str, Any]:
    circuit.watch_platforms()
    sweeps.clock_is_right_again()
    return {}


def _notices() -> dict[str, Any]:
    for end in (admission.calm_again, follow.gone_everywhere, feeds.calm_again, hooks.failed_no_more):
        end()
    return {"without_subject": notices.over_without_subject()}


def _audit() -> dict[str, Any]:
    named.watch()
    return invariants.audit()


def _any_notice() -> bool:
    return models.Notice.objects.filter(over_at=None).exists()


def _changes() -> dict[str, Any]:
    return {"articles": follow.follow_all(sweeps.TICK)}


#: Each chore: its function, and the time between two runs.
CHORES: dict[str, tuple[Callable[[], dict[str, Any]], timedelta]] = {
    "changes": (_changes, timedelta(seconds=5)),
    "audit": (_audit, timedelta(minutes=5)),
    "feeds": (feeds.read_due, timedelta(seconds=1)),
    "hooks": (hooks.read_kept, timedelta(seconds=1)),
    "notices": (_notices, timedelta(minutes=1)),
    "platforms": (_platforms, timedelta(seconds=15)),
    "retention": (retention.forget, timedelta(hours=6)),
}

#: Chores that run only if there is something to do.
ONLY_IF: dict[str, Callable[[], bool]] = {
    "feeds": feeds.anything_due,
    "hooks": hooks.anything_kept,
    "notices": _any_notice,
}


def due() -> list[str]:
    """Return the chores that are due. Makes the rows of new chores."""
    known = set(models.Chore.objects.filter(kind__in=CHORES, subject="").values_list("kind", flat=True))
    for kind in set(CHORES) - known:
        models.Chore.objects.get_or_create(kind=kind, subject="")
    ripe = _free().filter(kind__in=CHORES, subject="", next_at__lte=Now()).values_list("kind", flat=True)
    return [kind for kind in ripe if kind not in ONLY_IF or ONLY_IF[kind]()]


def _free() -> QuerySet[models.Chore]:
    return models.Chore.objects.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))


def do(kind: str) -> bool:
    """Do one chore under a lease, if it is still due. Returns whether it was done here."""
    act, every = CHORES[kind]
    if not _free().filter(kind=kind, subject="", next_at__lte=Now()).update(lease_until=Now() + LEASE):
        return False
    result: dict[str, Any] = {"failed": True}
    try:
        result = act()
    except Exception:
        log.exception("a chore failed", chore=kind)
    models.Chore.objects.filter(kind=kind, subject="").update(
        lease_until=None, next_at=Now() + every, done_at=Now(), result=result
    )
    return True

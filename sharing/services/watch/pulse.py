"""Pulse: how many workers are alive, what waits, and what needs a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import Now

from sharing import models
from sharing.domain.delivery import DUE_STATES, NEEDS_A_HAND, State

#: A worker that was not seen for this long counts as gone.
GONE = timedelta(seconds=45)


def take() -> dict[str, Any]:
    """Return the pulse of the whole installation, ready for JSON."""
    now = datetime.now(UTC)
    workers = models.Worker.objects.filter(seen_at__gte=now - GONE).count()
    rows = models.Delivery.objects.exclude(state__in=(State.DELIVERED, State.CANCELLED, State.RETRACTED))
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    due = models.Delivery.objects.filter(state__in=DUE_STATES, due_at__lte=Now())
    oldest = due.aggregate(oldest=Min("due_at"))["oldest"]
    return {
        "workers": workers,
        "open": counts,
        "needs_a_hand": sum(counts.get(state, 0) for state in NEEDS_A_HAND),
        "oldest_wait_seconds": round((now - oldest).total_seconds(), 1) if oldest else 0,
        "held": [str(switch) for switch in models.Switch.objects.all()],
    }

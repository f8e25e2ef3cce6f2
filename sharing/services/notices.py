"""Notices: what people must know, told once and taken back when it is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import structlog
from django.db.models.functions import Now

from sharing import models

log = structlog.get_logger()


def tell(kind: str, subject: str, facts: Mapping[str, Any]) -> bool:
    """Tell it, unless it is told already. Returns whether it is new."""
    _, new = models.Notice.objects.get_or_create(
        kind=kind, subject=subject[:100], over_at=None, defaults={"facts": dict(facts)}
    )
    if new:
        log.error(
            "notice", kind=kind, subject=subject, **{f"fact_{name}": value for name, value in facts.items()}
        )
    return new


def over(kind: str, *, still: Collection[str] = ()) -> int:
    """Whatever of this kind is told but holds no longer is over; returns how many."""
    rows = models.Notice.objects.filter(kind=kind, over_at=None).exclude(subject__in=list(still))
    return rows.update(over_at=Now())


def over_for(kind: str, subject: str) -> bool:
    """This one is over; returns whether it was told."""
    rows = models.Notice.objects.filter(kind=kind, subject=subject[:100], over_at=None)
    return bool(rows.update(over_at=Now()))


def open_notices() -> list[models.Notice]:
    """What holds now, oldest first."""
    return list(models.Notice.objects.filter(over_at=None).order_by("since"))

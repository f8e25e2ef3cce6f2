"""The template context of every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from sharing import models
from sharing.services.runtime import runtime
from sharing.services.watch import todo


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return language, theme and the number of to-dos. They are counted only if the template shows the number."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    language = getattr(request, "LANGUAGE_CODE", "ko")
    return {
        "language": language,
        # The page's own language comes first.
        "languages": sorted(settings.LANGUAGES, key=lambda each: each[0] != language),
        "theme": getattr(user, "theme", ""),
        "has_sandbox": bool(runtime().sandbox_url),
        "glyphs": f"{settings.STATIC_URL}glyphs.svg",
        "hand_count": SimpleLazyObject(lambda: _count(user)) if signed_in else 0,
    }


def _count(user: Any) -> int:
    membership = models.Membership.objects.filter(person_id=user.pk).select_related("desk").first()
    return todo.count(membership.desk) if membership else 0

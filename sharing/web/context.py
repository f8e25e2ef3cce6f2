"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sharing.services.house import house


def desk(request: HttpRequest) -> dict[str, Any]:
    """The house's sandbox, and the language of the page."""
    return {"language": getattr(request, "LANGUAGE_CODE", "ko"), "has_sandbox": bool(house().sandbox_url)}

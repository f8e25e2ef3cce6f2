"""/healthz and /readyz, for load balancers and monitoring."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from sharing.services import notices
from sharing.services.watch import pulse


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process runs."""
    del request
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers, with workers, holds and the number of open notices; else 503."""
    del request
    try:
        state = {**pulse.take(), "notices": len(notices.open_notices())}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "down"}, status=503)
    return JsonResponse({"ready": True, "database": "up", **state})

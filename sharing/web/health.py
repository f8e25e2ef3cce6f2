"""/healthz and /readyz: for load balancers and for people who ask whether it runs."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from sharing.services import notices
from sharing.services.watch import pulse


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    del request
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready to take shares: the database answers. Workers, holds and the number of open notices stand beside it."""
    del request
    try:
        state = {**pulse.take(), "notices": len(notices.open_notices())}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "down"}, status=503)
    return JsonResponse({"ready": True, "database": "up", **state})

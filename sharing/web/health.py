"""/healthz and /readyz: for load balancers and for people who ask whether it runs."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from sharing.services import pulse


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    del request
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready to take shares: the database answers. Whether they go out now is said beside it."""
    del request
    try:
        state = pulse.take()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "down"}, status=503)
    return JsonResponse({"ready": True, "database": "up", **state})

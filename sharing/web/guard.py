"""Refuses a body that is multipart, too long or of no known length before any middleware or view reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from sharing.web.api.problems import problem
from sharing.web.bodies import Body
from sharing.web.pages import errors

_REFUSED = "sharedesk.refused"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def guarded(application: Application) -> Application:
    """Wrap a WSGI application: check each body by the headers alone. `UnreadBodies` answers a refused body."""

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said = {
            "CONTENT-TYPE": environ.get("CONTENT_TYPE") or "",
            "CONTENT-LENGTH": environ.get("CONTENT_LENGTH") or "",
            "TRANSFER-ENCODING": environ.get("HTTP_TRANSFER_ENCODING") or "",
        }
        environ[_REFUSED] = Body.of(environ["REQUEST_METHOD"], environ["PATH_INFO"], said).refusal()
        return application(environ, start_response)

    return run


class UnreadBodies:
    """The middleware that answers a refused body: with a problem under machine paths, else with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = request.META.get(_REFUSED)
        if refusal is None:
            return self.get_response(request)
        return (errors.unread if refusal.code.startswith("form.") else problem)(request, refusal)

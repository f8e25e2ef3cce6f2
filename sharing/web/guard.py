"""The first to look at a request: refuses a body that is multipart, too long or of no known length, unread."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sharing.web.api.problems import problem
from sharing.web.bodies import Body
from sharing.web.pages import errors


class UnreadBodies:
    """Refuse such a body before any middleware or view reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        headers = {name.upper(): value for name, value in request.headers.items()}
        refusal = Body.of(request.method or "", request.path_info, headers).refusal()
        if refusal is None:
            return self.get_response(request)
        if refusal.code.startswith("form."):
            return errors.unread(request, refusal)
        return problem(request, refusal)

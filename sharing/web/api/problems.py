"""Errors of the API as application/problem+json (RFC 9457), each with a sentence and the fields that are wrong."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from sharing.domain.refusal import Refusal
from sharing.presentation import represent
from sharing.services.shares.repeats import AlreadyShared, NotRepeated
from sharing.web.language import language_of
from sharing.wording import refused

log = structlog.get_logger()
KIND = "application/problem+json"


class FieldProblem(Schema):
    """The error in one field."""

    field: str
    message: str


class NewestDelivery(Schema):
    """The newest delivery of the article on an account. A repeat must name this delivery."""

    id: str
    account: str
    share: str
    state: str
    at: str
    by: str


class Problem(Schema):
    """The body of every error. `type` ends in the code of the sentence.

    `newest` is set in the 409 for a repeat that does not name the newest delivery, or names one that is not over.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]
    newest: NewestDelivery | None = None


def problem(
    request: HttpRequest, refusal: Refusal, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Answer a refusal, in the language that the request asks for."""
    said = refused(refusal, language_of(request))
    if errors is None:
        errors = [{"field": refusal.field, "message": said.what}] if refusal.field else []
    body: dict[str, Any] = {
        "type": f"urn:sharedesk:{refusal.code}",
        "title": said.what,
        "status": refusal.status,
        "detail": str(said),
        "errors": errors,
    }
    if isinstance(refusal, AlreadyShared):
        body["share"] = represent.share(refusal.first, language_of(request))
        body["skipped"] = represent.skipped(refusal.skipped)
    if isinstance(refusal, NotRepeated):
        body["newest"] = represent.newest(refusal.newest)
    text = json.dumps(body, ensure_ascii=False)
    answer = HttpResponse(text.encode("utf-8", "replace"), status=refusal.status, content_type=KIND)
    answer["Content-Length"] = str(len(answer.content))
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


class MachineDoors:
    """The middleware that answers every other error under /api/ and /hooks/ as a problem, too."""

    _CODES: ClassVar = {404: "api.not_found", 405: "api.not_allowed"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(("/api/", "/hooks/")):
            return self.get_response(request)
        try:
            request.get_host()
        except DisallowedHost:
            return problem(request, Refusal("api.bad_request", field="Host", status=400))
        answer = self.get_response(request)
        status = answer.status_code
        if status < 400 or answer.get("Content-Type", "") == KIND:
            return answer
        code = self._CODES.get(status, "api.server" if status >= 500 else "api.bad_request")
        said = problem(request, Refusal(code, status=status, method=request.method or "", id="–"))
        if "Allow" in answer:
            said["Allow"] = answer["Allow"]
        return said


def install(api: NinjaAPI) -> None:
    """Register handlers, so that every exception of this API is answered as a problem."""

    @api.exception_handler(Refusal)
    def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return problem(request, refusal)

    @api.exception_handler(AuthenticationError)
    def on_auth(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return problem(request, Refusal("api.no_token", status=401))

    @api.exception_handler(Http404)
    def on_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(request, Refusal("api.not_found", status=404))

    @api.exception_handler(ValidationError)
    def on_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"field": ".".join(str(part) for part in each["loc"][2:]) or "body", "message": str(each["msg"])}
            for each in error.errors
        ]
        return problem(request, Refusal("api.bad_fields"), errors)

    @api.exception_handler(HttpError)
    def on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
        cause = error.__cause__
        if isinstance(cause, Refusal):
            return problem(request, cause)
        if isinstance(cause, RequestDataTooBig):
            return problem(request, Refusal("api.too_big", status=413, limit="12,000,000"))
        return problem(request, Refusal("api.bad_json"))

    @api.exception_handler(Exception)
    def on_mistake(request: HttpRequest, error: Exception) -> HttpResponse:
        number = secrets.token_hex(4)
        log.error("our mistake", number=number, path=request.path, exc_info=error)
        return problem(request, Refusal("api.server", status=500, id=number))

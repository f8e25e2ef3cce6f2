"""Error pages. Each says what happened, whether anything is live, and what to do next."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sharing import models
from sharing.domain.delivery import MAY_BE_LIVE
from sharing.domain.refusal import Refusal
from sharing.wording import Sentence, refused, sentence

log = structlog.get_logger()
#: The period for "did it go out?" on an error page.
JUST_NOW = timedelta(minutes=2)


def said(refusal: Refusal, request: HttpRequest) -> Sentence:
    """Return a refusal's sentence in the page's language."""
    return refused(refusal, _language(request))


def refused_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show a refusal as a page of its own."""
    return _page(request, refused(refusal, _language(request)), refusal.status)


def unread(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a body that was refused unread. The sender is not known yet."""
    said = refused(refusal, _language(request))
    if request.headers.get("HX-Request"):
        return HttpResponse(str(said), status=refusal.status, content_type="text/plain; charset=utf-8")
    facts = {"said": said, "status": refusal.status, "bare": True}
    return HttpResponse(_rendered(facts, _language(request)), status=refusal.status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show 404, with the desk's navigation."""
    del exception
    return _page(request, sentence("page.not_here", _language(request)), 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show 403."""
    del exception
    return _page(request, sentence("page.forbidden", _language(request)), 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show 400: the form is too large, or the Host is not ours."""
    del exception
    return _page(request, sentence("page.bad_request", _language(request)), 400)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show 403 for a form that did not come from this desk or was open for too long."""
    del reason
    return _page(request, sentence("page.old_form", _language(request)), 403)


def mistake(request: HttpRequest) -> HttpResponse:
    """Show 500: a number to find in the log, and whether anything went out, as far as the database knows."""
    number, language = secrets.token_hex(4), _language(request)
    log.error("our mistake", number=number, path=request.path)
    live = sentence("reason.ledger_unread", language).what
    try:
        since = datetime.now(UTC) - JUST_NOW
        out = models.Delivery.objects.filter(state__in=MAY_BE_LIVE, state_at__gte=since).count()
        code = "reason.ledger_some" if out else "reason.ledger_none"
        live = sentence(code, language, {"n": out, "span": JUST_NOW}).what
    except DatabaseError:
        log.warning("ledger not read", number=number)
    said = sentence("page.mistake", language, {"id": number, "live": live})
    facts = {"said": said, "status": 500, "bare": True}
    return HttpResponse(_rendered(facts, language), status=500)


def _rendered(facts: dict[str, object], language: str) -> str:
    """Render without the request's context, because that context may be what failed."""
    from django.template.loader import render_to_string  # noqa: PLC0415 - only here, where all else failed

    return render_to_string("errors/error.html", {**facts, "language": language})


def _page(request: HttpRequest, said: Sentence, status: int) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(str(said), status=status, content_type="text/plain; charset=utf-8")
    # A request that was refused before authentication (a wrong Host) has no user.
    is_known = hasattr(request, "user") and request.user.is_authenticated
    facts = {"said": said, "status": status, "bare": not is_known}
    return render(request, "errors/error.html", facts, status=status)


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "ko"))

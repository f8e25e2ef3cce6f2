"""/hooks/{source}: the endpoint for every CMS and for the hubs of feeds (WebSub)."""

from __future__ import annotations

import json
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.views.decorators.csrf import csrf_exempt

from sharing.domain.refusal import Refusal
from sharing.presentation import represent
from sharing.services.incoming import admission, hooks, sources, websub
from sharing.services.incoming.admission import Hook
from sharing.web.api.problems import problem

log = structlog.get_logger()
UNREADABLE = "unreadable"
#: Seconds (Retry-After) for a CMS whose hook could not be stored.
COME_AGAIN = 30


@csrf_exempt
def hook(request: HttpRequest, source: str) -> HttpResponse:
    """Accept a hook: 202 with its id, even for a repeat or if there is nothing to share. Never 410."""
    try:
        if request.method == "GET" and "hub.mode" in request.GET:
            return _verified(request, source)
        if request.method != "POST":
            raise Refusal("signature.not_post", status=405, method=request.method or "")  # noqa: TRY301
        return _answer(request, hooks.accept(source, _as_it_came(request)))
    except Refusal as refusal:
        answer = problem(request, refusal)
        if refusal.status == 405:
            answer["Allow"] = "POST"
        if refusal.status == 429:
            answer["Retry-After"] = str(int(refusal.facts["span"].total_seconds()))
        return answer
    except (OperationalError, InterfaceError):
        log.exception("a hook could not be kept", source=source[:60])
        answer = problem(request, Refusal("hook.not_kept", status=503))
        answer["Retry-After"] = str(COME_AGAIN)
        return answer


def _verified(request: HttpRequest, source: str) -> HttpResponse:
    """Confirm a subscription to a hub (WebSub, section 5.3): return its challenge as plain text."""
    row = sources.find_source(source)
    if not row.switched_on:
        raise Refusal("source.switched_off", field="source", status=403, name=row.name)
    challenge = websub.answer(row, {name: request.GET[name] for name in request.GET})
    return HttpResponse(challenge, content_type="text/plain; charset=utf-8")


def _answer(request: HttpRequest, accepted: hooks.Accepted) -> HttpResponse:
    if accepted.inbound is None:
        return JsonResponse({"inbound": None, "result": "nothing_new"}, status=202)
    inbound = accepted.inbound
    result = inbound.result or {}
    if result.get("result") == UNREADABLE:
        answer = problem(request, Refusal(str(result["code"]), field="body", **result.get("facts", {})))
        body = {**json.loads(answer.content), "inbound": str(inbound.pk)}
        return JsonResponse(body, status=422, content_type=answer["Content-Type"])
    data: dict[str, Any] = represent.inbound(inbound)
    if accepted.repeat:
        data["repeat"] = True
    if accepted.entries:
        data["entries"] = [str(each.pk) for each in accepted.entries]
    return JsonResponse(data, status=202)


def _as_it_came(request: HttpRequest) -> Hook:
    """Return the request exactly as it came.

    Raises:
        Refusal: `hook.no_length` (411): no Content-Length, or chunked, so the body could be endless; `hook.too_big`;
            `hook.cut` (400): the body is shorter than its length.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower() or not length.isdecimal():
        raise Refusal("hook.no_length", field="Content-Length", status=411)
    admission.check_size(int(length))
    try:
        body = request.body
    except (RawPostDataException, OSError):
        raise Refusal("hook.cut", field="body", status=400) from None
    if len(body) != int(length):
        raise Refusal("hook.cut", field="body", status=400)
    return Hook(
        method=request.method or "",
        path=request.META.get("RAW_URI") or request.get_full_path(),
        headers=list(request.headers.items()),
        body=body,
        content_type=request.headers.get("Content-Type", ""),
    )

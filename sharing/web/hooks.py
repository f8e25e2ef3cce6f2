"""POST /hooks/{source}: the door for every CMS."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sharing.domain.refusal import Refusal
from sharing.services import ingest
from sharing.web import represent
from sharing.web.api.problems import problem

UNREADABLE = "unreadable"


@csrf_exempt
def hook(request: HttpRequest, source: str) -> HttpResponse:
    """Take a hook: 202 with its id, also when it is a repeat or nothing to share; never 410."""
    try:
        if request.method != "POST":
            raise Refusal("signature.not_post", status=405, method=request.method or "")  # noqa: TRY301
        inbound = ingest.accept(source, _as_it_came(request))
    except Refusal as refusal:
        return problem(request, refusal)
    result = inbound.result or {}
    if result.get("result") == UNREADABLE:
        answer = problem(request, Refusal(str(result["code"]), field="body", **result.get("facts", {})))
        body = {**json.loads(answer.content), "inbound": str(inbound.pk)}
        return JsonResponse(body, status=422, content_type=answer["Content-Type"])
    return JsonResponse(represent.inbound(inbound), status=202)


def _as_it_came(request: HttpRequest) -> ingest.Hook:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > ingest.HOOK_LIMIT:
        raise Refusal("hook.too_big", field="body", status=413, limit=ingest.HOOK_LIMIT)
    return ingest.Hook(
        method=request.method or "",
        path=request.META.get("RAW_URI") or request.get_full_path(),
        headers=list(request.headers.items()),
        body=request.body,
        content_type=request.headers.get("Content-Type", ""),
    )

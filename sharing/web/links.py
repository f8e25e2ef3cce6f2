"""Addresses that readers and platforms open: short links, share pages, Kakao's webhook."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from sharing import models
from sharing.channels.kakao import sdk_payload
from sharing.domain.account import Account, Mode
from sharing.domain.delivery import State
from sharing.domain.hosts import with_ascii_host
from sharing.domain.marker import is_marker
from sharing.domain.message import Message
from sharing.domain.outcomes import Unavailable
from sharing.domain.refusal import Refusal
from sharing.net.fetch import safe_url
from sharing.presentation import previews
from sharing.services.accounts.values import as_value
from sharing.services.deliveries.confirm import confirm, kakao_account
from sharing.web.api.problems import problem

#: States in which a link leads to its target. From the last gate on, a reader may have seen the link. Before, the
#: delivery may be embargoed or undecided.
_LEADS = frozenset({State.SENDING, State.UNKNOWN, State.REVIEW, State.DELIVERED})


@require_GET
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Redirect (302) to the address stored with the delivery. Nothing in the request can change the target."""
    row = _delivery(code)
    if row is None or row.state not in {*_LEADS, State.RETRACTED}:
        return _no_store(render(request, "links/unknown.html", status=404))
    if row.article.withdrawn_at or row.state == State.RETRACTED:
        return _no_store(render(request, "links/withdrawn.html", {"article": row.article}))
    return _no_store(HttpResponseRedirect(with_ascii_host(row.target)))


@require_GET
def share_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the page on which a person sends the prepared KakaoTalk message."""
    row = _delivery(code)
    if row is None or row.channel != "kakao" or row.state != State.DELIVERED:
        return _no_store(render(request, "links/unknown.html", status=404))
    if row.article.withdrawn_at:
        return _no_store(render(request, "links/withdrawn.html", {"article": row.article}))
    try:
        account = as_value(row.account)
    except (Unavailable, Refusal):
        return _no_store(render(request, "links/not_now.html", {"article": row.article}, status=503))
    message = Message.load(row.message)
    picture = _picture(message)
    language = str(row.article.data.get("language") or row.desk.language)[:2]
    bubble = previews.shown(message, account_name=row.account.name, image=picture, language=language)
    facts = {
        "article": row.article,
        "sdk": account.endpoints.kakao_sdk,
        "kakao": {"key": account.secret("javascript_key"), "payload": sdk_payload(message, row.marker)},
        "preview": previews.render(bubble),
        "sandboxed": account.mode is Mode.SANDBOX,
        "confirmed": row.receipt == "confirmed",
    }
    return _no_store(_let_kakao_in(request, render(request, "links/kakao.html", facts), account, picture))


def _let_kakao_in(request: HttpRequest, page: HttpResponse, account: Account, picture: str) -> HttpResponse:
    """Add to the page's policy exactly what Kakao's SDK needs, and nothing more."""
    place = _origin(account.endpoints.kakao_sdk)
    policy = {
        "script-src": [place],
        # The SDK sends the template by a form; its own picker is at sharer.kakao.com (docs, kakaotalk-share).
        "form-action": [place, "https://sharer.kakao.com"],
        "connect-src": [account.endpoints.kakao],
        "img-src": [_origin(picture)] if picture else [],
    }
    # Kakao compares the calling page's origin with the registered domains, so the browser must send the origin. Kakao's
    # picker is a window that this page may open.
    page["Referrer-Policy"] = "strict-origin-when-cross-origin"
    page["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    csp_update(policy)(lambda _: page)(request)
    return page


def _origin(address: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def _picture(message: Message) -> str:
    """Return the address of the message's picture if a page may load it; else ""."""
    try:
        return safe_url(message.image_url or "")
    except Refusal:
        return ""


def _delivery(code: str) -> models.Delivery | None:
    if not is_marker(code):
        return None
    rows = models.Delivery.objects.select_related("article", "account__desk")
    return rows.filter(marker=code).first()


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def kakao_webhook(request: HttpRequest, account: int) -> HttpResponse:
    """Record Kakao's report that a message was sent (kakaotalk-share/callback). A repeated report counts once."""
    try:
        row = kakao_account(account, request.headers.get("Authorization", ""))
    except Refusal as refusal:
        return problem(request, refusal)
    given = _callback(request)
    confirmed = confirm(
        row,
        str(given.get("marker", ""))[:20],
        resource=request.headers.get("X-Kakao-Resource-ID", ""),
        chat=str(given.get("CHAT_TYPE", "")),
    )
    return JsonResponse({"confirmed": confirmed})


def _callback(request: HttpRequest) -> dict[str, object]:
    if request.method == "GET":
        return dict(request.GET.items())
    if request.content_type == "application/json":
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            return {}
        return body if isinstance(body, dict) else {}
    return dict(request.POST.items())

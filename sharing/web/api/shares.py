"""Operations on shares, deliveries, messages and hooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Status

from sharing import models
from sharing.channels.registry import room
from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.domain.origin import Via
from sharing.domain.refusal import Refusal
from sharing.intake.article_json import read_article
from sharing.intake.fetching import one_article, read_url
from sharing.presentation import represent
from sharing.services.accounts import connect
from sharing.services.decisions import resolve
from sharing.services.entries import ActingFor
from sharing.services.ids import find_delivery, find_share, number
from sharing.services.runtime import fetch_allowed
from sharing.services.shares import share as shares
from sharing.services.shares.compose import compose_in_style
from sharing.services.shares.given import accounts_to_compose, correcting, read_time, teasers_from
from sharing.services.shares.share import ShareRequest
from sharing.services.shares.style import style_of
from sharing.web.api.once import Once
from sharing.web.api.problems import Problem
from sharing.web.api.schemas import (
    CancelWish,
    ComposeIn,
    InboundOut,
    MessagesOut,
    OneDeliveryOut,
    OneShareOut,
    ResolveIn,
    SharedOut,
    ShareIn,
)
from sharing.web.language import language_of
from sharing.wording import warnings

router = Router()
_PROBLEMS = dict.fromkeys((401, 403, 404, 409, 413, 415, 422), Problem)


def _token(request: HttpRequest, scope: str) -> models.Token:
    token = cast("models.Token", request.auth)  # type: ignore[attr-defined]  # ninja puts it there
    if scope not in token.scopes:
        raise Refusal("api.scope", status=403, scope=scope)
    return token


def _asker(token: models.Token, request: HttpRequest) -> ActingFor:
    return ActingFor(name=token.name, via=Via.API, ip=request.META.get("REMOTE_ADDR"))


def _article(desk: models.Desk, source: str | None, article: dict[str, Any] | None) -> Article:
    zone = ZoneInfo(desk.zone)
    if (source is None) == (article is None):
        raise Refusal("share.source_or_article", field="source")
    if article is not None:
        return read_article(article, zone=zone)
    return one_article(read_url(str(source), allowed=fetch_allowed(), zone=zone, now=datetime.now(UTC)))


@router.post("/shares", response={202: SharedOut, **_PROBLEMS}, summary="Share an article")
def post_share(
    request: HttpRequest,
    response: HttpResponse,
    body: ShareIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> Status[dict[str, Any]]:
    """Accept a share. Its deliveries are sent afterwards; `Location` is the address of the share's state."""
    token = _token(request, "share")
    once = Once(token, idempotency_key, request.body)
    status, answer = once.answer() or _share_once(once, request, token, body)
    response["Location"] = f"/api/v1/shares/{answer['share']['id']}"
    return Status(status, answer)


def _share_once(
    once: Once, request: HttpRequest, token: models.Token, body: ShareIn
) -> tuple[int, dict[str, Any]]:
    acting, requested = _asker(token, request), _wish(token.desk, body)
    written: list[tuple[shares.Shared, bool]] = []

    def write() -> tuple[int, dict[str, Any]]:
        written[:] = [shares.write_share(token.desk, requested, acting)]
        return 202, represent.shared(written[0][0], language_of(request))

    answer = once.act(write)
    for shared, changed in written:
        shares.after_writing(shared, acting, article_changed=changed)
    return answer


def _wish(desk: models.Desk, body: ShareIn) -> ShareRequest:
    accounts = [connect.find_account(each, desk) for each in dict.fromkeys(body.accounts)]
    if body.channels:
        accounts += connect.accounts_for(desk, list(dict.fromkeys(body.channels)))
    return ShareRequest(
        article=_article(desk, body.source, body.article),
        accounts=list({account.pk: account for account in accounts}.values()),
        teasers=teasers_from(body.text, {account.channel for account in accounts}, body.wording),
        at=read_time(body.at, "at"),
        embargo_until=read_time(body.embargo_until, "embargo_until"),
        breaking=body.breaking,
        repeat={find_delivery(each, desk).pk for each in _listed(body.repeat)},
    )


def _listed(ids: list[str] | str | None) -> list[str]:
    return [ids] if isinstance(ids, str) else ids or []


@router.get("/shares/{share_id}", response={200: OneShareOut, **_PROBLEMS}, summary="One share")
def get_share(request: HttpRequest, share_id: str) -> dict[str, Any]:
    """Return a share with the state of its deliveries."""
    token = _token(request, "read")
    return {"share": represent.share(find_share(share_id, token.desk), language_of(request))}


@router.post("/shares/{share_id}/cancel", response={200: OneShareOut, **_PROBLEMS}, summary="Cancel a share")
def cancel_share(request: HttpRequest, share_id: str) -> dict[str, Any]:
    """Cancel the deliveries of a share that are not out yet."""
    token = _token(request, "share")
    row = find_share(share_id, token.desk)
    resolve.cancel_share(row, _asker(token, request))
    return {"share": represent.share(row, language_of(request))}


def _resolved(
    request: HttpRequest, delivery_id: str, act: Callable[[models.Delivery, ActingFor], None]
) -> dict[str, Any]:
    token = _token(request, "share")
    row = find_delivery(delivery_id, token.desk)
    act(row, _asker(token, request))
    return {"delivery": represent.delivery(row, language_of(request))}


@router.post(
    "/deliveries/{delivery_id}/resolve",
    response={200: OneDeliveryOut, **_PROBLEMS},
    summary="Say what is there",
)
def resolve_delivery(request: HttpRequest, delivery_id: str, body: ResolveIn) -> dict[str, Any]:
    """Decide a delivery that did not end clearly, by what a person saw on the platform."""
    return _resolved(
        request,
        delivery_id,
        lambda row, acting: resolve.decide(
            row,
            acting,
            there=body.there,
            not_there=body.not_there,
            drop_it=body.drop,
            take=body.decide,
            reason=body.reason,
        ),
    )


@router.post(
    "/deliveries/{delivery_id}/again", response={200: OneDeliveryOut, **_PROBLEMS}, summary="Send again"
)
def send_again(request: HttpRequest, delivery_id: str) -> dict[str, Any]:
    """Send a delivery again that failed, expired or is held. Never one that may be out."""
    return _resolved(request, delivery_id, resolve.again)


@router.post(
    "/deliveries/{delivery_id}/cancel", response={200: OneDeliveryOut, **_PROBLEMS}, summary="Cancel one"
)
def cancel_delivery(request: HttpRequest, delivery_id: str, body: CancelWish) -> dict[str, Any]:
    """Cancel a delivery that is not out yet."""
    return _resolved(request, delivery_id, lambda row, acting: resolve.cancel(row, acting, body.reason))


@router.post("/compose", response={200: MessagesOut, **_PROBLEMS}, summary="Compose without sending")
def post_compose(request: HttpRequest, body: ComposeIn) -> dict[str, Any]:
    """Return the message that each channel would send. Stores nothing."""
    token = _token(request, "read")
    article = _article(token.desk, body.source, body.article)
    accounts = accounts_to_compose(token.desk.language, body.channels)
    slugs, style = {account.channel for account in accounts}, style_of(token.desk)
    teasers = teasers_from(body.text, slugs, body.wording)
    if body.correcting is not None:
        mark = body.mark or style.correction
        teasers = correcting(article, body.correcting, slugs, mark=mark, case=body.case) | teasers
    found = []
    for account in accounts:
        teaser = teasers.get(account.channel, Teaser())
        message = compose_in_style(token.desk, article, account, teaser, marker=None, link=body.link)
        found.append((message, teaser.words is not None))
    said = warnings(style, article, found, language_of(request), room)
    return {"messages": [message.public() for message, _ in found], "warnings": said}


@router.get("/inbound/{inbound_id}", response={200: InboundOut, **_PROBLEMS}, summary="What came of a hook")
def get_inbound(request: HttpRequest, inbound_id: str) -> dict[str, Any]:
    """Return a stored hook and its result."""
    token = _token(request, "read")
    rows = models.Inbound.objects.select_related("source").filter(source__desk=token.desk)
    row = rows.filter(pk=number(inbound_id) or 0).first()
    if row is None:
        raise Refusal("inbound.unknown", status=404, id=inbound_id)
    return represent.inbound(row)

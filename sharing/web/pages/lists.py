"""The list pages: queue, articles and accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from sharing import models
from sharing.channels.registry import channels
from sharing.domain.delivery import MOVING, EventWhy, State, Why
from sharing.domain.outcomes import Achieved
from sharing.models import Health
from sharing.presentation import places, speech
from sharing.presentation.states import Appearance, appearance_of
from sharing.services.ids import number, share_id
from sharing.services.runtime import runtime
from sharing.web.pages.visit import Visit, page
from sharing.wording import sentence, times
from sharing.words.unicode import clean

MOST = 200
#: States of deliveries that were sent or meant to be sent: neither draft nor cancelled.
WENT = [state for state in State if state not in {State.DRAFT, State.CANCELLED}]
#: Events that the history of an article leaves out.
_STEPS = (Why.CLAIMED, Why.GATE_PASSED, EventWhy.EDITED, EventWhy.MADE, EventWhy.TIMED)


@require_GET
@page
def queue(visit: Visit) -> HttpResponse:
    """Show the deliveries that move, are due or wait for their time, by share and day."""
    rows = models.Delivery.objects.filter(desk=visit.desk, state__in=MOVING)
    found: dict[tuple[int, datetime], dict[str, Any]] = {}
    for row in rows.select_related("article", "account", "share").order_by("due_at", "pk")[: MOST * 5]:
        key = (row.share_id, row.due_at.replace(second=0, microsecond=0))
        entry = found.setdefault(
            key, {"id": share_id(row.share_id), "at": row.due_at, "row": row, "deliveries": []}
        )
        entry["deliveries"].append((row, appearance_of(row)))
    days: dict[str, list[dict[str, Any]]] = {}
    for entry in list(found.values())[:MOST]:
        days.setdefault(times.day_name(entry["at"].astimezone(visit.zone), visit.language), []).append(entry)
    facts = {
        "place": "queue",
        "days": days.items(),
        "number": len(found),
        "zone_name": times.zone_name(visit.zone, visit.language),
    }
    return visit.show("pages/queue.html", facts)


@require_GET
@page
def articles(visit: Visit) -> HttpResponse:
    """Show the desk's articles, newest first; `q` filters by words of the headline."""
    asked = clean(visit.request.GET.get("q", "")[:200]).strip()
    sent = Q(shares__deliveries__state__in=WENT)
    rows = models.Article.objects.filter(desk=visit.desk).annotate(
        last=Max("shares__created_at", filter=sent), number=Count("shares", filter=sent, distinct=True)
    )
    for word in asked.split()[:8]:
        rows = rows.filter(headline__icontains=word)
    found = list(rows.order_by("-changed_at", "-pk")[:MOST])
    return visit.show("pages/articles.html", {"place": "articles", "articles": found, "q": asked})


@require_GET
@page
def article(visit: Visit, article: str) -> HttpResponse:
    """Show one article: its history, and its posts that are out or may be out."""
    row = article_row(visit, article)
    deliveries = list(row.deliveries.select_related("account").order_by("pk"))
    now_out = [
        (each, appearance_of(each), places.post_of(each))
        for each in deliveries
        if each.state in {State.DELIVERED, State.UNKNOWN, State.REVIEW, State.SENDING}
    ]
    sent = Count("deliveries", filter=Q(deliveries__state__in=WENT))
    shares = row.shares.annotate(number=sent).filter(number__gt=0).order_by("-pk")[:MOST]
    facts = {
        "place": "articles",
        "row": row,
        "article": row.value,
        "picture": f"/pictures/{row.pk}?v={row.data_hash[:8]}" if row.data.get("image_url") else "",
        "happened": _happened(row),
        "now_out": now_out,
        "shares": [(share, share_id(share.pk)) for share in shares],
    }
    return visit.show("pages/article.html", facts)


def article_row(visit: Visit, text: str) -> models.Article:
    """Return the desk's article with this number.

    Raises:
        Http404: the desk has no such article.
    """
    row = models.Article.objects.filter(desk=visit.desk, pk=number(text) or 0).first()
    if row is None:
        raise Http404
    return row


def _happened(row: models.Article) -> list[dict[str, Any]]:
    """Return the history of an article's deliveries, newest first. Equal events of one minute are one line."""
    events = models.Event.objects.filter(delivery__article=row, refused=False).exclude(why__in=_STEPS)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for event in events.select_related("delivery__account").order_by("-at", "-pk")[: MOST * 2]:
        seen, person = _event_look(event), event.actor_kind in {"person", "hook"}
        word = speech.say("Sent off") if event.why == Why.APPROVED else seen.word
        minute = event.at.replace(second=0, microsecond=0)
        key = (event.delivery.share_id, seen, event.why, event.detail, event.actor if person else "", minute)
        line = found.setdefault(
            key,
            {
                "at": event.at,
                "look": seen,
                "word": word,
                "channels": [],
                "actor": key[4],
                "detail": event.detail,
            },
        )
        name = speech.channel(event.delivery.channel)
        if name not in line["channels"]:
            line["channels"].insert(0, name)
    return list(found.values())[:MOST]


def _event_look(event: models.Event) -> Appearance:
    """Return the appearance that the delivery had after this event."""
    row = models.Delivery(
        state=event.to_state,
        why=event.why,
        channel=event.delivery.channel,
        receipt=event.delivery.receipt,
        due_at=event.delivery.due_at if event.delivery.scheduled else event.at,
    )
    if (
        event.to_state == State.DELIVERED
        and event.why != EventWhy.CONFIRMED
        and row.receipt == Achieved.CONFIRMED
    ):
        row.receipt = Achieved.PREPARED
    return appearance_of(row, now=event.at, copied=event.why == EventWhy.COPIED)


@require_GET
@page
def accounts(visit: Visit) -> HttpResponse:
    """Show every account with its health, and how to connect one. Removed accounts stay while they hold deliveries."""
    order = {slug: number for number, slug in enumerate(channels())}
    waiting = dict(
        models.Delivery.objects.filter(
            desk=visit.desk, state=State.HELD, why__in=(Why.ACCOUNT_STOPPED, Why.ACCOUNT_REMOVED)
        )
        .values_list("account_id")
        .annotate(Count("pk"))
    )
    shown = visit.desk.accounts.filter(~Q(health=Health.REMOVED) | Q(pk__in=list(waiting)))
    found = sorted(
        shown.annotate(last=Max("deliveries__first_seen_at")),
        key=lambda row: (row.mode == "sandbox", order.get(row.channel, 9), row.pk),
    )
    off = sentence("reason.sandbox_not_here", visit.language).what
    entries = [
        {
            "row": row,
            "held": waiting.get(row.pk, 0),
            "page": places.page_of(row),
            "secrets": row.channel in channels() and channels()[row.channel].secrets,
            "no_sandbox": off if row.mode == "sandbox" and not runtime().sandbox_url else "",
        }
        for row in found
    ]
    facts = {
        "place": "accounts",
        "entries": entries,
        "well": sum(1 for each in entries if each["row"].health == Health.OK and not each["no_sandbox"]),
        "switches": models.Switch.objects.order_by("on_at"),
        "channels": list(channels().values()),
    }
    return visit.show("pages/accounts.html", facts)

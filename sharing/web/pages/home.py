"""The home page: notices, other to-dos (worst for readers first), the paste field, and what goes out soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from sharing import models
from sharing.domain.delivery import DUE_STATES, State
from sharing.domain.refusal import Refusal
from sharing.presentation import notices as telling
from sharing.presentation import places, represent, speech
from sharing.presentation.states import Appearance, appearance_of
from sharing.services import notices
from sharing.services.ids import share_id
from sharing.services.watch import pulse, todo
from sharing.services.watch.todo import Todo
from sharing.web.pages.errors import said
from sharing.web.pages.lists import WENT
from sharing.web.pages.visit import Visit, page
from sharing.wording import Sentence, times


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One to-do: state, subject, sentence, what is live, and the page on which to act."""

    need: Todo
    look: Appearance
    said: Sentence
    live: str
    link: str
    page: str
    number: int


@require_GET
@page
def home(visit: Visit) -> HttpResponse:
    """Show the home page."""
    return _home(visit)


@require_POST
@page
def close(visit: Visit, notice: str) -> HttpResponse:
    """Close a notice with a reason. A refusal is shown beside that notice."""
    row = notices.find(notice, visit.desk)
    if not visit.may_send:
        raise Refusal("role.cannot_close", status=403)
    try:
        notices.close(row, visit.acting, visit.request.POST.get("reason", ""))
    except Refusal as refusal:
        if refusal.status == 409:
            raise
        return _home(visit, trouble=(row.pk, said(refusal, visit.request)), status=refusal.status)
    messages.info(visit.request, speech.say("The notice is closed."))
    return HttpResponseRedirect("/")


def _home(visit: Visit, *, trouble: tuple[int, Sentence] | None = None, status: int = 200) -> HttpResponse:
    told = [telling.tell(row, visit.language, visit.desk) for row in notices.open_notices(visit.desk)]
    lines = [_line(need, visit) for need in todo.todos(visit.desk)]
    facts = {
        "place": "hand",
        "notices": [(each, trouble[1] if trouble and trouble[0] == each.row.pk else None) for each in told],
        "lines": lines,
        "hand_count": len(told) + len(lines),
        "told": [str(each) for each in messages.get_messages(visit.request) if each.level == messages.INFO],
        "own_drafts": todo.own_drafts(visit.desk, visit.person),
        "recent": _recent(visit.desk),
        "soon": _soon(visit.desk),
        "today_name": times.day_name(datetime.now(visit.zone), visit.language),
        "today": _today(visit),
        "pulse": pulse.take(),
        "now": datetime.now(UTC),
    }
    return visit.show("pages/home.html", facts, status=status)


def _line(need: Todo, visit: Visit) -> Line:
    first = need.first
    return Line(
        need=need,
        look=appearance_of(first),
        said=represent.explain(first, visit.language),
        live=_live(need),
        link=_link(need),
        page=places.page_of(first.account),
        number=len(need.deliveries),
    )


def _link(need: Todo) -> str:
    share = share_id(need.share.pk)
    if need.kind == "draft":
        return f"/compose/{share}"
    if need.kind in {"account", "hold"}:
        return "/accounts"
    return f"/shares/{share}#delivery-{need.first.pk}"


def _live(need: Todo) -> str:
    """Return the places where readers can see this share."""
    if need.kind == "review":
        return speech.say("Maybe")
    out = models.Delivery.objects.filter(share=need.share, state=State.DELIVERED).exclude(receipt="prepared")
    slugs = list(dict.fromkeys(out.order_by("pk").values_list("channel", flat=True)))
    if not slugs:
        return speech.say("Nothing")
    return speech.say("Only on {places}", places=speech.listed([speech.channel(slug) for slug in slugs]))


def _recent(desk: models.Desk) -> list[dict[str, Any]]:
    """Return up to six articles shared last, each with the number of places that its newest share reached."""
    shares = models.Share.objects.filter(desk=desk, deliveries__state__in=WENT).distinct()
    shares = shares.select_related("article").order_by("-pk")[:20]
    found: dict[int, dict[str, Any]] = {}
    for share in shares:
        if share.article_id not in found and len(found) < 6:
            out = share.deliveries.filter(state=State.DELIVERED).count()
            found[share.article_id] = {"share": share, "id": share_id(share.pk), "out": out}
    return list(found.values())


def _soon(desk: models.Desk) -> list[dict[str, Any]]:
    """Return up to four shares that wait for their time, the earliest first, with their channels."""
    rows = models.Delivery.objects.filter(desk=desk, state__in=DUE_STATES, scheduled=True)
    found: dict[int, dict[str, Any]] = {}
    for row in rows.select_related("article").order_by("due_at", "pk")[:60]:
        entry = found.setdefault(
            row.share_id, {"id": share_id(row.share_id), "at": row.due_at, "row": row, "channels": []}
        )
        if row.channel not in entry["channels"]:
            entry["channels"].append(row.channel)
    return list(found.values())[:4]


def _today(visit: Visit) -> dict[str, int]:
    """Return the numbers of today, counted from midnight in the desk's zone."""
    midnight = datetime.now(UTC).astimezone(visit.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = models.Delivery.objects.filter(desk=visit.desk, state_at__gte=midnight.astimezone(UTC))
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    return {
        "out": counts.get(State.DELIVERED, 0),
        "unsure": counts.get(State.UNKNOWN, 0) + counts.get(State.REVIEW, 0),
        "stop": counts.get(State.FAILED, 0) + counts.get(State.EXPIRED, 0),
    }

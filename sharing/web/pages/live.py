"""The page of a share: each delivery's state as it changes, and later the permanent record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from sharing import models
from sharing.channels.registry import channels
from sharing.domain.delivery import State, Why
from sharing.domain.refusal import Refusal
from sharing.presentation import speech
from sharing.presentation.states import tallied
from sharing.services.decisions import resolve
from sharing.services.deliveries import confirm
from sharing.services.ids import find_delivery, find_share, number, share_id
from sharing.services.shares import drafts
from sharing.web.pages import blocks as view
from sharing.web.pages.blocks import Block
from sharing.web.pages.errors import said
from sharing.web.pages.visit import Visit, page
from sharing.wording import Sentence


@require_GET
@page
def live(visit: Visit, share: str) -> HttpResponse:
    """Show a share with all its deliveries."""
    return _page(visit, find_share(share, visit.desk))


def _page(
    visit: Visit,
    share: models.Share,
    *,
    trouble: tuple[int, Sentence] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = view.blocks_of(share, visit)
    for each in found:
        if trouble and each.row.pk == trouble[0]:
            each.trouble = trouble[1]
    facts = _facts(share, found) | {"columns": _columns(found), "told": _told(visit)}
    return visit.show("pages/live.html", facts, status=status)


def _told(visit: Visit) -> list[str] | None:
    """Return the messages of the send action; None if the person did not come from it."""
    told = list(messages.get_messages(visit.request))
    return [str(each) for each in told if each.level == messages.INFO] if told else None


def _facts(share: models.Share, found: list[Block]) -> dict[str, Any]:
    approved = models.Event.objects.filter(delivery__share=share, why=Why.APPROVED, refused=False)
    sent = approved.order_by("pk").first()
    out = sum(each.look.role == "out" for each in found)
    article = share.article.value
    return {
        "place": "share",
        "share": share,
        "id": share_id(share.pk),
        "article": article,
        "picture": f"/pictures/{share.article_id}?v={share.article.data_hash[:8]}"
        if article.image_url
        else "",
        "by": sent.actor if sent else share.by,
        "at": sent.at if sent else share.created_at,
        "tally": tallied([each.look for each in found]),
        "out": out,
        "total": len(found),
        "pace": view.pace(found),
        "settled": view.settled(found) and not any(each.awaited for each in found),
        "drafts": any(each.row.state == State.DRAFT for each in found),
        "cancellable": any(each.row.state in {State.QUEUED, State.WAITING} for each in found),
        "seen": "-".join(f"{each.row.pk}.{each.version}" for each in found),
    }


def _columns(found: list[Block]) -> list[tuple[str, list[Block]]]:
    slugs = [each.row.channel for each in found]
    known = list(channels())
    order = [slug for slug in known if slug in slugs] + sorted(set(slugs) - set(known))
    return [(slug, [each for each in found if each.row.channel == slug]) for slug in order]


@require_GET
@page
def fragment(visit: Visit, share: str) -> HttpResponse:
    """Return the blocks that changed since `seen`, the tally and the next poller; 204 if nothing changed."""
    row = find_share(share, visit.desk)
    found = view.blocks_of(row, visit)
    known = set(visit.request.GET.get("seen", "").split("-"))
    changed = [each for each in found if f"{each.row.pk}.{each.version}" not in known]
    facts = _facts(row, found)
    if not changed and str(facts["pace"]) == visit.request.GET.get("pace", ""):
        return HttpResponse(status=204)
    speak = _speech(changed, facts) if changed else ""
    return visit.show("pages/live_fragment.html", facts | {"changed": changed, "speak": speak, "oob": True})


def _speech(changed: list[Block], facts: dict[str, Any]) -> str:
    """Return one sentence for screen readers that sums up the change."""
    last = changed[-1]
    place = speech.channel(last.row.channel)
    if facts["out"] == facts["total"]:
        return speech.say("All {n} are out", n=facts["total"])
    if last.row.state == State.UNKNOWN:
        return speech.say("Checking {place}. Not sending again.", place=place)
    return speech.say(
        "{place}: {state}. {m} of {n} are out.",
        place=place,
        state=last.look.word,
        m=facts["out"],
        n=facts["total"],
    )


# -- actions on one delivery -------------------------------------------------------------------------------


def _act(visit: Visit, delivery: str, act: Any) -> HttpResponse:
    """Run an action and return to the share. A refusal is shown beside the delivery."""
    row = find_delivery(delivery, visit.desk)
    share = find_share(str(row.share_id), visit.desk)
    try:
        visit.need(send=True)
        onward = act(row)
    except Refusal as refusal:
        return _page(visit, share, trouble=(row.pk, said(refusal, visit.request)), status=refusal.status)
    return HttpResponseRedirect(onward or f"/shares/{share_id(share.pk)}#delivery-{row.pk}")


@require_POST
@page
def decide(visit: Visit, delivery: str) -> HttpResponse:
    """Decide an unclear delivery: there (address), not there (reason), drop (reason), or take the decision over."""
    form = visit.request.POST
    verdict, reason = form.get("verdict", ""), form.get("reason", "")

    def act(row: models.Delivery) -> None:
        resolve.decide(
            row,
            visit.acting,
            there=form.get("url", "") if verdict == "there" else None,
            not_there=verdict == "not_there",
            drop_it=verdict == "drop",
            take=verdict == "take",
            reason=reason,
            seen=_sight(form.get("seen", "")),
        )

    return _act(visit, delivery, act)


def _sight(text: str) -> resolve.Sight:
    """Read what the page showed from its form. If it is missing, the page is too old to act on."""
    state, attempt, approved, article = [*text.split(".", 3), "", "", "", ""][:4]
    return resolve.Sight(state, number(attempt) or 0, approved, article)


@require_POST
@page
def again(visit: Visit, delivery: str) -> HttpResponse:
    """Send a delivery again that failed, expired or is held."""
    seen = _sight(visit.request.POST.get("seen", ""))
    return _act(visit, delivery, lambda row: resolve.again(row, visit.acting, seen))


@require_POST
@page
def cancel(visit: Visit, delivery: str) -> HttpResponse:
    """Cancel a delivery that is not out yet."""
    reason = visit.request.POST.get("reason", "")
    return _act(visit, delivery, lambda row: resolve.cancel(row, visit.acting, reason=reason))


@require_POST
@page
def rewrite(visit: Visit, delivery: str) -> HttpResponse:
    """Cancel a delivery that did not go out, and open a draft with its words."""

    def act(row: models.Delivery) -> str:
        return f"/compose/{share_id(drafts.rewrite(row, visit.acting).pk)}"

    return _act(visit, delivery, act)


@require_POST
@page
def cancel_share(visit: Visit, share: str) -> HttpResponse:
    """Cancel the deliveries of a share that are not out yet."""
    row = find_share(share, visit.desk)
    visit.need(send=True)
    resolve.cancel_share(row, visit.acting)
    return HttpResponseRedirect(f"/shares/{share_id(row.pk)}")


@require_POST
@page
def copied(visit: Visit, delivery: str) -> HttpResponse:
    """Record that a person copied the link. Only the first copy is recorded."""
    confirm.note_copy(find_delivery(delivery, visit.desk), visit.acting)
    return HttpResponse(status=204)

"""The compose pages: an address or a text becomes a draft, with one editable column per channel."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.delivery import State
from sharing.domain.refusal import Refusal
from sharing.intake.fetching import one_article, read_url
from sharing.intake.source import read
from sharing.presentation import speech
from sharing.services.ids import find_share, share_id
from sharing.services.runtime import fetch_allowed
from sharing.services.shares import drafts
from sharing.services.shares.drafts import Saved
from sharing.services.shares.repeats import Skipped
from sharing.services.watch import todo
from sharing.web.pages import columns as view
from sharing.web.pages.compare import lost, merged, unsent
from sharing.web.pages.errors import said
from sharing.web.pages.posted import Posted
from sharing.web.pages.timing import Clock
from sharing.web.pages.visit import Visit, page
from sharing.wording import times

#: Characters in the paste field. A longer text is not an article.
PASTE_LIMIT = 2_000_000


# -- beginning -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def begin(visit: Visit) -> HttpResponse:
    """Make a draft from an address or a text. It comes by form or in this page's address (bookmarklet, CMS link)."""
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    source = (given.get("source") or given.get("url") or "").strip()
    if not source:
        return visit.show("pages/new.html", _new(visit))
    address = given.get("address", "").strip()
    try:
        visit.need(compose=True)
        article = read_source(source, address, visit.zone)
        share = drafts.make(visit.desk, article, visit.acting)
    except Refusal as refusal:
        wants_address = refusal.code == "article.no_url" or bool(address)
        facts = {"source": source, "address": address, "wants_address": wants_address}
        facts |= {"trouble": said(refusal, visit.request)}
        return visit.show("pages/new.html", _new(visit) | facts, status=refusal.status)
    return HttpResponseRedirect(f"/compose/{share_id(share.pk)}")


def _new(visit: Visit) -> dict[str, Any]:
    return {"place": "share", "own_drafts": todo.own_drafts(visit.desk, visit.person)}


def read_source(source: str, address: str, zone: ZoneInfo) -> Article:
    """Fetch an address, or read a pasted text.

    Raises:
        Refusal: it cannot be fetched or read, or it has more than one article.
    """
    now = datetime.now(UTC)
    if len(source) > PASTE_LIMIT:
        raise Refusal("text.too_long", field="source", limit=PASTE_LIMIT)
    if _is_address(source):
        url = source if "://" in source else f"https://{source}"
        return one_article(read_url(url, allowed=fetch_allowed(), zone=zone, now=now))
    data = source.encode("utf-8", "replace")
    return one_article(read(data, url=address or None, zone=zone, now=now))


def _is_address(source: str) -> bool:
    if any(c.isspace() for c in source) or source.startswith(("{", "[", "<")):
        return False
    host = source.split("/", 1)[0]
    return "://" in source or ("." in host.strip(".") and host.isascii())


# -- writing ---------------------------------------------------------------------------------------------


def _draft(visit: Visit, draft: str) -> models.Share | HttpResponse:
    """Return the draft; if it was sent, a redirect to its share."""
    try:
        return drafts.find_draft(draft, visit.desk)
    except Refusal as refusal:
        if refusal.code != "draft.sent":
            raise
        return HttpResponseRedirect(f"/shares/{share_id(find_share(draft, visit.desk).pk)}")


@require_GET
@page
def compose(visit: Visit, draft: str) -> HttpResponse:
    """Show a draft with its columns."""
    share = _draft(visit, draft)
    return share if isinstance(share, HttpResponse) else _page(visit, share)


def _page(
    visit: Visit,
    share: models.Share,
    *,
    posted: Posted | None = None,
    saved: Saved | None = None,
    trouble: object = None,
    asking: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show the stored draft; if a form was posted, merge the form with it."""
    rows = drafts.rows(share)
    share = models.Share.objects.select_related("article", "desk").get(pk=share.pk)
    over = merged(visit, share, rows, posted, saved or Saved()) if posted else None
    found = view.columns(
        visit,
        share,
        texts=over.texts if over else None,
        chosen=over.chosen if over else None,
        kept=over.kept if over else (),
        rows=rows,
    )
    article, now = share.article.value, datetime.now(UTC)
    embargo, opens = article.embargo_until, article.published_at
    differing = over.differences if over else ()
    slugs = {each.slug for each in differing}
    time = drafts.timed(share)
    facts = {
        "place": "share",
        "embargo": embargo if embargo and embargo > now else None,
        "opens": opens if article.status is Status.SCHEDULED and opens and opens > now else None,
        "opens_at": drafts.opens_at(article, now),
        "share": share,
        "id": share_id(share.pk),
        "page": secrets.token_hex(8),
        "article": article,
        "version": share.article.data_hash,
        "picture": f"/pictures/{share.article_id}?v={share.article.data_hash[:8]}"
        if article.image_url
        else "",
        "columns": found,
        "differences": differing,
        "first_tab": next(
            (each.slug for each in found if each.slug in slugs), found[0].slug if found else ""
        ),
        "bar": view.bar(visit, found),
        "variant": next((row.variant for row in rows), "lead"),
        "sent": sorted(drafts.firsts(share).values(), key=lambda each: each.state_at),
        **_clock(visit, time),
        **({"clock": Clock.read(over.time.words or ""), "kept": over.time.kept} if over else {}),
        "unsaved": saved.unsaved if saved else (),
        "trouble": trouble,
        "asking": asking,
        "zone_name": times.zone_name(visit.zone, visit.language),
        "soonest": now.astimezone(visit.zone).strftime("%Y-%m-%dT%H:%M"),
    }
    return visit.show("pages/compose.html", facts, status=status)


def _clock(visit: Visit, time: drafts.Timed) -> dict[str, Any]:
    """Return the stored time, its version and its mark, for the template."""
    clock = Clock.of(time.timing, visit.zone)
    return {"clock": clock, "time_version": time.version, "time_shown": drafts.mark_of(clock.words)}


@require_POST
@page
def facts(visit: Visit, draft: str) -> HttpResponse:
    """Return counters, notes and the send bar for the typed words. Fields are not replaced, so typing goes on."""
    share = _draft(visit, draft)
    if isinstance(share, HttpResponse):
        return HttpResponse(status=204)  # the draft was sent or dropped; `save` says so, once
    posted = Posted.read(visit.request.POST)
    found = view.columns(visit, share, texts=posted.texts, chosen=posted.chosen)
    shown = {"columns": found, "bar": view.bar(visit, found), "oob": True}
    return visit.show("pages/compose_facts.html", shown)


@require_POST
@page
def save(visit: Visit, draft: str) -> HttpResponse:
    """Save the draft: autosave, or without JavaScript the button that refreshes the previews."""
    visit.need(compose=True)
    share = _draft(visit, draft)
    by_script = bool(visit.request.headers.get("HX-Request"))
    posted = Posted.read(visit.request.POST)
    if isinstance(share, HttpResponse):
        return _gone(visit, draft, posted, by_script=by_script)
    saved = drafts.save(share, posted.screen(visit.desk, by_itself=by_script), visit.acting)
    if by_script:
        return _saved(visit, share, posted, saved)
    if saved.unsaved:
        return _stopped(visit, share, posted, saved)
    return HttpResponseRedirect(f"/compose/{share_id(share.pk)}")


def _stopped(visit: Visit, share: models.Share, posted: Posted, saved: Saved) -> HttpResponse:
    """Show the form again, with the words that were not saved and the reason."""
    refusal: Refusal = drafts.Changed(saved.differing)
    if not saved.differing:
        try:
            posted.clock.timing(visit.zone)
        except Refusal as unread:
            refusal = unread
    by_script = bool(visit.request.headers.get("HX-Request"))  # htmx shows only answers with status 200
    trouble, status = said(refusal, visit.request), 200 if by_script else refusal.status
    return _page(visit, share, posted=posted, saved=saved, trouble=trouble, status=status)


def _saved(visit: Visit, share: models.Share, posted: Posted, saved: Saved) -> HttpResponse:
    """Answer an autosave with the new versions, and with changes that somebody else made."""
    rows = drafts.rows(share)
    found = view.columns(visit, share, rows=rows)
    over = merged(visit, share, rows, posted, saved)
    differing = [each for each in over.differences if each.slug in saved.differing]
    new = [each for each in differing if posted.against(each.slug) != each.against]
    shown = {
        "now": datetime.now(UTC),
        "id": share_id(share.pk),
        "oob": True,
        "unsaved": saved.unsaved,
        "columns": [each for each in found if each.version == saved.versions.get(each.slug)],
        "differences": differing if new else (),
    }
    if drafts.WHEN in saved.versions and drafts.WHEN not in saved.unsaved:
        shown |= _clock(visit, drafts.timed(share))
    return visit.show("pages/compose_saved.html", shown)


def _gone(visit: Visit, draft: str, posted: Posted, *, by_script: bool) -> HttpResponse:
    """Answer for a draft that was sent or dropped: redirect to its share, or show words that were not sent."""
    share = find_share(draft, visit.desk)
    words = unsent(share, posted)
    here = f"/shares/{share_id(share.pk)}"
    if not words and not by_script:
        return HttpResponseRedirect(here)
    end = models.Event.objects.filter(delivery__share=share, from_state=State.DRAFT, refused=False)
    facts = {
        "place": "share",
        "share": share,
        "here": here,
        "end": end.exclude(to_state=State.DRAFT).order_by("to_state", "pk").last(),
        "lost": lost(words),
        "oob": by_script,
    }
    if by_script:
        return visit.show("pages/compose_gone_now.html", facts)
    return visit.show("pages/compose_gone.html", facts, status=409)


@require_POST
@page
def reword(visit: Visit, draft: str) -> HttpResponse:
    """Choose another automatic wording, the suggestion again (`reset`), or one of two texts (`swap`, `keep`)."""
    visit.need(compose=True)
    share = drafts.find_draft(draft, visit.desk)
    form = visit.request.POST
    posted = Posted.read(form)
    for choice in {"swap", "keep"} & set(form):
        posted = posted.taking(form[choice], other=choice == "swap")
    screen = posted.screen(visit.desk)
    if "reset" in form:
        saved = drafts.reset(share, form["reset"], screen, visit.acting)
    elif "wording" in form:
        saved = drafts.reword(share, form["wording"], screen, visit.acting)
    else:
        saved = drafts.save(share, screen, visit.acting)
    if saved.differing or saved.unsaved:
        return _stopped(visit, share, posted, saved)
    if "swap" in form:
        return _page(visit, share, posted=posted, saved=saved)
    return HttpResponseRedirect(f"/compose/{share_id(share.pk)}")


# -- ending ----------------------------------------------------------------------------------------------


@require_POST
@page
def send(visit: Visit, draft: str) -> HttpResponse:
    """Send the draft. A second press makes no second share: it finds that the draft is sent."""
    share = _draft(visit, draft)
    posted = Posted.read(visit.request.POST)
    if isinstance(share, HttpResponse):
        return _gone(visit, draft, posted, by_script=False)
    saved = Saved()
    try:
        visit.need(compose=True)
        saved = drafts.save(share, posted.screen(visit.desk), visit.acting)
        visit.need(send=True)
        posted.clock.timing(visit.zone)  # raises Refusal if the time cannot be read
        if posted.clock.breaking and not posted.sure and not saved.differing:
            return _page(visit, share, posted=posted, saved=saved, asking=True)
        skipped = drafts.send(
            share,
            visit.acting,
            versions=saved.versions,
            article=posted.article,
            opens=posted.opens_at,
            seen=posted.seen,
        )
    except Refusal as refusal:
        if not drafts.rows(share):
            return _gone(visit, draft, posted, by_script=False)
        trouble = said(refusal, visit.request)
        return _page(visit, share, posted=posted, saved=saved, trouble=trouble, status=refusal.status)
    _tell(visit, skipped)
    return HttpResponseRedirect(f"/shares/{share_id(share.pk)}")


def _tell(visit: Visit, skipped: tuple[Skipped, ...]) -> None:
    """Store the messages for the live page. Any message also makes that page focus its headline."""
    messages.success(visit.request, "sent")
    for each in skipped:
        text = speech.say(
            "{place} has this article already, since {time}. Nothing went there again.",
            place=f"{speech.channel(each.account.channel)} {each.account.name}",
            time=times.shown(each.delivery.state_at, visit.zone, visit.language),
        )
        messages.info(visit.request, text)


@require_POST
@page
def discard(visit: Visit, draft: str) -> HttpResponse:
    """Drop a draft."""
    visit.need(compose=True)
    drafts.discard(drafts.find_draft(draft, visit.desk), visit.acting)
    messages.info(visit.request, _("The draft was dropped. Nothing was sent."))
    return HttpResponseRedirect("/")

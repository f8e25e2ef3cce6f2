"""Compose: an address or a text becomes a draft with five outputs that are their own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal
from sharing.intake.fetching import one_article, read_url
from sharing.intake.source import read
from sharing.services import drafts, hand
from sharing.services.house import fetch_allowed
from sharing.services.identity import same_words
from sharing.services.ids import find_share, share_id
from sharing.services.repeats import AlreadyShared, Skipped
from sharing.services.teasers import read_time
from sharing.web import speech, times
from sharing.web.pages import columns as view
from sharing.web.pages.errors import said
from sharing.web.pages.visit import Visit, page
from sharing.web.previews import fields_of

#: Whoever pastes more than this into one field has pasted something else.
PASTE_LIMIT = 2_000_000


# -- beginning -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def begin(visit: Visit) -> HttpResponse:
    """Paste an address or a text, by form or in the address of this page (bookmarklet, CMS link)."""
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    source = (given.get("source") or given.get("url") or "").strip()
    if not source:
        return visit.show("pages/new.html", _new(visit))
    address = given.get("address", "").strip()
    try:
        visit.need(compose=True)
        article = read_source(source, address, visit.zone)
        share = drafts.make(visit.desk, article, visit.asker)
    except Refusal as refusal:
        wants_address = refusal.code == "article.no_url" or bool(address)
        facts = {"source": source, "address": address, "wants_address": wants_address}
        facts |= {"trouble": said(refusal, visit.request)}
        return visit.show("pages/new.html", _new(visit) | facts, status=refusal.status)
    return HttpResponseRedirect(f"/compose/{share_id(share.pk)}")


def _new(visit: Visit) -> dict[str, Any]:
    return {"place": "share", "own_drafts": hand.own_drafts(visit.desk, visit.person)}


def read_source(source: str, address: str, zone: ZoneInfo) -> Article:
    """An address is fetched; everything else is read as it was pasted.

    Raises:
        Refusal: it cannot be fetched or read, or is more than one article.
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


@dataclass(frozen=True, slots=True)
class Posted:
    """The compose form as it was sent.

    `texts` holds what a person wrote: a suggestion that was left as it was shown is no person's words, also when
    the article has got another one meanwhile. `version` is of the article that the page showed.
    """

    texts: Mapping[str, str]
    version: str
    chosen: frozenset[int]
    when: str
    at: str
    breaking: bool
    sure: bool
    seen: frozenset[int]

    @classmethod
    def read(cls, form: QueryDict) -> Posted:
        texts: dict[str, str] = {}
        for slug in form.getlist("column")[:50]:
            names = [name for name, _label, _one_line in fields_of(slug)]
            given = [form.get(f"words-{slug}-{name}") for name in names]
            if names and all(each is not None for each in given):
                lines = [str(each).replace("\r\n", "\n") for each in given]
                lines[:-1] = [" ".join(line.split("\n")) for line in lines[:-1]]
                words = "\n".join(lines)
                if form.get(f"shown-{slug}") != view.mark_of(words):
                    texts[slug] = words
        return cls(
            texts=texts,
            version=form.get("version", ""),
            chosen=_numbers(form.getlist("account")),
            when=form.get("when", "now"),
            at=form.get("at", ""),
            breaking="breaking" in form,
            sure="sure" in form,
            seen=_numbers(form.getlist("seen")),
        )

    def keep(self, share: models.Share) -> None:
        """Write it down.

        Raises:
            Refusal: what no draft can hold.
        """
        drafts.write(share, self.texts)
        drafts.choose(share, self.chosen)

    def must_show(self, article: models.Article) -> None:
        """Nobody sends what they have not read.

        Raises:
            Refusal: `draft.article_changed`.
        """
        if self.version and not same_words(self.version, article.data_hash):
            raise Refusal("draft.article_changed", field="article", status=409)

    def time(self) -> datetime | None:
        """When it shall go.

        Raises:
            Refusal: `share.bad_time`, also for none where one is meant.
        """
        return read_time(self.at, "at") if self.when in {"schedule", "embargo"} else None


def _numbers(texts: list[str]) -> frozenset[int]:
    return frozenset(
        int(each) for each in texts[:500] if each.isascii() and each.isdecimal() and len(each) < 18
    )


def _draft(visit: Visit, draft: str) -> models.Share | HttpResponse:
    """The draft, or where it went."""
    try:
        return drafts.find_draft(draft, visit.desk)
    except Refusal as refusal:
        if refusal.code != "draft.sent":
            raise
        return HttpResponseRedirect(f"/shares/{share_id(find_share(draft, visit.desk).pk)}")


@require_GET
@page
def compose(visit: Visit, draft: str) -> HttpResponse:
    """The draft with its five columns."""
    share = _draft(visit, draft)
    return share if isinstance(share, HttpResponse) else _page(visit, share)


def _page(
    visit: Visit,
    share: models.Share,
    *,
    posted: Posted | None = None,
    trouble: object = None,
    asking: bool = False,
    status: int = 200,
) -> HttpResponse:
    found = view.columns(visit, share)
    article, now = share.article.value, datetime.now(UTC)
    embargo, opens = article.embargo_until, article.published_at
    facts = {
        "place": "share",
        "embargo": embargo if embargo and embargo > now else None,
        "opens": opens if article.status is Status.SCHEDULED and opens and opens > now else None,
        "share": share,
        "id": share_id(share.pk),
        "article": article,
        "version": share.article.data_hash,
        "picture": f"/pictures/{share.article_id}?v={share.article.data_hash[:8]}"
        if article.image_url
        else "",
        "columns": found,
        "bar": view.bar(visit, found),
        "variant": next((row.variant for row in drafts.rows(share)), "lead"),
        "sent": sorted(drafts.firsts(share).values(), key=lambda each: each.state_at),
        "posted": posted,
        "trouble": trouble,
        "asking": asking,
        "zone_name": times.zone_name(visit.zone),
        "soonest": now.astimezone(visit.zone).strftime("%Y-%m-%dT%H:%M"),
    }
    return visit.show("pages/compose.html", facts, status=status)


@require_POST
@page
def facts(visit: Visit, draft: str) -> HttpResponse:
    """Counters, notes and the send bar for what is typed; never a field, so no syllable is interrupted."""
    share = _draft(visit, draft)
    if isinstance(share, HttpResponse):
        return HttpResponse(status=204)  # it was sent while this was on its way
    posted = Posted.read(visit.request.POST)
    found = view.columns(visit, share, texts=posted.texts, chosen=posted.chosen)
    shown = {"columns": found, "bar": view.bar(visit, found), "posted": posted, "oob": True}
    return visit.show("pages/compose_facts.html", shown)


@require_POST
@page
def save(visit: Visit, draft: str) -> HttpResponse:
    """Autosave; without JavaScript the button that refreshes the previews."""
    visit.need(compose=True)
    share = _draft(visit, draft)
    by_script = bool(visit.request.headers.get("HX-Request"))
    if isinstance(share, HttpResponse):
        return HttpResponse(status=204) if by_script else share
    Posted.read(visit.request.POST).keep(share)
    if not by_script:
        return HttpResponseRedirect(f"/compose/{share_id(share.pk)}")
    return visit.show("pages/compose_saved.html", {"now": datetime.now(UTC), "oob": True})


@require_POST
@page
def reword(visit: Visit, draft: str) -> HttpResponse:
    """Another automatic wording, or back to the suggestion in one column (`reset`)."""
    visit.need(compose=True)
    share = drafts.find_draft(draft, visit.desk)
    form = visit.request.POST
    Posted.read(form).keep(share)
    if "reset" in form:
        drafts.reset(share, form["reset"])
    else:
        drafts.reword(share, form.get("wording", ""))
    return HttpResponseRedirect(f"/compose/{share_id(share.pk)}")


# -- ending ----------------------------------------------------------------------------------------------


@require_POST
@page
def send(visit: Visit, draft: str) -> HttpResponse:
    """The act. Pressed twice it is one share: the second press finds that it went."""
    share = _draft(visit, draft)
    if isinstance(share, HttpResponse):
        return share
    posted = Posted.read(visit.request.POST)
    try:
        visit.need(compose=True)
        posted.keep(share)
        visit.need(send=True)
        posted.must_show(share.article)
        time = posted.time()
        if posted.breaking and not posted.sure:
            return _page(visit, share, posted=posted, asking=True)
        skipped = drafts.send(
            share,
            visit.asker,
            at=time if posted.when == "schedule" else None,
            embargo=time if posted.when == "embargo" else None,
            breaking=posted.breaking,
            seen=posted.seen,
        )
    except AlreadyShared as already:
        if already.first.pk != share.pk:
            return _page(visit, share, posted=posted, trouble=said(already, visit.request), status=409)
        skipped = ()
    except Refusal as refusal:
        if not drafts.rows(share):
            return HttpResponseRedirect(f"/shares/{share_id(share.pk)}")
        return _page(visit, share, posted=posted, trouble=said(refusal, visit.request), status=refusal.status)
    _tell(visit.request, skipped, visit.zone)
    return HttpResponseRedirect(f"/shares/{share_id(share.pk)}")


def _tell(request: HttpRequest, skipped: tuple[Skipped, ...], zone: ZoneInfo) -> None:
    """What the live page says first; its presence also puts the focus on the headline there."""
    messages.success(request, "sent")
    for each in skipped:
        text = speech.say(
            "{place} has this article already, since {time}. Nothing went there again.",
            place=f"{speech.channel(each.account.channel)} {each.account.name}",
            time=times.shown(each.delivery.state_at, zone),
        )
        messages.info(request, text)


@require_POST
@page
def discard(visit: Visit, draft: str) -> HttpResponse:
    """Give a draft up."""
    visit.need(compose=True)
    drafts.discard(drafts.find_draft(draft, visit.desk), visit.asker)
    messages.info(visit.request, _("The draft was dropped. Nothing was sent."))
    return HttpResponseRedirect("/")

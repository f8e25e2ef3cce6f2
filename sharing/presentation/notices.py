"""Notices for people: the sentence, its subject, and links to act on it. Used by pages and the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.utils import translation

from sharing import models
from sharing.domain.account import Mode
from sharing.presentation import speech
from sharing.services import ids, notices
from sharing.services.runtime import runtime
from sharing.wording import Sentence, sentence

#: The most deliveries or posts to which one notice links.
LINKED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a notice: to a page of the desk or, with `outside`, to a post on its platform."""

    words: str
    href: str
    outside: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNotice:
    """A notice, ready to show. `practice`: it is about sandbox accounts only."""

    row: models.Notice
    said: Sentence
    links: tuple[Link, ...]
    practice: bool


def tell(row: models.Notice, language: str, desk: models.Desk | None = None) -> ToldNotice:
    """Put a notice into words. With `desk`, its links lead to that desk's pages only."""
    about = _about(row, desk)
    with translation.override(language):
        said = sentence(
            row.facts.get("sentence") or f"notice.{row.kind}", language, _facts(row, about, language)
        )
        links = tuple(islice(_links(row, about), LINKED))
    return ToldNotice(row=row, said=said, links=links, practice=_is_practice(row, about))


def public(rows: Iterable[models.Notice], language: str) -> list[dict[str, Any]]:
    """Return notices for JSON: ids are strings, times ISO 8601 in UTC, addresses absolute."""
    rows = list(rows)
    desks = notices.desks_of(rows)
    names = dict(models.Desk.objects.values_list("pk", "name"))
    found = []
    for row in rows:
        told = tell(row, language)
        desk = desks.get(row.pk)
        found.append(
            {
                "id": str(row.pk),
                "kind": row.kind,
                "subject": row.subject,
                "desk": names.get(desk) if desk else None,
                "since": row.since.isoformat(),
                "what": told.said.what,
                "live": told.said.live,
                "next": told.said.then,
                "practice": told.practice,
                "links": [
                    each.href if each.outside else f"{runtime().base_url}{each.href}" for each in told.links
                ],
            }
        )
    return found


# -- the subject of a notice --------------------------------------------------------------------------------


@dataclass(slots=True)
class _About:
    deliveries: list[models.Delivery]
    article: models.Article | None = None


def _about(row: models.Notice, desk: models.Desk | None) -> _About:
    """Find the deliveries and the article that a notice names, in its subject or its facts."""
    noun, _, name = row.subject.partition(":")
    number = ids.number(name) or 0
    rows = models.Delivery.objects.select_related("account", "article").order_by("pk")
    if desk:
        rows = rows.filter(desk=desk)
    if noun == "delivery":
        return _About(list(rows.filter(pk=number)))
    if noun == "share":
        return _About(list(rows.filter(share=number)[:LINKED]))
    if noun == "article":
        live = rows.filter(article=number, pk__in=row.facts.get("live", ()))
        return _About(list(live[:LINKED]), models.Article.objects.filter(pk=number).first())
    return _About(list(rows.filter(pk__in=row.facts.get("deliveries", ())[:200])[:LINKED]))


def _facts(row: models.Notice, about: _About, language: str) -> dict[str, Any]:
    """Return the facts for the notice's sentence: its own facts, and the missing ones from its subject."""
    noun, _, name = row.subject.partition(":")
    facts = {"subject": row.subject or "-", "n": row.facts.get("number", 1), **row.facts}
    each = notices.KINDS.get(row.kind, notices.Kind()).each
    if row.facts.get(each):
        facts["n"] = len(row.facts[each])
    first = about.deliveries[0] if about.deliveries else None
    if noun == "source":
        facts.setdefault("source", name)
    if first and noun == "delivery":
        facts = {"headline": first.article.headline, "account": first.account.name, **facts}
        facts["platform"] = speech.channel(first.channel)
    elif about.article:
        facts.setdefault("headline", about.article.headline)
    elif row.kind == "outage":
        facts["platform"] = speech.channel(row.subject)
    if "reason" in facts:
        facts["reason"] = sentence(str(facts["reason"]), language, row.facts).what
    if "seconds" in facts:
        facts["span"] = timedelta(seconds=abs(facts["seconds"]))
    facts.setdefault("hook", (row.facts.get("hooks") or [row.facts.get("inbound", "")])[-1])
    return facts


def _links(row: models.Notice, about: _About) -> Iterable[Link]:
    for number, post in enumerate(row.facts.get("posts", ()), start=1):
        if str(post).startswith(("https://", "http://")):
            yield Link(words=speech.say("Post {n}", n=number), href=str(post), outside=True)
    if about.article:
        yield _headline(about.article, f"/articles/{about.article.pk}")
    for each in about.deliveries if not about.article else ():
        yield _headline(each.article, f"/shares/{ids.share_id(each.share_id)}#delivery-{each.pk}")
    if row.kind == "outage" or row.subject.startswith("account:"):
        yield Link(words=speech.say("Accounts"), href="/accounts")


def _headline(article: models.Article, href: str) -> Link:
    return Link(words=article.headline, href=href, language=article.data.get("language") or "")


def _is_practice(row: models.Notice, about: _About) -> bool:
    modes = {each.account.mode for each in about.deliveries}
    if row.kind == "outage":
        modes = set(models.Account.objects.filter(channel=row.subject).values_list("mode", flat=True))
    return modes == {Mode.SANDBOX.value}

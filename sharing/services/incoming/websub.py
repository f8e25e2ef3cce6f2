"""WebSub: a feed's hub calls us when something is new (w3.org/TR/websub, read 2026-11-24).

A hub is asked only if our own address can be reached from outside. A hub is a stranger: requests to it go through the
guarded fetcher, and its pushes are signed with a secret that only this hub was given.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog

from sharing import models
from sharing.domain.hosts import host_of
from sharing.domain.refusal import Refusal
from sharing.intake.feeds import hub_links
from sharing.models import moves
from sharing.net.addresses import is_public
from sharing.net.fetch import Fetched, post_form, safe_url
from sharing.services.accounts.sealing import seal, unseal
from sharing.services.runtime import fetch_allowed, runtime

log = structlog.get_logger()

SCHEME = "websub"
#: The lease that we ask a hub for, and when a hub that did not answer is asked again.
LEASE, ASK_AGAIN = timedelta(days=10), timedelta(hours=6)
#: A hub verifies our request within this time; a later verification is refused.
ANSWERS_WITHIN = timedelta(hours=1)
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(days=90)
_LINK = re.compile(r"<([^<>]{1,2048})>\s*((?:;[^,<]{0,300})?)")


def notice_hub(feed: models.Feed, page: Fetched, now: datetime) -> None:
    """Ask the feed's hub to call us, if the feed names a hub and it is time to ask."""
    if not reachable() or (feed.ask_at is not None and feed.ask_at > now):
        return
    try:
        hub, topic = _hub_of(page)
    except Refusal:
        return
    models.Feed.objects.filter(pk=feed.pk).update(ask_at=now + ASK_AGAIN)
    if hub:
        _subscribe(feed, hub, topic or feed.url, now)


def reachable() -> bool:
    """Whether a hub on the Internet can reach our address."""
    host = host_of(runtime().base_url).strip("[]")
    if re.fullmatch(r"[0-9.]+|.*:.*", host):
        return is_public(host)
    return "." in host and not host.endswith((".local", ".internal", ".localhost", ".lan", ".test"))


def _hub_of(page: Fetched) -> tuple[str, str]:
    """Return the address of the hub and the feed's own address, from the Link header, else from the feed."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(page.headers.get("link", "")[:8000]):
        for relation in re.findall(r"rel=\"?([\w -]+)", parameters):
            for each in relation.split():
                found.setdefault(each, target)
    if "hub" not in found:
        hubs, topic = hub_links(page.body)
        found = {"hub": hubs[0] if hubs else "", "self": topic or ""}
    return found.get("hub", ""), found.get("self", "")


def _subscribe(feed: models.Feed, hub: str, topic: str, now: datetime) -> None:
    # A renewal keeps the secret: until the hub has a new secret, it signs with the old one.
    secret = next(iter(hub_secrets(feed.source)), "") or secrets.token_urlsafe(32)
    row = models.Feed.objects.filter(pk=feed.pk)
    row.update(
        hub=hub[:2048], topic=topic[:2048], asked_at=now, sealed=seal(f"feed:{feed.pk}", {"hub": secret})
    )
    form = {
        "hub.callback": callback(feed.source),
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.secret": secret,
    }
    moves.give_back_connection()
    try:
        answer = post_form(safe_url(hub), form, allowed=fetch_allowed())
    except Refusal as refusal:
        log.warning("a hub could not be asked", source=feed.source.name, reason=str(refusal))
        return
    if answer.status >= 300:
        log.warning("a hub refused", source=feed.source.name, status=answer.status)


def callback(source: models.Source) -> str:
    """Return the address that the hub calls."""
    return f"{runtime().base_url}/hooks/{source.name}"


def answer(source: models.Source, query: Mapping[str, str]) -> str:
    """Answer a hub that verifies our subscription: return its challenge if we asked for it (section 5.3).

    Raises:
        Refusal: `websub.not_asked` (404): nobody here asked for it.
    """
    mode, topic, challenge = (query.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
    now = datetime.now(UTC)
    feed = models.Feed.objects.filter(source=source).exclude(topic="").first()
    if mode == "subscribe" and 0 < len(challenge) <= 1000:
        if (
            feed is not None
            and feed.topic == topic
            and feed.asked_at
            and feed.asked_at > now - ANSWERS_WITHIN
        ):
            until = now + _lease(query.get("hub.lease_seconds", ""))
            again = now + (until - now) * 0.8
            models.Feed.objects.filter(pk=feed.pk).update(hub_until=until, ask_at=again)
            return challenge
        if source.scheme == SCHEME:  # somebody asked the hub by hand, with this source's secret
            return challenge
    if mode == "denied" and feed is not None and feed.topic == topic:
        models.Feed.objects.filter(pk=feed.pk).update(hub_until=None, sealed=None, ask_at=now + LEASE)
        return ""
    raise Refusal("websub.not_asked", status=404)


def _lease(seconds: str) -> timedelta:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return LEASE
    return min(max(timedelta(seconds=int(seconds)), _SHORTEST), _LONGEST)


def hub_secrets(source: models.Source) -> list[str]:
    """Return the secrets that the source's hub signs with; [] if no hub was asked."""
    feed = models.Feed.objects.filter(source=source).exclude(sealed=None).first()
    return [each.reveal() for each in unseal(f"feed:{feed.pk}", feed.sealed).values()] if feed else []

"""Feeds: read again and again, so that articles come in without programming, or although their hook was lost.

The first read marks every entry as seen: a feed that is newly connected shares nothing of its past. Later entries are
applied like hooks. An article that came by a hook too is recognised by its address.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from sharing import models
from sharing.domain.addresses import address_key, former_key
from sharing.domain.lanes import FRESH_FOR, Lane
from sharing.domain.origin import Via
from sharing.domain.refusal import Refusal
from sharing.intake import safe_xml
from sharing.intake.feeds import ROOTS, read_feed
from sharing.intake.reading import Event, Reading
from sharing.models import moves
from sharing.net.fetch import Fetched, fetch
from sharing.net.http import pause_until
from sharing.services import notices
from sharing.services.articles import keep
from sharing.services.entries import ActingFor
from sharing.services.incoming import websub
from sharing.services.incoming.article_events import apply
from sharing.services.incoming.notation import notation_of
from sharing.services.incoming.reports import AfterCommit, Reporter, facts_of
from sharing.services.runtime import fetch_allowed

log = structlog.get_logger()

#: The scheme of a source that has a feed and no hooks.
SCHEME = "feed"
#: Header of an Inbound that holds one feed entry; its value is the entry's id.
ENTRY_OF = "entry-of"
#: Seconds between two reads of a feed: the usual, the shortest and the longest interval.
EVERY, OFTEN, RARELY = 60, 15, 24 * 60 * 60
#: Shortest interval while a hub calls us: reading is then only a safety net.
WITH_A_HUB = timedelta(minutes=10)
#: How long a new entry waits for its hook, where the source also sends hooks.
HEAD_START = timedelta(minutes=2)
#: If more new entries than this have no time, the feed was rebuilt: they are not news.
UNDATED_AT_ONCE = 5
#: Failed reads in a row before people are told, and the longest pause that we choose between two reads.
TELL_AFTER, LONGEST_PAUSE = 3, timedelta(hours=1)
AT_ONCE = 4
_LEASE = timedelta(minutes=2)
_TURN = timedelta(seconds=50)
_SEEN_ANEW = timedelta(days=7)
#: Bytes of a document that are enough to recognise its kind.
_HEAD = 4096
_ACCEPT = "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"


def anything_due() -> bool:
    """Whether a feed is due to be read."""
    return _due(datetime.now(UTC)).exists()


def _due(now: datetime) -> QuerySet[models.Feed]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return models.Feed.objects.filter(free, next_at__lte=now, source__switched_on=True)


def read_due() -> dict[str, Any]:
    """Read the feeds that are due, AT_ONCE in parallel; start no more after 50 seconds. Returns how many were read."""
    ends, count = datetime.now(UTC) + _TURN, 0
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="feed") as pool:
        while datetime.now(UTC) < ends:
            due = list(_due(datetime.now(UTC)).order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])
            if not due:
                break
            count += sum(pool.map(_look_quietly, due))
    return {"read": count}


def _look_quietly(feed_id: int) -> bool:
    try:
        return look(feed_id)
    except Exception:
        log.exception("a feed could not be dealt with", feed=feed_id)
        return False
    finally:
        connection.close()


def look(feed_id: int) -> bool:
    """Read one feed under a lease. Returns False if the feed is not due any more or another worker has it."""
    now = datetime.now(UTC)
    if not _due(now).filter(pk=feed_id).update(lease_until=now + _LEASE):
        return False
    feed = models.Feed.objects.select_related("source__desk").get(pk=feed_id)
    moves.give_back_connection()
    headers = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    try:
        page = fetch(
            feed.url,
            allowed=fetch_allowed(),
            accept=_ACCEPT,
            headers={name: value for name, value in headers.items() if value},
        )
        _read(feed, page, now)
    except Refusal as refusal:
        _failed(feed, refusal, now)
    else:
        _went_well(feed, now)
    return True


def _read(feed: models.Feed, page: Fetched, now: datetime) -> None:
    if page.status == 304:
        return
    if page.status != 200:
        raise Refusal(f"page.{page.status}", until=pause_until(page.headers, now))
    body_hash = hashlib.sha256(page.body).hexdigest()
    if body_hash != feed.body_hash:
        readings = _readings(page, feed.source, now)
        _, left = _take_new(feed.source, readings, now, feed=feed)
        # An entry is left for a later read: forget the validators, so that the server does not answer 304.
        feed.body_hash = "" if left else body_hash
        feed.etag = "" if left else page.headers.get("etag", "")[:300]
        feed.last_modified = "" if left else page.headers.get("last-modified", "")[:100]
    websub.notice_hub(feed, page, now)


def _readings(page: Fetched, source: models.Source, now: datetime) -> list[Reading]:
    try:
        return read_feed(page.body, url=page.url, zone=notation_of(source), now=now)
    except Refusal as refusal:
        if refusal.code == "feed.empty":  # the site has published nothing lately
            return []
        raise


def _went_well(feed: models.Feed, now: datetime) -> None:
    pause = timedelta(seconds=feed.every)
    if feed.hub_until and feed.hub_until > now:
        pause = max(pause, WITH_A_HUB)
    models.Feed.objects.filter(pk=feed.pk).update(
        next_at=now + pause,
        lease_until=None,
        read_at=now,
        connected_at=feed.connected_at or now,
        failures=0,
        last_code="",
        body_hash=feed.body_hash,
        etag=feed.etag,
        last_modified=feed.last_modified,
    )
    if feed.failures:
        notices.over_for("feed", f"source:{feed.source.name}")


def _failed(feed: models.Feed, refusal: Refusal, now: datetime) -> None:
    """Schedule the next read: exponential backoff up to LONGEST_PAUSE, never earlier than the server asks."""
    failures = feed.failures + 1
    pause = min(timedelta(seconds=feed.every) * 2 ** min(failures, 12), LONGEST_PAUSE)
    until = max(now + pause, refusal.facts.get("until") or now)
    models.Feed.objects.filter(pk=feed.pk).update(
        next_at=until, lease_until=None, failures=failures, last_code=refusal.code[:80]
    )
    log.warning("a feed could not be read", source=feed.source.name, reason=str(refusal))
    if failures >= TELL_AFTER:
        facts = {"source": feed.source.name, "url": feed.url[:300], "reason": refusal.code, "n": failures}
        notices.tell("feed", f"source:{feed.source.name}", {**facts_of(refusal), **facts})


def calm_again() -> None:
    """End the notices of feeds that were read successfully, have another address, or were switched off."""
    failing = models.Feed.objects.filter(failures__gte=TELL_AFTER, source__switched_on=True)
    notices.over("feed", still=[f"source:{name}" for name in failing.values_list("source__name", flat=True)])


# -- the entries of a feed --------------------------------------------------------------------------------


def is_feed(body: bytes) -> bool:
    """Whether the body of a hook is a feed, whatever format its source has.

    A feed is handled entry by entry: it has many entries, and most of them are old.
    """
    if body.lstrip()[:1] in {b"{", b"["}:
        return b"jsonfeed.org/version" in body
    try:
        return safe_xml.root_name(safe_xml.decode(body[:_HEAD])) in ROOTS
    except Refusal:
        return False


def pushed(source: models.Source, body: bytes, *, now: datetime) -> list[models.Inbound]:
    """Take the new entries of a feed that a hub pushed. Returns an Inbound for each.

    Raises:
        Refusal: the body is not a feed; nothing is kept.
    """
    readings = read_feed(body, url=None, zone=notation_of(source), now=now)
    feed = models.Feed.objects.filter(source=source).first()
    return _take_new(source, readings, now, feed=feed)[0]


def _take_new(
    source: models.Source, readings: Sequence[Reading], now: datetime, *, feed: models.Feed | None
) -> tuple[list[models.Inbound], bool]:
    """Take the new entries, oldest first. Also returns whether an entry was left for a later read."""
    entries = [(reading, _names(reading)) for reading in readings]
    known = _seen(source, [name for _, names in entries for name in names], now)
    fresh = [(reading, names) for reading, names in entries if names and not known.intersection(names)]
    first = not known if feed is None else feed.connected_at is None
    undated = sum(reading.at is None for reading, _ in fresh)
    history: list[str] = []
    took, left = [], False
    for reading, names in reversed(fresh):
        rebuilt = reading.at is None and undated > UNDATED_AT_ONCE
        if rebuilt or _is_history(reading, now, first=first, hub_alone=feed is None):
            history += names
        elif feed is not None and _wait_for_its_hook(source, reading, now):
            left = True
        elif (inbound := _take_one(source, reading, names, now)) is not None:
            took.append(inbound)
    _mark(source, history)
    for reading, names in entries:
        if known.intersection(names):
            _renew(source, reading, now, feed)
    return took, left


def _is_history(reading: Reading, now: datetime, *, first: bool, hub_alone: bool) -> bool:
    """Whether an entry is only marked as seen: it is older than the connection, an import, or has no article.

    `hub_alone`: the source has no feed of its own, because somebody else asked the hub. Of the hub's first push,
    entries published within the last hour are news.
    """
    if reading.article is None or reading.event is Event.IMPORTED:
        return True
    published = reading.article.published_at
    return first and not (hub_alone and published is not None and published > now - timedelta(hours=1))


def _wait_for_its_hook(source: models.Source, reading: Reading, now: datetime) -> bool:
    published = reading.article.published_at if reading.article else None
    return (
        source.scheme not in {SCHEME, websub.SCHEME}
        and published is not None
        and now - published < HEAD_START
    )


def _take_one(
    source: models.Source, reading: Reading, names: Sequence[str], now: datetime
) -> models.Inbound | None:
    """Keep one new entry, mark it as seen and apply it, in one transaction. None: another worker was faster."""
    article = reading.article
    assert article is not None  # noqa: S101 - what has none is history
    late = article.published_at is not None and now - article.published_at > FRESH_FOR[Lane.NORMAL]
    acting = ActingFor(name=source.name, via=Via.FEED)
    reporter = Reporter(source=source, acting=acting, now=now, ask=late, from_feed=True)
    body = json.dumps({"article": article.stored(), "event": reading.event}, ensure_ascii=False).encode()
    after_commit = AfterCommit()
    try:
        with transaction.atomic():
            inbound = models.Inbound.objects.create(
                source=source,
                message_id=f"entry:{names[0]}",
                headers={"content-type": "application/json", ENTRY_OF: str(reading.source_id or "")[:300]},
                body=body,
                body_hash=hashlib.sha256(body).hexdigest(),
            )
            _mark(source, names)
            inbound.result = apply(reporter, [reading], after_commit)
            inbound.save(update_fields=["result"])
    except IntegrityError:
        return None
    after_commit.follow(acting)
    return inbound


def _renew(source: models.Source, reading: Reading, now: datetime, feed: models.Feed | None) -> None:
    """Apply an entry that was seen before and says that it changed since the feed was last read."""
    changed = reading.article.modified_at if reading.article else None
    before = feed.read_at if feed else None
    if changed is None or before is None or changed < before - HEAD_START or reading.why_not:
        return
    acting = ActingFor(name=source.name, via=Via.FEED)
    reporter = Reporter(source=source, acting=acting, now=now, from_feed=True)
    if reading.article is None or keep.find(source.desk, reading.article, source) is None:
        return
    after_commit = AfterCommit()
    with transaction.atomic():
        apply(reporter, [replace(reading, event=Event.UPDATED)], after_commit)
    after_commit.follow(acting)


def _names(reading: Reading) -> list[str]:
    """Return hashes of an entry's id and of its address. Both identify the entry, because feeds change either."""
    told = [f"id:{reading.source_id}"] if reading.source_id else []
    if reading.article and reading.article.address:
        former = None if told else former_key(reading.article.address)
        told += [f"at:{key}" for key in (address_key(reading.article.address), former) if key]
    return [hashlib.sha256(each.encode(errors="surrogatepass")).hexdigest() for each in told]


def _seen(source: models.Source, names: Sequence[str], now: datetime) -> set[str]:
    rows = models.FeedEntry.objects.filter(source=source, name__in=names)
    rows.filter(seen_at__lt=now - _SEEN_ANEW).update(seen_at=now)
    return set(rows.values_list("name", flat=True))


def _mark(source: models.Source, names: Sequence[str]) -> None:
    """Mark entries as seen."""
    new = [models.FeedEntry(source=source, name=name) for name in sorted(set(names))]
    models.FeedEntry.objects.bulk_create(new, ignore_conflicts=True)

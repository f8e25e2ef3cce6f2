"""Ingest: a hook is verified, kept as it came, and becomes shares; all in one transaction.

Whatever is signed is kept, also what cannot be read: nothing that a CMS told us is lost.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from sharing import models
from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake import signatures
from sharing.intake.reading import Event, Reading
from sharing.intake.source import read
from sharing.services import articles, rules, sources
from sharing.services.ids import share_id
from sharing.services.share import AlreadyShared, Asker, Shared, Wish, after_writing, write_share

#: The size of a hook, in bytes (design.md section 7).
HOOK_LIMIT = 1_000_000
_KEPT = {
    "content-type",
    "user-agent",
    "webhook-id",
    "webhook-timestamp",
    "x-github-delivery",
    "x-strapi-event",
}
_SHARES = {Event.PUBLISHED, Event.REPUBLISHED, Event.SCHEDULED, Event.EMBARGOED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A request as it came, before anything read it."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    content_type: str


@dataclass(slots=True)
class _Done:
    """What has to happen once the transaction stands."""

    shared: list[tuple[Shared, bool]] = field(default_factory=list)
    changed: list[models.Article] = field(default_factory=list)
    withdrawn: list[models.Article] = field(default_factory=list)


def accept(source_name: str, hook: Hook) -> models.Inbound:
    """Take a hook. Its `result` says what came of it.

    Raises:
        Refusal: 404, 403, 413, 415 and 401, in this order of looking; nothing is stored for these.
    """
    source = sources.find_source(source_name)
    if not source.switched_on:
        raise Refusal("source.switched_off", field="source", status=403, name=source.name)
    if len(hook.body) > HOOK_LIMIT:
        raise Refusal("hook.too_big", field="body", status=413, limit=HOOK_LIMIT)
    if not _is_json(hook.content_type):
        raise Refusal("hook.not_json", field="Content-Type", status=415)
    now = datetime.now(UTC)
    verified = signatures.verify(
        source.scheme,
        sources.secrets_of(source),
        method=hook.method,
        path=hook.path,
        headers=hook.headers,
        body=hook.body,
        now=now,
    )
    return _keep(source, hook, verified.message_id, now)


def _is_json(content_type: str) -> bool:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _keep(source: models.Source, hook: Hook, message_id: str | None, now: datetime) -> models.Inbound:
    body_hash = hashlib.sha256(hook.body).hexdigest()
    asker = Asker(name=source.name, via="hook")
    done = _Done()
    with transaction.atomic():
        inbound, made = models.Inbound.objects.get_or_create(
            source=source,
            # Without an id of the sender's, the same body is the same hook.
            message_id=message_id or f"sha256:{body_hash}",
            defaults={
                "headers": _kept_headers(hook.headers),
                "body": hook.body,
                "body_hash": body_hash,
            },
        )
        if made:
            inbound.result = _result(source, hook, now, asker, done)
            inbound.save(update_fields=["result"])
    if made:
        _follow(done, asker)
    return inbound


def _kept_headers(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What helps to understand a hook later; never what proves who sent it."""
    kept = (
        "content-type",
        "user-agent",
        "webhook-id",
        "webhook-timestamp",
        "x-github-delivery",
        "x-strapi-event",
    )
    return {name.lower(): value[:500] for name, value in headers if name.lower() in kept}


def _result(source: models.Source, hook: Hook, now: datetime, asker: Asker, done: _Done) -> dict[str, Any]:
    try:
        readings = read(
            hook.body,
            content_type=hook.content_type,
            format=None if source.format == "auto" else source.format,
            zone=ZoneInfo(source.desk.zone),
            now=now,
            headers=dict(hook.headers),
            address=source.mapping.get("address"),
            mapping=source.mapping.get("paths"),
        )
    except Refusal as refusal:
        return {"result": "unreadable", "code": refusal.code, "facts": _facts(refusal)}
    results = [_one(source, reading, asker, done) for reading in readings]
    return results[0] if len(results) == 1 else {"result": "several", "articles": results}


def _one(source: models.Source, reading: Reading, asker: Asker, done: _Done) -> dict[str, Any]:
    """What one article of a hook leads to."""
    article = reading.article
    if article is None:
        return _not_shareable(reading.why_not, reading.event)
    if reading.source_id and not article.source_id:
        article = dataclasses.replace(article, source_id=reading.source_id)
    try:
        if reading.event in {Event.UNPUBLISHED, Event.DELETED}:
            return _withdraw(source, article, done)
        if reading.event is Event.UPDATED:
            return _update(source, article, done)
        if reading.why_not or reading.event not in _SHARES:
            return _not_shareable(reading.why_not, reading.event)
        return _share(source, article, asker, done)
    except AlreadyShared as already:
        return {"result": "already_shared", "share": share_id(already.first.pk)}
    except Refusal as refusal:
        return _not_shareable(refusal, reading.event)


def _not_shareable(refusal: Refusal | None, event: Event) -> dict[str, Any]:
    code = refusal.code if refusal else f"event.{event}"
    return {"result": "not_shareable", "code": code, "facts": _facts(refusal)}


def _facts(refusal: Refusal | None) -> dict[str, str]:
    return {name: str(value)[:300] for name, value in (refusal.facts if refusal else {}).items()}


def _share(source: models.Source, article: Article, asker: Asker, done: _Done) -> dict[str, Any]:
    """By the source's rules, at once or as drafts that ask a person."""
    ways = rules.ways(source, article)
    if not ways:
        raise Refusal("share.no_accounts", field="accounts")
    made: list[models.Share] = []
    first: AlreadyShared | None = None
    for way in ways:
        wish = Wish(article=article, accounts=way.accounts, as_draft=way.ask, source=source)
        try:
            with transaction.atomic():
                shared, changed = write_share(source.desk, wish, asker)
        except AlreadyShared as already:
            first = already
            _update(source, article, done)  # nothing new to send, but it may say something new
            continue
        made.append(shared.share)
        done.shared.append((shared, changed))
    if not made:
        raise first or Refusal("share.no_accounts", field="accounts")
    result = "drafted" if all(way.ask for way in ways) else "shared"
    return {"result": result, "share": share_id(made[0].pk), "shares": [share_id(share.pk) for share in made]}


def _update(source: models.Source, article: Article, done: _Done) -> dict[str, Any]:
    row, changed = articles.keep(source.desk, article, source)
    if changed:
        done.changed.append(row)
    return {"result": "updated", "article": str(row.pk)}


def _withdraw(source: models.Source, article: Article, done: _Done) -> dict[str, Any]:
    row = articles.find(source.desk, article, source)
    if row is None:
        return {"result": "not_shareable", "code": "article.not_known", "facts": {}}
    articles.mark_withdrawn(row)
    done.withdrawn.append(row)
    return {"result": "withdrawn", "article": str(row.pk)}


def _follow(done: _Done, asker: Asker) -> None:
    for row in done.changed:
        articles.follow_change(row, asker.actor)
    for row in done.withdrawn:
        articles.withdraw(row, asker.actor)
    for shared, changed in done.shared:
        after_writing(shared, asker, article_changed=changed)

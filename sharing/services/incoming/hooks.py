"""Hooks: keep each hook as it came, and apply it, in one transaction.

Every signed hook is kept, even if it cannot be read: nothing that a CMS sent is lost. The body is read before the
transaction begins. A hook with many articles is only kept; the first free worker applies it right after.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from sharing import models
from sharing.domain.lanes import FRESH_FOR, Lane
from sharing.domain.origin import Via
from sharing.domain.refusal import Refusal
from sharing.intake.reading import Reading
from sharing.intake.source import read
from sharing.services import ids, notices
from sharing.services.entries import ActingFor, write_entry
from sharing.services.incoming import admission, feeds
from sharing.services.incoming.admission import Hook
from sharing.services.incoming.article_events import apply
from sharing.services.incoming.notation import notation_of
from sharing.services.incoming.reports import AfterCommit, Reporter, facts_of

log = structlog.get_logger()

#: Articles applied while the CMS waits for the answer, and articles per transaction.
AT_ONCE = 20
#: Tries when hooks that name one article by several names deadlock, and PostgreSQL's code for a deadlock.
#: PostgreSQL ends one of the transactions; that hook is tried again.
TRIES, _DEADLOCK = 3, "40P01"
_SECRET_HEADERS = ("auth", "cookie", "signature", "secret", "token", "password", "api-key", "apikey")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A hook that was taken in.

    `repeat`: the same hook had come before. `entries`: the Inbounds of a hub's push, one for each new entry.
    """

    inbound: models.Inbound | None
    repeat: bool = False
    entries: tuple[models.Inbound, ...] = ()


def accept(source_name: str, hook: Hook) -> Accepted:
    """Admit a hook, keep it and apply it. The `result` of its Inbound says what it led to.

    Raises:
        Refusal: as `admission.admit`; nothing is stored.
    """
    admitted = admission.admit(source_name, hook)
    source = admitted.source
    if admitted.pushed or feeds.is_feed(hook.body):
        with suppress(Refusal):  # not a feed after all: handled like any other hook
            return _pushed(source, hook, admitted.now)
    inbound = models.Inbound(
        source=source,
        message_id=admitted.message_id,
        headers=_kept_headers(hook.headers),
        body=hook.body,
        body_hash=hashlib.sha256(hook.body).hexdigest(),
    )
    return _keep(inbound, admitted.now)


def _pushed(source: models.Source, hook: Hook, now: datetime) -> Accepted:
    entries = feeds.pushed(source, hook.body, now=now)
    return Accepted(entries[0] if entries else None, entries=tuple(entries))


def _keep(inbound: models.Inbound, now: datetime) -> Accepted:
    """Keep and apply a hook in one transaction. A repeat that comes at the same time waits, and finds the first one."""
    reporter = Reporter(
        source=inbound.source, acting=ActingFor(name=inbound.source.name, via=Via.HOOK), now=now
    )
    readings: list[Reading] | dict[str, Any] | None = None
    after_commit = AfterCommit()
    tries_left = TRIES
    while True:
        try:
            readings = _readings(inbound, now) if readings is None else readings
            if not _write(inbound, reporter, readings, after_commit):
                return Accepted(_again(inbound), repeat=True)
        except (OperationalError, InterfaceError) as error:
            tries_left -= 1
            if not tries_left or getattr(error.__cause__, "sqlstate", None) != _DEADLOCK:
                raise  # 503: the CMS sends it again
            inbound.pk = inbound.result = None
            after_commit = AfterCommit()
        except Exception as mistake:  # noqa: BLE001 - ours; the hook is kept all the same
            kept = _failed(inbound, mistake)
            return Accepted(kept, repeat=kept is not inbound)
        else:
            after_commit.follow(reporter.acting)
            return Accepted(inbound)


def _write(
    inbound: models.Inbound,
    reporter: Reporter,
    readings: list[Reading] | dict[str, Any],
    after_commit: AfterCommit,
) -> bool:
    """Keep the hook, and apply it unless it holds more than AT_ONCE articles. Returns False if it had come before."""
    with _in_turn(), transaction.atomic():
        if not models.insert([inbound], unless_taken="message_id"):
            return False  # it had come before
        if isinstance(readings, dict):
            inbound.result = readings
        elif sum(each.article is not None for each in readings) <= AT_ONCE:
            inbound.result = apply(reporter, readings, after_commit)
        inbound.save(update_fields=["result"])
    return True


_turn = threading.Lock()


@contextmanager
def _in_turn() -> Iterator[None]:
    """Let the hooks of one process write one after the other on SQLite.

    SQLite has one writer. A connection that waits for it sleeps between tries, so an unlucky one waits long (four hooks
    at once without this lock: p99 1.7 s, see bench/ingest.py).
    """
    with _turn if connection.vendor == "sqlite" else nullcontext():
        yield


def _again(inbound: models.Inbound) -> models.Inbound:
    return models.Inbound.objects.select_related("source").get(
        source=inbound.source, message_id=inbound.message_id
    )


def _failed(inbound: models.Inbound, mistake: Exception) -> models.Inbound:
    """Keep a hook on which our own code failed, and tell people."""
    number = secrets.token_hex(4)
    log.error("our mistake", number=number, source=inbound.source.name, exc_info=mistake)
    inbound.result = {"result": "failed", "code": "hook.failed", "facts": {"id": number}}
    # The insert was rolled back: SQLite may have given its number to another hook since.
    here = models.Inbound.objects.filter(source=inbound.source, message_id=inbound.message_id)
    if here.filter(pk=inbound.pk).exists():
        inbound.save(update_fields=["result"])
    elif not models.insert([inbound], unless_taken="message_id"):
        return _again(inbound)
    name = inbound.source.name
    notices.tell("hook_failed", f"source:{name}", {"source": name, "hooks": [inbound.pk], "id": number})
    return inbound


def failed_no_more() -> None:
    """End the notices of failed hooks where each hook was read since or is no longer kept."""
    failed = models.Inbound.objects.filter(result__result="failed")
    left: dict[str, set[int]] = {}
    for subject, hooks in notices.things("hook_failed").items():
        # A notice of version 0.1 names only its last hook: check all failed hooks of its source.
        rows = failed.filter(pk__in=hooks) if hooks else failed.filter(source__name=subject.partition(":")[2])
        left[subject] = set(rows.values_list("pk", flat=True))
    notices.keep_only("hook_failed", left)


def _kept_headers(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the headers that are needed to read the hook again, without any that prove who sent it."""
    kept = {}
    for name, value in list(headers)[:60]:
        low = name.lower()[:80]
        if not any(word in low for word in _SECRET_HEADERS):
            kept[low] = value[:500].replace("\x00", "")
    return kept


def readings_of(inbound: models.Inbound) -> list[Reading]:
    """Read a kept hook with its source's present settings. Returns [] if it cannot be read. Writes nothing."""
    readings = _readings(inbound, inbound.received_at)
    return [] if isinstance(readings, dict) else readings


def _readings(inbound: models.Inbound, now: datetime) -> list[Reading] | dict[str, Any]:
    """Return the articles of a hook, or a result that says why it cannot be read."""
    source, headers = inbound.source, inbound.headers
    mapping: Mapping[str, Any] = source.mapping
    try:
        return read(
            bytes(inbound.body),
            content_type=headers.get("content-type", ""),
            format=None if source.format == "auto" or feeds.ENTRY_OF in headers else source.format,
            zone=notation_of(source),
            now=now,
            headers=headers,
            address=mapping.get("address"),
            mapping=None if feeds.ENTRY_OF in headers else mapping.get("paths"),
        )
    except Refusal as refusal:
        return {"result": "unreadable", "code": refusal.code, "facts": facts_of(refusal)}


# -- reading a kept hook again ----------------------------------------------------------------------------


def find_inbound(text: str, desk: models.Desk | None = None) -> models.Inbound:
    """Find a kept hook by its id.

    Raises:
        Refusal: `inbound.unknown`.
    """
    rows = models.Inbound.objects.select_related("source__desk").filter(pk=ids.number(text) or 0)
    row = (rows.filter(source__desk=desk) if desk else rows).first()
    if row is None:
        raise Refusal("inbound.unknown", status=404, id=text[:60])
    return row


def replay(inbound: models.Inbound, acting: ActingFor) -> models.Inbound:
    """Read a kept hook again with its source's present settings, and apply it as if it had just come.

    An article that was shared is not shared twice. A hook that is too old to be news makes drafts that ask a person.
    """
    write_entry(inbound.source.desk_id, acting, "replay", f"inbound:{inbound.pk}")
    late = inbound.received_at < datetime.now(UTC) - FRESH_FOR[Lane.NORMAL]
    _run(inbound, ask=late, replayed=True)
    failed_no_more()
    return inbound


def read_kept() -> dict[str, Any]:
    """Read and apply the hooks that were kept for later, oldest first. Returns how many."""
    count = 0
    while (inbound := _kept().first()) is not None:
        _run(inbound, ask=False)
        count += 1
    return {"read": count}


def anything_kept() -> bool:
    """Whether a kept hook waits to be read."""
    return _kept().exists()


def _kept() -> QuerySet[models.Inbound]:
    return models.Inbound.objects.filter(result__isnull=True).select_related("source__desk").order_by("pk")


def _run(inbound: models.Inbound, *, ask: bool, replayed: bool = False) -> None:
    """Read a hook as of the time it came, and apply it now.

    A transaction applies at most AT_ONCE articles, so that others wait only briefly for its locks.
    """
    entry = feeds.ENTRY_OF in inbound.headers
    acting = ActingFor(name=inbound.source.name, via=Via.FEED if entry else Via.HOOK)
    reporter = Reporter(
        source=inbound.source,
        acting=acting,
        now=datetime.now(UTC),
        ask=ask,
        from_feed=entry,
        replayed=replayed,
    )
    try:
        readings = _readings(inbound, inbound.received_at)
        inbound.result = readings if isinstance(readings, dict) else _joined(_in_turns(reporter, readings))
        inbound.save(update_fields=["result"])
    except (OperationalError, InterfaceError):
        raise
    except Exception as mistake:  # noqa: BLE001 - as above
        _failed(inbound, mistake)


def _in_turns(reporter: Reporter, readings: list[Reading]) -> list[dict[str, Any]]:
    results = []
    for begin in range(0, len(readings), AT_ONCE):
        after_commit = AfterCommit()
        with transaction.atomic():
            results.append(apply(reporter, readings[begin : begin + AT_ONCE], after_commit))
        after_commit.follow(reporter.acting)
    return results


def _joined(results: list[dict[str, Any]]) -> dict[str, Any]:
    if len(results) == 1:
        return results[0]
    several = [each for result in results for each in result.get("articles", [result])]
    return {"result": "several", "articles": several}

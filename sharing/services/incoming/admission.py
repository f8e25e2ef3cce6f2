"""The door: who may fire a hook, and what a hook may be. What is refused here is not stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Case, F, Value, When

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.intake import signatures
from sharing.services import notices
from sharing.services.incoming import sources, websub

#: The size of a hook, in bytes (design.md section 7).
LIMIT = 1_000_000
#: So many wrong signatures within a minute, and further ones are told to wait; right ones still come in.
MOST_WRONG, WINDOW = 20, timedelta(minutes=1)
WRONG = "wrong_signatures"
#: Formats that are XML: their sources send it.
_XML = frozenset({"feed", "newsml", "nitf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A request as it came, before anything read it."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    content_type: str

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A hook that may come in: whose it is, the id by which a repeat is known, and whether a hub pushed it."""

    source: models.Source
    message_id: str
    now: datetime
    pushed: bool = False


def check_size(length: int) -> None:
    """Whether a hook of so many bytes is read at all.

    Raises:
        Refusal: `hook.too_big` (413).
    """
    if length > LIMIT:
        raise Refusal("hook.too_big", field="body", status=413, limit=LIMIT)


def admit(source_name: str, hook: Hook) -> Admitted:
    """Look at a hook before anything reads it.

    Raises:
        Refusal: 404, 403, 413, 415, 401 and 429, in this order of looking.
    """
    source = sources.find_source(source_name)
    if not source.switched_on:
        raise Refusal("source.switched_off", field="source", status=403, name=source.name)
    scheme, secrets = sources.hook_scheme(source, {name.lower(): value for name, value in hook.headers})
    check_size(len(hook.body))
    _check_kind(source, scheme, hook)
    now = datetime.now(UTC)
    try:
        verified = signatures.verify(
            scheme,
            secrets,
            method=hook.method,
            path=hook.path,
            headers=hook.headers,
            body=hook.body,
            now=now,
        )
    except Refusal as refusal:
        _count_wrong(source, now)
        raise refusal from None
    # Without an id of the sender's, the same body is the same hook.
    message_id = verified.message_id or f"sha256:{hashlib.sha256(hook.body).hexdigest()}"
    return Admitted(source, message_id, now, pushed=scheme == websub.SCHEME)


def _check_kind(source: models.Source, scheme: str, hook: Hook) -> None:
    if hook.header("content-encoding").strip().lower() not in {"", "identity"}:
        raise Refusal("hook.encoded", field="Content-Encoding", status=415)
    kind = hook.content_type.partition(";")[0].strip().lower()
    json = kind == "application/json" or kind.endswith("+json")
    xml = kind in {"application/xml", "text/xml"} or kind.endswith("+xml")
    takes_xml = source.format in _XML or scheme == websub.SCHEME
    if not (json or (xml and takes_xml)):
        raise Refusal("hook.not_json", field="Content-Type", status=415)


def _count_wrong(source: models.Source, now: datetime) -> None:
    """One more that is not signed as it should be.

    Raises:
        Refusal: `hook.too_many_wrong` (429) beyond the limit. No more is written then, so that a flood costs nothing.
    """
    begun = source.wrong_since
    fresh = begun is not None and begun > now - WINDOW
    if fresh and begun and source.wrong >= MOST_WRONG:
        wait = max(1, int((begun + WINDOW - now).total_seconds()))
        raise Refusal(
            "hook.too_many_wrong", status=429, name=source.name, span=timedelta(seconds=wait)
        ) from None
    within = When(wrong_since__gt=now - WINDOW, then=F("wrong_since"))
    counted = When(wrong_since__gt=now - WINDOW, then=F("wrong") + 1)
    row = models.Source.objects.filter(pk=source.pk)
    row.update(wrong=Case(counted, default=Value(1)), wrong_since=Case(within, default=Value(now)))
    if fresh and source.wrong + 1 >= MOST_WRONG:
        notices.tell(WRONG, f"source:{source.name}", {"source": source.name, "number": MOST_WRONG})


def calm_again() -> None:
    """The notice of wrong signatures is over where none came for a while."""
    noisy = models.Source.objects.filter(wrong_since__gt=datetime.now(UTC) - 10 * WINDOW)
    notices.over(WRONG, still=[f"source:{name}" for name in noisy.values_list("name", flat=True)])

"""Admission: check the source, size, media type and signature of a hook. A refused hook is not stored."""

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
#: After this many wrong signatures within WINDOW, further wrong ones get 429. Correct ones still come in.
MOST_WRONG, WINDOW = 20, timedelta(minutes=1)
WRONG = "wrong_signatures"
#: Formats that are XML: sources of these formats may send XML.
_XML = frozenset({"feed", "newsml", "nitf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A request to `/hooks/{source}` as it came, before its body is read."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    content_type: str

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A hook that passed admission.

    `message_id` identifies a repeat. `pushed`: the hook is signed as a WebSub push. `now` is the time of arrival (UTC).
    """

    source: models.Source
    message_id: str
    now: datetime
    pushed: bool = False


def check_size(length: int) -> None:
    """Check the size of a hook in bytes, before its body is read.

    Raises:
        Refusal: `hook.too_big` (413).
    """
    if length > LIMIT:
        raise Refusal("hook.too_big", field="body", status=413, limit=LIMIT)


def admit(source_name: str, hook: Hook) -> Admitted:
    """Check a hook before its body is read.

    Raises:
        Refusal: 404, 403, 413, 415, 405 or 401; the checks run in this order. 429 takes the place of 405 and 401 after
            too many wrong hooks.
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
    # The sender gave no message id: an identical body counts as the same hook.
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
    """Count a wrong signature; open a notice when the limit is reached.

    Raises:
        Refusal: `hook.too_many_wrong` (429) beyond the limit. Nothing is written then, so that a flood costs no writes.
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
    """End the notice of wrong signatures for each source whose last wrong ones came more than about ten minutes ago."""
    noisy = models.Source.objects.filter(wrong_since__gt=datetime.now(UTC) - 10 * WINDOW)
    notices.over(WRONG, still=[f"source:{name}" for name in noisy.values_list("name", flat=True)])

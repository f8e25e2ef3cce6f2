"""Sources: the CMSs that call us and the feeds that we read, how they sign and where their articles go."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from sharing import models
from sharing.channels.registry import channels
from sharing.domain.refusal import Refusal
from sharing.intake import signatures
from sharing.intake.cms.table import check_address, own_table
from sharing.intake.source import FORMATS
from sharing.net.fetch import safe_url
from sharing.services.accounts.sealing import seal, unseal
from sharing.services.entries import ActingFor, write_entry
from sharing.services.incoming import feeds, websub
from sharing.services.incoming.notation import set_notation
from sharing.services.runtime import runtime

#: Most secrets that are live at once: the one in use, the next one, and room for mistakes.
MOST_SECRETS = 5
#: How long the former secret stays live beside a new one.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a source that somebody changes; None keeps the present value. `every` is in seconds."""

    format: str | None = None
    address: str | None = None
    mapping: Mapping[str, Any] | None = None
    accounts: Sequence[models.Account] | None = None
    feed: str | None = None
    every: int | None = None
    date_order: str | None = None
    zone: str | None = None


def add(
    desk: models.Desk,
    name: str,
    acting: ActingFor,
    *,
    scheme: str | None = None,
    secret: str | None = None,
    settings: Settings = Settings(),
) -> tuple[models.Source, str | None]:
    """Add a source. Returns the source and its secret, which is shown only now; None for a feed without hooks.

    Raises:
        Refusal: `source.bad_name`, `source.unknown_scheme`, `source.no_scheme`, `source.no_feed`, `source.exists`,
            `signature.bad_secret`, and those of `change`.
    """
    if not name or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name) or len(name) > 60:
        raise Refusal("source.bad_name", field="name", name=name[:60])
    scheme = scheme or (feeds.SCHEME if settings.feed else None)
    if scheme is None:
        raise Refusal("source.no_scheme", field="scheme", known=", ".join(signatures.SCHEMES))
    if scheme == feeds.SCHEME and not settings.feed:
        raise Refusal("source.no_feed", field="feed")
    if scheme not in {*signatures.SCHEMES, feeds.SCHEME}:
        known = ", ".join((*signatures.SCHEMES, feeds.SCHEME))
        raise Refusal("source.unknown_scheme", field="scheme", scheme=scheme[:40], known=known)
    try:
        with transaction.atomic():
            row = models.Source.objects.create(desk=desk, name=name, scheme=scheme)
            _set(row, settings)
            clear = None if scheme == feeds.SCHEME else _add_secret(row, secret)[1]
            write_entry(desk.pk, acting, "source", f"source:{name}", f"added, {scheme}")
    except IntegrityError:
        raise Refusal("source.exists", field="name", status=409, name=name) from None
    return row, clear


def change(row: models.Source, acting: ActingFor, settings: Settings) -> None:
    """Change the settings of a source.

    Raises:
        Refusal: `source.unknown_format`, `source.bad_address`, `source.bad_date_order`, `source.bad_zone`,
            `source.bad_interval`, `source.no_feed`, `mapping.*`, `url.*`.
    """
    with transaction.atomic():
        _set(row, settings)
        write_entry(row.desk_id, acting, "source", f"source:{row.name}", "changed")


def _set(row: models.Source, settings: Settings) -> None:
    if settings.format is not None:
        if settings.format not in {"auto", *FORMATS}:
            known = ", ".join(("auto", *FORMATS))
            raise Refusal("source.unknown_format", field="format", format=settings.format[:40], known=known)
        row.format = settings.format
    if settings.address is not None:
        row.mapping = {
            **row.mapping,
            "address": check_address(settings.address) if settings.address else None,
        }
    if settings.mapping is not None:
        written = [slug for slug, channel in channels().items() if channel.takes_cms_words]
        own_table(settings.mapping, written)
        row.mapping = {**row.mapping, "paths": dict(settings.mapping)}
    set_notation(row, settings.date_order, settings.zone)
    row.save(update_fields=["format", "mapping"])
    if settings.accounts is not None:
        row.accounts.set(settings.accounts)
    if settings.feed is not None or settings.every is not None:
        _set_feed(row, settings.feed, settings.every)


def _set_feed(row: models.Source, url: str | None, every: int | None) -> None:
    """Set the address and the interval (seconds) of the feed.

    A new address is a new feed: the entries that are already there are history and are not shared.
    """
    if every is not None and not feeds.OFTEN <= every <= feeds.RARELY:
        raise Refusal("source.bad_interval", field="every", least=feeds.OFTEN, most=feeds.RARELY)
    feed = models.Feed.objects.filter(source=row).first()
    if url is not None:
        url = safe_url(url)
        if feed is None or feed.url != url:
            models.Feed.objects.filter(source=row).delete()
            feed = models.Feed.objects.create(source=row, url=url)
    if feed is None:
        raise Refusal("source.no_feed", field="feed")
    if every is not None:
        models.Feed.objects.filter(pk=feed.pk).update(every=every)


def find_source(name: str) -> models.Source:
    """Find a source by name.

    Raises:
        Refusal: `source.unknown`.
    """
    row = models.Source.objects.select_related("desk").filter(name=name[:60]).first()
    if row is None:
        raise Refusal("source.unknown", field="source", status=404, name=name[:60])
    return row


def switch(row: models.Source, acting: ActingFor, *, on: bool) -> None:
    """Switch a source on or off. While it is off, its hooks are refused (403) and its feed is not read."""
    with transaction.atomic():
        models.Source.objects.filter(pk=row.pk).update(switched_on=on)
        write_entry(
            row.desk_id, acting, "source", f"source:{row.name}", "switched on" if on else "switched off"
        )
    row.switched_on = on


# -- secrets ----------------------------------------------------------------------------------------------


def hook_scheme(row: models.Source, headers: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the scheme by which a hook must be signed, and the live secrets.

    `headers`: the hook's headers, with names in lower case.

    Raises:
        Refusal: `source.takes_no_hooks` (403): the source is a feed, and no hub was asked to call.
    """
    if "x-hub-signature" in headers and row.scheme != "github":
        hub = websub.hub_secrets(row)
        if hub:
            return websub.SCHEME, hub
    if row.scheme == feeds.SCHEME:
        raise Refusal("source.takes_no_hooks", field="source", status=403, name=row.name)
    return row.scheme, secrets_of(row)


def secrets_of(row: models.Source) -> list[str]:
    """Return the live secrets of a source, newest first."""
    now = datetime.now(UTC)
    clear = unseal(f"source:{row.pk}", row.sealed)
    live = [name for name in clear if not (until := _until(row, name)) or until > now]
    return [clear[name].reveal() for name in sorted(live, key=_by_number, reverse=True)]


def _by_number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def _until(row: models.Source, name: str) -> datetime | None:
    until = row.secrets.get(name, {}).get("until")
    return datetime.fromisoformat(until) if until else None


def rotate(
    row: models.Source, acting: ActingFor, *, secret: str | None = None, overlap: timedelta = OVERLAP
) -> str:
    """Make a new secret. The former ones stay live for `overlap`: no hook is lost until the CMS has the new one.

    Returns:
        The new secret, which is shown only now.

    Raises:
        Refusal: `source.has_no_secret`, `source.too_many_secrets`, `signature.bad_secret`.
    """
    ends = datetime.now(UTC) + overlap
    with transaction.atomic():
        row = _locked(row)
        newest, clear = _add_secret(row, secret)
        for name in row.secrets:
            if name != newest:
                until = _until(row, name)
                row.secrets[name]["until"] = min(until or ends, ends).isoformat()
        row.save(update_fields=["secrets"])
        hours = f"{overlap.total_seconds() / 3600:g}"
        write_entry(
            row.desk_id, acting, "source", f"source:{row.name}", f"new secret, the former for {hours} h"
        )
    return clear


def add_secret(row: models.Source, acting: ActingFor, secret: str) -> None:
    """Add one more live secret, such as one that the CMS made. The others stay.

    Raises:
        Refusal: `source.has_no_secret`, `source.too_many_secrets`, `signature.bad_secret`.
    """
    with transaction.atomic():
        row = _locked(row)
        _add_secret(row, secret)
        write_entry(row.desk_id, acting, "source", f"source:{row.name}", "one more secret")


def drop_secret(row: models.Source, acting: ActingFor, name: str) -> None:
    """End a secret at once.

    Raises:
        Refusal: `source.unknown_secret`, `source.last_secret`.
    """
    with transaction.atomic():
        row = _locked(row)
        clear = {key: value.reveal() for key, value in unseal(f"source:{row.pk}", row.sealed).items()}
        if name not in clear:
            known = ", ".join(sorted(clear, key=_by_number))
            raise Refusal("source.unknown_secret", field="secret", status=404, number=name[:20], known=known)
        if len(clear) == 1:
            raise Refusal("source.last_secret", field="secret", status=409)
        del clear[name]
        row.secrets.pop(name, None)
        _save_secrets(row, clear)
        write_entry(row.desk_id, acting, "source", f"source:{row.name}", f"secret {name} ended")


def _locked(row: models.Source) -> models.Source:
    locked = models.Source.objects.select_for_update(of=("self",)).select_related("desk").get(pk=row.pk)
    if locked.scheme == feeds.SCHEME:
        raise Refusal("source.has_no_secret", field="source", name=row.name)
    return locked


def _add_secret(row: models.Source, secret: str | None) -> tuple[str, str]:
    """Store one more secret. Returns its number and the secret."""
    secret = secret or signatures.new_secret(row.scheme)
    signatures.key(row.scheme, secret)
    now = datetime.now(UTC)
    clear = {name: each.reveal() for name, each in unseal(f"source:{row.pk}", row.sealed).items()}
    clear = {name: each for name, each in clear.items() if not (until := _until(row, name)) or until > now}
    if len(clear) >= MOST_SECRETS:
        raise Refusal("source.too_many_secrets", field="secret", status=409, limit=MOST_SECRETS)
    numbers = [_by_number(name) for name in {*clear, *row.secrets}]
    name = str(max(numbers, default=0) + 1)
    row.secrets = {key: row.secrets.get(key, {}) for key in clear} | {name: {"made_at": now.isoformat()}}
    _save_secrets(row, {**clear, name: secret})
    return name, secret


def _save_secrets(row: models.Source, clear: Mapping[str, str]) -> None:
    row.sealed = seal(f"source:{row.pk}", dict(clear))
    row.save(update_fields=["sealed", "secrets"])


# -- trying it out ----------------------------------------------------------------------------------------


def curl_line(row: models.Source, body: bytes, file: str, headers: Mapping[str, str] | None = None) -> str:
    """Return a curl command that sends `file` to this source, signed now, to try the source out.

    `headers` are added to the request, such as the header in which a CMS names the event.

    Raises:
        Refusal: `source.takes_no_hooks`.
    """
    path = f"/hooks/{row.name}"
    scheme, live = hook_scheme(row, {})
    signed = signatures.sign(
        scheme,
        live[0],
        message_id=f"msg_{uuid4().hex}",
        body=body,
        now=datetime.now(UTC),
        path=path,
    )
    parts = ["curl", "-sS", "-X", "POST", f"{runtime().base_url}{path}"]
    for name, value in {"Content-Type": "application/json", **(headers or {}), **signed}.items():
        parts += ["-H", f"{name}: {value}"]
    return shlex.join([*parts, "--data-binary", f"@{file}"])

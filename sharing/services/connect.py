"""Connect: add, test, mend and remove accounts."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.account import Mode
from sharing.domain.delivery import State, Why
from sharing.domain.outcomes import Failure
from sharing.domain.refusal import Refusal
from sharing.models import Health
from sharing.services import resolve
from sharing.services.accounts import as_value
from sharing.services.entries import Asker
from sharing.services.sealing import seal
from sharing.words.gate import one_line


def add(
    desk: models.Desk,
    slug: str,
    *,
    remote_id: str,
    name: str,
    secrets: Mapping[str, object],
    mode: Mode = Mode.LIVE,
) -> models.Account:
    """Add an account; its secrets are sealed before the row is committed.

    Raises:
        Refusal: unknown channel, unknown or missing secret, or it is connected already.
    """
    channel = channel_by_slug(slug)
    remote_id, name = one_line(remote_id, "name"), one_line(name, "name")
    if not remote_id:
        raise Refusal("account.no_id", field="id")
    unknown = sorted(set(secrets) - set(channel.secrets))
    if unknown:
        known = ", ".join(channel.secrets) or "none"
        raise Refusal("account.unknown_secret", field="secrets", names=", ".join(unknown), known=known)
    clear = {key: value for key, value in secrets.items() if value not in {None, ""}}
    if not all(isinstance(value, str) for value in clear.values()):
        raise Refusal("account.secret_not_text", field="secrets")
    channel.check_secrets(set(clear))
    try:
        with transaction.atomic():
            row = models.Account.objects.create(
                desk=desk, channel=slug, remote_id=remote_id, name=name or remote_id, mode=mode
            )
            models.AccountGate.objects.create(account=row)
            if clear:
                row.sealed = seal(f"account:{row.pk}", {key: str(value) for key, value in clear.items()})
                row.save(update_fields=["sealed"])
    except IntegrityError:
        raise Refusal("account.connected_already", field="id", status=409, id=remote_id) from None
    return row


def test(row: models.Account, asker: Asker) -> str:
    """Ask the platform whether the account works; mends it, and lets its held deliveries go, when it does.

    Returns:
        The name that the platform shows for it.

    Raises:
        Failure: what the platform answered instead.
    """
    channel = channel_by_slug(row.channel)
    try:
        shown = channel.probe(as_value(row))
    except Failure as failure:
        models.Account.objects.filter(pk=row.pk).exclude(health=Health.REMOVED).update(
            health_code=failure.code, health_detail=failure.detail, checked_at=Now()
        )
        raise
    models.Account.objects.filter(pk=row.pk).exclude(health=Health.REMOVED).update(
        health=Health.OK, health_code="", health_detail="", checked_at=Now()
    )
    for delivery in row.deliveries.filter(state=State.HELD, why=Why.ACCOUNT_STOPPED):
        resolve.release(delivery, asker)
    return shown


def remove(row: models.Account, asker: Asker) -> None:
    """Disconnect an account: its secrets are gone at once, what waits for it is held."""
    models.Account.objects.filter(pk=row.pk).update(health=Health.REMOVED, sealed=None, checked_at=Now())
    for delivery in row.deliveries.filter(state__in=(State.DRAFT, State.QUEUED, State.WAITING, State.HELD)):
        resolve.cancel(delivery, asker, reason="account removed")


def find_account(text: str, desk: models.Desk | None = None) -> models.Account:
    """An account by its id.

    Raises:
        Refusal: `account.unknown`.
    """
    rows = models.Account.objects.select_related("desk").exclude(health=Health.REMOVED)
    if desk is not None:
        rows = rows.filter(desk=desk)
    row = rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 18 else None
    if row is None:
        raise Refusal("account.unknown", field="account", status=404, id=text[:60])
    return row


def accounts_for(desk: models.Desk, slugs: list[str]) -> list[models.Account]:
    """The desk's accounts on these channels: the live ones where every channel has one, else the sandboxed.

    Sandboxed and live accounts never mix in one share (promise 11). A channel whose live accounts were all disconnected
    has none: what was meant for readers does not go to practice accounts instead.

    Raises:
        Refusal: `channel.unknown`; `share.no_account`, naming the channel that has none.
    """
    for slug in slugs:
        channel_by_slug(slug)
    known = list(desk.accounts.filter(channel__in=slugs).select_related("desk").order_by("pk"))
    rows = [row for row in known if row.health != Health.REMOVED]
    live, was_live = ({row.channel for row in some if row.mode == Mode.LIVE} for some in (rows, known))
    if was_live - live:
        raise Refusal("share.no_account", field="channels", channel=", ".join(sorted(was_live - live)))
    for mode in (Mode.LIVE, Mode.SANDBOX):
        of_mode = [row for row in rows if row.mode == mode]
        if {row.channel for row in of_mode} == set(slugs):
            return sorted(of_mode, key=lambda row: slugs.index(row.channel))
    some = {row.mode for row in rows}
    missing = [slug for slug in slugs if slug not in {row.channel for row in rows}]
    if not missing and len(some) > 1:
        raise Refusal("share.mixed_modes", field="channels")
    raise Refusal("share.no_account", field="channels", channel=", ".join(missing or slugs))

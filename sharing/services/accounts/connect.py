"""Connect: add, test, renew and remove accounts. An account keeps its row for good: its posts refer to the row's id."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from sharing import models
from sharing.channels.base import Channel
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.account import Mode
from sharing.domain.delivery import SETTLED, State, Why
from sharing.domain.message import approved_hash
from sharing.domain.origin import Via
from sharing.domain.outcomes import Failure
from sharing.domain.refusal import Refusal
from sharing.models import Health, moves
from sharing.models.moves import After
from sharing.services.accounts import circuit
from sharing.services.accounts.sealing import seal
from sharing.services.accounts.values import as_value, with_secrets
from sharing.services.decisions import resolve
from sharing.services.decisions.hold import EVERYTHING
from sharing.services.entries import ActingFor, write_entry
from sharing.signals import deliveries_due
from sharing.words.unicode import one_line

#: In this name the practice accounts are made.
ITSELF = ActingFor(name="sharedesk", via=Via.CLI)


def add(
    desk: models.Desk,
    slug: str,
    *,
    remote_id: str,
    name: str,
    secrets: Mapping[str, object],
    mode: Mode = Mode.LIVE,
    acting: ActingFor = ITSELF,
) -> models.Account:
    """Connect an account. Its secrets are sealed before the row is committed.

    An account that was disconnected gets its former row back, with its history. What it held goes on only if its
    platform accepts the new secrets; if not, the account is `stopped` and says why.

    Raises:
        Refusal: unknown channel, unknown or missing secret, or the account is connected already.
    """
    channel = channel_by_slug(slug)
    remote_id, name = channel.canonical_id(one_line(remote_id, "name")), one_line(name, "name")
    if not remote_id:
        raise Refusal("account.no_id", field="id")
    clear = _checked(channel, secrets)
    with transaction.atomic():
        # A row lock: of two calls at the same time, the second waits and finds the row of the first.
        models.Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
        known = _same_account(desk, channel, remote_id, mode)
        connected = next((row for row in known if row.health != Health.REMOVED), None)
        if connected is not None:
            raise Refusal(
                "account.connected_already", field="id", status=409, id=remote_id, account=connected.pk
            )
        row = known[0] if known else models.Account(desk=desk, channel=slug, remote_id=remote_id, mode=mode)
        row.name = name or remote_id
        if known:
            _respell(row, remote_id)
            row.health, row.health_code, row.health_detail = Health.STOPPED, "account.not_tried", ""
        row.save()
        models.AccountGate.objects.get_or_create(account=row)
        models.Account.objects.filter(pk=row.pk).update(**_new_secrets(row, clear))
        said = "connected again" if known else "connected"
        write_entry(desk.pk, acting, "account", f"account:{row.pk}", f"{said}: {slug} {remote_id}")
    row.refresh_from_db()
    if known:
        with suppress(Failure):
            test(row, acting)
        row.refresh_from_db()
    return row


def _checked(channel: Channel, secrets: Mapping[str, object]) -> dict[str, str]:
    """Return the secrets, if they are those that this channel takes.

    Raises:
        Refusal: `account.unknown_secret`, `account.secret_not_text`, `account.missing_secret`.
    """
    unknown = sorted(set(secrets) - set(channel.secrets))
    if unknown:
        known = ", ".join(channel.secrets) or "none"
        raise Refusal("account.unknown_secret", field="secrets", names=", ".join(unknown), known=known)
    clear = {key: value for key, value in secrets.items() if value not in (None, "")}
    if not all(isinstance(value, str) for value in clear.values()):
        raise Refusal("account.secret_not_text", field="secrets")
    channel.check_secrets(set(clear))
    return {key: str(value) for key, value in clear.items()}


def _same_account(desk: models.Desk, channel: Channel, remote_id: str, mode: Mode) -> list[models.Account]:
    """Return the desk's rows of this account in any spelling of its id, latest first."""
    key = channel.id_key(remote_id)
    rows = desk.accounts.filter(channel=channel.slug, mode=mode).order_by("-pk")
    return [row for row in rows if channel.id_key(row.remote_id) == key]


def _respell(row: models.Account, remote_id: str) -> None:
    """Store the id in its one spelling. What was approved for the former spelling stays approved."""
    if row.remote_id == remote_id:
        return
    for delivery in row.deliveries.exclude(state__in=SETTLED):
        if delivery.approved_hash == approved_hash(delivery.message, row.remote_id):
            same = approved_hash(delivery.message, remote_id)
            models.Delivery.objects.filter(pk=delivery.pk).update(approved_hash=same)
    row.remote_id = remote_id


def _new_secrets(row: models.Account, clear: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns that replace the secrets. A refresh of the former secrets that is under way does not count."""
    return {
        "sealed": seal(f"account:{row.pk}", dict(clear)) if clear else None,
        "token_version": F("token_version") + 1,
        **dict.fromkeys(
            ("token_refreshed_at", "token_expires_at", "refresh_started_at", "refresh_lease_until")
        ),
    }


def renew(
    row: models.Account, acting: ActingFor, *, secrets: Mapping[str, object] | None = None, name: str = ""
) -> None:
    """Give an account new secrets, a new name, or both. `row` is brought up to date.

    New secrets are the whole set, as for `add`. They are tried before they are stored: if they do not work, the former
    ones stay in force. If they work, what the account held goes on if it is still news.

    Raises:
        Refusal: `account.nothing_to_set`, unknown or missing secrets, `account.unknown` (disconnected meanwhile).
        Failure: the platform's answer to the new secrets; nothing was changed.
    """
    name = one_line(name, "name")
    if secrets is None and not name:
        raise Refusal("account.nothing_to_set", field="secrets")
    columns: dict[str, Any] = {"name": name} if name else {}
    if secrets is not None:
        channel = channel_by_slug(row.channel)
        clear = _checked(channel, secrets)
        channel.probe(with_secrets(row, clear))
        columns |= _new_secrets(row, clear)
    with transaction.atomic():
        if not models.Account.objects.filter(pk=row.pk).exclude(health=Health.REMOVED).update(**columns):
            raise Refusal("account.unknown", field="account", status=404, id=str(row.pk))
        said = ", ".join(each for each in ("secrets" if secrets is not None else "", name) if each)
        write_entry(row.desk_id, acting, "account", f"account:{row.pk}", f"set: {said}")
    if secrets is not None:
        _works(row, acting)
    row.refresh_from_db()


def test(row: models.Account, acting: ActingFor) -> str:
    """Ask the platform whether the account works. If it does, the account is healthy and its held deliveries go on.

    Returns:
        The name that the platform shows for it.

    Raises:
        Failure: the platform's answer, if the account does not work.
    """
    channel = channel_by_slug(row.channel)
    try:
        shown = channel.probe(as_value(row))
    except Failure as failure:
        models.Account.objects.filter(pk=row.pk).exclude(health=Health.REMOVED).update(
            health_code=failure.code, health_detail=failure.detail, checked_at=Now()
        )
        raise
    _works(row, acting)
    return shown


def _works(row: models.Account, acting: ActingFor) -> None:
    """Record that the platform accepts the account's secrets: close the circuit, and let go what the account held."""
    models.Account.objects.filter(pk=row.pk).exclude(health=Health.REMOVED).update(
        health=Health.OK, health_code="", health_detail="", checked_at=Now()
    )
    circuit.forget(row.pk)
    for delivery in row.deliveries.filter(state=State.REVIEW, why=Why.ACCOUNT_REMOVED):
        sets = {"check_at": After(0), "absences": 0}
        moves.move(delivery.pk, State.UNKNOWN, Why.CONNECTED_AGAIN, actor=acting.actor, sets=sets)
    moves.expire(actor=acting.actor, most=EVERYTHING)
    moves.let_go(actor=acting.actor, most=EVERYTHING)
    deliveries_due([(row.pk, breaking) for breaking in (True, False)])


def remove(row: models.Account, acting: ActingFor) -> None:
    """Disconnect an account: erase its secrets, hold what waits for it, and cancel nothing.

    A delivery that a worker has claimed ends as usual. A delivery that may be out is for a person to check, because
    nobody can look it up any more.

    Raises:
        Refusal: `account.unknown`: it is disconnected already.
    """
    with transaction.atomic():
        gone = models.Account.objects.filter(pk=row.pk).exclude(health=Health.REMOVED)
        columns = _new_secrets(row, {}) | {"health_code": "", "health_detail": ""}
        if not gone.update(health=Health.REMOVED, checked_at=Now(), **columns):
            raise Refusal("account.unknown", field="account", status=404, id=str(row.pk))
        write_entry(
            row.desk_id,
            acting,
            "account",
            f"account:{row.pk}",
            f"disconnected: {row.channel} {row.remote_id}",
        )
    moves.hold_of_removed(row.pk, actor=acting.actor)
    for delivery in row.deliveries.filter(state=State.UNKNOWN):
        resolve.ask_a_person(delivery, acting.actor)


def find_account(text: str, desk: models.Desk | None = None) -> models.Account:
    """Find a connected account by its id.

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
    """Return the desk's accounts on these channels: live ones if every channel has one, else sandbox ones.

    Sandbox and live accounts never mix in one share (promise 11). If all live accounts of a channel were disconnected,
    the share is refused: posts that were meant for readers do not go to practice accounts instead.

    Raises:
        Refusal: `channel.unknown`; `share.no_account`, naming the channel that has none; `share.mixed_modes`.
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

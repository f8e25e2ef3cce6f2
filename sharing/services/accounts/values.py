"""Accounts as channels see them, and what happens to one that a platform stopped."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models.functions import Now

from sharing import models
from sharing.domain.account import Account, Endpoints, Mode
from sharing.domain.outcomes import AccountStopped, Unavailable
from sharing.domain.secret import Secret
from sharing.models import Health
from sharing.services.accounts.sealing import unseal
from sharing.services.runtime import runtime


def as_value(row: models.Account, *, language: str | None = None) -> Account:
    """The account with its secrets opened and its platforms' addresses.

    Raises:
        Unavailable: a sandboxed account in a process that has no sandbox.
        Refusal: its secrets do not open.
    """
    mode = Mode(row.mode)
    endpoints = runtime().endpoints(mode)
    if endpoints is None:
        raise Unavailable("sandbox.not_here")
    return _value(row, endpoints, language, secrets=unseal(f"account:{row.pk}", row.sealed))


def with_secrets(row: models.Account, clear: Mapping[str, str]) -> Account:
    """The account as it would be with these secrets, so that they can be tried before they are stored.

    Raises:
        Unavailable: a sandboxed account in a process that has no sandbox.
    """
    endpoints = runtime().endpoints(Mode(row.mode))
    if endpoints is None:
        raise Unavailable("sandbox.not_here")
    return _value(row, endpoints, None, secrets={name: Secret(value) for name, value in clear.items()})


def for_composing(row: models.Account, *, language: str | None = None) -> Account:
    """The account without its secrets: enough to write for it."""
    return _value(row, runtime().endpoints(Mode(row.mode)) or runtime().live, language, secrets={})


def _value(
    row: models.Account, endpoints: Endpoints, language: str | None, *, secrets: Mapping[str, Secret]
) -> Account:
    return Account(
        id=str(row.pk),
        channel=row.channel,
        remote_id=row.remote_id,
        name=row.name,
        mode=Mode(row.mode),
        language=language or row.desk.language,
        secrets=secrets,
        endpoints=endpoints,
        deadline=runtime().timings.deadline,
    )


def stop(account_id: int, reason: AccountStopped, *, version: int | None = None) -> None:
    """A platform stopped this account: nothing more goes out through it until a person mends it.

    `version` is that of the secrets that were refused: where the account has others by now, it says nothing of them.
    """
    rows = models.Account.objects.filter(pk=account_id, health=Health.OK)
    if version is not None:
        rows = rows.filter(token_version=version)
    rows.update(health=Health.STOPPED, health_code=reason.code, health_detail=reason.detail, checked_at=Now())

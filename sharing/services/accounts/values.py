"""Accounts as values for channels, and the stop of an account that its platform refused."""

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
    """Return the account with its secrets decrypted and the addresses of its platform.

    Raises:
        Unavailable: it is a sandbox account, and this process has no sandbox.
        Refusal: its secrets do not open.
    """
    mode = Mode(row.mode)
    endpoints = runtime().endpoints(mode)
    if endpoints is None:
        raise Unavailable("sandbox.not_here")
    return _value(row, endpoints, language, secrets=unseal(f"account:{row.pk}", row.sealed))


def with_secrets(row: models.Account, clear: Mapping[str, str]) -> Account:
    """Return the account with these secrets, so that they can be tried before they are stored.

    Raises:
        Unavailable: it is a sandbox account, and this process has no sandbox.
    """
    endpoints = runtime().endpoints(Mode(row.mode))
    if endpoints is None:
        raise Unavailable("sandbox.not_here")
    return _value(row, endpoints, None, secrets={name: Secret(value) for name, value in clear.items()})


def for_composing(row: models.Account, *, language: str | None = None) -> Account:
    """Return the account without its secrets: enough to compose for it."""
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
    """Stop an account that its platform refused: nothing more goes out through it until a person repairs it.

    `version`: the version of the secrets that were refused. If the account has other secrets by now, it is not stopped.
    """
    rows = models.Account.objects.filter(pk=account_id, health=Health.OK)
    if version is not None:
        rows = rows.filter(token_version=version)
    rows.update(health=Health.STOPPED, health_code=reason.code, health_detail=reason.detail, checked_at=Now())

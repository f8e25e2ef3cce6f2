"""Tokens that run out are refreshed by one holder of a lease, and stored before they are used.

X's refresh tokens are single use: two workers with the same one, or a new pair that was not stored, cost the
whole family of tokens. So: read again under the lease, call once, store, then use.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from django.db.models import F, Q
from django.db.models.functions import Now

from sharing import models
from sharing.channels.base import Channel
from sharing.domain.outcomes import AccountStopped, Ambiguous, Failure, Unavailable
from sharing.models import moves
from sharing.services.accounts import as_value
from sharing.services.sealing import seal, unseal

log = structlog.get_logger()

#: A token that lasts less than this is refreshed before it is used.
EARLY = timedelta(minutes=10)
#: One holder at a time; longer than the refresh call may take (60 s).
LEASE = timedelta(seconds=90)
#: A pair this young that is refused is not refreshed again: the account is stopped.
YOUNG = timedelta(seconds=60)


def can_refresh(row: models.Account) -> bool:
    """Whether this account has a refresh token."""
    return "refresh_token" in unseal(f"account:{row.pk}", row.sealed)


def make_fresh(row: models.Account, channel: Channel) -> None:
    """Refresh the account's token if it soon runs out. `row` is brought up to date.

    Raises:
        Unavailable: another worker is at it, or the platform did not answer: nothing was sent.
        AccountStopped: the platform takes the refresh token no more.
    """
    if row.token_expires_at is None or row.token_expires_at > datetime.now(UTC) + EARLY:
        return
    version = row.token_version
    if not _take_lease(row, version):
        row.refresh_from_db()
        if row.token_version != version:
            return  # somebody has just done it
        raise Unavailable("token.refreshing")
    row.refresh_from_db()
    moves.release()
    try:
        new = channel.refresh(as_value(row))
    except Failure as failure:
        _failed(row, version, failure)
        return
    if new is not None:
        _store(row, version, dict(new))


def _take_lease(row: models.Account, version: int) -> bool:
    now = datetime.now(UTC)
    free = Q(refresh_lease_until=None) | Q(refresh_lease_until__lt=now)
    rows = models.Account.objects.filter(free, pk=row.pk, token_version=version)
    return bool(rows.update(refresh_lease_until=now + LEASE, refresh_started_at=Now()))


def _store(row: models.Account, version: int, new: dict[str, str]) -> None:
    lasts = timedelta(seconds=float(new.pop("expires_in", "7200")))
    secrets = {name: value.reveal() for name, value in unseal(f"account:{row.pk}", row.sealed).items()}
    models.Account.objects.filter(pk=row.pk, token_version=version).update(
        sealed=seal(f"account:{row.pk}", {**secrets, **new}),
        token_version=F("token_version") + 1,
        token_expires_at=datetime.now(UTC) + lasts,
        token_refreshed_at=Now(),
        refresh_lease_until=None,
        refresh_started_at=None,
    )
    row.refresh_from_db()


def _failed(row: models.Account, version: int, failure: Failure) -> None:
    row.refresh_from_db()
    if row.token_version != version:
        return  # refreshed meanwhile by whoever held the lease before
    if isinstance(failure, Ambiguous):
        # The pair may be spent; the old one is tried once more when the lease is over, then a person is asked.
        log.error("a token refresh did not end clearly", account=row.pk, code=failure.code)
        raise Unavailable("token.refresh_unclear", failure.detail)
    models.Account.objects.filter(pk=row.pk).update(refresh_lease_until=None)
    if isinstance(failure, Unavailable):
        raise failure
    raise AccountStopped(failure.code, failure.detail, failure.http_status)


def was_refused(row: models.Account) -> bool:
    """A platform refused the token. True: it is refreshed before the next try; False: a person is needed.

    A pair that was refused right after it came is not refreshed again.
    """
    row.refresh_from_db()
    if not can_refresh(row):
        return False
    if row.token_refreshed_at and datetime.now(UTC) - row.token_refreshed_at < YOUNG:
        return False
    models.Account.objects.filter(pk=row.pk, token_version=row.token_version).update(token_expires_at=Now())
    return True

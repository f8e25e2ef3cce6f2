"""Tokens that expire: one holder of a lease refreshes them, and stores the new pair before it is used.

X's refresh tokens are single use. If two workers use the same one, or a new pair is not stored, the whole family of
tokens is lost. So: read again under the lease, call once, store, then use.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from sharing import models
from sharing.channels.base import Channel
from sharing.domain.outcomes import AccountStopped, Ambiguous, Failure, RateLimited, Unavailable
from sharing.models import moves
from sharing.services import clocks, write_until_stored
from sharing.services.accounts.sealing import seal, unseal
from sharing.services.accounts.values import as_value

log = structlog.get_logger()

#: A token that expires sooner than this is refreshed before it is used.
EARLY = timedelta(minutes=10)
#: The lease of a refresh; longer than the refresh call may take (60 s).
LEASE = timedelta(seconds=90)
#: A pair that is refused within this time of its refresh is not refreshed again: the account is stopped.
YOUNG = timedelta(seconds=60)


def can_refresh(row: models.Account) -> bool:
    """Whether this account has a refresh token."""
    return "refresh_token" in unseal(f"account:{row.pk}", row.sealed)


def make_fresh(row: models.Account, channel: Channel) -> None:
    """Refresh the account's token if it expires soon. `row` is brought up to date.

    Raises:
        Unavailable: another worker is refreshing it, or the platform did not answer. Nothing was sent.
        RateLimited: the platform asked for a pause. Nothing was sent.
        AccountStopped: the platform no longer accepts the refresh token.
    """
    if row.token_expires_at is None:
        return  # this account's token does not run out
    lasting = models.Account.objects.filter(pk=row.pk, token_expires_at__gt=Now() + EARLY)
    if lasting.filter(token_version=row.token_version).exists():
        return
    row.refresh_from_db()
    if lasting.exists():
        return
    version = row.token_version
    if not _take_lease(row, version):
        row.refresh_from_db()
        if row.token_version != version:
            return  # another worker has just refreshed it
        raise Unavailable("token.refreshing")
    # An earlier refresh neither ended nor failed: it may have spent the pair. The pair is tried once more only.
    second = row.refresh_started_at is not None
    row.refresh_from_db()
    moves.give_back_connection()
    try:
        new = channel.refresh(as_value(row))
    except Failure as failure:
        _failed(row, version, failure, second=second)
        return
    if new is None:
        models.Account.objects.filter(pk=row.pk).update(refresh_lease_until=None, refresh_started_at=None)
    elif not write_until_stored.write(
        lambda: _store(row, version, new), ends=clocks.running() + LEASE.seconds
    ):
        log.error(
            "a new pair of tokens could not be written; the account must be connected again", account=row.pk
        )


def _take_lease(row: models.Account, version: int) -> bool:
    """Take the lease of a refresh, by the database's clock. Sets `row.refresh_started_at` to an earlier try's start."""
    free = Q(refresh_lease_until=None) | Q(refresh_lease_until__lt=Now())
    mine = models.Account.objects.filter(free, pk=row.pk, token_version=version)
    with transaction.atomic():
        before = mine.select_for_update().values_list("refresh_started_at", flat=True)
        started = list(before)
        if not started:
            return False
        row.refresh_started_at = started[0]
        mine.update(refresh_lease_until=Now() + LEASE, refresh_started_at=Now())
    return True


def _store(row: models.Account, version: int, new: Mapping[str, str]) -> None:
    lasts = timedelta(seconds=float(new.get("expires_in", "7200")))
    secrets = {name: value.reveal() for name, value in unseal(f"account:{row.pk}", row.sealed).items()}
    secrets |= {name: value for name, value in new.items() if name != "expires_in"}
    models.Account.objects.filter(pk=row.pk, token_version=version).update(
        sealed=seal(f"account:{row.pk}", secrets),
        token_version=F("token_version") + 1,
        token_expires_at=Now() + lasts,
        token_refreshed_at=Now(),
        refresh_lease_until=None,
        refresh_started_at=None,
    )
    row.refresh_from_db()


def _failed(row: models.Account, version: int, failure: Failure, *, second: bool) -> None:
    row.refresh_from_db()
    if row.token_version != version:
        return  # refreshed meanwhile by whoever held the lease before
    rows = models.Account.objects.filter(pk=row.pk)
    if isinstance(failure, Ambiguous) and not second:
        # The pair may be spent; it is tried once more when the lease is over, then a person is asked.
        log.error("a token refresh did not end clearly", account=row.pk, code=failure.code)
        raise Unavailable("token.refresh_unclear", failure.detail)
    rows.update(refresh_lease_until=None, refresh_started_at=None)
    if isinstance(failure, Unavailable | RateLimited):
        raise failure
    raise AccountStopped(failure.code, failure.detail, failure.http_status)


def overtaken(row: models.Account) -> bool:
    """Whether the account has other secrets by now than `row`. If so, `row` is brought up to date."""
    if models.Account.objects.filter(pk=row.pk, token_version=row.token_version).exists():
        return False
    row.refresh_from_db()
    return True


def was_refused(row: models.Account) -> bool:
    """Handle a token that a platform refused. True: it is refreshed before the next try. False: a person is needed.

    A pair that was refused right after its refresh is not refreshed again.
    """
    row.refresh_from_db()
    if not can_refresh(row):
        return False
    rows = models.Account.objects.filter(pk=row.pk, token_version=row.token_version)
    if rows.filter(token_refreshed_at__gt=Now() - YOUNG).exists():
        return False
    rows.update(token_expires_at=Now())
    return True

"""Share: one editorial decision becomes one Share with its Deliveries, in one transaction.

After the commit the bell is rung. If no worker hears it, the tickers find the deliveries.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article, Status
from sharing.domain.delivery import EventWhy, State, Why
from sharing.domain.lanes import FRESH_FOR, Lane, Purpose
from sharing.domain.marker import new_marker
from sharing.domain.message import Teaser
from sharing.domain.origin import Words
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import PAST_TOLERANCE, Plan, in_zone, plan
from sharing.models import Health, moves
from sharing.services.articles import keep
from sharing.services.articles.identity import dedupe_key
from sharing.services.entries import ActingFor, write_entry
from sharing.services.shares import follow, repeats, style
from sharing.services.shares.compose import Composed, compose_for
from sharing.services.shares.repeats import AlreadyShared, Skipped, skipped_by
from sharing.signals import deliveries_due


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequest:
    """A request to share an article.

    `teasers`: own words or a variant, by channel. `at` and `embargo_until`: a time without a zone is the desk's.
    """

    article: Article
    accounts: Sequence[models.Account]
    teasers: Mapping[str, Teaser] = field(default_factory=dict)
    at: datetime | None = None
    embargo_until: datetime | None = None
    breaking: bool = False
    #: Deliveries to repeat: the newest of each account, which the asker has seen.
    repeat: Collection[int] = ()
    #: The deliveries are drafts that ask a person.
    as_draft: bool = False
    #: Make drafts instead of refusing, if the desk's rules block the words.
    ask_if_blocked: bool = False
    #: Somebody still writes this draft. It does not reserve its accounts: another share may be faster.
    unfinished: bool = False
    source: models.Source | None = None
    #: The article's row, if the caller has already brought it up to date.
    row: models.Article | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """A share that was written, its first deliveries, and the accounts that were left out."""

    share: models.Share
    made: tuple[models.Delivery, ...]
    skipped: tuple[Skipped, ...]


def share(desk: models.Desk, requested: ShareRequest, acting: ActingFor) -> Shared:
    """Accept a share. When this returns, the rows are committed and will be delivered.

    Raises:
        Refusal: the request cannot be met; nothing was written.
        AlreadyShared: every account has the article already.
    """
    try:
        with transaction.atomic():
            shared, changed = write_share(desk, requested, acting)
    except AlreadyShared:
        # Nothing new to send, but a change of the article still reaches the waiting deliveries.
        with transaction.atomic():
            row, changed = keep.keep(desk, requested.article, requested.source)
        if changed:
            follow.follow(row, acting.actor)
        raise
    after_writing(shared, acting, article_changed=changed)
    return shared


def after_writing(shared: Shared, acting: ActingFor, *, article_changed: bool) -> None:
    """After the commit: apply the article's change to unsent deliveries, and ring for the deliveries that are due."""
    if article_changed:
        follow.follow(shared.share.article, acting.actor)
    due = [each for each in shared.made if each.state == State.QUEUED and not each.scheduled]
    deliveries_due([(each.account_id, each.lane == Lane.BREAKING) for each in due])


def write_share(desk: models.Desk, requested: ShareRequest, acting: ActingFor) -> tuple[Shared, bool]:
    """Write the rows inside the caller's transaction. Also returns whether the article had changed.

    The caller calls `after_writing` after the commit.
    """
    if not requested.accounts:
        raise Refusal("share.no_accounts", field="accounts")
    mode = _one_mode(requested.accounts)
    row, changed = (
        (requested.row, False) if requested.row else keep.keep(desk, requested.article, requested.source)
    )
    if not requested.row:
        # What the asker leaves out, such as an embargo, is taken from the desk's row.
        requested = dataclasses.replace(requested, article=row.value)
    for account in requested.accounts:
        if account.desk_id == desk.pk:
            account.desk = desk  # one desk object, so that its templates are read once
    when = times(desk, requested)
    share_row = models.Share(
        desk=desk,
        article=row,
        person=acting.person,
        by=acting.name,
        via=acting.via,
        breaking=requested.breaking,
        mode=mode,
        at=zoned(desk, requested.at),
        embargo_until=zoned(desk, requested.embargo_until),
    )
    models.insert([share_row])
    made, skipped = _deliveries(share_row, requested, when)
    if not made:
        first = skipped[0].delivery.share
        raise AlreadyShared(first, skipped)
    state = State(made[0].state)
    _tell(made, acting, state)
    verb = "draft" if state is State.DRAFT else "share"
    write_entry(desk.pk, acting, verb, f"share:{share_row.pk}", after=made[0].approved_hash)
    return Shared(share_row, tuple(made), skipped), changed


def _one_mode(accounts: Sequence[models.Account]) -> Mode:
    modes = {account.mode for account in accounts}
    if len(modes) > 1:
        raise Refusal("share.mixed_modes", field="accounts")
    refuse_removed(accounts)
    return Mode(modes.pop())


def refuse_removed(accounts: Sequence[models.Account]) -> None:
    """Refuse accounts that are disconnected.

    Raises:
        Refusal: `account.removed`.
    """
    removed = [account.name for account in accounts if account.health == Health.REMOVED]
    if removed:
        raise Refusal("account.removed", field="accounts", status=409, name=", ".join(removed))


def times(desk: models.Desk, requested: ShareRequest) -> Plan:
    """Return when the share is due and until when it is under embargo, by the database's clock.

    Raises:
        Refusal: the article may not go out, or not at that time.
    """
    article, now = requested.article, moves.now()
    if article.status in {Status.DRAFT, Status.WITHDRAWN}:
        raise Refusal(f"article.{article.status}", field="source")
    at, embargo = zoned(desk, requested.at), zoned(desk, requested.embargo_until)
    if at and at < now - PAST_TOLERANCE:
        raise Refusal("share.past", field="at", at=at.astimezone(ZoneInfo(desk.zone)))
    if article.status is Status.EMBARGOED and not (embargo or article.embargo_until):
        raise Refusal("article.embargoed_without_time", field="embargo_until")
    if article.status is Status.SCHEDULED and not (article.published_at or at):
        raise Refusal("article.scheduled_without_time", field="at")
    return plan(article, at=at, embargo=embargo, now=now)


def zoned(desk: models.Desk, time: datetime | None) -> datetime | None:
    """Return the time with a zone: without one, it is the desk's."""
    return in_zone(time, ZoneInfo(desk.zone))


def _deliveries(
    share_row: models.Share, requested: ShareRequest, when: Plan
) -> tuple[list[models.Delivery], tuple[Skipped, ...]]:
    """Insert the new deliveries. The database's unique index leaves out accounts that have the article already."""
    named = repeats.named_by(share_row.article, requested.accounts, requested.repeat)
    written = [_write(share_row, requested, account) for account in requested.accounts]
    asks = requested.as_draft or any(each.blocked for each in written)
    rows = [
        _delivery(
            share_row,
            requested,
            each,
            when=when,
            state=State.DRAFT if asks else State.QUEUED,
            repeat_no=named[each.account.pk].repeat_no + 1 if each.account.pk in named else 0,
        )
        for each in written
    ]
    made = models.insert(rows, unless_taken="marker")
    here = {row.account_id for row in made}
    for account_id, delivery in named.items():
        if account_id not in here:
            raise repeats.overtaken(delivery)
    taken = [row.dedupe_key for row in rows if row.account_id not in here]
    return made, skipped_by(taken) if taken else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """The words for one account. `blocked`: the desk's rules do not let them out without a person."""

    account: models.Account
    marker: str
    teaser: Teaser
    composed: Composed
    blocked: bool = False


def _write(share_row: models.Share, requested: ShareRequest, account: models.Account) -> _Written:
    """Compose the words for one account.

    Raises:
        Refusal: the words do not fit, or the desk's rules block them.
    """
    marker = new_marker()
    teaser = requested.teasers.get(account.channel) or Teaser()
    composed = compose_for(requested.article, account, teaser, marker)
    blocked = False
    try:
        if not requested.as_draft:
            own = teaser.words is not None
            style.stop_what_is_blocked(share_row.desk, requested.article, composed.message, own=own)
    except style.LintBlocked:
        if not requested.ask_if_blocked:
            raise
        blocked = True
    return _Written(account=account, marker=marker, teaser=teaser, composed=composed, blocked=blocked)


def new_delivery(
    share_row: models.Share,
    requested: ShareRequest,
    account: models.Account,
    *,
    when: Plan,
    repeat_no: int,
) -> models.Delivery:
    """Return a draft's delivery for one more account, composed but not saved.

    Raises:
        Refusal: the words do not fit.
    """
    written = _write(share_row, requested, account)
    return _delivery(share_row, requested, written, when=when, state=State.DRAFT, repeat_no=repeat_no)


def _delivery(
    share_row: models.Share,
    requested: ShareRequest,
    written: _Written,
    *,
    when: Plan,
    state: State,
    repeat_no: int,
) -> models.Delivery:
    account, teaser, composed = written.account, written.teaser, written.composed
    lane = Lane.BREAKING if requested.breaking else Lane.NORMAL
    return models.Delivery(
        share=share_row,
        desk_id=share_row.desk_id,
        article_id=share_row.article_id,
        account=account,
        channel=account.channel,
        purpose=Purpose.FIRST,
        repeat_no=repeat_no,
        dedupe_key=(
            None
            if requested.unfinished
            else dedupe_key(account.pk, share_row.article_id, Purpose.FIRST, repeat_no)
        ),
        lane=lane,
        state=state,
        due_at=when.due_at,
        zone=share_row.desk.zone,
        scheduled=when.scheduled,
        embargo_until=when.embargo_until,
        expires_at=when.due_at + FRESH_FOR[lane],
        message=composed.message.stored(),
        words=Words.AUTO if teaser.words is None else Words.PERSON,
        variant=teaser.variant,
        article_hash=share_row.article.data_hash,
        approved_hash=composed.approved_hash,
        target=composed.target,
        marker=written.marker,
    )


def _tell(made: list[models.Delivery], acting: ActingFor, state: State) -> None:
    models.insert(
        [
            models.Event(
                delivery=row,
                n=0,
                actor_kind=acting.actor.kind,
                actor=acting.name,
                from_state="",
                to_state=state,
                why=Why.APPROVED if state is State.QUEUED else EventWhy.MADE,
            )
            for row in made
        ]
    )

"""Share: one editorial decision becomes one Share with its Deliveries, in one transaction.

After the commit the bell is rung. If it is not heard, the tickers look for themselves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article, Status
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import FRESH_FOR, Lane, Purpose
from sharing.domain.marker import new_marker
from sharing.domain.message import Teaser
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import PAST_TOLERANCE, Plan, in_zone, plan
from sharing.models import Health, moves
from sharing.services import articles, style
from sharing.services.compose import compose_for
from sharing.services.entries import Asker, note
from sharing.services.identity import dedupe_key
from sharing.services.ids import share_id
from sharing.signals import deliveries_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for. `teasers` are a channel's own words or variant; times carry their zone."""

    article: Article
    accounts: Sequence[models.Account]
    teasers: Mapping[str, Teaser] = field(default_factory=dict)
    at: datetime | None = None
    embargo_until: datetime | None = None
    breaking: bool = False
    repeat: bool = False
    #: Of a repeat: the delivery that the asker has seen.
    repeat_of: int | None = None
    #: Ask a person instead of sending: the deliveries are drafts.
    as_draft: bool = False
    #: A draft that somebody still writes takes no account's place: another share may be faster.
    unfinished: bool = False
    source: models.Source | None = None
    #: The article's row, where the caller has brought it up to date already.
    row: models.Article | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An account that has the article already, by which delivery."""

    account: models.Account
    delivery: models.Delivery


@dataclass(frozen=True, slots=True)
class Shared:
    """The share, the deliveries it began with, and the accounts that were left out."""

    share: models.Share
    made: tuple[models.Delivery, ...]
    skipped: tuple[Skipped, ...]


class AlreadyShared(Refusal):
    """Every account has the article already; `first` is the share that brought it there."""

    def __init__(self, first: models.Share, skipped: tuple[Skipped, ...]) -> None:
        super().__init__(
            "share.already",
            field="accounts",
            status=409,
            headline=first.article.headline,
            by=first.by,
            at=first.created_at,
            ago=moves.now() - first.created_at,
            share=share_id(first.pk),
        )
        self.first = first
        self.skipped = skipped


def share(desk: models.Desk, wish: Wish, asker: Asker) -> Shared:
    """Accept a share. Once it returns, the rows stand and will be delivered.

    Raises:
        Refusal: what is asked for cannot be done; nothing was written.
        AlreadyShared: no account is left.
    """
    try:
        with transaction.atomic():
            shared, changed = write_share(desk, wish, asker)
    except AlreadyShared:
        # Nothing new to send, but what the article says now still reaches what waits.
        with transaction.atomic():
            row, changed = articles.keep(desk, wish.article, wish.source)
        if changed:
            articles.follow(row, asker.actor)
        raise
    after_writing(shared, asker, article_changed=changed)
    return shared


def after_writing(shared: Shared, asker: Asker, *, article_changed: bool) -> None:
    """Once the rows stand: let a change reach what is not out, and ask for what is due to be delivered."""
    if article_changed:
        articles.follow(shared.share.article, asker.actor)
    due = [each for each in shared.made if each.state == State.QUEUED and not each.scheduled]
    deliveries_due([(each.account_id, each.lane == Lane.BREAKING) for each in due])


def write_share(desk: models.Desk, wish: Wish, asker: Asker) -> tuple[Shared, bool]:
    """Write the rows, inside a transaction of the caller's, and say whether the article had changed.

    The caller lets the change reach what is not out, and rings, once the transaction stands.
    """
    if not wish.accounts:
        raise Refusal("share.no_accounts", field="accounts")
    mode = _one_mode(wish.accounts)
    row, changed = (wish.row, False) if wish.row else articles.keep(desk, wish.article, wish.source)
    if not wish.row:
        # What the asker does not tell, an embargo too, is as the desk knows it.
        wish = dataclasses.replace(wish, article=row.value)
    for account in wish.accounts:
        if account.desk_id == desk.pk:
            account.desk = desk  # one object: its templates are read once
    when = times(desk, wish)
    share_row = models.Share(
        desk=desk,
        article=row,
        person=asker.person,
        by=asker.name,
        via=asker.via,
        breaking=wish.breaking,
        mode=mode,
        at=zoned(desk, wish.at),
        embargo_until=zoned(desk, wish.embargo_until),
    )
    models.insert([share_row])
    made, skipped = _deliveries(share_row, wish, when)
    if not made:
        first = skipped[0].delivery.share
        raise AlreadyShared(first, skipped)
    state = State.DRAFT if wish.as_draft else State.QUEUED
    _tell(made, asker, state)
    verb = "draft" if wish.as_draft else "share"
    note(desk.pk, asker, verb, f"share:{share_row.pk}", after=made[0].approved_hash)
    return Shared(share_row, tuple(made), skipped), changed


def _one_mode(accounts: Sequence[models.Account]) -> Mode:
    modes = {account.mode for account in accounts}
    if len(modes) > 1:
        raise Refusal("share.mixed_modes", field="accounts")
    removed = [account.name for account in accounts if account.health == Health.REMOVED]
    if removed:
        raise Refusal("account.removed", field="accounts", name=", ".join(removed))
    return Mode(modes.pop())


def times(desk: models.Desk, wish: Wish) -> Plan:
    """When it is due, and until when it is under embargo; by the database's clock, as everything that decides.

    Raises:
        Refusal: the article may not go out, or not at that time.
    """
    article, now = wish.article, moves.now()
    if article.status in {Status.DRAFT, Status.WITHDRAWN}:
        raise Refusal(f"article.{article.status}", field="source")
    at, embargo = zoned(desk, wish.at), zoned(desk, wish.embargo_until)
    if at and at < now - PAST_TOLERANCE:
        raise Refusal("share.past", field="at", at=at)
    if article.status is Status.EMBARGOED and not (embargo or article.embargo_until):
        raise Refusal("article.embargoed_without_time", field="embargo_until")
    if article.status is Status.SCHEDULED and not (article.published_at or at):
        raise Refusal("article.scheduled_without_time", field="at")
    return plan(article, at=at, embargo=embargo, now=now)


def zoned(desk: models.Desk, time: datetime | None) -> datetime | None:
    """A time without zone is the desk's."""
    return in_zone(time, ZoneInfo(desk.zone))


def _deliveries(
    share_row: models.Share, wish: Wish, when: Plan
) -> tuple[list[models.Delivery], tuple[Skipped, ...]]:
    """Insert what is new; who has the article already is left out, by the database's own index."""
    repeats = _repeats(share_row.article, wish)
    rows = [
        new_delivery(share_row, wish, account, when=when, repeat_no=repeats.get(account.pk, 0))
        for account in wish.accounts
    ]
    made = models.insert(rows, unless_taken="marker")
    here = {row.account_id for row in made}
    taken = [row.dedupe_key for row in rows if row.account_id not in here]
    return made, skipped_by(taken) if taken else ()


def skipped_by(keys: Sequence[str | None]) -> tuple[Skipped, ...]:
    """Who holds these keys: the accounts that have the article already."""
    others = models.Delivery.objects.filter(dedupe_key__in=keys).exclude(state=State.CANCELLED)
    return tuple(
        Skipped(other.account, other)
        for other in others.select_related("account", "share__article").order_by("pk")
    )


def _repeats(article: models.Article, wish: Wish) -> dict[int, int]:
    """The number of a deliberate repeat, per account."""
    if not wish.repeat:
        return {}
    known = models.Delivery.objects.filter(
        article=article, account__in=wish.accounts, purpose=Purpose.FIRST
    ).exclude(state=State.CANCELLED)
    if wish.repeat_of is not None and not known.filter(pk=wish.repeat_of).exists():
        raise Refusal("share.repeat_of_nothing", field="repeat", delivery=str(wish.repeat_of))
    numbers: dict[int, int] = {}
    for account_id, repeat_no in known.values_list("account_id", "repeat_no"):
        numbers[account_id] = max(numbers.get(account_id, 0), repeat_no + 1)
    return numbers


def new_delivery(
    share_row: models.Share,
    wish: Wish,
    account: models.Account,
    *,
    when: Plan,
    repeat_no: int,
) -> models.Delivery:
    """A delivery of this share, composed and not yet written down.

    Raises:
        Refusal: the words do not fit, or the desk does not let them out.
    """
    marker, lane = new_marker(), Lane.BREAKING if wish.breaking else Lane.NORMAL
    teaser = wish.teasers.get(account.channel) or Teaser()
    composed = compose_for(wish.article, account, teaser, marker)
    own = teaser.words is not None
    if not wish.as_draft:
        style.stop_what_is_blocked(share_row.desk, wish.article, composed.message, own=own)
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
            if wish.unfinished
            else dedupe_key(account.pk, share_row.article_id, Purpose.FIRST, repeat_no)
        ),
        lane=lane,
        state=State.DRAFT if wish.as_draft else State.QUEUED,
        due_at=when.due_at,
        zone=share_row.desk.zone,
        scheduled=when.scheduled,
        embargo_until=when.embargo_until,
        expires_at=when.due_at + FRESH_FOR[lane],
        message=composed.message.stored(),
        words="person" if own else "auto",
        variant=teaser.variant,
        article_hash=share_row.article.data_hash,
        approved_hash=composed.approved_hash,
        target=composed.target,
        marker=marker,
    )


def _tell(made: list[models.Delivery], asker: Asker, state: State) -> None:
    models.insert(
        [
            models.Event(
                delivery=row,
                n=0,
                actor_kind=asker.actor.kind,
                actor=asker.name,
                from_state="",
                to_state=state,
                why=Why.APPROVED if state is State.QUEUED else "",
            )
            for row in made
        ]
    )

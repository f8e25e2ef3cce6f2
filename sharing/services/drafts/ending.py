"""Send a draft, or give it up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import FRESH_FOR, Lane, Purpose
from sharing.domain.message import Message, Teaser
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import Plan
from sharing.models import Health, moves
from sharing.services import repeats, resolve, style
from sharing.services.compose import editable_words
from sharing.services.drafts.opening import LEFT_OUT, firsts, rows
from sharing.services.drafts.writing import compose_words, while_draft, words_of
from sharing.services.entries import Asker, note
from sharing.services.identity import dedupe_key
from sharing.services.repeats import AlreadyShared, Skipped, skipped_by
from sharing.services.share import Wish, refuse_removed, times, write_share, zoned
from sharing.signals import deliveries_due


def send(
    share: models.Share,
    asker: Asker,
    *,
    at: datetime | None = None,
    embargo: datetime | None = None,
    breaking: bool = False,
    seen: Collection[int] = (),
) -> tuple[Skipped, ...]:
    """Let a draft go out; returns the accounts that were left out because they have the article already.

    Pressed twice it is one share: what is queued is no draft any more. `seen` are the first deliveries that
    the person was shown before they asked for a repeat.

    Raises:
        Refusal: `share.no_accounts`, `account.removed`, what does not fit, a time that cannot be.
        AlreadyShared: every account has the article.
    """
    chosen = _ready(share)
    accounts = [delivery.account for delivery in chosen]
    refuse_removed(accounts)
    wish = Wish(article=share.article.value, accounts=accounts, at=at, embargo_until=embargo)
    when = times(share.desk, wish)
    numbers = _numbers(share, accounts, seen)
    lane = Lane.BREAKING if breaking else Lane.NORMAL
    models.Share.objects.filter(pk=share.pk).update(
        breaking=breaking, at=zoned(share.desk, at), embargo_until=zoned(share.desk, embargo)
    )
    going, taken = _queue(chosen, asker, _Going(when, lane, numbers))
    # A second press finds its own share in the place; that is no other's.
    skipped = tuple(each for each in skipped_by(taken) if each.delivery.share_id != share.pk)
    if not going:
        raise (
            AlreadyShared(skipped[0].delivery.share, skipped)
            if skipped
            else Refusal("draft.sent", status=409)
        )
    for delivery in rows(share):
        moves.move(delivery.pk, State.CANCELLED, Why.CANCELLED, actor=asker.actor, before=State.DRAFT)
    note(share.desk_id, asker, "share", f"share:{share.pk}", after=going[0].approved_hash)
    if not when.scheduled:
        deliveries_due([(delivery.account_id, breaking) for delivery in going])
    return skipped


def _ready(share: models.Share) -> list[models.Delivery]:
    """What is chosen, once its words are known to fit and the desk lets them out; else they are refused."""
    chosen = [delivery for delivery in rows(share) if delivery.why != LEFT_OUT]
    if not chosen:
        raise Refusal("share.no_accounts", field="accounts")
    removed = [each.account.name for each in chosen if each.account.health == Health.REMOVED]
    if removed:
        raise Refusal("account.removed", field="accounts", name=", ".join(removed))
    for delivery in chosen:
        if delivery.last_code:
            compose_words(delivery, Teaser(words=words_of(delivery)))
        message, own = Message.load(delivery.message), delivery.words == "person"
        style.stop_what_is_blocked(share.desk, share.article.value, message, own=own)
    return chosen


@dataclass(frozen=True, slots=True)
class _Going:
    """When and how a draft goes, and its number among the repeats per account."""

    when: Plan
    lane: Lane
    numbers: Mapping[int, int]


def _queue(
    chosen: Sequence[models.Delivery], asker: Asker, going: _Going
) -> tuple[list[models.Delivery], list[str]]:
    """Queue one by one; an account's key that is taken already stops that one alone."""
    gone, taken = [], []
    for delivery in chosen:
        repeat_no = going.numbers.get(delivery.account_id, 0)
        key = dedupe_key(delivery.account_id, delivery.article_id, Purpose.FIRST, repeat_no)
        while_draft(delivery).update(lane=going.lane, repeat_no=repeat_no)
        sets = {
            "dedupe_key": key,
            "due_at": going.when.due_at,
            "scheduled": going.when.scheduled,
            "embargo_until": going.when.embargo_until,
            "expires_at": going.when.due_at + FRESH_FOR[going.lane],
        }
        if moves.move(
            delivery.pk, State.QUEUED, Why.APPROVED, actor=asker.actor, before=State.DRAFT, sets=sets
        ):
            gone.append(delivery)
        else:
            taken.append(key)
    return gone, taken


def _numbers(
    share: models.Share, accounts: Sequence[models.Account], seen: Collection[int]
) -> dict[int, int]:
    """The number of the next repeat where the person saw the newest delivery, else the newest one's own: it is taken.

    Raises:
        NotRepeated: what the person saw may still go out, or be out.
    """
    firsts_by = firsts(share)
    numbers = {}
    for account in accounts:
        first = firsts_by.get(account.pk)
        if first is None:
            continue
        if first.pk in seen:
            repeats.check(first)
        numbers[account.pk] = first.repeat_no + (first.pk in seen)
    return numbers


def discard(share: models.Share, asker: Asker) -> None:
    """Give a draft up.

    Raises:
        Refusal: `draft.sent`.
    """
    dropped = [
        moves.move(delivery.pk, State.CANCELLED, Why.DROPPED, actor=asker.actor, before=State.DRAFT)
        for delivery in rows(share)
    ]
    if not any(dropped):
        raise Refusal("draft.sent", field="share", status=409)
    note(share.desk_id, asker, "discard", f"share:{share.pk}")


def rewrite(delivery: models.Delivery, asker: Asker) -> models.Share:
    """A draft with the words of a delivery that did not go out, which is given up for it.

    Raises:
        Refusal: `delivery.not_again`, where it may be out; `account.removed`. Nothing is given up then.
    """
    if delivery.state not in {State.FAILED, State.EXPIRED, State.HELD}:
        raise Refusal("delivery.not_again", field="delivery", status=409, state=delivery.state)
    refuse_removed([delivery.account])
    article = delivery.article.value
    wish = Wish(
        article=article,
        accounts=[delivery.account],
        teasers={
            delivery.channel: Teaser(
                words=editable_words(Message.load(delivery.message)), variant=delivery.variant
            )
        },
        as_draft=True,
        unfinished=True,
    )
    resolve.cancel(delivery, asker, reason="rewritten")
    with transaction.atomic():
        shared, _changed = write_share(delivery.desk, wish, asker)
    return shared.share

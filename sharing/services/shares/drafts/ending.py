"""Send a draft, or drop it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sharing import models
from sharing.domain.article import Article
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import FRESH_FOR, Lane, Purpose
from sharing.domain.message import Message, Teaser
from sharing.domain.origin import Words
from sharing.domain.refusal import Refusal
from sharing.domain.schedule import PAST_TOLERANCE, Plan, plan
from sharing.models import moves
from sharing.services.articles.identity import dedupe_key, same_words
from sharing.services.decisions import resolve
from sharing.services.entries import ActingFor, write_entry
from sharing.services.shares import repeats, style
from sharing.services.shares.compose import editable_words
from sharing.services.shares.drafts.opening import firsts, locked, rows
from sharing.services.shares.drafts.timing import WHEN, timed
from sharing.services.shares.drafts.versions import goes, standings
from sharing.services.shares.drafts.writing import compose_words, while_draft, words_of
from sharing.services.shares.repeats import AlreadyShared, Skipped, skipped_by
from sharing.services.shares.share import ShareRequest, refuse_removed, times, write_share
from sharing.signals import deliveries_due


class Changed(Refusal):
    """Somebody changed these columns (channels, or the time) after the sender's page was shown."""

    def __init__(self, columns: Collection[str]) -> None:
        super().__init__("draft.changed", field="share", status=409)
        self.columns = frozenset(columns)


def send(
    share: models.Share,
    acting: ActingFor,
    *,
    versions: Mapping[str, str],
    article: str,
    opens: datetime | None = None,
    seen: Collection[int] = (),
) -> tuple[Skipped, ...]:
    """Send a draft as its sender saw it, or leave all of it unchanged.

    If it is sent twice, there is still one share: what is queued is no draft any more.

    Args:
        share: the draft.
        acting: who sends.
        versions: the version of each column, by channel, and of the time (`WHEN`), as the sender saw them.
        article: the version of the article (`data_hash`) that the sender saw.
        opens: when the article opens (UTC), as the sender saw it; None: it is open.
        seen: the first deliveries that the sender was shown before they asked for a repeat.

    Returns:
        The accounts that were left out because they have the article already.

    Raises:
        Changed: somebody changed a column meanwhile.
        Refusal: `draft.sent`, `draft.article_changed`, `share.no_accounts`; words do not fit or are blocked; the time
            is not possible.
        AlreadyShared: every account has the article, or the delivery to repeat may still go out.
    """
    with transaction.atomic():
        found = locked(share)
        share = models.Share.objects.select_related("article", "desk").get(pk=share.pk)
        _must_be_as_seen(share.article, article, opens)
        differing = {slug for slug, each in standings(found).items() if each.version != versions.get(slug)}
        if timed(share).version != versions.get(WHEN):
            differing.add(WHEN)
        if differing:
            raise Changed(differing)
        going = _Going(
            when=times(share.desk, _wish(share, found)),
            lane=Lane.BREAKING if share.breaking else Lane.NORMAL,
            numbers=_numbers(share, found, seen),
        )
        gone, skipped = _go(share, _ready(share, found), acting, going)
    if not going.when.scheduled:
        deliveries_due([(delivery.account_id, share.breaking) for delivery in gone])
    return skipped


def opens_at(article: Article, now: datetime) -> datetime | None:
    """Return the time (UTC) before which the article itself keeps everything back. None: it is open."""
    due = plan(article, at=None, embargo=None, now=now).due_at
    return due if due > now else None


def _must_be_as_seen(row: models.Article, version: str, opens: datetime | None) -> None:
    """Refuse to send if the article's words or its opening time are not those that the sender saw.

    Raises:
        Refusal: `draft.article_changed`.
    """
    now = moves.now()
    shown = opens if opens and opens > now else None
    if not same_words(version, row.data_hash) or shown != opens_at(row.value, now):
        raise Refusal("draft.article_changed", field="article", status=409)


def _wish(share: models.Share, found: Sequence[models.Delivery]) -> ShareRequest:
    """Return the request that follows from the draft's stored time.

    Raises:
        Refusal: `share.past`: its embargo ended meanwhile, although the sender meant to wait.
    """
    embargo = share.embargo_until
    if embargo and embargo < moves.now() - PAST_TOLERANCE:
        raise Refusal("share.past", field="at", at=embargo)
    accounts = [delivery.account for delivery in found if goes(delivery)]
    return ShareRequest(article=share.article.value, accounts=accounts, at=share.at, embargo_until=embargo)


def _ready(share: models.Share, found: Sequence[models.Delivery]) -> list[models.Delivery]:
    """Return the chosen deliveries. Refuses if none is chosen, words do not fit, or the desk's rules block them."""
    chosen = [delivery for delivery in found if goes(delivery)]
    if not chosen:
        raise Refusal("share.no_accounts", field="accounts")
    for delivery in chosen:
        if delivery.typed is not None:
            compose_words(delivery, Teaser(words=words_of(delivery)))
        message, own = Message.load(delivery.message), delivery.words == Words.PERSON
        style.stop_what_is_blocked(share.desk, share.article.value, message, own=own)
    return chosen


@dataclass(frozen=True, slots=True)
class _Going:
    """When and how fast a draft goes, and its repeat number by account id."""

    when: Plan
    lane: Lane
    numbers: Mapping[int, int]


def _go(
    share: models.Share, chosen: Sequence[models.Delivery], acting: ActingFor, going: _Going
) -> tuple[list[models.Delivery], tuple[Skipped, ...]]:
    """Queue the chosen deliveries and cancel the rest of the draft.

    Raises:
        AlreadyShared: every account has the article.
    """
    gone, taken = _queue(chosen, acting, going)
    skipped = skipped_by(taken)
    if not gone:
        raise (
            AlreadyShared(skipped[0].delivery.share, skipped)
            if skipped
            else Refusal("draft.sent", field="share", status=409)
        )
    for delivery in rows(share):
        moves.move(delivery.pk, State.CANCELLED, Why.CANCELLED, actor=acting.actor, before=State.DRAFT)
    write_entry(share.desk_id, acting, "share", f"share:{share.pk}", after=gone[0].approved_hash)
    return gone, skipped


def _queue(
    chosen: Sequence[models.Delivery], acting: ActingFor, going: _Going
) -> tuple[list[models.Delivery], list[str]]:
    """Queue the deliveries one by one. A key that is taken already stops only its own account."""
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
            delivery.pk, State.QUEUED, Why.APPROVED, actor=acting.actor, before=State.DRAFT, sets=sets
        ):
            gone.append(delivery)
        else:
            taken.append(key)
    return gone, taken


def _numbers(share: models.Share, found: Sequence[models.Delivery], seen: Collection[int]) -> dict[int, int]:
    """Return the repeat number by account id.

    It is the next one if the person saw the newest delivery; else the newest one's own number, whose key is taken.

    Raises:
        NotRepeated: the delivery that the person saw may still go out, or be out.
    """
    firsts_by = firsts(share)
    numbers = {}
    for account_id in (delivery.account_id for delivery in found if goes(delivery)):
        first = firsts_by.get(account_id)
        if first is None:
            continue
        if first.pk in seen:
            repeats.check(first)
        numbers[account_id] = first.repeat_no + (first.pk in seen)
    return numbers


def discard(share: models.Share, acting: ActingFor) -> None:
    """Drop a draft.

    Raises:
        Refusal: `draft.sent`.
    """
    dropped = [
        moves.move(delivery.pk, State.CANCELLED, Why.DROPPED, actor=acting.actor, before=State.DRAFT)
        for delivery in rows(share)
    ]
    if not any(dropped):
        raise Refusal("draft.sent", field="share", status=409)
    write_entry(share.desk_id, acting, "discard", f"share:{share.pk}")


def rewrite(delivery: models.Delivery, acting: ActingFor) -> models.Share:
    """Make a draft with the words of a delivery that did not go out, and cancel that delivery.

    Raises:
        Refusal: `delivery.not_again`: it may be out; `account.removed`. Nothing is cancelled then.
    """
    if delivery.state not in {State.FAILED, State.EXPIRED, State.HELD}:
        raise Refusal("delivery.not_again", field="delivery", status=409, state=delivery.state)
    refuse_removed([delivery.account])
    article = delivery.article.value
    requested = ShareRequest(
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
    resolve.cancel(delivery, acting, reason="rewritten")
    with transaction.atomic():
        shared, _changed = write_share(delivery.desk, requested, acting)
    return shared.share

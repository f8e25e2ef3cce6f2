"""Decisions of a person about one delivery: approve, cancel, try again, "it is there", "not there", drop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import IntegrityError, transaction

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import FRESH_FOR, Lane
from sharing.domain.origin import Words
from sharing.domain.outcomes import Achieved
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.models.moves import Actor, After
from sharing.net.fetch import safe_url
from sharing.services.entries import ActingFor, write_entry
from sharing.services.runtime import runtime
from sharing.signals import deliveries_due


def approve(delivery: models.Delivery, acting: ActingFor, *, seen: str) -> None:
    """Approve a draft as its approver read it. `seen`: the `approved_hash` of what they read.

    Raises:
        Refusal: `draft.changed`: the draft reads differently now; `delivery.moved_on`.
    """
    with transaction.atomic():
        row = models.Delivery.objects.select_for_update().get(pk=delivery.pk)
        if not seen or row.approved_hash != seen:
            raise Refusal("draft.changed", field="delivery", status=409)
        _move(delivery, State.QUEUED, Why.APPROVED, acting, sets=_fresh(delivery))
    _ring(delivery)


def cancel(delivery: models.Delivery, acting: ActingFor, reason: str = "") -> None:
    """Cancel a delivery that is not out yet, or a prepared one that a person still holds.

    Raises:
        Refusal: `delivery.is_out`, `delivery.cannot_cancel`; both name the present state.
    """
    if delivery.state == State.DELIVERED and delivery.receipt != Achieved.PREPARED:
        raise Refusal("delivery.is_out", field="delivery", status=409, state=delivery.state)
    _move(delivery, State.CANCELLED, Why.CANCELLED, acting, reason=reason)


def cancel_share(share: models.Share, acting: ActingFor) -> int:
    """Cancel the deliveries of a share that are not out yet. Returns how many were cancelled.

    Raises:
        Refusal: `share.nothing_to_cancel`.
    """
    cancelled = 0
    for delivery in share.deliveries.all():
        try:
            cancel(delivery, acting)
        except Refusal:
            continue
        cancelled += 1
    if not cancelled:
        raise Refusal("share.nothing_to_cancel", field="share", status=409)
    return cancelled


@dataclass(frozen=True, slots=True)
class Sight:
    """A delivery as a page showed it; `article` is the version (`data_hash`) of its article."""

    state: str
    attempt_no: int
    approved_hash: str
    article: str

    @classmethod
    def of(cls, delivery: models.Delivery) -> Sight:
        return cls(delivery.state, delivery.attempt_no, delivery.approved_hash, delivery.article.data_hash)

    def must_hold(self, delivery: models.Delivery) -> None:
        """Refuse an act that was decided on another state, attempt or message.

        Raises:
            Refusal: `delivery.moved_on`.
        """
        if self != replace(Sight.of(delivery), article=self.article):
            raise Refusal("delivery.moved_on", field="delivery", status=409, state=delivery.state)


def again(delivery: models.Delivery, acting: ActingFor, seen: Sight | None = None) -> None:
    """Try again what failed or expired, or let go what is held. Refuses what may be out.

    Args:
        delivery: as it was read just now.
        acting: who asks.
        seen: what the person saw when they decided; None: they look at this row.

    Raises:
        Refusal: `delivery.not_again`; `delivery.moved_on`; `account.removed`: it would only be held again.
    """
    if delivery.account.health == models.Health.REMOVED:
        raise Refusal("account.removed", field="delivery", status=409, name=delivery.account.name)
    if seen is not None:
        seen.must_hold(delivery)
    if delivery.state in {State.FAILED, State.EXPIRED}:
        _move(delivery, State.QUEUED, Why.AGAIN, acting, sets={**_fresh(delivery), "tries": 0}, as_read=True)
    elif delivery.state == State.HELD:
        articles = models.Article.objects.filter(pk=delivery.article_id)
        article = seen.article if seen else articles.values_list("data_hash", flat=True).get()
        let_go(delivery, acting, article=article)
    else:
        raise Refusal("delivery.not_again", field="delivery", status=409, state=delivery.state)
    _ring(delivery)


def let_go(delivery: models.Delivery, acting: ActingFor, *, article: str = "") -> None:
    """Let a held delivery go on if it is still news; else it is `expired`, and a person is asked.

    `article`: the version that a person read: their own words may go out beside it unchanged. Without it, words that
    follow another version are held again at the last gate.
    """
    if delivery.expires_at and delivery.expires_at <= moves.now():
        _move(delivery, State.EXPIRED, Why.TOO_LATE, acting)
    else:
        sets: dict[str, object] = {"waiting_since": None}
        if delivery.words == Words.PERSON and article:
            sets["article_hash"] = article
        _move(delivery, State.QUEUED, Why.RELEASED, acting, sets=sets)


def is_there(delivery: models.Delivery, url: str, acting: ActingFor) -> None:
    """Record that a person saw the post at `url`."""
    permalink = safe_url(url)
    sets = {"receipt": Achieved.POSTED.value, "permalink": permalink, "first_seen_at": After(0)}
    _move(delivery, State.DELIVERED, Why.IS_THERE, acting, reason=permalink, sets=sets)


def take_over(delivery: models.Delivery, acting: ActingFor) -> None:
    """Move an unknown delivery to `review` for a person, but not before a lost post had time to show itself.

    Raises:
        Refusal: `delivery.not_unknown`; `delivery.too_early`, with the time left; `delivery.moved_on`.
    """
    if delivery.state != State.UNKNOWN:
        raise Refusal("delivery.not_unknown", field="delivery", status=409, state=delivery.state)
    opens = (delivery.sending_at or delivery.state_at) + runtime().timings.look_from
    left = opens - moves.now()
    if left > timedelta(0):
        left += timedelta(seconds=1)
        raise Refusal("delivery.too_early", field="delivery", status=409, span=left)
    _move(delivery, State.REVIEW, Why.TAKEN_OVER, acting)


def ask_a_person(row: models.Delivery, actor: Actor) -> None:
    """Move a delivery of a disconnected account to `review`: nobody can look it up.

    If a lost post had no time to show itself yet, only the next check is scheduled.
    """
    opens = (row.sending_at or row.state_at) + runtime().timings.look_from
    if opens > moves.now():
        models.Delivery.objects.filter(pk=row.pk, state=State.UNKNOWN).update(check_at=opens)
    else:
        moves.move(row.pk, State.REVIEW, Why.ACCOUNT_REMOVED, actor=actor, attempt_no=row.attempt_no)


def is_not_there(
    delivery: models.Delivery, reason: str, acting: ActingFor, seen: Sight | None = None
) -> None:
    """Send a delivery again, because a person looked and did not find it. Only from `review`.

    Raises:
        Refusal: `delivery.no_reason`; `delivery.moved_on`, also if they looked for an earlier attempt.
    """
    _needs_reason(reason)
    if seen is not None:
        seen.must_hold(delivery)
    sets = {**_fresh(delivery), "absences": 0, "duplicate": False, "crashes": 0}
    sets |= {"last_code": "", "last_detail": ""}
    _move(delivery, State.QUEUED, Why.NOT_THERE, acting, reason=reason, sets=sets, as_read=True)
    _ring(delivery)


def drop(delivery: models.Delivery, reason: str, acting: ActingFor) -> None:
    """Drop a delivery: a person gives it up."""
    _needs_reason(reason)
    _move(delivery, State.CANCELLED, Why.DROPPED, acting, reason=reason)


def decide(
    delivery: models.Delivery,
    acting: ActingFor,
    *,
    there: str | None = None,
    not_there: bool = False,
    drop_it: bool = False,
    take: bool = False,
    reason: str = "",
    seen: Sight | None = None,
) -> None:
    """Apply one of the four decisions of a person about a send that did not end clearly.

    `seen`: what their page showed; only sending again depends on it.

    Raises:
        Refusal: `delivery.one_way`: not exactly one decision was given; and those of that decision.
    """
    if [there is not None, not_there, drop_it, take].count(True) != 1:
        raise Refusal("delivery.one_way", field="delivery")
    if there is not None:
        is_there(delivery, there, acting)
    elif not_there:
        is_not_there(delivery, reason, acting, seen)
    elif drop_it:
        drop(delivery, reason, acting)
    else:
        take_over(delivery, acting)


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("delivery.no_reason", field="reason")


def _fresh(delivery: models.Delivery) -> dict[str, object]:
    """Return new times: from a person's decision on, the delivery is news again. Freshness is shown, not enforced."""
    due = max(moves.now(), delivery.due_at)
    return {"due_at": due, "expires_at": due + FRESH_FOR[Lane(delivery.lane)]}


def _ring(delivery: models.Delivery) -> None:
    deliveries_due([(delivery.account_id, delivery.lane == Lane.BREAKING)])


def _move(
    delivery: models.Delivery,
    to: State,
    why: Why,
    acting: ActingFor,
    *,
    reason: str = "",
    sets: dict[str, object] | None = None,
    as_read: bool = False,
) -> None:
    """Move a delivery, write the audit entry, and read the row again.

    `as_read`: move only from the state and attempt of this row.

    Raises:
        Refusal: `delivery.moved_on` or, for a cancellation, `delivery.cannot_cancel`: this move does not begin where
            the delivery stands now.
    """
    try:
        moved = moves.move(
            delivery.pk,
            to,
            why,
            actor=acting.actor,
            detail=reason[:1000],
            sets=sets,
            attempt_no=delivery.attempt_no if as_read else None,
            before=State(delivery.state) if as_read else None,
        )
    except IntegrityError:
        moved = False
    before = delivery.state
    delivery.refresh_from_db()
    if not moved:
        code = "delivery.cannot_cancel" if why is Why.CANCELLED else "delivery.moved_on"
        raise Refusal(code, field="delivery", status=409, state=delivery.state, wanted=to.value)
    subject = f"delivery:{delivery.pk}"
    write_entry(delivery.desk_id, acting, why.value, subject, reason, before=before)

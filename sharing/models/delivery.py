"""The Delivery: one Share on one Account; its attempts and every move it made.

Rows are made here by the ORM; a state is moved in `moves.py` and nowhere else.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sharing.domain.delivery import DUE_STATES, IN_FLIGHT, State
from sharing.domain.lanes import Lane, Purpose
from sharing.domain.origin import Words
from sharing.models.accounts import Account
from sharing.models.editorial import Article, Share
from sharing.models.people import Desk

_STATES = [(each.value, each.value) for each in State]


class Delivery(models.Model):
    """One Share on one Account. All times are UTC from the database's own clock."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="deliveries")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="deliveries")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=40)
    purpose = models.CharField(max_length=12, default=Purpose.FIRST)
    #: A deliberate repeat counts up.
    repeat_no = models.SmallIntegerField(default=0)
    #: One article, one account, one purpose: one delivery. Empty while somebody still writes it.
    dedupe_key = models.CharField(max_length=64, null=True)
    lane = models.SmallIntegerField(default=Lane.NORMAL)

    state = models.CharField(max_length=9, choices=_STATES, default=State.DRAFT)
    #: The state before, set by the same statement, so that the event can name it.
    came_from = models.CharField(max_length=9, default="", blank=True)
    state_at = models.DateTimeField(db_default=Now())
    #: Why it is where it is: the cause of the last move, a platform's code and its masked words.
    why = models.CharField(max_length=20, default="", blank=True)
    last_code = models.CharField(max_length=80, default="", blank=True)
    last_detail = models.TextField(default="", blank=True)

    due_at = models.DateTimeField(db_default=Now())
    zone = models.CharField(max_length=60, default="Asia/Seoul")
    #: Set by a person or a CMS for a later time: a clock that jumps holds it.
    scheduled = models.BooleanField(default=False)
    embargo_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    #: The composed Message, frozen; and the hash that the last gate compares.
    message = models.JSONField()
    #: Of a draft: whether it goes to this account; and the words that somebody typed, while they do not fit.
    chosen = models.BooleanField(default=True, db_default=True)
    typed = models.TextField(null=True)
    #: Who wrote the words (domain.origin.Words).
    words = models.CharField(max_length=6, default=Words.AUTO)
    variant = models.CharField(max_length=80, default="lead")
    #: The version of the article that words and times follow (its `data_hash`); the gate compares it.
    article_hash = models.CharField(max_length=64, default="", db_default="", blank=True)
    approved_hash = models.CharField(max_length=64)
    #: The address that the link leads to, frozen with the Delivery.
    target = models.CharField(max_length=2200)
    marker = models.CharField(max_length=10, unique=True)

    attempt_no = models.BigIntegerField(default=0)
    #: Tries that proved not sent, for the backoff; crashes in `claimed`, for the poison stop.
    tries = models.BigIntegerField(default=0)
    crashes = models.BigIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    #: Since when the article's page is waited for.
    waiting_since = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    #: Absences counted so far, and when to look next.
    absences = models.BigIntegerField(default=0)
    check_at = models.DateTimeField(null=True)
    duplicate = models.BooleanField(default=False)
    #: When to look whether a marker stands on one post only: after a find, and after sending again.
    recheck_at = models.DateTimeField(null=True)

    receipt = models.CharField(max_length=10, null=True)
    remote_id = models.CharField(max_length=300, null=True)
    permalink = models.CharField(max_length=2200, null=True)
    first_seen_at = models.DateTimeField(null=True)
    #: The platform's webhook named this resource once (Kakao's X-Kakao-Resource-ID).
    confirmed_by = models.CharField(max_length=200, null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in State]), name="known_state"),
            models.CheckConstraint(
                condition=~Q(state=State.DELIVERED) | Q(receipt__isnull=False), name="delivered_has_a_receipt"
            ),
            models.CheckConstraint(
                condition=Q(receipt__isnull=True)
                | ~Q(receipt="posted")
                | Q(remote_id__isnull=False)
                | Q(permalink__isnull=False),
                name="posted_can_be_found",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(each.value for each in IN_FLIGHT))
                | Q(lease_until__isnull=False),
                name="in_flight_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.CANCELLED]) | Q(dedupe_key__isnull=False),
                name="approved_has_a_key",
            ),
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=Q(dedupe_key__isnull=False) & ~Q(state=State.CANCELLED),
                name="one_article_one_account_one_purpose",
            ),
            # One normal delivery in flight per account, and beside it one that is breaking.
            models.UniqueConstraint(
                F("account"),
                models.Case(
                    models.When(lane=Lane.BREAKING, then=0),
                    default=1,
                    output_field=models.SmallIntegerField(),
                ),
                condition=Q(state__in=sorted(IN_FLIGHT)),
                name="one_in_flight",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "lane", "due_at", "id"],
                condition=Q(state__in=sorted(DUE_STATES)),
                name="due",
            ),
            models.Index(fields=["lease_until"], condition=Q(state__in=sorted(IN_FLIGHT)), name="leases"),
            models.Index(fields=["check_at"], condition=Q(state=State.UNKNOWN), name="look_ups"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=sorted({*DUE_STATES, State.HELD})),
                name="freshness",
            ),
            models.Index(fields=["why"], condition=Q(state=State.HELD), name="held"),
            models.Index(fields=["account", "remote_id"], name="by_post"),
            models.Index(fields=["recheck_at"], condition=Q(recheck_at__isnull=False), name="rechecks"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.marker}"


class Attempt(models.Model):
    """One try to send, written before the call."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    n = models.BigIntegerField()
    started = models.DateTimeField(db_default=Now())
    ended = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, default="", blank=True)
    http_status = models.SmallIntegerField(null=True)
    code = models.CharField(max_length=80, default="", blank=True)
    evidence = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "n"], name="one_attempt_per_number")]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.n}"


class Event(models.Model):
    """One move of a delivery, or one that was refused; written by the statement that moves."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="events")
    n = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=200)
    from_state = models.CharField(max_length=9)
    to_state = models.CharField(max_length=9)
    why = models.CharField(max_length=20)
    detail = models.CharField(max_length=2100, default="", blank=True)
    refused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}: {self.why}"

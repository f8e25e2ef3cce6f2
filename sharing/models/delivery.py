"""The Delivery (one Share on one Account), its attempts, and its events: one for every move.

Only `sharing/models/moves` changes the state of a row.
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
    #: 0 for the first delivery; each deliberate repeat adds 1.
    repeat_no = models.SmallIntegerField(default=0)
    #: The unique key: one delivery per article, account and purpose. None while it is a draft.
    dedupe_key = models.CharField(max_length=64, null=True)
    lane = models.SmallIntegerField(default=Lane.NORMAL)

    state = models.CharField(max_length=9, choices=_STATES, default=State.DRAFT)
    #: The previous state. The statement that moves the row sets it, so that the event can name it.
    came_from = models.CharField(max_length=9, default="", blank=True)
    state_at = models.DateTimeField(db_default=Now())
    #: Why the delivery is in this state: the cause of the last move, the platform's code and its text, masked.
    why = models.CharField(max_length=20, default="", blank=True)
    last_code = models.CharField(max_length=80, default="", blank=True)
    last_detail = models.TextField(default="", blank=True)

    due_at = models.DateTimeField(db_default=Now())
    zone = models.CharField(max_length=60, default="Asia/Seoul")
    #: True if a person or a CMS set it for a later time. When the machine's clock jumps, it is held.
    scheduled = models.BooleanField(default=False)
    embargo_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    #: The composed Message, frozen. `approved_hash` is its hash, which the last gate compares.
    message = models.JSONField()
    #: For a draft: whether it goes to this account, and the words that a person typed while they do not fit.
    chosen = models.BooleanField(default=True, db_default=True)
    typed = models.TextField(null=True)
    #: Who wrote the words (domain.origin.Words).
    words = models.CharField(max_length=6, default=Words.AUTO)
    variant = models.CharField(max_length=80, default="lead")
    #: The version of the article (its `data_hash`) that words and times were made from. The last gate compares it.
    article_hash = models.CharField(max_length=64, default="", db_default="", blank=True)
    approved_hash = models.CharField(max_length=64)
    #: The address behind the link, frozen with the Delivery.
    target = models.CharField(max_length=2200)
    marker = models.CharField(max_length=10, unique=True)

    attempt_no = models.BigIntegerField(default=0)
    #: `tries`: tries that certainly sent nothing, for the backoff. `crashes`: worker crashes while `claimed`; the
    #: fifth one moves the delivery to `review`.
    tries = models.BigIntegerField(default=0)
    crashes = models.BigIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    #: When the wait for the article's page began (UTC).
    waiting_since = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    #: How many look-ups did not find the post, and the time of the next look-up (UTC).
    absences = models.BigIntegerField(default=0)
    check_at = models.DateTimeField(null=True)
    duplicate = models.BooleanField(default=False)
    #: When to check (UTC) that only one post has the marker: after a post was found, or was sent again.
    recheck_at = models.DateTimeField(null=True)

    receipt = models.CharField(max_length=10, null=True)
    remote_id = models.CharField(max_length=300, null=True)
    permalink = models.CharField(max_length=2200, null=True)
    first_seen_at = models.DateTimeField(null=True)
    #: The id by which the platform's webhook confirmed it (Kakao's X-Kakao-Resource-ID).
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
            # Per account at most one normal delivery in flight, and at most one breaking delivery.
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
    """One try to send. The row is written before the call to the platform."""

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
    """One move of a delivery, or a refused move. The statement that moves the delivery also writes its event."""

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

"""Accounts with their sealed secrets, the gate of each account, and the switches that hold deliveries."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.people import Desk


class Health(models.TextChoices):
    """Whether an account can be used. The deliveries of a stopped account are held until a person repairs it."""

    OK = "ok"
    STOPPED = "stopped"
    REMOVED = "removed"


class Account(models.Model):
    """A Page, a handle, a Kakao app, a mailing list or the link domain."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="accounts")
    channel = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=300)
    name = models.CharField(max_length=300)
    mode = models.CharField(max_length=8)
    health = models.CharField(max_length=8, choices=Health.choices, default=Health.OK)
    health_code = models.CharField(max_length=80, default="", blank=True)
    health_detail = models.TextField(default="", blank=True)
    checked_at = models.DateTimeField(null=True)
    #: For tokens that expire: the version of the token pair, its times (UTC), and the lease of a running refresh.
    token_version = models.BigIntegerField(default=0)
    token_refreshed_at = models.DateTimeField(null=True)
    token_expires_at = models.DateTimeField(null=True)
    refresh_started_at = models.DateTimeField(null=True)
    refresh_lease_until = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "channel", "remote_id", "mode"],
                condition=~models.Q(health="removed"),
                name="one_account_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.name}"


class AccountGate(models.Model):
    """The rate limit and circuit breaker of one account. A row of its own, so that a claim locks only this row."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="gate")
    #: The platform asked for a pause until this time (UTC).
    next_at = models.DateTimeField(null=True)
    #: The circuit breaker is open until this time (UTC).
    open_until = models.DateTimeField(null=True)
    fails = models.BigIntegerField(default=0)
    unknowns = models.BigIntegerField(default=0)
    opened = models.BigIntegerField(default=0)
    counted_from = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"gate of {self.account_id}"


class Switch(models.Model):
    """A hold on everything, a channel, an account or an article: nothing in its scope passes the last gate."""

    scope = models.CharField(max_length=10)
    subject = models.CharField(max_length=60, default="", blank=True)
    on_at = models.DateTimeField(db_default=Now())
    by = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "subject"], name="one_switch_per_scope")]

    def __str__(self) -> str:
        return f"{self.scope}:{self.subject}" if self.subject else self.scope

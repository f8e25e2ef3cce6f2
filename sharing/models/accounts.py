"""Accounts, what they are sealed with, and the gate that each has."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.people import Desk


class Health(models.TextChoices):
    """Whether an account can be used. A stopped one holds its deliveries until a person mends it."""

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
    #: Tokens that run out: which pair this is, until when it lasts, and who refreshes it since when.
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
    """When an account may send again. A row of its own, so that claims can lock it without touching more."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="gate")
    #: A platform asked for a pause until then.
    next_at = models.DateTimeField(null=True)
    #: The circuit is open until then.
    open_until = models.DateTimeField(null=True)
    fails = models.BigIntegerField(default=0)
    unknowns = models.BigIntegerField(default=0)
    opened = models.BigIntegerField(default=0)
    counted_from = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"gate of {self.account_id}"


class Switch(models.Model):
    """A hold: nothing in its scope passes the last gate."""

    scope = models.CharField(max_length=10)
    subject = models.CharField(max_length=60, default="", blank=True)
    on_at = models.DateTimeField(db_default=Now())
    by = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "subject"], name="one_switch_per_scope")]

    def __str__(self) -> str:
        return f"{self.scope}:{self.subject}" if self.subject else self.scope

"""Where articles come from by themselves, and every raw hook that came."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.accounts import Account
from sharing.models.people import Desk


class Source(models.Model):
    """A CMS that calls us, with the scheme it signs by and the format it speaks."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sources")
    name = models.SlugField(max_length=60, unique=True)
    scheme = models.CharField(max_length=40)
    format = models.CharField(max_length=40, default="auto")
    #: A mapping of the desk's own, and a template for addresses.
    mapping = models.JSONField(default=dict, blank=True)
    sealed = models.BinaryField(null=True)
    accounts = models.ManyToManyField(Account, blank=True)
    switched_on = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Inbound(models.Model):
    """A raw hook, kept before anything reads it. `result` is what came of it, once that is known."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="inbound")
    message_id = models.CharField(max_length=300)
    received_at = models.DateTimeField(db_default=Now(), db_index=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    body_hash = models.CharField(max_length=64)
    result = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "message_id"], name="one_hook_once")]
        verbose_name_plural = "inbound"

    def __str__(self) -> str:
        return f"{self.source}: {self.message_id}"

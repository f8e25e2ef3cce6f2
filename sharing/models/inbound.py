"""The sources that send us articles, their feeds, and everything that came in."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.accounts import Account
from sharing.models.people import Desk


class Source(models.Model):
    """A CMS that calls us, a feed that we read, or both. With both, the feed brings what a lost hook did not."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sources")
    name = models.SlugField(max_length=60, unique=True)
    #: The signature scheme of its hooks; `feed` if the source has no hooks.
    scheme = models.CharField(max_length=40)
    format = models.CharField(max_length=40, default="auto")
    #: The desk's own mapping of fields (`paths`), the site's address or an address template (`address`), and the way
    #: the source writes times (`date_order`, `zone`).
    mapping = models.JSONField(default=dict, blank=True)
    #: The sealed secrets, by number. `secrets` has when each was made and until when it is valid (UTC).
    sealed = models.BinaryField(null=True)
    secrets = models.JSONField(default=dict, blank=True)
    accounts = models.ManyToManyField(Account, blank=True)
    switched_on = models.BooleanField(default=True)
    #: How many hooks had a wrong signature since `wrong_since`; counted for one minute at most.
    wrong = models.BigIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Inbound(models.Model):
    """A raw hook, or a new entry of a feed. `result` says what it led to; None: stored, but not read yet."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="inbound")
    message_id = models.CharField(max_length=300)
    received_at = models.DateTimeField(db_default=Now(), db_index=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    body_hash = models.CharField(max_length=64)
    result = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "message_id"], name="one_hook_once")]
        indexes = [
            models.Index(
                fields=["received_at"], condition=models.Q(result__isnull=True), name="hooks_to_read"
            ),
            models.Index(fields=["source", "-id"], name="hooks_of_a_source"),
        ]
        verbose_name_plural = "inbound"

    def __str__(self) -> str:
        return f"{self.source}: {self.message_id}"


class Feed(models.Model):
    """The feed of a source: its address, how often it is read, the last result, and its hub (w3.org/TR/websub)."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="feed")
    url = models.CharField(max_length=2048)
    #: Seconds between two reads.
    every = models.PositiveIntegerField(default=60)
    next_at = models.DateTimeField(db_default=Now(), db_index=True)
    lease_until = models.DateTimeField(null=True)
    etag = models.CharField(max_length=300, default="", blank=True)
    last_modified = models.CharField(max_length=100, default="", blank=True)
    body_hash = models.CharField(max_length=64, default="", blank=True)
    #: When the feed was connected (UTC). Entries that it had before are not shared.
    connected_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failures = models.BigIntegerField(default=0)
    last_code = models.CharField(max_length=80, default="", blank=True)

    hub = models.CharField(max_length=2048, default="", blank=True)
    topic = models.CharField(max_length=2048, default="", blank=True)
    #: The secret that the hub signs with.
    sealed = models.BinaryField(null=True)
    #: When we asked the hub, until when it promised to call us, and when to ask it next (UTC).
    asked_at = models.DateTimeField(null=True)
    hub_until = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source}: {self.url}"


class FeedEntry(models.Model):
    """An entry that a feed had before. `name` is a hash of its id or address, so that it never counts as new again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    name = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="one_entry_once")]
        verbose_name_plural = "feed entries"

    def __str__(self) -> str:
        return self.name

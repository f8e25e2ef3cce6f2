"""Where articles come from by themselves, and everything that came."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.accounts import Account
from sharing.models.people import Desk


class Source(models.Model):
    """A CMS that calls us, a feed that we read, or both: the hook first, the feed for hooks that get lost."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sources")
    name = models.SlugField(max_length=60, unique=True)
    #: What its hooks are signed by; `feed` where it has none.
    scheme = models.CharField(max_length=40)
    format = models.CharField(max_length=40, default="auto")
    #: A mapping of the desk's own (`paths`), the site's address or a template (`address`), and how it writes times
    #: (`date_order`, `zone`).
    mapping = models.JSONField(default=dict, blank=True)
    #: The secrets, by number; when each was made and until when it is live stands in `secrets`.
    sealed = models.BinaryField(null=True)
    secrets = models.JSONField(default=dict, blank=True)
    accounts = models.ManyToManyField(Account, blank=True)
    switched_on = models.BooleanField(default=True)
    #: Hooks with a wrong signature since `wrong_since`, a minute at most.
    wrong = models.BigIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Inbound(models.Model):
    """A raw hook, or a new entry of a feed. `result` is what came of it; None: kept, and yet to be read."""

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
    """The feed of a source: where, how often, how it went, and its hub (w3.org/TR/websub)."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="feed")
    url = models.CharField(max_length=2048)
    #: Seconds between two looks.
    every = models.PositiveIntegerField(default=60)
    next_at = models.DateTimeField(db_default=Now(), db_index=True)
    lease_until = models.DateTimeField(null=True)
    etag = models.CharField(max_length=300, default="", blank=True)
    last_modified = models.CharField(max_length=100, default="", blank=True)
    body_hash = models.CharField(max_length=64, default="", blank=True)
    #: From when on its entries are news; what stood in it before is history.
    connected_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failures = models.BigIntegerField(default=0)
    last_code = models.CharField(max_length=80, default="", blank=True)

    hub = models.CharField(max_length=2048, default="", blank=True)
    topic = models.CharField(max_length=2048, default="", blank=True)
    #: The secret that the hub signs with.
    sealed = models.BinaryField(null=True)
    #: When the hub was asked, until when it promised to call, and when to ask (again).
    asked_at = models.DateTimeField(null=True)
    hub_until = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source}: {self.url}"


class FeedEntry(models.Model):
    """An entry that was in a feed before, by a hash of its id or its address: seen is never new again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    name = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="one_entry_once")]
        verbose_name_plural = "feed entries"

    def __str__(self) -> str:
        return self.name

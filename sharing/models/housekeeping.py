"""Workers, notices and recurring chores. A chore is a row with its next time, so no scheduler process is needed."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Chore(models.Model):
    """A recurring chore: feeds, token probes, the audit. Workers claim it by compare-and-set on `next_at`."""

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=60, default="", blank=True)
    next_at = models.DateTimeField(db_default=Now(), db_index=True)
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="one_chore_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Notice(models.Model):
    """Something that people must know, reported once: a platform is down, two posts have one marker.

    It is open until its cause ends (`over_at`) or a person closes it (`closed`), whichever comes first.
    """

    #: The key in `facts` that says who closed the notice, why and when.
    CLOSED = "closed"

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=100, default="", blank=True)
    facts = models.JSONField(default=dict, blank=True)
    since = models.DateTimeField(db_default=Now())
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(over_at=None), name="one_open_notice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def closed(self) -> dict[str, str]:
        """Who closed the notice: `by`, `reason` and `at` (ISO 8601). Empty if no person closed it."""
        return dict(self.facts.get(self.CLOSED, {}))


class Worker(models.Model):
    """The sign of life of a worker process. `sharedesk doctor` and `/readyz` read it."""

    name = models.CharField(max_length=120, primary_key=True)
    host = models.CharField(max_length=120)
    pid = models.IntegerField()
    version = models.CharField(max_length=40, default="")
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name

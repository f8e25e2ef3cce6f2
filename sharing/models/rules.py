"""The rules of a source: which of its articles are shared automatically, where and when."""

from __future__ import annotations

from django.db import models

from sharing.models.accounts import Account
from sharing.models.inbound import Source


class Does(models.TextChoices):
    """What a rule does with an article: share it, ask a person first, or never share it."""

    AUTO = "auto"
    ASK = "ask"
    NEVER = "never"


class Rule(models.Model):
    """A rule of a source. The first rule that fits an article decides: accounts, time, and whether to ask a person.

    An empty field fits every article.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="rules")
    #: Position among the rules of the source; the lowest is tried first.
    place = models.PositiveIntegerField(default=0)
    section = models.CharField(max_length=200, default="", blank=True)
    tag = models.CharField(max_length=200, default="", blank=True)
    author = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    #: The label that the CMS gives: 속보, breaking, opinion.
    label = models.CharField(max_length=60, default="", blank=True)
    accounts = models.ManyToManyField(Account, blank=True)
    does = models.CharField(max_length=5, choices=Does.choices, default=Does.ASK)
    #: True: the article goes in the breaking lane, before everything else, and expires sooner.
    breaking = models.BooleanField(default=False)
    #: Minutes to wait after the article was published.
    delay = models.PositiveIntegerField(default=0)
    template = models.CharField(max_length=60, default="", blank=True)
    #: Quiet hours in the desk's time zone. What is due in them waits for their end, unless it is breaking.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        wanted = [f"{name}={value}" for name in self.FITS if (value := getattr(self, name))]
        return ", ".join(wanted) or "every article"

    FITS = ("section", "tag", "author", "language", "label")

    @property
    def auto(self) -> bool:
        return self.does == Does.AUTO

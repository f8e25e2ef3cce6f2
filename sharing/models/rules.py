"""What a source's articles lead to by themselves."""

from __future__ import annotations

from django.db import models

from sharing.models.accounts import Account
from sharing.models.inbound import Source


class Does(models.TextChoices):
    """What happens to an article that a rule fits."""

    AUTO = "auto"
    ASK = "ask"
    NEVER = "never"


class Rule(models.Model):
    """The first rule of a source that fits an article decides: where to, when, and whether a person is asked.

    Empty fields fit everything.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="rules")
    #: Its place among the source's rules.
    place = models.PositiveIntegerField(default=0)
    section = models.CharField(max_length=200, default="", blank=True)
    tag = models.CharField(max_length=200, default="", blank=True)
    author = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    #: The label that the CMS gives: 속보, breaking, opinion.
    label = models.CharField(max_length=60, default="", blank=True)
    accounts = models.ManyToManyField(Account, blank=True)
    does = models.CharField(max_length=5, choices=Does.choices, default=Does.ASK)
    #: It goes before everything else, and is not news for long.
    breaking = models.BooleanField(default=False)
    #: Minutes after the article is out.
    delay = models.PositiveIntegerField(default=0)
    template = models.CharField(max_length=60, default="", blank=True)
    #: By the desk's clock; what falls between them waits for the end, unless it is breaking.
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

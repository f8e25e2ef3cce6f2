"""What a source's articles lead to by themselves."""

from __future__ import annotations

from django.db import models

from sharing.models.accounts import Account
from sharing.models.inbound import Source


class Rule(models.Model):
    """The first rule of a source that fits an article decides: to these accounts, and whether by itself.

    Empty fields fit everything.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="rules")
    section = models.CharField(max_length=200, default="", blank=True)
    tag = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    accounts = models.ManyToManyField(Account, blank=True)
    #: Sends by itself; else a person is asked.
    auto = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        wanted = [
            f"{n}={v}"
            for n, v in (("section", self.section), ("tag", self.tag), ("language", self.language))
            if v
        ]
        return ", ".join(wanted) or "every article"

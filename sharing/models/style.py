"""How a desk writes: its templates. What else it wants stands in `Desk.style`."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.people import Desk


class Template(models.Model):
    """Words for one channel, for articles of a section and a language; empty fields fit every article.

    Of several that fit, the one with more said wins, then the newer.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=60)
    channel = models.CharField(max_length=40)
    section = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=2, default="", blank=True)
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "name"], name="one_template_of_a_name")]

    def __str__(self) -> str:
        return self.name

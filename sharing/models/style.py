"""The templates of a desk. Its other rules about words are in `Desk.style`."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.models.people import Desk


class Template(models.Model):
    """A template of words for one channel, section and language. An empty section or language fits every article.

    If several templates fit, the one with more of these fields set wins, then the newest.
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

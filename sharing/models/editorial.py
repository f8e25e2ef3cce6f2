"""Articles and the decisions to spread them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.domain import article as domain
from sharing.models.inbound import Source
from sharing.models.people import Desk, Person


class Article(models.Model):
    """One article of a desk, by its names. `data` is all of it, as `domain.Article.stored()` gives it.

    Two clocks run on it, both the source's: `data_at` is of when its words are, `said` and `said_at` what was said
    last about how it stands. So a hook that comes late changes neither.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="articles")
    headline = models.CharField(max_length=1000)
    status = models.CharField(max_length=10)
    data = models.JSONField()
    #: Its version (services.identity.article_hash): a delivery that follows another does not pass the last gate.
    data_hash = models.CharField(max_length=64)
    data_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=12, default="", blank=True)
    said_at = models.DateTimeField(null=True)
    #: Who brought it first; None: a person.
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL)
    withdrawn_at = models.DateTimeField(null=True)
    #: When the page was last seen to be there.
    page_seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.headline

    @property
    def value(self) -> domain.Article:
        return domain.Article.load(self.data)


class ArticleName(models.Model):
    """What an article is known by: its addresses, and the ids that its sources give it (services.identity).

    A name without an article is one of which a source only said how it stands: taken down before it came.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE)
    name = models.CharField(max_length=500)
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="names")
    said = models.CharField(max_length=12, default="", blank=True)
    said_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "name"], name="one_name_one_article")]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """One editorial decision to spread an article. Its state is the sum of its deliveries."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="shares")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    #: The name of who or what asked, so that it survives them.
    by = models.CharField(max_length=200)
    #: The door: web, api, cli or hook.
    via = models.CharField(max_length=10)
    breaking = models.BooleanField(default=False)
    mode = models.CharField(max_length=8)
    #: The time and the embargo that the asker named, beside those of the article, which its CMS may move.
    at = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"{self.article} by {self.by}"


class Entry(models.Model):
    """What a person, or a machine in a person's name, did. Never changed, never deleted."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.SET_NULL)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, default="", blank=True)
    ip = models.GenericIPAddressField(null=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    before_hash = models.CharField(max_length=64, default="", blank=True)
    after_hash = models.CharField(max_length=64, default="", blank=True)
    reason = models.CharField(max_length=1000, default="", blank=True)

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.name} {self.verb} {self.subject}"

"""Articles with their aliases, the decisions to share them, and the log of what people did."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from sharing.domain import article as domain
from sharing.models.inbound import Source
from sharing.models.people import Desk, Person


class Article(models.Model):
    """One article of a desk. `data` is the whole article, as `domain.Article.stored()` returns it.

    Two times come from the source's clock: `data_at` is the time of the words in `data`; `said_at` is the time of the
    last report about the article's status, and `said` is that report. So a hook that arrives late changes neither.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="articles")
    headline = models.CharField(max_length=1000)
    status = models.CharField(max_length=10)
    data = models.JSONField()
    #: The version of the article. A delivery made from another version does not pass the last gate.
    data_hash = models.CharField(max_length=64)
    data_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=12, default="", blank=True)
    said_at = models.DateTimeField(null=True)
    #: The source that brought the article first; None: a person.
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL)
    withdrawn_at = models.DateTimeField(null=True)
    #: When the article's page last answered (UTC).
    page_seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.headline

    @property
    def value(self) -> domain.Article:
        return domain.Article.load(self.data)


class ArticleName(models.Model):
    """An alias of an article: one of its addresses, or an id that a source gives it.

    An alias without an article keeps a status report that came before the article: for example, the article was
    taken down before it reached us.
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
    """One editorial decision to share an article. Its state is derived from the states of its deliveries."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="shares")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    #: The name of the person or machine that asked. It stays when the person is deleted.
    by = models.CharField(max_length=200)
    #: How the request came in (domain.origin.Via): web, api, cli, hook or feed.
    via = models.CharField(max_length=10)
    breaking = models.BooleanField(default=False)
    mode = models.CharField(max_length=8)
    #: The time and the embargo (UTC) given with the request. Those of the article are separate: its CMS may move them.
    at = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"{self.article} by {self.by}"


class Entry(models.Model):
    """One line of the log: what a person, or a machine in a person's name, did. Never changed, never deleted."""

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

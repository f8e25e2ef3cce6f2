"""Articles of a desk: keep each article once, and apply what is reported about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db.models.functions import Now

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal
from sharing.intake.reading import Event
from sharing.models import moves
from sharing.services import notices
from sharing.services.articles import aliases as article_names
from sharing.services.articles.identity import article_hash, names_of, same_to_readers
from sharing.services.articles.status import StatusReport

log = structlog.get_logger()

#: Kind of the notice about a withdrawn article that still has posts out.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """A report about an article: its words, how it stands, or both.

    `article`: None if no words came or they are not public. `data_at`: the time of the words. `status`: empty if the
    report does not say how the article stands. `weak`: the words replace known words only if they are known to be
    newer.
    """

    article: Article | None
    data_at: datetime | None = None
    status: StatusReport = field(default_factory=StatusReport)
    source: models.Source | None = None
    weak: bool = False

    def renews(self, data_at: datetime | None) -> bool:
        """Whether the words of this report replace words of `data_at`."""
        if self.article is None:
            return False
        if self.data_at is None or data_at is None:
            return not self.weak
        return self.data_at > data_at if self.weak else self.data_at >= data_at


@dataclass(frozen=True, slots=True)
class Applied:
    """The effect of a report.

    `news`: it says how the article stands, and no newer report is known. `changed`: the article has another version
    than before. `was`: the article before; None if it is new.
    """

    row: models.Article | None
    news: bool
    changed: bool = False
    was: Article | None = None


def keep(
    desk: models.Desk, article: Article, source: models.Source | None = None
) -> tuple[models.Article, bool]:
    """Insert or update the desk's row of an article that somebody wants to share. Also returns whether it changed.

    Call it inside a transaction, and `follow` after the commit, so that the change reaches unsent deliveries.

    Raises:
        Refusal: `article.no_url`.
    """
    if not article.address:
        raise Refusal("article.no_url", field="url")
    report = ArticleReport(article=article, data_at=article.modified_at, source=source)
    applied = apply(desk, names_of(article, source), report)
    row = applied.row
    assert row is not None  # noqa: S101 - it has an address
    if row.withdrawn_at and article.status not in {Status.WITHDRAWN, Status.DRAFT}:
        # Somebody shares it now, so the article is public again.
        applied = apply(
            desk, names_of(article, source), dataclasses.replace(report, status=StatusReport(Event.PUBLISHED))
        )
        row = applied.row or row
        notices.over_for(WITHDRAWN, f"article:{row.pk}")
    return row, applied.changed


def find(desk: models.Desk, article: Article, source: models.Source | None = None) -> models.Article | None:
    """Find the desk's row of this article."""
    return article_names.find(desk, names_of(article, source))


def apply(
    desk: models.Desk,
    names: Sequence[str],
    report: ArticleReport,
    known: article_names.KnownArticle | None = None,
) -> Applied:
    """Apply a report about the article that is known by `names`, inside a transaction.

    Newer words replace older words, and a newer status replaces an older one; each has its own time. A report about an
    article that the desk does not have is remembered until the article comes. `known`: what `look_up` has just returned
    for these names, in this transaction.
    """
    while True:
        known = known or article_names.look_up(desk, names)
        news = report.status.event is not None and known.status.is_older_than(report.status)
        said = known.status.merged_with(report.status)
        if known.row is not None:
            article_names.add(known.row, names)
            return _renew(known.row, report, said, news=news)
        if report.article is None or not report.article.address:
            article_names.remember(desk, names, said)
            return Applied(None, news)
        columns = _columns(_standing(report.article, said)) | _stands(said) | {"data_at": report.data_at}
        row = article_names.make(desk, names, columns, report.source, remembered=known.remembered)
        if row is not None:
            return Applied(row, news)
        known = None


def _renew(row: models.Article, report: ArticleReport, said: StatusReport, *, news: bool) -> Applied:
    was, data_at, version = row.value, row.data_at, row.data_hash
    value = was
    if report.article is not None and report.renews(data_at):
        same = report.source is not None and row.source_id == report.source.pk
        value = report.article if same else _filled(report.article, was)
        data_at = max((t for t in (report.data_at, data_at) if t), default=None)
    if not value.address:
        value = dataclasses.replace(value, url=was.url, canonical_url=was.canonical_url)
    value = _standing(value, said)
    if value.status is Status.SCHEDULED and not value.published_at:
        # A report without a time does not remove the known one: otherwise the article would go out at once.
        value = dataclasses.replace(value, published_at=was.published_at)
    columns: dict[str, Any] = {"data_at": data_at} if data_at != row.data_at else {}
    changed = not same_to_readers(value, was)
    if value != was:
        columns |= _columns(value)
    if changed:
        columns |= {"changed_at": Now(), "page_seen_at": None}
    if news:
        columns |= _stands(said)
    if columns:
        models.Article.objects.filter(pk=row.pk).update(**columns)
        row.refresh_from_db()
    return Applied(row, news, row.data_hash != version, was)


def _stands(said: StatusReport) -> dict[str, Any]:
    columns: dict[str, Any] = {"said": said.event.value if said.event else "", "said_at": said.at}
    if said.may_go_out:
        return columns | {"withdrawn_at": None}
    return columns | {"withdrawn_at": moves.now()}


def _standing(article: Article, said: StatusReport) -> Article:
    return dataclasses.replace(article, status=said.status) if said.status else article


def _filled(article: Article, known: Article) -> Article:
    """Fill what another source leaves empty with what is known."""
    absent = {
        each.name: getattr(known, each.name)
        for each in dataclasses.fields(Article)
        if getattr(article, each.name) in (None, (), {})
    }
    return dataclasses.replace(article, **absent)


def _columns(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "status": article.status.value,
        "data": article.stored(),
        "data_hash": article_hash(article),
    }

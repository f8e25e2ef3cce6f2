"""Articles of a desk: each kept once, changed with its source, and what a change leads to."""

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

#: The notice of an article that is gone while posts of it are not.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """What somebody tells of an article: its words, how it stands, or both.

    `article` is None where no words came, or where they are not public; `data_at` is of when they are; `status` is
    empty where nobody says how it stands. Words that are `weak` replace others only where they are known to be newer.
    """

    article: Article | None
    data_at: datetime | None = None
    status: StatusReport = field(default_factory=StatusReport)
    source: models.Source | None = None
    weak: bool = False

    def renews(self, data_at: datetime | None) -> bool:
        """Whether its words take the place of those of `data_at`."""
        if self.article is None:
            return False
        if self.data_at is None or data_at is None:
            return not self.weak
        return self.data_at > data_at if self.weak else self.data_at >= data_at


@dataclass(frozen=True, slots=True)
class Applied:
    """What a word led to.

    `news`: it says how the article stands, and nothing newer was said. `changed`: its words are others than before.
    `was`: its value before; None where it is new.
    """

    row: models.Article | None
    news: bool
    changed: bool = False
    was: Article | None = None


def keep(
    desk: models.Desk, article: Article, source: models.Source | None = None
) -> tuple[models.Article, bool]:
    """The desk's row for an article that somebody wants to share, made or brought up to date; and whether it changed.

    Call inside a transaction; what a change means for unsent deliveries is `follow`, after it.

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
        # Whoever shares it has it before them.
        applied = apply(
            desk, names_of(article, source), dataclasses.replace(report, status=StatusReport(Event.PUBLISHED))
        )
        row = applied.row or row
        notices.over_for(WITHDRAWN, f"article:{row.pk}")
    return row, applied.changed


def find(desk: models.Desk, article: Article, source: models.Source | None = None) -> models.Article | None:
    """The desk's row for this article, if it knows it."""
    return article_names.find(desk, names_of(article, source))


def apply(
    desk: models.Desk,
    names: Sequence[str],
    report: ArticleReport,
    known: article_names.KnownArticle | None = None,
) -> Applied:
    """Take a word about the article that is known by `names`, inside a transaction.

    Newer words replace older ones and a newer word of how it stands an older one, each by its own clock. Of an
    article that the desk does not have, what was said is remembered for when it comes. `known` is what was just looked
    up by these names, in this transaction.
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
        # Who does not tell the time does not lift it: without one it would go out at once.
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
    """What another way in does not tell stays as the first told it."""
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

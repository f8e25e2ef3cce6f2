"""Aliases: the names by which a desk knows an article, and reports about articles that it does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from sharing import models
from sharing.services.articles import former_names
from sharing.services.articles.status import StatusReport


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the desk knows by some names: the article, if it has it, and the last report of how it stands.

    `remembered`: no article has these names, but a report under some of them was kept.
    """

    row: models.Article | None
    status: StatusReport
    remembered: bool = False


def look_up(desk: models.Desk, names: Sequence[str]) -> KnownArticle:
    """Look up what is known by these names, surest name first. The rows stay locked until the transaction ends."""
    rows = _rows_of(desk, names).select_for_update()
    by_name = {row.name: row for row in rows.order_by("name")}
    found = _led_to(by_name, names)
    if found:
        row = _one_of(found)
        return KnownArticle(row, StatusReport.of(row.said, row.said_at))
    known = [by_name[name] for name in names if name in by_name]
    said = StatusReport()
    for each in known:
        said = said.merged_with(StatusReport.of(each.said, each.said_at))
    return KnownArticle(None, said, remembered=bool(known))


def find(desk: models.Desk, names: Sequence[str]) -> models.Article | None:
    """Find the article that one of these names leads to, surest name first. Locks and writes nothing."""
    rows = _rows_of(desk, names).exclude(article=None).select_related("article")
    by_name = {row.name: row for row in rows}
    for name in names:
        row = by_name.get(former_names.as_written(name))
        if row and row.article and former_names.leads(name, names, row.article.value):
            return row.article
    return None


def _rows_of(desk: models.Desk, names: Sequence[str]) -> QuerySet[models.ArticleName]:
    written = {former_names.as_written(name) for name in names}
    return models.ArticleName.objects.filter(desk=desk, name__in=written)


def _led_to(by_name: dict[str, models.ArticleName], names: Sequence[str]) -> list[models.Article]:
    """Return the articles that these rows lead to, locked, surest name first.

    A row that leads to a namesake on another host is left out, and its name is stored anew.
    """
    pks = {row.article_id for row in by_name.values() if row.article_id is not None}
    articles = models.Article.objects.select_for_update().order_by("pk").in_bulk(pks) if pks else {}
    found: dict[int, models.Article] = {}
    for name in names:
        row = by_name.get(former_names.as_written(name))
        if row is None or row.article_id is None:
            continue
        article = articles[row.article_id]
        if former_names.leads(name, names, article.value):
            found[article.pk] = article
        elif row.name == name:
            former_names.make_way(by_name.pop(name), article.value)
    return list(found.values())


def _one_of(rows: list[models.Article]) -> models.Article:
    """Merge rows that turn out to be one article, and return the row that is kept: the shared one, else the surest.

    If two of them were shared, both stay: posts that are out cannot be made one.
    """
    if len(rows) == 1:
        return rows[0]
    shared = [row for row in rows if row.shares.exists()]
    kept = shared[0] if shared else rows[0]
    for row in rows:
        if row.pk != kept.pk and row not in shared:
            row.names.update(article=kept)
            row.delete()
    return kept


def make(
    desk: models.Desk,
    names: Sequence[str],
    columns: Mapping[str, Any],
    source: models.Source | None,
    *,
    remembered: bool,
) -> models.Article | None:
    """Insert a new article with its names. Returns None if another transaction has just taken one of the names.

    The caller then looks the names up again.
    """
    row, names = models.Article(desk=desk, source=source, **columns), former_names.current(names)
    try:
        with transaction.atomic():  # a rollback frees the names that it took, for which others wait
            models.insert([row])
            adopted = _adopt(row, names) if remembered else set()
            models.insert(_rows(desk, set(names) - adopted, article=row))
    except IntegrityError:
        return None
    return row


def _adopt(row: models.Article, names: Sequence[str]) -> set[str]:
    """Give the article those of its names that were only remembered. Returns these names."""
    mine = models.ArticleName.objects.filter(desk_id=row.desk_id, name__in=names)
    mine.filter(article=None).update(article=row)
    return set(mine.filter(article=row).values_list("name", flat=True))


def add(row: models.Article, names: Sequence[str]) -> None:
    """Add names to an article. A name that leads to another article stays with that article."""
    names = former_names.current(names)
    mine = models.ArticleName.objects.filter(desk_id=row.desk_id, name__in=names)
    known = dict(mine.values_list("name", "article_id"))
    if None in known.values():
        mine.filter(article=None).update(article=row)
    models.insert(_rows(row.desk, set(names) - set(known), article=row), unless_taken="name")


def remember(desk: models.Desk, names: Sequence[str], said: StatusReport) -> None:
    """Keep what was reported of an article that the desk does not have, for when the article comes."""
    if said.event is None:
        return
    models.ArticleName.objects.bulk_create(
        _rows(desk, set(former_names.current(names)), said=said.event.value, said_at=said.at),
        update_conflicts=True,
        unique_fields=["desk", "name"],
        update_fields=["said", "said_at"],
    )


def _rows(desk: models.Desk, names: set[str], **columns: Any) -> list[models.ArticleName]:
    # Always sorted, so that two transactions that insert the same names cannot deadlock.
    return [models.ArticleName(desk=desk, name=name, **columns) for name in sorted(names)]

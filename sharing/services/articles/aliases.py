"""Names: by which an article is known, and what was said of one that the desk does not have."""

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
    """What the desk knows by some names: the article, if it has it, and what was said last of how it stands.

    `remembered`: some of the names are remembered, though no article has them.
    """

    row: models.Article | None
    status: StatusReport
    remembered: bool = False


def look_up(desk: models.Desk, names: Sequence[str]) -> KnownArticle:
    """What is known by these names, surest first; locked until the transaction ends."""
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
    """The article that is known by one of these names, surest first; nothing is locked or written."""
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
    """The articles that these rows lead to, locked, surest first; what leads to a namesake is written anew."""
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
    """Of rows that turn out to be one article, the one that was shared, else the surest; the others go into it.

    Two that were both shared stay two: what is out cannot be made one.
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
    """A new article with its names; None when somebody else has just taken one of them: then look it up again."""
    row, names = models.Article(desk=desk, source=source, **columns), former_names.current(names)
    try:
        with transaction.atomic():  # undone, it lets go of the names that it got, which others wait for
            models.insert([row])
            adopted = _adopt(row, names) if remembered else set()
            models.insert(_rows(desk, set(names) - adopted, article=row))
    except IntegrityError:
        return None
    return row


def _adopt(row: models.Article, names: Sequence[str]) -> set[str]:
    """Give the article those of its names that were only remembered; returns them."""
    mine = models.ArticleName.objects.filter(desk_id=row.desk_id, name__in=names)
    mine.filter(article=None).update(article=row)
    return set(mine.filter(article=row).values_list("name", flat=True))


def add(row: models.Article, names: Sequence[str]) -> None:
    """The article is known by these, too; a name that leads to another article stays that one's."""
    names = former_names.current(names)
    mine = models.ArticleName.objects.filter(desk_id=row.desk_id, name__in=names)
    known = dict(mine.values_list("name", "article_id"))
    if None in known.values():
        mine.filter(article=None).update(article=row)
    models.insert(_rows(row.desk, set(names) - set(known), article=row), unless_taken="name")


def remember(desk: models.Desk, names: Sequence[str], said: StatusReport) -> None:
    """What was said of an article that the desk does not have, for when it comes."""
    if said.event is None:
        return
    models.ArticleName.objects.bulk_create(
        _rows(desk, set(former_names.current(names)), said=said.event.value, said_at=said.at),
        update_conflicts=True,
        unique_fields=["desk", "name"],
        update_fields=["said", "said_at"],
    )


def _rows(desk: models.Desk, names: set[str], **columns: Any) -> list[models.ArticleName]:
    # In one order everywhere, so that two who write the same names never wait for each other.
    return [models.ArticleName(desk=desk, name=name, **columns) for name in sorted(names)]

"""Reports about articles: who reports, what a report holds, and what follows the commit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sharing import models
from sharing.domain.article import Article
from sharing.domain.origin import Via
from sharing.domain.refusal import Refusal
from sharing.intake.reading import Event, Reading
from sharing.services.articles import keep
from sharing.services.articles.aliases import KnownArticle
from sharing.services.articles.identity import ENTRY, ID, names_of
from sharing.services.articles.keep import Applied, ArticleReport
from sharing.services.articles.status import StatusReport, time_of
from sharing.services.entries import ActingFor
from sharing.services.shares import follow
from sharing.services.shares.share import Shared, after_writing
from sharing.signals import deliveries_due

#: Origins of shares that were made without a person.
BY_ITSELF = (Via.HOOK, Via.FEED)


@dataclass(slots=True)
class AfterCommit:
    """The work that follows the commit of a report's transaction."""

    shared: list[tuple[Shared, bool]] = field(default_factory=list)
    changed: list[models.Article] = field(default_factory=list)
    due: list[tuple[int, bool]] = field(default_factory=list)
    unclear: list[models.Article] = field(default_factory=list)

    def follow(self, acting: ActingFor) -> None:
        """Apply article changes to unsent deliveries, hold those with unclear times, and ask for due deliveries."""
        for row in {row.pk: row for row in self.changed}.values():
            follow.follow(row, acting.actor)
        for shared, changed in self.shared:
            after_writing(shared, acting, article_changed=changed)
        for row in self.unclear:
            follow.hold_what_waits(row, acting.actor)
        deliveries_due(self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who reports, and how far the report is trusted.

    `now`: when the report came (UTC). `ask`: a person is asked whatever the rules say, because the report came too late
    to go out by itself. `from_feed`: the report is a feed's entry. A feed shows what is there; it does not tell what
    was removed, or when.
    """

    source: models.Source
    acting: ActingFor
    now: datetime
    ask: bool = False
    from_feed: bool = False
    #: A person has it read again: what it should have shared may still go out, even if newer reports came since.
    replayed: bool = False


def names_in(reporter: Reporter, reading: Reading) -> list[str]:
    """Return the names of the article that a reading is about."""
    kind = ENTRY if reporter.from_feed else ID
    return names_of(reading.article, reporter.source, reading.source_id, kind=kind)


def apply_report(
    reporter: Reporter, reading: Reading, known: KnownArticle, said: StatusReport, article: Article | None
) -> Applied:
    """Store how the article stands now. `article` is its newer version, or None if the report brings none."""
    if article is not None and reading.source_id and not article.source_id:
        article = dataclasses.replace(article, source_id=reading.source_id)
    names = names_in(reporter, reading)
    if not names:
        return Applied(None, news=False)
    report = ArticleReport(
        article=article,
        data_at=time_of(reading, reporter.now),
        status=dataclasses.replace(said, weak=reporter.from_feed),
        source=reporter.source,
        weak=reporter.from_feed,
    )
    return keep.apply(reporter.source.desk, names, report, known)


def said_at(reporter: Reporter, reading: Reading) -> datetime | None:
    """Return the time of a report (UTC), or None if it is not known.

    A feed's entry counts from its publication, at most `now`; an entry without that time counts as the oldest report.
    """
    if reporter.from_feed:
        published = reading.article.published_at if reading.article else None
        return min(published, reporter.now) if published else datetime.min.replace(tzinfo=UTC)
    return time_of(reading, reporter.now)


def not_shareable(refusal: Refusal | None, event: Event) -> dict[str, Any]:
    """Return the result of a reading that shares nothing, with the reason."""
    code = refusal.code if refusal else f"event.{event}"
    return {"result": "not_shareable", "code": code, "facts": facts_of(refusal)}


def facts_of(refusal: Refusal | None) -> dict[str, str]:
    """Return the facts that fill a refusal's sentence, each cut to 300 characters."""
    return {name: str(value)[:300] for name, value in (refusal.facts if refusal else {}).items()}

"""Apply what a source reports about its articles: share, update or withdraw them.

Only a real change to published shares an article. An update changes deliveries that are not out yet. A withdrawal
cancels queued deliveries and marks those that are out. Revisions, autosaves and imports lead to nothing; a draft leads
to nothing unless it takes the article back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sharing.domain.delivery import MAY_BE_LIVE
from sharing.domain.refusal import Refusal
from sharing.intake.reading import Event, Reading
from sharing.services.articles import aliases as article_names
from sharing.services.articles.aliases import KnownArticle
from sharing.services.articles.status import LIFE, SHARES, StatusReport, came_out
from sharing.services.ids import share_id
from sharing.services.incoming.public_events import published, updated
from sharing.services.incoming.reports import (
    AfterCommit,
    Reporter,
    apply_report,
    names_in,
    not_shareable,
    said_at,
)
from sharing.services.shares.repeats import AlreadyShared


def apply(reporter: Reporter, readings: Sequence[Reading], after_commit: AfterCommit) -> dict[str, Any]:
    """Apply all readings of one payload inside a transaction. Returns the result that the Inbound keeps.

    `after_commit` collects the work that must follow the commit.
    """
    results = [_one(reporter, reading, after_commit) for reading in readings]
    return results[0] if len(results) == 1 else {"result": "several", "articles": results}


def _one(reporter: Reporter, reading: Reading, after_commit: AfterCommit) -> dict[str, Any]:
    try:
        return _happened(reporter, reading, after_commit)
    except AlreadyShared as already:
        first = already.first
        return {"result": "already_shared", "share": share_id(first.pk), "article": str(first.article_id)}
    except Refusal as refusal:
        return not_shareable(refusal, reading.event)


def _happened(reporter: Reporter, reading: Reading, after_commit: AfterCommit) -> dict[str, Any]:
    event = reading.event
    if reading.why_not and reading.why_not.code == "article.bad_time":
        return _unclear_time(reporter, reading, reading.why_not, after_commit)
    if event in SHARES and (
        reading.article is None or (reading.why_not and reading.why_not.code != "article.no_url")
    ):
        return not_shareable(reading.why_not, event)
    if event not in LIFE or (event is Event.UPDATED and reading.article is None):
        return not_shareable(reading.why_not, event)
    # One look-up locks all names: locks taken one after the other could deadlock.
    known = article_names.look_up(reporter.source.desk, names_in(reporter, reading))
    if reading.unclear and known.status.at and event in {Event.UPDATED, *SHARES}:
        return _unclear_time(reporter, reading, reading.unclear, after_commit)
    came = _came_out(reporter, reading, known.status)
    if came is not None:
        return published(reporter, reading, known, came, after_commit)
    if event in SHARES:
        return published(
            reporter, reading, known, StatusReport(event, said_at(reporter, reading)), after_commit
        )
    if event is Event.UPDATED:
        return updated(reporter, reading, known, after_commit)
    return taken_back(reporter, reading, known, after_commit)


def _unclear_time(
    reporter: Reporter, reading: Reading, refusal: Refusal, after_commit: AfterCommit
) -> dict[str, Any]:
    """Refuse a report whose embargo, schedule or own time is unclear.

    After the commit, the article's waiting deliveries are held for a person: the report may have moved their time.
    """
    row = article_names.look_up(reporter.source.desk, names_in(reporter, reading)).row
    if row is not None:
        after_commit.unclear.append(row)
    return not_shareable(refusal, reading.event)


def _came_out(reporter: Reporter, reading: Reading, known: StatusReport) -> StatusReport | None:
    """Return the publication that follows from two reports, one hidden and one public, in either order; else None."""
    at = said_at(reporter, reading)
    opened = reading.article.published_at if reading.article and reading.dated else None
    if reading.shown:
        event = came_out(known, at, opened)
    elif known.event is Event.UPDATED:
        event, at = came_out(StatusReport(reading.event, at), known.at, opened), known.at
    else:
        return None
    return StatusReport(event, at) if event else None


def taken_back(
    reporter: Reporter, reading: Reading, known: KnownArticle, after_commit: AfterCommit
) -> dict[str, Any]:
    """Apply a report that an article was unpublished, deleted, or made a draft again."""
    applied = apply_report(reporter, reading, known, _said_of_its_end(reporter, reading), None)
    row = applied.row
    if reading.event is Event.DRAFT and not (row and applied.news):
        return not_shareable(reading.why_not, reading.event)
    if row is None:
        return not_shareable(Refusal("article.not_known"), reading.event)
    if not applied.news:
        return {**not_shareable(Refusal("event.older"), reading.event), "article": str(row.pk)}
    after_commit.changed.append(row)
    live = row.deliveries.filter(state__in=MAY_BE_LIVE).count()
    return {"result": "withdrawn", "article": str(row.pk), "live": live}


def _said_of_its_end(reporter: Reporter, reading: Reading) -> StatusReport:
    """Return the status that an unpublishing, a deletion or a draft reports.

    A draft with `shown` False is the article itself, not a working copy: readers cannot see the article, so it counts
    as unpublished. One microsecond is taken off its time: a publication reported for the same moment counts as later.
    """
    at = said_at(reporter, reading)
    if reading.event is Event.DRAFT and reading.shown is False and at is not None:
        return StatusReport(Event.UNPUBLISHED, at - timedelta(microseconds=1))
    return StatusReport(reading.event, at)

"""What happened to an article, as a source tells it, and what that leads to.

Only a true transition to published shares. An update renews what is not out yet; a withdrawal cancels what is queued
and marks what is out; drafts, revisions, autosaves and imports lead to nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.delivery import MAY_BE_LIVE, State
from sharing.domain.lanes import Lane
from sharing.domain.refusal import Refusal
from sharing.intake.reading import OLD, Event, Reading
from sharing.services import notices
from sharing.services.articles import aliases as article_names
from sharing.services.articles import keep
from sharing.services.articles.aliases import KnownArticle
from sharing.services.articles.identity import ENTRY, ID, names_of
from sharing.services.articles.keep import Applied, ArticleReport
from sharing.services.articles.status import LIFE, SHARES, StatusReport, came_out, time_of
from sharing.services.entries import ActingFor
from sharing.services.ids import share_id
from sharing.services.incoming import named, rules
from sharing.services.shares import follow, repeats
from sharing.services.shares.follow import UNSENT
from sharing.services.shares.repeats import AlreadyShared
from sharing.services.shares.share import Shared, ShareRequest, after_writing, write_share
from sharing.services.shares.style import LintBlocked
from sharing.signals import deliveries_due

#: What a hook made by itself; what people made is theirs.
BY_ITSELF = ("hook", "feed")


@dataclass(slots=True)
class AfterCommit:
    """What has to follow once the transaction stands."""

    shared: list[tuple[Shared, bool]] = field(default_factory=list)
    changed: list[models.Article] = field(default_factory=list)
    due: list[tuple[int, bool]] = field(default_factory=list)
    unclear: list[models.Article] = field(default_factory=list)

    def follow(self, acting: ActingFor) -> None:
        """Let changes reach what is not out, and ask for what is due to be delivered."""
        for row in {row.pk: row for row in self.changed}.values():
            follow.follow(row, acting.actor)
        for shared, changed in self.shared:
            after_writing(shared, acting, article_changed=changed)
        for row in self.unclear:
            follow.hold_what_waits(row, acting.actor)
        deliveries_due(self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who tells, and how far they are believed.

    `now` is when it came. `ask`: a person is asked, whatever the rules say (it came too late to go out by itself).
    `from_feed`: a feed shows what is there; what it leaves out, and when, it does not say.
    """

    source: models.Source
    acting: ActingFor
    now: datetime
    ask: bool = False
    from_feed: bool = False
    #: A person has it read again: what was meant to go out then still may, also where more was said since.
    replayed: bool = False


def apply(reporter: Reporter, readings: Sequence[Reading], after_commit: AfterCommit) -> dict[str, Any]:
    """What all of a payload leads to, inside a transaction; `after_commit` gathers what follows it."""
    results = [_one(reporter, reading, after_commit) for reading in readings]
    return results[0] if len(results) == 1 else {"result": "several", "articles": results}


def _one(reporter: Reporter, reading: Reading, after_commit: AfterCommit) -> dict[str, Any]:
    try:
        return _happened(reporter, reading, after_commit)
    except AlreadyShared as already:
        first = already.first
        return {"result": "already_shared", "share": share_id(first.pk), "article": str(first.article_id)}
    except Refusal as refusal:
        return _not_shareable(refusal, reading.event)


def _happened(reporter: Reporter, reading: Reading, after_commit: AfterCommit) -> dict[str, Any]:
    event = reading.event
    if reading.why_not and reading.why_not.code == "article.bad_time":
        return _unclear_time(reporter, reading, reading.why_not, after_commit)
    if event in SHARES and (
        reading.article is None or (reading.why_not and reading.why_not.code != "article.no_url")
    ):
        return _not_shareable(reading.why_not, event)
    if event not in LIFE or (event is Event.UPDATED and reading.article is None):
        return _not_shareable(reading.why_not, event)
    # Looked up once: names that were locked one after the other could wait for each other.
    known = article_names.look_up(reporter.source.desk, _names(reporter, reading))
    if reading.unclear and known.status.at and event in {Event.UPDATED, *SHARES}:
        return _unclear_time(reporter, reading, reading.unclear, after_commit)
    came = _came_out(reporter, reading, known.status)
    if came is not None:
        return _published(reporter, reading, known, came, after_commit)
    if event in SHARES:
        return _published(
            reporter, reading, known, StatusReport(event, _said_at(reporter, reading)), after_commit
        )
    if event is Event.UPDATED:
        return _updated(reporter, reading, known, after_commit)
    return _taken_back(reporter, reading, known, after_commit)


def _unclear_time(
    reporter: Reporter, reading: Reading, refusal: Refusal, after_commit: AfterCommit
) -> dict[str, Any]:
    """An embargo or a schedule that cannot be read, or which of two reports is newer: a person is asked.

    What waits of the article is held: its time may have been moved.
    """
    row = article_names.look_up(reporter.source.desk, _names(reporter, reading)).row
    if row is not None:
        after_commit.unclear.append(row)
    return _not_shareable(refusal, reading.event)


def _came_out(reporter: Reporter, reading: Reading, known: StatusReport) -> StatusReport | None:
    """That it came out, where that follows from two hooks, whichever came first: hidden by one, shown by the other."""
    at = _said_at(reporter, reading)
    opened = reading.article.published_at if reading.article and reading.dated else None
    if reading.shown:
        event = came_out(known, at, opened)
    elif known.event is Event.UPDATED:
        event, at = came_out(StatusReport(reading.event, at), known.at, opened), known.at
    else:
        return None
    return StatusReport(event, at) if event else None


# -- published, scheduled, embargoed ----------------------------------------------------------------------


def _published(
    reporter: Reporter, reading: Reading, known: KnownArticle, said: StatusReport, after_commit: AfterCommit
) -> dict[str, Any]:
    public = reading.event in SHARES or reading.shown
    applied = _take(reporter, reading, known, said, reading.article if public else None)
    row = applied.row
    if row is None:
        raise reading.why_not or Refusal("article.no_url", field="url")
    if applied.changed:
        after_commit.changed.append(row)
    if not applied.news and not (reporter.replayed and row.said in SHARES):
        return {**_not_shareable(Refusal("event.older"), reading.event), "article": str(row.pk)}
    article = _as_it_opens(row.value, reporter.now)
    if said.event is not reading.event and article.published_at and article.published_at < reporter.now - OLD:
        # Nobody says that it was published just now, and it was written long ago.
        reporter = dataclasses.replace(reporter, ask=True)
    _move_times(reporter, row, applied.was, article, after_commit)
    back = applied.was is not None and applied.was.status is Status.WITHDRAWN
    if back:
        notices.over_for(keep.WITHDRAWN, f"article:{row.pk}")
    return {**_share(reporter, row, article, after_commit, back=back), "article": str(row.pk)}


def _as_it_opens(article: Article, now: datetime) -> Article:
    """The article with the status that its times give it: what was scheduled for the past is out."""
    if article.embargo_until and article.embargo_until > now:
        return dataclasses.replace(article, status=Status.EMBARGOED)
    if article.status is Status.SCHEDULED and article.published_at and article.published_at > now:
        return article
    return dataclasses.replace(article, status=Status.PUBLISHED)


def _share(
    reporter: Reporter, row: models.Article, article: Article, after_commit: AfterCommit, *, back: bool
) -> dict[str, Any]:
    """By the source's rules, at once or as drafts that ask a person."""
    plan = rules.plan(reporter.source, article, reporter.now)
    if plan.rule is not None and plan.rule.does == models.Does.NEVER:
        raise Refusal("rule.never", rule=str(plan.rule))
    if plan.broken is not None:
        named.insist(plan.broken)
    requests = []
    for route in plan.routes:
        requested = ShareRequest(
            article=article,
            accounts=route.accounts,
            teasers=route.teasers,
            at=route.at,
            breaking=route.breaking,
            as_draft=route.ask or reporter.ask,
            source=reporter.source,
            row=row,
        )
        requests.append(requested)
        gone = _taken_down(row, route.accounts) if back else {}
        if gone:
            # Readers saw it there, and saw it go: whether it comes back is for a person to say.
            taken_down = [each.pk for each in gone.values()]
            accounts = [each.account for each in gone.values()]
            requests.append(
                dataclasses.replace(requested, accounts=accounts, as_draft=True, repeat=taken_down)
            )
    made: list[models.Share] = []
    asked = True
    first: AlreadyShared | None = None
    for requested in requests:
        try:
            (shared, changed), ask = _write(reporter, requested)
        except AlreadyShared as already:
            first = first or already
            continue
        made.append(shared.share)
        after_commit.shared.append((shared, changed))
        asked = asked and ask
    if not made:
        raise first or Refusal("share.no_accounts", field="accounts")
    return {
        "result": "drafted" if asked else "shared",
        "share": share_id(made[0].pk),
        "shares": [share_id(each.pk) for each in made],
        **({"gone": [str(each.pk) for each in plan.gone]} if plan.gone else {}),
    }


def _write(reporter: Reporter, requested: ShareRequest) -> tuple[tuple[Shared, bool], bool]:
    """The share, and whether a person is asked: also about words that the desk does not let out by themselves."""
    try:
        with transaction.atomic():
            return write_share(reporter.source.desk, requested, reporter.acting), requested.as_draft
    except LintBlocked:
        with transaction.atomic():
            return write_share(
                reporter.source.desk, dataclasses.replace(requested, as_draft=True), reporter.acting
            ), True


def _taken_down(row: models.Article, accounts: Sequence[models.Account]) -> dict[int, models.Delivery]:
    """Of the accounts from which the article's post was taken down, and not posted again, the newest delivery."""
    there = row.deliveries.filter(account__in=accounts).exclude(state=State.CANCELLED)
    states: dict[int, set[str]] = {}
    for account_id, state in there.values_list("account_id", "state"):
        states.setdefault(account_id, set()).add(state)
    gone = {pk for pk, found in states.items() if found == {State.RETRACTED}}
    return {pk: each for pk, each in repeats.newest(row.pk).items() if pk in gone}


def _move_times(
    reporter: Reporter, row: models.Article, was: Article | None, article: Article, after_commit: AfterCommit
) -> None:
    """The CMS moved the time: what went by the source's rules is planned by them anew (articles.follow does it).

    A delivery to an account that the rules do not name any more keeps its time: it is never sooner for that.
    """
    if was is None or rules.times_of(_as_it_opens(was, reporter.now)) == rules.times_of(article):
        return
    plan = rules.plan(reporter.source, article, reporter.now)
    at = {account.pk: route.at for route in plan.routes for account in route.accounts}
    for delivery in row.deliveries.filter(state__in=UNSENT, share__via__in=BY_ITSELF):
        if delivery.account_id in at:
            models.Share.objects.filter(pk=delivery.share_id).update(at=at[delivery.account_id])
        after_commit.due.append((delivery.account_id, delivery.lane == Lane.BREAKING))


# -- updated, taken back ----------------------------------------------------------------------------------


def _updated(
    reporter: Reporter, reading: Reading, known: KnownArticle, after_commit: AfterCommit
) -> dict[str, Any]:
    """Newer words. They never share; an article that the desk does not have is kept where the CMS says it is out."""
    said = known.status.as_seen_public(_said_at(reporter, reading)) if reading.shown else StatusReport()
    applied = _take(reporter, reading, known, said, reading.article)
    row = applied.row
    if row is None:
        return _not_shareable(reading.why_not or Refusal("article.no_url", field="url"), reading.event)
    if applied.changed:
        after_commit.changed.append(row)
    if row.said and StatusReport.of(row.said, row.said_at).may_go_out:
        _move_times(reporter, row, applied.was, _as_it_opens(row.value, reporter.now), after_commit)
    return {"result": "updated", "article": str(row.pk)}


def _taken_back(
    reporter: Reporter, reading: Reading, known: KnownArticle, after_commit: AfterCommit
) -> dict[str, Any]:
    """Unpublished, deleted, or a draft again."""
    applied = _take(reporter, reading, known, _said_of_its_end(reporter, reading), None)
    row = applied.row
    if reading.event is Event.DRAFT and not (row and applied.news):
        return _not_shareable(reading.why_not, reading.event)
    if row is None:
        return _not_shareable(Refusal("article.not_known"), reading.event)
    if not applied.news:
        return {**_not_shareable(Refusal("event.older"), reading.event), "article": str(row.pk)}
    after_commit.changed.append(row)
    live = row.deliveries.filter(state__in=MAY_BE_LIVE).count()
    return {"result": "withdrawn", "article": str(row.pk), "live": live}


def _said_of_its_end(reporter: Reporter, reading: Reading) -> StatusReport:
    """A draft that is no working copy is the article itself: readers do not see it.

    One of the moment of its publication is from before.
    """
    at = _said_at(reporter, reading)
    if reading.event is Event.DRAFT and reading.shown is False and at is not None:
        return StatusReport(Event.UNPUBLISHED, at - timedelta(microseconds=1))
    return StatusReport(reading.event, at)


# -- for all ----------------------------------------------------------------------------------------------


def _names(reporter: Reporter, reading: Reading) -> list[str]:
    kind = ENTRY if reporter.from_feed else ID
    return names_of(reading.article, reporter.source, reading.source_id, kind=kind)


def _take(
    reporter: Reporter, reading: Reading, known: KnownArticle, said: StatusReport, article: Article | None
) -> Applied:
    if article is not None and reading.source_id and not article.source_id:
        article = dataclasses.replace(article, source_id=reading.source_id)
    names = _names(reporter, reading)
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


def _said_at(reporter: Reporter, reading: Reading) -> datetime | None:
    """When it was said. A feed shows an article's day, and nothing at all where it has none."""
    if reporter.from_feed:
        published = reading.article.published_at if reading.article else None
        return min(published, reporter.now) if published else datetime.min.replace(tzinfo=UTC)
    return time_of(reading, reporter.now)


def _not_shareable(refusal: Refusal | None, event: Event) -> dict[str, Any]:
    code = refusal.code if refusal else f"event.{event}"
    return {"result": "not_shareable", "code": code, "facts": facts_of(refusal)}


def facts_of(refusal: Refusal | None) -> dict[str, str]:
    """What fills a refusal's sentence, short enough to keep."""
    return {name: str(value)[:300] for name, value in (refusal.facts if refusal else {}).items()}

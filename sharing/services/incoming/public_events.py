"""Apply reports that readers may see an article, or that its words are new, by the rules of the source."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sharing import models
from sharing.domain.article import Article, Status
from sharing.domain.delivery import State
from sharing.domain.lanes import Lane
from sharing.domain.refusal import Refusal
from sharing.intake.reading import OLD, Reading
from sharing.services import notices
from sharing.services.articles import keep
from sharing.services.articles.aliases import KnownArticle
from sharing.services.articles.status import SHARES, StatusReport
from sharing.services.ids import share_id
from sharing.services.incoming import named, rules
from sharing.services.incoming.reports import (
    BY_ITSELF,
    AfterCommit,
    Reporter,
    apply_report,
    not_shareable,
    said_at,
)
from sharing.services.shares import repeats
from sharing.services.shares.follow import UNSENT
from sharing.services.shares.repeats import AlreadyShared
from sharing.services.shares.share import Shared, ShareRequest, write_share


def published(
    reporter: Reporter, reading: Reading, known: KnownArticle, said: StatusReport, after_commit: AfterCommit
) -> dict[str, Any]:
    """Keep an article that is out or will be, and share it, unless a newer report says otherwise."""
    public = reading.event in SHARES or reading.shown
    applied = apply_report(reporter, reading, known, said, reading.article if public else None)
    row = applied.row
    if row is None:
        raise reading.why_not or Refusal("article.no_url", field="url")
    if applied.changed:
        after_commit.changed.append(row)
    if not applied.news and not (reporter.replayed and row.said in SHARES):
        return {**not_shareable(Refusal("event.older"), reading.event), "article": str(row.pk)}
    article = as_it_opens(row.value, reporter.now)
    if said.event is not reading.event and article.published_at and article.published_at < reporter.now - OLD:
        # No report says that it was published just now, and it is old: ask a person.
        reporter = dataclasses.replace(reporter, ask=True)
    move_times(reporter, row, applied.was, article, after_commit)
    back = applied.was is not None and applied.was.status is Status.WITHDRAWN
    if back:
        notices.over_for(keep.WITHDRAWN, f"article:{row.pk}")
    return {**_share(reporter, row, article, after_commit, back=back), "article": str(row.pk)}


def _share(
    reporter: Reporter, row: models.Article, article: Article, after_commit: AfterCommit, *, back: bool
) -> dict[str, Any]:
    """Share the article by the source's rules, at once or as drafts that ask a person."""
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
            # Its post was taken down there: a person decides whether it is posted again.
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
    """Write the share. Also returns whether it asks a person, by its plan or because the desk blocks its words."""
    with transaction.atomic():
        shared, changed = write_share(
            reporter.source.desk, dataclasses.replace(requested, ask_if_blocked=True), reporter.acting
        )
    return (shared, changed), shared.made[0].state == State.DRAFT


def _taken_down(row: models.Article, accounts: Sequence[models.Account]) -> dict[int, models.Delivery]:
    """Return, by account id, the newest delivery where the article's post was taken down and not posted again."""
    there = row.deliveries.filter(account__in=accounts).exclude(state=State.CANCELLED)
    states: dict[int, set[str]] = {}
    for account_id, state in there.values_list("account_id", "state"):
        states.setdefault(account_id, set()).add(state)
    gone = {pk for pk, found in states.items() if found == {State.RETRACTED}}
    return {pk: each for pk, each in repeats.newest(row.pk).items() if pk in gone}


def as_it_opens(article: Article, now: datetime) -> Article:
    """Return the article with the status that its times give it now: an article scheduled for the past is published."""
    if article.embargo_until and article.embargo_until > now:
        return dataclasses.replace(article, status=Status.EMBARGOED)
    if article.status is Status.SCHEDULED and article.published_at and article.published_at > now:
        return article
    return dataclasses.replace(article, status=Status.PUBLISHED)


def move_times(
    reporter: Reporter, row: models.Article, was: Article | None, article: Article, after_commit: AfterCommit
) -> None:
    """Plan anew the unsent deliveries that the source's rules made, if the CMS moved the article's time.

    `shares.follow` applies the plan after the commit. A delivery to an account that the rules no longer name keeps its
    time: it never goes out earlier because of that.
    """
    if was is None or rules.times_of(as_it_opens(was, reporter.now)) == rules.times_of(article):
        return
    plan = rules.plan(reporter.source, article, reporter.now)
    at = {account.pk: route.at for route in plan.routes for account in route.accounts}
    for delivery in row.deliveries.filter(state__in=UNSENT, share__via__in=BY_ITSELF):
        if delivery.account_id in at:
            models.Share.objects.filter(pk=delivery.share_id).update(at=at[delivery.account_id])
        after_commit.due.append((delivery.account_id, delivery.lane == Lane.BREAKING))


def updated(
    reporter: Reporter, reading: Reading, known: KnownArticle, after_commit: AfterCommit
) -> dict[str, Any]:
    """Apply newer words. An update never shares.

    An article that the desk does not have is kept if the CMS says that readers can see it.
    """
    said = known.status.as_seen_public(said_at(reporter, reading)) if reading.shown else StatusReport()
    applied = apply_report(reporter, reading, known, said, reading.article)
    row = applied.row
    if row is None:
        return not_shareable(reading.why_not or Refusal("article.no_url", field="url"), reading.event)
    if applied.changed:
        after_commit.changed.append(row)
    if row.said and StatusReport.of(row.said, row.said_at).may_go_out:
        move_times(reporter, row, applied.was, as_it_opens(row.value, reporter.now), after_commit)
    return {"result": "updated", "article": str(row.pk)}

"""Given: desks, accounts, articles and deliveries as tests need them, made as the product makes them."""

import dataclasses
from datetime import UTC, datetime, timedelta

from django.db import transaction

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article
from sharing.domain.delivery import State
from sharing.models.moves import Actor
from sharing.services.accounts import connect
from sharing.services.articles import keep
from sharing.services.deliveries import sweeps
from sharing.services.entries import ActingFor
from sharing.services.shares import follow
from sharing.services.shares.share import ShareRequest, share

WORKER = Actor(kind="worker", name="w1")
CHO = ActingFor(name="Cho", via="web", role="publisher")
_count = iter(range(1, 1_000_000))


def a_desk(name=None, **fields):
    return models.Desk.objects.create(name=name or f"desk-{next(_count)}", **fields)


def an_account(desk, channel="scripted", mode=Mode.LIVE, secrets=None, **fields):
    number = next(_count)
    return connect.add(
        desk,
        channel,
        remote_id=f"{10_000 + number}",
        name=f"{channel} {number}",
        secrets=secrets or {},
        mode=mode,
        **fields,
    )


def an_article(**fields):
    number = next(_count)
    return Article(
        **{
            "url": f"https://news.example/story/{number}",
            "headline": f"Harbor towns run night buses, story {number}",
            "summary": f"Six harbor towns will run night buses every 15 minutes, says story {number}.",
            "language": "en",
            **fields,
        }
    )


def a_share(desk, *accounts, article=None, acting=CHO, **requested):
    return share(
        desk, ShareRequest(article=article or an_article(), accounts=accounts, **requested), acting
    ).share


def a_delivery(desk, account, state=State.QUEUED, **columns):
    """A delivery that stands in `state`; columns as given. Set up past the moves, which tests then make."""
    row = a_share(desk, account).deliveries.get()
    facts = {"state": state, **_needed(state), **columns}
    models.Delivery.objects.filter(pk=row.pk).update(**facts)
    return reread(row)


def _needed(state):
    now = datetime.now(UTC)
    lease = {"lease_owner": WORKER.name, "lease_until": now + timedelta(seconds=60), "attempt_no": 1}
    return {
        State.CLAIMED: lease,
        State.SENDING: {**lease, "sending_at": now},
        State.UNKNOWN: {"attempt_no": 1, "sending_at": now, "check_at": now - timedelta(seconds=1)},
        State.DELIVERED: {"receipt": "posted", "remote_id": "1", "attempt_no": 1},
    }.get(state, {})


def is_out(row):
    """A delivery that its platform took, so that a repeat may name it."""
    models.Delivery.objects.filter(pk=row.pk).update(
        state=State.DELIVERED, receipt="posted", remote_id=row.marker
    )
    return reread(row)


def the_article_changes(row, actor=CHO.actor, **fields):
    """Its CMS or a person brings a new version of a delivery's article, and the change runs its course."""
    article = dataclasses.replace(row.article.value, **fields)
    with transaction.atomic():
        kept, changed = keep.keep(row.desk, article, row.article.source)
    assert changed
    follow.follow(kept, actor)


def sweep():
    """What a worker's ticker does once a second."""
    for each in sweeps.SWEEPS:
        each()


def reread(row):
    return models.Delivery.objects.select_related("account__desk", "article", "share").get(pk=row.pk)


def ago(**time):
    return datetime.now(UTC) - timedelta(**time)


def ahead(**time):
    return datetime.now(UTC) + timedelta(**time)


def moves_of(row):
    """The states a delivery went through, refused moves left out."""
    return [event.to_state for event in row.events.filter(refused=False).order_by("pk")]

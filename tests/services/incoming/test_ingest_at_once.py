"""Many at once, through the real WSGI application: one article is one share."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sharing import models
from sharing.domain.account import Mode
from tests.firing import a_source, fire
from tests.given import an_account

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 100


@pytest.fixture
def source(desk, scripted):
    for _ in range(5):
        an_account(desk, mode=Mode.SANDBOX)
    return a_source(desk)[0]


def hook(number=7, event="published", **fields):
    return {
        "article": {
            "url": f"https://news.example/story/{number}",
            "source_id": str(number),
            "headline": "Harbor towns run night buses",
            **fields,
        },
        "event": event,
    }


def all_at_once(source, payloads, **signing):
    """Fire them all at the same moment; the answers."""
    gate = threading.Barrier(len(payloads))

    def one(payload):
        gate.wait(300)
        try:
            return fire(source, payload, **signing)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(payloads)) as pool:
        return list(pool.map(one, payloads))


def test_a_hundred_identical_hooks_are_one_share(source):
    answers = all_at_once(source, [hook()] * MANY, message_id="msg_1")
    assert Counter(answer.status_code for answer in answers) == {202: MANY}
    assert len({answer.json()["inbound"] for answer in answers}) == 1
    assert {answer.json()["result"] for answer in answers} == {"shared"}
    assert models.Inbound.objects.count() == 1
    assert models.Share.objects.count() == 1
    assert models.Delivery.objects.count() == 5


def test_a_hundred_hooks_about_one_article_are_one_share(source):
    """Each under an id of its own, as a CMS that fires twice, or a replay under a new number."""
    answers = all_at_once(source, [hook()] * MANY)
    assert Counter(answer.status_code for answer in answers) == {202: MANY}
    results = Counter(answer.json()["result"] for answer in answers)
    assert results == {"shared": 1, "already_shared": MANY - 1}
    assert models.Article.objects.count() == 1
    assert models.Share.objects.count() == 1
    assert models.Delivery.objects.count() == 5


def test_hooks_and_slugs_and_withdrawals_at_once_leave_one_article(source):
    at = "2026-11-24T09:{:02}:00Z"
    story = [
        hook(modified_at=at.format(1)),
        hook(modified_at=at.format(2), url="https://news.example/new-slug", event="updated"),
        hook(modified_at=at.format(3), event="unpublished"),
        hook(modified_at=at.format(0), event="scheduled", published_at="2099-01-01T00:00:00Z"),
    ] * 5
    answers = all_at_once(source, story)
    assert {answer.status_code for answer in answers} == {202}
    row = models.Article.objects.get()
    assert (row.status, row.withdrawn_at is not None) == ("withdrawn", True)
    assert not models.Delivery.objects.exclude(state="cancelled").exists()

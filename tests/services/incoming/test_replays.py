"""F16: the same hook again and again, at once and later, is one hook, one share, one delivery per account."""

from collections import Counter

import psycopg
import pytest
from django.db import OperationalError

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State, Why
from sharing.services.incoming import hooks
from sharing.services.incoming.reports import AfterCommit
from sharing.services.shares import follow
from tests.firing import a_source, fire, told
from tests.given import CHO, an_account
from tests.models.test_claims import at_once

pytestmark = pytest.mark.django_db(transaction=True)
STORY = {
    "article": {
        "url": "https://news.example/story/7",
        "headline": "Harbor towns run night buses",
        "summary": "Six harbor towns will run night buses every 15 minutes.",
        "language": "en",
        "source_id": "7",
    }
}


@pytest.fixture
def cms(desk, scripted):
    accounts = [an_account(desk, mode=Mode.SANDBOX) for _ in range(3)]
    return a_source(desk, accounts=accounts)[0]


def test_one_hook_a_hundred_times_at_once_is_one_share(cms):
    answers = at_once(25, lambda _: told(cms, STORY, message_id="m1"))
    answers += at_once(25, lambda _: told(cms, STORY, message_id="m1"))
    assert models.Inbound.objects.count() == 1
    assert len({answer["inbound"] for answer in answers}) == 1
    assert models.Share.objects.count() == 1
    assert models.Delivery.objects.count() == 3


def test_one_article_in_twenty_hooks_at_once_is_one_delivery_per_account(cms):
    at_once(20, lambda n: told(cms, STORY, message_id=f"m{n}"))
    assert models.Inbound.objects.count() == 20
    assert set(Counter(models.Delivery.objects.values_list("account", flat=True)).values()) == {1}


def test_a_hook_whose_article_is_not_new_still_changes_what_waits(cms):
    told(cms, STORY)
    new = {"article": {**STORY["article"], "summary": "Seven harbor towns will, says a correction."}}
    assert told(cms, new)["result"] in {"already_shared", "updated"}
    assert "correction" in models.Article.objects.get().data["summary"]
    assert set(models.Delivery.objects.values_list("article_hash", flat=True)) == {
        models.Article.objects.get().data_hash
    }


def test_a_withdrawal_whose_process_died_right_after_its_commit_is_not_lost(cms, monkeypatch):
    told(cms, STORY)
    gone = {"article": {**STORY["article"], "status": "withdrawn"}, "event": "unpublished"}

    class Killed(BaseException):
        pass

    def dies(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(AfterCommit, "follow", dies)
        with pytest.raises(Killed):
            told(cms, gone)
    assert models.Article.objects.get().withdrawn_at
    follow.follow_all(CHO.actor)
    states = set(models.Delivery.objects.values_list("state", "why"))
    assert states == {(State.CANCELLED, Why.WITHDRAWN)}


@pytest.mark.parametrize(("times", "status"), [(1, 202), (2, 202), (3, 503)])
def test_a_hook_that_waited_for_another_one_tries_again(desk, monkeypatch, times, status):
    source, _ = a_source(desk)
    left = [times]
    take = hooks.apply

    def crossed(*arguments):
        if left[0]:
            left[0] -= 1
            ended = OperationalError("deadlock detected")
            ended.__cause__ = psycopg.errors.DeadlockDetected()
            raise ended
        return take(*arguments)

    monkeypatch.setattr(hooks, "apply", crossed)
    article = {"url": "https://news.example/1", "headline": "Night buses"}
    assert fire(source, {"article": article, "event": "draft"}).status_code == status
    assert models.Inbound.objects.count() == (status == 202)

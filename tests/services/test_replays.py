"""F16: the same hook again and again, at once and later, is one hook, one share, one delivery per account."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State, Why
from sharing.intake import signatures
from sharing.services import articles, ingest, sources
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
    return sources.add(desk, "cms", scheme="standard-webhooks", accounts=accounts)


def hook(cms, message_id="m1", story=STORY):
    _source, secret = cms
    body = json.dumps(story).encode()
    headers = signatures.sign(
        "standard-webhooks", secret, message_id=message_id, body=body, now=datetime.now(UTC), path="/hooks/cms"
    )
    return ingest.Hook(
        method="POST", path="/hooks/cms", headers=list(headers.items()), body=body, content_type="application/json"
    )


def test_one_hook_a_hundred_times_at_once_is_one_share(cms):
    wish = hook(cms)
    answers = at_once(25, lambda _: ingest.accept("cms", wish))
    answers += at_once(25, lambda _: ingest.accept("cms", wish))
    assert models.Inbound.objects.count() == 1
    assert {answer.pk for answer in answers} == {models.Inbound.objects.get().pk}
    assert models.Share.objects.count() == 1
    assert models.Delivery.objects.count() == 3


def test_one_article_in_twenty_hooks_at_once_is_one_delivery_per_account(cms):
    at_once(20, lambda n: ingest.accept("cms", hook(cms, f"m{n}")))
    assert models.Inbound.objects.count() == 20
    assert set(Counter(models.Delivery.objects.values_list("account", flat=True)).values()) == {1}


def test_a_hook_whose_article_is_not_new_still_changes_what_waits(cms):
    ingest.accept("cms", hook(cms))
    new = {"article": {**STORY["article"], "summary": "Seven harbor towns will, says a correction."}}
    assert ingest.accept("cms", hook(cms, "m2", new)).result["result"] in {"already_shared", "updated"}
    assert "correction" in models.Article.objects.get().data["summary"]
    assert set(models.Delivery.objects.values_list("article_hash", flat=True)) == {models.Article.objects.get().data_hash}


def test_a_withdrawal_whose_process_died_right_after_its_commit_is_not_lost(cms, monkeypatch):
    ingest.accept("cms", hook(cms))
    gone = {"article": {**STORY["article"], "status": "withdrawn"}}

    class Killed(BaseException):
        pass

    def dies(*args):
        raise Killed

    monkeypatch.setattr(ingest, "_follow", dies)
    with pytest.raises(Killed):
        ingest.accept("cms", hook(cms, "m2", gone))
    monkeypatch.undo()
    if models.Article.objects.get().withdrawn_at is None:
        pytest.skip("this payload is no withdrawal to the reader of hooks")
    articles.follow_all(CHO.actor)
    states = set(models.Delivery.objects.values_list("state", "why"))
    assert states == {(State.CANCELLED, Why.WITHDRAWN)}



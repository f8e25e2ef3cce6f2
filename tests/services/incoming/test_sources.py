"""Sources: what is set, what is refused, and the log of what came."""

import shlex
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.refusal import Refusal
from sharing.presentation import represent
from sharing.services.incoming import hooks, sources
from sharing.services.incoming.sources import MOST_SECRETS, Settings
from tests.firing import CLI, a_source, fire, told
from tests.given import an_account

pytestmark = pytest.mark.django_db(transaction=True)

OURS = {
    "fields": {"headline": "subj", "url": "where", "source_id": "no"},
    "event": [{"when": "state == 'LIVE'", "is": "published"}],
}
LIVE = {"subj": "Harbor ferries", "where": "/story/7", "no": 7, "state": "LIVE"}


@pytest.fixture
def sandboxed(desk, scripted):
    return an_account(desk, mode=Mode.SANDBOX)


def refusal_of(*arguments, **named):
    with pytest.raises(Refusal) as caught:
        sources.add(*arguments, **named)
    return caught.value.code


@pytest.mark.parametrize("name", ["", "a b", "한글", "a/b", "x" * 61])
def test_a_name_goes_into_an_address(desk, name):
    assert refusal_of(desk, name, CLI, scheme="github") == "source.bad_name"


def test_what_is_refused(desk):
    assert refusal_of(desk, "cms", CLI) == "source.no_scheme"
    assert refusal_of(desk, "cms", CLI, scheme="rot13") == "source.unknown_scheme"
    assert refusal_of(desk, "cms", CLI, scheme="feed") == "source.no_feed"
    wrong = {
        "source.unknown_format": Settings(format="word"),
        "source.bad_address": Settings(address="https://{host}/x"),
        "mapping.no_headline": Settings(mapping={"fields": {}}),
        "source.bad_date_order": Settings(date_order="ddmm"),
        "source.bad_zone": Settings(zone="Asia/Nowhere"),
        "source.bad_interval": Settings(feed="https://a.example/rss", every=1),
        "url.not_http": Settings(feed="ftp://a.example/rss"),
    }
    for code, settings in wrong.items():
        assert refusal_of(desk, "cms", CLI, scheme="github", settings=settings) == code
    sources.add(desk, "cms", CLI, scheme="github")
    assert refusal_of(desk, "cms", CLI, scheme="github") == "source.exists"
    assert models.Source.objects.count() == 1


def test_a_mapping_and_an_address_of_its_own(desk, sandboxed):
    source = a_source(desk, mapping=OURS, address="https://news.example")[0]
    assert told(source, LIVE)["result"] == "shared"
    article = models.Article.objects.get().value
    assert (article.headline, article.url) == ("Harbor ferries", "https://news.example/story/7")


def test_a_hook_that_could_not_be_read_is_run_again_once_the_mapping_is_mended(desk, sandboxed):
    source = a_source(desk)[0]
    answer = fire(source, LIVE)
    assert answer.status_code == 422
    inbound = hooks.find_inbound(answer.json()["inbound"])
    sources.change(source, CLI, Settings(mapping=OURS, address="https://news.example"))
    inbound = hooks.find_inbound(str(inbound.pk))
    assert hooks.replay(inbound, CLI).result["result"] == "shared"
    assert hooks.replay(inbound, CLI).result["result"] == "already_shared"
    assert models.Share.objects.count() == 1
    assert models.Entry.objects.filter(verb="replay").count() == 2


def test_run_again_after_hours_asks_a_person(desk, sandboxed):
    source = a_source(desk)[0]
    answer = fire(source, LIVE)
    sources.change(source, CLI, Settings(mapping=OURS, address="https://news.example"))
    inbound = hooks.find_inbound(answer.json()["inbound"])
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=7)):
        assert hooks.replay(inbound, CLI).result["result"] == "drafted"


def test_a_replay_knows_the_headers_in_which_the_cms_said_what_happened(desk, sandboxed):
    source = a_source(
        desk, mapping={**OURS, "event": [{"when": "_headers.\"x-what\" == 'gone'", "is": "deleted"}]}
    )[0]
    article = {**LIVE, "where": "https://news.example/7"}
    fire(source, article, headers={"X-What": "new"})
    fire(source, article, headers={"X-What": "gone"})
    assert models.Article.objects.get().withdrawn_at
    gone = models.Inbound.objects.order_by("pk").last()
    assert hooks.replay(gone, CLI).result["result"] == "withdrawn"


def test_the_log_shows_what_was_read_from_each_hook(desk, sandboxed):
    source = a_source(desk, mapping=OURS, address="https://news.example")[0]
    told(source, LIVE)
    told(source, {**LIVE, "state": "DRAFT", "no": 8})
    fire(source, b"{")
    broken, second, first = (represent.hook_log(row, "en") for row in source.inbound.order_by("-pk"))
    assert first["read"] == [
        {
            "headline": "Harbor ferries",
            "url": "https://news.example/story/7",
            "source_id": "7",
            "event": "published",
            "at": None,
        }
    ]
    assert '"Harbor ferries"' in first["body"]
    assert second["result"] in {"already_shared", "shared"}
    assert broken["read"] == []
    assert broken["said"].startswith("The JSON is broken")


def test_the_curl_line_is_accepted_as_it_is_printed(desk, sandboxed):
    source = a_source(desk, "ghost", scheme="ghost")[0]
    body = b'{"article": {"headline": "x", "url": "https://a.example/1"}}'
    parts = shlex.split(sources.curl_line(source, body, "it's here.json", {"X-Event": "go"}))
    assert parts[-1] == "@it's here.json"
    headers = dict(part.split(": ", 1) for part in parts[parts.index("-H") :] if ": " in part)
    assert headers["X-Event"] == "go"
    kind = headers.pop("Content-Type")
    answer = Client().post("/hooks/ghost", body, content_type=kind, headers=headers)
    assert answer.status_code == 202


def test_secrets_have_numbers_and_an_end(desk):
    source = a_source(desk)[0]
    for _ in range(MOST_SECRETS - 1):
        sources.add_secret(source, CLI, "one-more-of-the-cms")
    with pytest.raises(Refusal, match=r"source\.too_many_secrets"):
        sources.add_secret(source, CLI, "one-too-many")
    for number in ("2", "3", "4", "5"):
        sources.drop_secret(source, CLI, number)
    with pytest.raises(Refusal, match=r"source\.last_secret"):
        sources.drop_secret(source, CLI, "1")
    with pytest.raises(Refusal, match=r"source\.unknown_secret"):
        sources.drop_secret(source, CLI, "9")


def test_no_secret_stands_in_the_database_or_in_what_is_shown(desk):
    source, secret = a_source(desk)
    source.refresh_from_db()
    assert secret.encode() not in bytes(source.sealed)
    assert secret not in str(represent.source(source))


def test_many_articles_at_once_are_kept_and_read_by_a_worker(desk, sandboxed):
    from sharing.services.watch import chores

    chores.due()  # makes the rows of its kinds
    source = a_source(desk)[0]
    articles = [{"headline": f"Story {n}", "url": f"https://a.example/{n}"} for n in range(hooks.AT_ONCE + 5)]
    items = [{"article": each, "event": "published"} for each in articles]
    mapping = {
        "items": "items",
        "fields": {"headline": "article.headline", "url": "article.url"},
        "event": [{"when": "event == 'published'", "is": "published"}],
    }
    sources.change(source, CLI, Settings(mapping=mapping))
    answer = told(source, {"items": items})
    assert answer["result"] is None
    assert not models.Share.objects.exists()
    assert "hooks" in chores.due()
    assert chores.do("hooks")
    assert models.Share.objects.count() == len(articles)
    assert len(models.Inbound.objects.get().result["articles"]) == len(articles)
    assert "hooks" not in chores.due()

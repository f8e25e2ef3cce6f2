"""The story of one article, in the order in which it happened and in every other: it ends in the same state.

Compared is what readers, the desk and the workers can tell apart: whether the article stands, its words, and what is
still to go out where, when and in which words. What was cancelled on the way there is history, and differs.
"""

from datetime import UTC, datetime, timedelta

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State
from sharing.services import notices
from sharing.services.deliveries import deliver
from sharing.services.incoming import rules
from sharing.services.incoming.rules import NewRule
from sharing.services.shares import follow
from tests.firing import CLI, a_source, told
from tests.given import WORKER, an_account, reread
from tests.orders import orders, shuffled

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD)
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
TOMORROW = START + timedelta(days=1)


@pytest.fixture
def sandboxed(desk, scripted, house):
    house(sandbox_url="http://127.0.0.1:9")  # nobody is called: the channel answers by script
    return an_account(desk, mode=Mode.SANDBOX)


@pytest.fixture
def source(desk, sandboxed):
    return a_source(desk)[0]


def hook(event, minute, number=7, **fields):
    """What happened to article `number`, so many minutes after the story began."""
    article = {
        "url": f"https://news.example/story/{number}",
        "source_id": str(number),
        "headline": f"Night buses, version {minute}",
        "published_at": START.isoformat(),
        "modified_at": (START + timedelta(minutes=minute)).isoformat(),
        **fields,
    }
    return {"article": article, "event": event}


def state_of(desk, number=7):
    """What can be told apart of an article (see above)."""
    name = models.ArticleName.objects.filter(desk=desk, name__endswith=f":{number}").first()
    row = name.article if name else None
    if row is None:
        return None
    waiting = models.Delivery.objects.filter(article=row, state__in=OPEN).order_by("account_id")
    return (
        row.status,
        row.withdrawn_at is not None,
        row.headline,
        [(d.account_id, d.state, d.scheduled, d.embargo_until, d.message["text"]) for d in waiting],
    )


LIFE = [
    hook("draft", 0),
    hook("autosave", 1),
    hook("revision", 2),
    hook("scheduled", 3, published_at=TOMORROW.isoformat()),
    hook("embargoed", 4, embargo_until=TOMORROW.isoformat()),
    hook("published", 5),
    hook("updated", 6),
    hook("unpublished", 7),
    hook("republished", 8),
    hook("updated", 9),
    hook("imported", 10),
]
ENDINGS = {
    "published": LIFE[:6],
    "updated": LIFE[:7],
    "unpublished": LIFE[:8],
    "republished": LIFE[:10],
    "imported": LIFE,
    "deleted": [*LIFE, hook("deleted", 11)],
    "scheduled": LIFE[:4],
    "embargoed": LIFE[:5],
    "back to a draft": [*LIFE[:4], hook("draft", 5)],
}


def end_of(desk, source, story, number):
    for event in story:
        told(source, {**event, "article": {**event["article"], **renumbered(number)}})
    return state_of(desk, number)


def renumbered(number):
    return {"url": f"https://news.example/story/{number}", "source_id": str(number)}


@pytest.mark.parametrize("ending", ENDINGS)
def test_however_its_hooks_arrive_the_story_ends_the_same(desk, source, ending):
    story = ENDINGS[ending]
    expected = end_of(desk, source, story, 1)
    assert expected is not None
    for number, order in enumerate(shuffled(story, ending), start=2):
        found = end_of(desk, source, order, number)
        assert found == expected, [each["event"] for each in order]


def test_published_updated_unpublished_deleted_in_every_order(desk, source):
    story = [LIFE[5], LIFE[6], LIFE[7], hook("deleted", 8)]
    expected = end_of(desk, source, story, 1)
    assert expected == ("withdrawn", True, "Night buses, version 6", [])
    for number, order in enumerate(orders(len(story)), start=2):
        assert end_of(desk, source, [story[i] for i in order], number) == expected, order


def test_the_story_in_order_step_by_step(desk, source, sandboxed):
    results = {}
    for event in [*LIFE, hook("deleted", 11)]:
        answer = told(source, event)
        results.setdefault(event["event"], (answer["result"], answer.get("code")))
    assert results == {
        "draft": ("not_shareable", "article.draft"),
        "autosave": ("not_shareable", "event.autosave"),
        "revision": ("not_shareable", "event.revision"),
        "scheduled": ("shared", None),
        "embargoed": ("already_shared", None),
        "published": ("already_shared", None),
        "updated": ("updated", None),
        "unpublished": ("withdrawn", None),
        "republished": ("shared", None),
        "imported": ("not_shareable", "event.imported"),
        "deleted": ("withdrawn", None),
    }


def test_what_is_out_is_marked_and_what_is_queued_is_cancelled(desk, source, sandboxed, scripted):
    other = an_account(desk, mode=Mode.SANDBOX)
    told(source, LIFE[5])
    deliver.drain(sandboxed.pk, owner=WORKER.name)
    answer = told(source, LIFE[7])
    assert answer["result"] == "withdrawn"
    states = {d.account_id: d.state for d in models.Delivery.objects.all()}
    assert states == {sandboxed.pk: State.DELIVERED, other.pk: State.CANCELLED}
    (notice,) = notices.open_notices()
    assert (notice.kind, notice.facts["n"]) == ("withdrawn", 1)
    assert answer["live"] == 1
    follow.gone_everywhere()
    assert notices.open_notices(), "it is still there"
    told(source, LIFE[8])
    assert notices.open_notices() == [], "it is back, so what is out is right again"
    states = sorted(d.state for d in models.Delivery.objects.exclude(state=State.CANCELLED))
    assert states == [State.DELIVERED, State.QUEUED], "nobody gets it twice; who never got it does"


def test_a_post_that_was_taken_down_comes_back_only_by_a_person(desk, source, sandboxed, scripted):
    told(source, LIFE[5])
    deliver.drain(sandboxed.pk, owner=WORKER.name)
    told(source, LIFE[7])
    models.Delivery.objects.update(state=State.RETRACTED)
    follow.gone_everywhere()
    assert notices.open_notices() == [], "nothing of it is left"
    assert told(source, LIFE[8])["result"] == "drafted"
    assert [d.state for d in models.Delivery.objects.order_by("pk")] == [State.RETRACTED, State.DRAFT]


def test_scheduled_then_published_early_goes_at_once(desk, source, sandboxed):
    told(source, LIFE[3])
    (row,) = models.Delivery.objects.all()
    assert (row.due_at, row.scheduled) == (TOMORROW, True)
    told(source, LIFE[5])
    row = reread(row)
    assert row.due_at <= datetime.now(UTC)
    assert not row.scheduled


def test_the_cms_moves_a_schedule(desk, source, sandboxed):
    told(source, LIFE[3])
    later = TOMORROW + timedelta(hours=3)
    told(source, hook("scheduled", 4, published_at=later.isoformat()))
    (row,) = models.Delivery.objects.all()
    assert row.due_at == later


def test_a_longer_embargo_holds_what_people_made_too(desk, source, sandboxed):
    from sharing.domain.article import Article
    from tests.given import a_share

    article = Article(url="https://news.example/story/7", headline="By hand")
    row = a_share(desk, sandboxed, article=article).deliveries.get()
    told(source, hook("embargoed", 4, embargo_until=TOMORROW.isoformat()))
    assert reread(row).embargo_until == TOMORROW


def test_words_of_a_person_survive_a_change_of_state_but_not_of_words(desk, source, sandboxed):
    told(source, LIFE[3])
    models.Delivery.objects.update(words="person")
    told(source, hook("published", 5, headline="Night buses, version 3"))
    assert models.Delivery.objects.get().state == State.QUEUED
    told(source, hook("updated", 6))
    assert models.Delivery.objects.get().state == State.HELD


def test_an_update_renews_automatic_words(desk, source, sandboxed):
    told(source, LIFE[5])
    told(source, LIFE[6])
    assert models.Delivery.objects.get().message["text"] == "Night buses, version 6"


def test_an_older_update_changes_nothing(desk, source, sandboxed):
    told(source, LIFE[6])
    told(source, LIFE[5])
    assert models.Delivery.objects.get().message["text"] == "Night buses, version 6"


@pytest.mark.parametrize("event", ["draft", "revision", "autosave", "imported", "other", "updated"])
def test_what_is_no_publication_never_shares(desk, source, event):
    assert told(source, hook(event, 5))["result"] in {"not_shareable", "updated"}
    assert not models.Share.objects.exists()


def test_a_batch_without_a_word_never_shares(desk, source):
    articles = [hook("", n, n)["article"] for n in range(1, 6)]
    answer = told(source, {"articles": articles})
    assert {each["code"] for each in answer["articles"]} == {"event.imported"}
    assert not models.Share.objects.exists()
    assert not models.Article.objects.exists()


def test_an_old_article_in_a_payload_that_proves_nothing_never_shares(desk, source):
    old = {
        "title": "Ferry fares rise",
        "url": "https://news.example/1999",
        "published_at": "1999-01-01T09:00:00Z",
    }
    assert told(source, old)["code"] == "event.imported"
    assert not models.Share.objects.exists()


def test_a_hook_without_times_is_taken_as_it_comes(desk, source, sandboxed):
    def bare(event):
        return {"article": {"url": "https://news.example/9", "headline": "No times"}, "event": event}

    assert told(source, bare("published"))["result"] == "shared"
    assert told(source, bare("unpublished"))["result"] == "withdrawn"
    assert told(source, bare("published"))["result"] == "shared"
    assert models.Article.objects.get().status == "published"


def test_a_withdrawal_by_id_alone_is_remembered_for_the_article_that_comes_late(desk, source, sandboxed):
    ghost = a_source(desk, "ghost", scheme="ghost", format="ghost")[0]
    gone = {"post": {"current": {}, "previous": post_of_ghost(START + timedelta(minutes=9))}}
    del gone["post"]["previous"]["url"]
    del gone["post"]["previous"]["title"]
    assert told(ghost, gone)["code"] == "article.not_known"
    live = post_of_ghost(START + timedelta(minutes=5))
    late = {"post": {"current": live, "previous": {"status": "draft", "published_at": None}}}
    assert told(ghost, late)["code"] == "event.older"
    assert not models.Share.objects.exists()
    assert models.Article.objects.get().withdrawn_at


def post_of_ghost(updated):
    return {
        "id": "g7",
        "title": "Harbor ferries",
        "url": "https://news.example/harbor-ferries/",
        "status": "published",
        "published_at": START.isoformat(),
        "updated_at": updated.isoformat(),
    }


def test_rules_decide_when_a_scheduled_article_goes(desk, source, sandboxed):
    rules.add(source, NewRule(does="auto", delay=30), CLI)
    told(source, LIFE[3])
    assert models.Delivery.objects.get().due_at == TOMORROW + timedelta(minutes=30)

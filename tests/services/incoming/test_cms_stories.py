"""The story of one article as each CMS tells it, through the door: in order, and in every other order."""

from datetime import UTC, datetime, timedelta

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State
from sharing.services.incoming import hooks
from tests.firing import CLI, a_source, fire
from tests.given import an_account
from tests.orders import orders

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
OPEN = (State.DRAFT, State.QUEUED, State.WAITING, State.HELD)
AT = "https://news.example/{slug}"


@pytest.fixture(autouse=True)
def sandboxed(desk, scripted, house):
    house(sandbox_url="http://127.0.0.1:9")
    return an_account(desk, mode=Mode.SANDBOX)


def minute(number):
    return (START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def drupal(action, number, at, **attributes):
    node = {
        "drupal_internal__nid": number,
        "title": f"Night buses, version {at}",
        "created": minute(0),
        "changed": minute(at),
        "path": {"alias": f"/night-buses/{number}"},
        **attributes,
    }
    return {"action": action, "data": {"type": "node--article", "id": f"n{number}", "attributes": node}}, {}


def wordpress(status, number, at):
    post = {
        "id": number,
        "type": "post",
        "status": status,
        "slug": f"night-buses-{number}",
        "link": f"https://news.example/night-buses-{number}",
        "title": {"rendered": f"Night buses, version {at}"},
        "date_gmt": minute(1).rstrip("Z"),
        "modified_gmt": minute(at).rstrip("Z"),
    }
    return post, {}


def contentful(topic, number, at, counter=1):
    stamps = {"updatedAt": minute(at), "publishedAt": minute(at), "firstPublishedAt": minute(1)}
    entry = {
        "sys": {"id": f"e{number}", "type": "Entry", "publishedCounter": counter, **stamps},
        "fields": {
            "title": {"en-US": f"Night buses, version {at}"},
            "slug": {"en-US": f"night-buses-{number}"},
        },
    }
    if topic in {"unpublish", "delete"}:
        entry = {"sys": {"id": f"e{number}", "type": "DeletedEntry", "deletedAt": minute(at)}}
    return entry, {"X-Contentful-Topic": f"ContentManagement.Entry.{topic}"}


def strapi(event, number, at, *, public=True):
    entry = {
        "documentId": f"d{number}",
        "title": f"Night buses, version {at}",
        "slug": f"night-buses-{number}",
        "updatedAt": minute(at),
        "publishedAt": minute(at) if public else None,
    }
    return {"model": "article", "createdAt": minute(at), "entry": entry}, {"X-Strapi-Event": f"entry.{event}"}


#: CMS -> one story: what it sends for article `n`, in the order in which it happened, and how the article stands then.
STORIES = {
    "drupal": lambda n: [
        (drupal("insert", n, 1, status=False), "draft"),
        (drupal("update", n, 2, status=True), "published"),
        (drupal("update", n, 3, status=True), "published"),
        (drupal("update", n, 4, status=False), "withdrawn"),
        (drupal("update", n, 5, status=True), "published"),
    ],
    "wordpress": lambda n: [
        (wordpress("draft", n, 1), "draft"),
        (wordpress("publish", n, 2), "published"),
        (wordpress("publish", n, 3), "published"),
        (wordpress("private", n, 4), "withdrawn"),
        (wordpress("publish", n, 5), "published"),
    ],
    "contentful": lambda n: [
        (contentful("save", n, 0), "draft"),
        (contentful("publish", n, 1), "published"),
        (contentful("publish", n, 2, counter=2), "published"),
        (contentful("unpublish", n, 3), "withdrawn"),
        (contentful("publish", n, 4, counter=3), "published"),
    ],
    "strapi": lambda n: [
        (strapi("create", n, 1, public=False), "draft"),
        (strapi("publish", n, 2), "published"),
        (strapi("update", n, 3), "published"),
        (strapi("unpublish", n, 4, public=False), "withdrawn"),
        (strapi("publish", n, 5), "published"),
    ],
}


@pytest.fixture(params=STORIES)
def cms(request, desk):
    address = "https://news.example" if request.param == "drupal" else AT
    source, _ = a_source(desk, request.param, format=request.param, address=address)
    return source


def tell(source, told):
    payload, headers = told
    answer = fire(source, payload, headers=headers)
    assert answer.status_code == 202, answer.content
    return answer.json()


def stands(number):
    """How the article stands for the desk, and in which words it waits to go out where."""
    row = models.Article.objects.filter(names__name__endswith=f"{number}").distinct().first()
    if row is None:
        return "draft", None, []
    waiting = row.deliveries.filter(state__in=OPEN).values_list("account_id", "message__text")
    return row.status, row.withdrawn_at is not None, sorted(waiting)


def test_in_order_every_step_is_understood(cms):
    story = STORIES[cms.name](1001)
    for step, (told, status) in enumerate(story, start=1):
        tell(cms, told)
        assert stands(1001)[0] == status, f"after step {step}"
        going_out = bool(stands(1001)[2])
        assert going_out == (status == "published"), f"after step {step}"


@pytest.mark.parametrize("length", [4, 5], ids=["taken down", "back"])
def test_in_every_order_it_ends_the_same(cms, length):
    told = [each for each, _ in STORIES[cms.name](1001)[:length]]
    for each in told:
        tell(cms, each)
    status, withdrawn, waiting = stands(1001)
    for number, order in enumerate(orders(length), start=1002):
        told = [each for each, _ in STORIES[cms.name](number)]
        for step in order:
            tell(cms, told[step])
        assert stands(number) == (status, withdrawn, waiting), order


def test_an_update_of_an_article_that_the_desk_never_heard_of_shares_nothing(cms):
    (payload, headers), _ = STORIES[cms.name](1001)[2]
    if cms.name == "wordpress":  # a bare post does not say whether it is new
        payload = {"event": "post.updated", "post": payload}
    assert tell(cms, (payload, headers))["result"] == "updated"
    assert not models.Share.objects.exists()


def test_what_was_written_long_ago_and_comes_out_as_an_update_asks_a_person(desk):
    source, _ = a_source(desk, "drupal", format="drupal", address="https://news.example")
    long_ago = "2025-01-01T09:00:00Z"
    tell(source, drupal("insert", 7, 1, status=False, created=long_ago))
    assert tell(source, drupal("update", 7, 2, status=True, created=long_ago))["result"] == "drafted"


def test_a_draft_of_what_was_published_before_shares_nothing_when_it_is_published_again(desk):
    source, _ = a_source(desk, "contentful", format="contentful", address=AT)
    tell(source, contentful("save", 7, 60))
    assert tell(source, contentful("publish", 7, 61, counter=4))["result"] == "updated"
    assert not models.Share.objects.exists()


def test_the_next_version_of_a_public_article_takes_nothing_back(desk):
    source, _ = a_source(desk, "drupal", format="drupal", address="https://news.example")
    tell(source, drupal("insert", 7, 1, status=True, moderation_state="published"))
    tell(source, drupal("update", 7, 2, status=False, moderation_state="draft"))
    assert stands(7)[0] == "published"
    assert stands(7)[2]


def test_saved_and_published_in_the_same_second_it_goes_out(desk):
    source, _ = a_source(desk, "wordpress", format="wordpress")
    tell(source, wordpress("draft", 7, 3))
    assert tell(source, wordpress("publish", 7, 3))["result"] == "shared"


def test_a_deletion_by_id_alone_reaches_the_article(desk):
    source, _ = a_source(desk, "wordpress", format="wordpress")
    tell(source, wordpress("publish", 7, 3))
    assert tell(source, ({"event": "deleted", "post_id": 7}, {}))["result"] == "withdrawn"
    assert stands(7) == ("withdrawn", True, [])


@pytest.mark.parametrize("name", ["contentful", "strapi"])
def test_what_a_header_said_is_still_known_when_a_hook_is_read_again(desk, name):
    source, _ = a_source(desk, name, format=name, address=AT)
    tell(source, STORIES[name](7)[1][0])
    answer = tell(source, STORIES[name](7)[3][0])
    kept = hooks.find_inbound(answer["inbound"])
    assert hooks.replay(kept, CLI).result["result"] == "withdrawn"
    assert [each.event for each in hooks.readings_of(kept)] == ["unpublished"]

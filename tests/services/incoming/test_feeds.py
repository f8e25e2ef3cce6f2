"""Feeds as sources: nothing of their past, everything new once, politely, and with a hub where there is one."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from werkzeug import Response

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State
from sharing.services import notices
from sharing.services.incoming import feeds, hooks, rules, sources
from sharing.services.incoming.rules import NewRule
from sharing.services.incoming.sources import Settings
from sharing.services.watch import chores
from tests.firing import CLI, a_source, told
from tests.given import an_account

pytestmark = pytest.mark.django_db(transaction=True)

JUST_NOW = timedelta(0)


def now():
    return datetime.now(UTC).replace(microsecond=0)


def ago(**time):
    return now() - timedelta(**time)


def item(number, published=JUST_NOW, *, guid=None, link=None, title=None):
    published = now() if published == JUST_NOW else published
    when = f"<pubDate>{format_datetime(published)}</pubDate>" if published else ""
    return (
        f"<item><title>{title or f'Story {number}'}</title>"
        f"<link>{link or f'https://news.example/story/{number}'}</link>"
        f"<guid isPermaLink='false'>{guid or f'g{number}'}</guid>{when}</item>"
    )


class TheirFeed:
    """A feed on a server of its own; it remembers what it was asked."""

    def __init__(self, server):
        self.items = []
        self.status = 200
        self.headers = {}
        self.extra = ""
        self.asked = []
        self.forms = []
        self.url = server.url_for("/rss")
        self.hub = server.url_for("/hub")
        server.expect_request("/rss").respond_with_handler(self.answer)
        server.expect_request("/hub").respond_with_handler(self.subscribe)

    @property
    def xml(self):
        body = "".join(self.items)
        return f"<rss version='2.0'><channel><title>News</title>{self.extra}{body}</channel></rss>"

    @property
    def etag(self):
        return '"' + hashlib.sha256(self.xml.encode()).hexdigest()[:12] + '"'

    def answer(self, request):
        self.asked.append(dict(request.headers))
        if self.status == 200 and request.headers.get("If-None-Match") == self.etag:
            return Response(status=304)
        return Response(
            self.xml, self.status, {"ETag": self.etag, **self.headers}, content_type="application/rss+xml"
        )

    def subscribe(self, request):
        self.forms.append(request.form.to_dict())
        return Response(status=202)


@pytest.fixture
def theirs(httpserver, house):
    house(fetch_allow=("127.0.0.1", "localhost"))
    return TheirFeed(httpserver)


@pytest.fixture
def sandboxed(desk, scripted):
    return an_account(desk, mode=Mode.SANDBOX)


@pytest.fixture
def source(desk, sandboxed, theirs):
    return a_source(desk, "front", scheme=None, feed=theirs.url)[0]


def look(source, **later):
    """One look at the feed, so much later."""
    models.Feed.objects.filter(source=source).update(next_at=ago(seconds=1))
    with time_machine.travel(datetime.now(UTC) + timedelta(**later)):
        assert feeds.look(source.feed.pk)


def shared():
    """The headlines that were shared, oldest first."""
    return [share.article.headline for share in models.Share.objects.order_by("pk")]


# -- what is new ------------------------------------------------------------------------------------------


def test_the_first_look_shares_nothing_and_what_comes_later_once(source, theirs):
    theirs.items = [item(n) for n in range(30)]
    look(source)
    assert shared() == []
    assert not models.Article.objects.exists()
    theirs.items = [item(31), item(30), *theirs.items]
    look(source)
    assert shared() == ["Story 30", "Story 31"], "in the order in which they were published, or stand"
    look(source)
    assert len(shared()) == 2
    assert {row.result["result"] for row in models.Inbound.objects.all()} == {"shared"}


def test_an_empty_feed_at_first_makes_its_first_entry_news(source, theirs):
    theirs.items = [item(1)]
    look(source)
    theirs.items.insert(0, item(2))
    look(source)
    assert shared() == ["Story 2"]


def test_an_entry_is_known_again_by_its_id_or_its_address(source, theirs):
    theirs.items = [item(1)]
    look(source)
    theirs.items = [item(1, guid="another"), item(1, link="https://news.example/another")]
    look(source)
    assert shared() == []


def test_an_article_by_hook_and_by_feed_is_one(desk, sandboxed, theirs, source):
    look_first(source, theirs)
    cms = a_source(desk, "cms")[0]
    told(
        cms,
        {"article": {"headline": "Story 7, by hook", "url": "https://www.news.example/story/7?utm_source=x"}},
    )
    theirs.items = [item(7)]
    look(source)
    assert shared() == ["Story 7, by hook"]
    theirs.items.insert(0, item(8))
    look(source)
    told(
        cms,
        {
            "article": {"headline": "Story 8, by hook", "url": "https://news.example/story/8"},
            "event": "published",
        },
    )
    assert models.Share.objects.count() == 2
    assert models.Article.objects.count() == 2


def look_first(source, theirs):
    theirs.items = [item(0)]
    look(source)


def test_a_feed_behind_a_cms_waits_for_the_hook_and_catches_what_got_lost(desk, sandboxed, theirs):
    both = a_source(desk, "both", feed=theirs.url)[0]
    look_first(both, theirs)
    theirs.items = [item(1)]
    look(both)
    assert shared() == [], "its hook may be on its way"
    look(both, minutes=3)
    assert shared() == ["Story 1"]
    assert both.inbound.get().result["result"] == "shared"


def test_a_feed_does_not_bring_back_what_was_taken_down(desk, sandboxed, theirs):
    both = a_source(desk, "both", feed=theirs.url)[0]
    look_first(both, theirs)
    told(both, {"article": {"headline": "Gone", "url": "https://news.example/story/1"}, "event": "deleted"})
    theirs.items = [item(1, ago(minutes=10)), item(2, None)]
    told(both, {"article": {"headline": "Gone", "url": "https://news.example/story/2"}, "event": "deleted"})
    look(both)
    assert shared() == []
    assert {row.withdrawn_at is not None for row in models.Article.objects.all()} <= {True}


def test_what_was_missed_for_hours_asks_and_for_days_is_history(source, theirs):
    look_first(source, theirs)
    theirs.items = [item(1, ago(hours=7)), item(2, ago(days=8)), item(3)]
    look(source)
    assert shared() == ["Story 1", "Story 3"]
    assert [d.state for d in models.Delivery.objects.order_by("pk")] == [State.DRAFT, State.QUEUED]


def test_a_feed_that_is_built_anew_without_dates_is_no_flood(source, theirs):
    look_first(source, theirs)
    theirs.items = [item(n, None) for n in range(100, 140)]
    look(source)
    assert shared() == []
    theirs.items.insert(0, item(200, None))
    look(source)
    assert shared() == ["Story 200"]


def test_words_that_change_in_the_feed_are_renewed(source, theirs):
    look_first(source, theirs)
    first = "<entry><id>e1</id><title>{}</title><link href='https://news.example/e1'/><updated>{}</updated></entry>"
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{}</feed>"
    entries = models.Feed.objects.get()

    def read(title, updated):
        xml = atom.format(first.format(title, updated.isoformat())).encode()
        feeds.pushed(source, xml, now=datetime.now(UTC))

    read("Ferries", now())
    entries.refresh_from_db()
    read("Ferries run again", now() + timedelta(minutes=1))
    assert models.Delivery.objects.get().message["text"] == "Ferries run again"
    assert models.Share.objects.count() == 1


def test_an_entry_is_kept_and_can_be_run_again(source, theirs, sandboxed):
    look_first(source, theirs)
    rules.add(source, NewRule(does="never"), CLI)
    theirs.items = [item(1)]
    look(source)
    inbound = models.Inbound.objects.get()
    assert inbound.result["code"] == "rule.never"
    models.Rule.objects.all().delete()
    assert hooks.replay(hooks.find_inbound(str(inbound.pk)), CLI).result["result"] == "shared"


def test_a_feed_is_read_in_the_zone_and_the_order_that_its_source_says(source, theirs):
    look_first(source, theirs)
    sources.change(source, CLI, Settings(date_order="dmy", zone="Europe/London"))
    source = sources.find_source(source.name)
    day = now().replace(second=0) - timedelta(hours=1)
    london = day.astimezone(ZoneInfo("Europe/London"))
    theirs.items = [item(1, None).replace("</item>", f"<pubDate>{london:%d/%m/%y %H:%M}</pubDate></item>")]
    look(source)
    assert models.Article.objects.get().value.published_at == day


def test_a_feed_is_read_anew_once_its_source_says_its_zone(source, theirs):
    theirs.items = [item(1)]
    look(source)
    sources.change(source, CLI, Settings(zone="Europe/London"))
    look(source)
    assert "If-None-Match" not in theirs.asked[-1]


def test_a_hostile_feed_is_harmless(source, theirs):
    look_first(source, theirs)
    theirs.items = [
        item(1, title="&lt;script&gt;alert(1)&lt;/script&gt; \u202eevil"),
        item(2, link="javascript:alert(1)"),
        item(3, title=""),
        "<item/>",
        item(4),
    ]
    look(source)
    assert "Story 4" in shared()
    assert "\u202e" not in "".join(shared())


# -- how it is read ---------------------------------------------------------------------------------------


def test_it_is_asked_politely(source, theirs):
    theirs.headers = {"Last-Modified": "Tue, 24 Nov 2026 09:00:00 GMT"}
    look_first(source, theirs)
    etag = theirs.etag
    look(source)
    first, second = theirs.asked
    assert "If-None-Match" not in first
    assert second["If-None-Match"] == etag
    assert second["If-Modified-Since"] == theirs.headers["Last-Modified"]
    assert "Sharedesk" in second["User-Agent"]


def test_it_is_read_every_minute_or_as_often_as_set(source, theirs):
    look_first(source, theirs)
    feed = models.Feed.objects.get()
    assert feed.next_at - feed.read_at == timedelta(seconds=60)
    sources.change(source, CLI, Settings(every=300))
    look(source)
    feed.refresh_from_db()
    assert feed.next_at - feed.read_at == timedelta(seconds=300)


def test_what_fails_is_asked_less_often_and_told(source, theirs):
    theirs.status = 500
    pauses = []
    for _ in range(8):
        look(source)
        feed = models.Feed.objects.get()
        pauses.append(round((feed.next_at - datetime.now(UTC)).total_seconds() / 60))
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    assert feed.last_code == "page.500"
    (notice,) = notices.open_notices()
    assert (notice.kind, notice.facts["reason"]) == ("feed", "page.500")
    theirs.status = 200
    look(source)
    assert notices.open_notices() == []
    assert models.Feed.objects.get().failures == 0


def test_a_server_that_asks_for_a_pause_gets_it(source, theirs):
    theirs.status, theirs.headers = 429, {"Retry-After": "7200"}
    look(source)
    assert models.Feed.objects.get().next_at - datetime.now(UTC) > timedelta(minutes=119)


@pytest.mark.parametrize("xml", ["", "<html></html>", "{}", "\x00"])
def test_what_is_no_feed_is_a_failure_and_nothing_breaks(source, theirs, httpserver, xml):
    httpserver.clear()
    httpserver.expect_request("/rss").respond_with_data(xml, content_type="text/xml")
    look(source)
    assert models.Feed.objects.get().failures == 1


def test_a_feed_inside_the_house_is_not_read(source, theirs, house):
    house(fetch_allow=())
    look(source)
    assert models.Feed.objects.get().last_code == "fetch.address_refused"
    assert theirs.asked == []


def test_two_workers_read_it_once(source, theirs):
    look_first(source, theirs)
    assert not feeds.look(source.feed.pk), "it is not due"
    assert len(theirs.asked) == 1


def test_a_worker_reads_what_is_due(source, theirs):
    chores.due()
    assert "feeds" in chores.due()
    assert chores.do("feeds")
    assert "feeds" not in chores.due()
    assert len(theirs.asked) == 1
    sources.switch(source, CLI, on=False)
    models.Feed.objects.update(next_at=ago(seconds=1))
    assert not feeds.anything_due(), "what is switched off rests"


def test_another_address_is_connected_anew(source, theirs, httpserver):
    look_first(source, theirs)
    sources.change(source, CLI, Settings(feed=httpserver.url_for("/other")))
    feed = models.Feed.objects.get()
    assert (feed.connected_at, feed.etag) == (None, "")


def test_nobody_posts_to_a_feed(source):
    answer = Client().post(f"/hooks/{source.name}", b"{}", content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("source.takes_no_hooks")


# -- with a hub -------------------------------------------------------------------------------------------


@pytest.fixture
def reachable(house, settings):
    import dataclasses

    live = dataclasses.replace(settings.SHAREDESK.live, desk="https://desk.example")
    house(live=live)


def verify(source, **query):
    named = {f"hub.{name}": value for name, value in query.items()}
    return Client().get(f"/hooks/{source.name}", named)


def push(source, secret, xml, algorithm="sha256"):
    signature = hmac.new(secret.encode(), xml.encode(), algorithm).hexdigest()
    return Client().post(
        f"/hooks/{source.name}",
        xml.encode(),
        content_type="application/rss+xml",
        headers={"X-Hub-Signature": f"{algorithm}={signature}"},
    )


@pytest.fixture
def subscribed(source, theirs, reachable):
    theirs.extra = f"<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='{theirs.hub}'/>"
    theirs.extra += f"<link xmlns='http://www.w3.org/2005/Atom' rel='self' href='{theirs.url}'/>"
    look_first(source, theirs)
    (form,) = theirs.forms
    return form


def test_the_hub_is_asked_to_call(source, theirs, subscribed):
    assert subscribed["hub.mode"] == "subscribe"
    assert subscribed["hub.topic"] == theirs.url
    assert subscribed["hub.callback"] == f"https://desk.example/hooks/{source.name}"
    assert len(subscribed["hub.secret"]) >= 32
    answer = verify(source, mode="subscribe", topic=theirs.url, challenge="ch-1", lease_seconds="864000")
    assert (answer.status_code, answer.content) == (200, b"ch-1")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["X-Content-Type-Options"] == "nosniff"
    feed = models.Feed.objects.get()
    assert feed.hub_until - datetime.now(UTC) > timedelta(days=9)
    assert feed.ask_at < feed.hub_until, "asked again before it ends"


def test_what_the_hub_pushes_comes_in_at_once(source, theirs, subscribed):
    theirs.items = [item(1), *theirs.items]
    answer = push(source, subscribed["hub.secret"], theirs.xml)
    assert answer.status_code == 202
    assert shared() == ["Story 1"]
    assert answer.json()["entries"] == [answer.json()["inbound"]]
    assert push(source, subscribed["hub.secret"], theirs.xml).json()["result"] == "nothing_new"
    look(source)
    assert shared() == ["Story 1"]


def test_a_push_that_is_not_signed_by_the_hub_is_refused(source, theirs, subscribed):
    theirs.items = [item(1)]
    assert push(source, "another secret", theirs.xml).status_code == 401
    assert shared() == []


def test_a_push_that_is_no_feed_is_kept_and_said(source, subscribed):
    answer = push(source, subscribed["hub.secret"], "<html></html>")
    assert answer.status_code == 422
    assert models.Inbound.objects.get().result["result"] == "unreadable"


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "topic": "https://evil.example/rss", "challenge": "x"},
        {"mode": "unsubscribe", "topic": "THEIRS", "challenge": "x"},
        {"mode": "subscribe", "topic": "THEIRS"},
        {"mode": "subscribe", "topic": "THEIRS", "challenge": "x" * 2000},
        {"mode": "other"},
    ],
    ids=["another topic", "unsubscribe", "no challenge", "long challenge", "nonsense"],
)
def test_what_nobody_asked_for_is_404(source, theirs, subscribed, query):
    query = {name: theirs.url if value == "THEIRS" else value for name, value in query.items()}
    assert verify(source, **query).status_code == 404


def test_a_hub_that_says_no_is_left_alone(source, theirs, subscribed):
    assert verify(source, mode="denied", topic=theirs.url).status_code == 200
    look(source)
    assert len(theirs.forms) == 1


def test_while_the_hub_calls_a_look_is_only_to_be_sure(source, theirs, subscribed):
    verify(source, mode="subscribe", topic=theirs.url, challenge="x", lease_seconds="864000")
    look(source)
    feed = models.Feed.objects.get()
    assert feed.next_at - feed.read_at == timedelta(minutes=10)


def test_a_subscription_is_renewed_with_the_same_secret(source, theirs, subscribed):
    verify(source, mode="subscribe", topic=theirs.url, challenge="x", lease_seconds="3600")
    theirs.items.insert(0, item(5))
    look(source, minutes=50)
    assert len(theirs.forms) == 2
    assert theirs.forms[1]["hub.secret"] == subscribed["hub.secret"]


def test_from_a_desk_that_nobody_can_reach_no_hub_is_asked(source, theirs):
    theirs.extra = f"<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='{theirs.hub}'/>"
    look_first(source, theirs)
    assert theirs.forms == []


def test_a_hub_that_was_asked_by_hand(desk, sandboxed):
    source, secret = a_source(desk, "by-hand", scheme="websub")
    assert verify(source, mode="subscribe", topic="https://news.example/rss", challenge="x").content == b"x"
    xml = f"<rss><channel>{item(1)}{item(2, ago(hours=5))}</channel></rss>"
    assert push(source, secret, xml, "sha512").json()["result"] == "shared"
    assert shared() == ["Story 1"], "of the first push, the last hour is news"


def test_a_feed_that_a_cms_posts_as_a_hook_is_no_flood(desk, sandboxed):
    source = a_source(desk, "cms")[0]
    old = [{"id": f"e{n}", "title": f"Story {n}", "url": f"https://a.example/{n}"} for n in range(30)]
    new = {"id": "new", "title": "New", "url": "https://a.example/new", "date_published": now().isoformat()}
    told(source, {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [new, *old]})
    assert shared() == ["New"]

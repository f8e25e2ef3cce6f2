"""What people must know: for each kind its real cause, the sentence where people look, and how it ends."""

import ast
import html
import importlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from werkzeug import Response

from config.cli import main
from config.doctor import examine
from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import EDGES, State
from sharing.domain.outcomes import Achieved, Receipt, Unavailable
from sharing.models import moves
from sharing.presentation import notices as telling
from sharing.services import notices
from sharing.services.accounts import circuit
from sharing.services.decisions import resolve
from sharing.services.deliveries import deliver, record, sweeps
from sharing.services.incoming import admission, feeds, hooks, named
from sharing.services.shares import follow
from sharing.services.watch import chores, invariants, todo
from sharing.wording import codes
from tests import given
from tests.firing import CLI, a_source, fire, post
from tests.given import CHO, a_delivery, ago, an_account, reread

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = tuple(notices.KINDS)
ROOT = Path(__file__).resolve().parent.parent.parent
STORY = {"article": {"url": "https://news.example/story/7", "headline": "Night buses", "language": "en"}}


@pytest.fixture
def account(desk, scripted, house):
    house(sandbox_url="http://127.0.0.1:9")  # nobody is called: the channel answers by script
    return an_account(desk)


@pytest.fixture
def publisher(enter):
    """A publisher's browser, in English."""
    return enter("Cho", "publisher", language="en")


class Cause:
    """Makes the cause of one kind happen, and end. `begin` again is the next check while the cause holds."""

    def __init__(self, desk, account, scripted, monkeypatch, httpserver, house):
        self.desk, self.account, self.scripted, self.patch = desk, account, scripted, monkeypatch
        self.server, self.house = httpserver, house
        self.row = self.source = None
        self.status = 500

    # -- one marker on several posts

    def double(self):
        if self.row is None:
            self.row = a_delivery(self.desk, self.account)
            deliver.drain(self.account.pk, owner="w")
        self.scripted.published[:] = [self.row.marker] * 2
        models.Delivery.objects.filter(pk=self.row.pk).update(recheck_at=ago(seconds=1))
        invariants.recheck(self.row.pk)

    # -- an article that is gone while a post of it is not

    def withdrawn(self):
        if self.row is None:
            self.row = a_delivery(self.desk, self.account)
            deliver.drain(self.account.pk, owner="w")
        follow.withdraw(self.row.article, CHO.actor)

    def end_withdrawn(self):
        moves.move(
            self.row.pk, State.RETRACTED, next(iter(EDGES[State.DELIVERED, State.RETRACTED])), actor=CHO.actor
        )
        follow.gone_everywhere()

    # -- what the audit finds

    def stuck(self):
        if self.row is None:
            self.row = a_delivery(self.desk, self.account, due_at=ago(hours=1))
            models.Event.objects.filter(delivery=self.row).update(at=ago(hours=1))
        invariants.audit()

    def end_stuck(self):
        deliver.drain(self.account.pk, owner="w")
        invariants.audit()

    def unexplained(self):
        if self.row is None:
            self.row = a_delivery(self.desk, self.account, State.DELIVERED)
        invariants.audit()

    def end_unexplained(self):
        models.Delivery.objects.filter(pk=self.row.pk).update(state=State.QUEUED)
        invariants.audit()

    # -- a clock that jumped

    def clock(self):
        if self.row is None:
            self.row = a_delivery(self.desk, self.account, scheduled=True, due_at=given.ahead(hours=5))
        sweeps.clock_jumped(7200)
        sweeps.clock_is_right_again()

    def end_clock(self):
        resolve.let_go(reread(self.row), CHO)
        sweeps.clock_is_right_again()

    # -- a platform that is down

    def outage(self):
        for _ in range(5):
            circuit.learn(self.account.pk, Unavailable("net.connect", "refused"))
        circuit.watch_platforms()

    def end_outage(self):
        circuit.learn(self.account.pk, Receipt(achieved=Achieved.POSTED, remote_id="1"))
        circuit.watch_platforms()

    # -- hooks and feeds

    def hook_failed(self, message_id="msg_1"):
        self.source = self.source or a_source(self.desk)[0]

        def broken(*_, **__):
            raise ZeroDivisionError

        with self.patch.context() as patch:
            patch.setattr(hooks, "read", broken)
            fire(self.source, STORY, message_id=message_id)
            hooks.replay(models.Inbound.objects.latest("pk"), CLI)

    def end_hook_failed(self):
        hooks.replay(models.Inbound.objects.latest("pk"), CLI)

    def feed(self):
        if self.source is None:
            self.house(fetch_allow=("127.0.0.1", "localhost"), sandbox_url="http://127.0.0.1:9")
            self.server.expect_request("/rss").respond_with_handler(self._rss)
            url = self.server.url_for("/rss")
            self.source = a_source(self.desk, "front", scheme=None, feed=url)[0]
        for _ in range(feeds.TELL_AFTER):
            self._look()

    def _rss(self, _request):
        body = "<rss version='2.0'><channel><title>News</title></channel></rss>"
        return Response(body, self.status, content_type="application/rss+xml")

    def _look(self):
        models.Feed.objects.update(next_at=ago(seconds=1))
        assert feeds.look(self.source.feed.pk)

    def end_feed(self):
        self.status = 200
        self._look()

    # -- a source that names an account that is gone

    def named_gone(self):
        self.source = self.source or a_source(self.desk)[0]
        self.source.accounts.add(self.account)
        models.Account.objects.filter(pk=self.account.pk).update(health=models.Health.REMOVED)
        named.watch()

    def end_named_gone(self):
        models.Account.objects.filter(pk=self.account.pk).update(health=models.Health.OK)
        named.watch()

    def wrong_signatures(self):
        self.source = self.source or a_source(self.desk)[0]
        for _ in range(admission.MOST_WRONG):
            post(self.source.name, STORY)
        admission.calm_again()

    def end_wrong_signatures(self):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=30)):
            admission.calm_again()


@pytest.fixture
def cause(desk, account, scripted, monkeypatch, httpserver, house):
    return Cause(desk, account, scripted, monkeypatch, httpserver, house)


def listed(capsys):
    """`sharedesk notice list --json`."""
    return run(capsys, "notice", "list", "--json")[1]["notices"]


def run(capsys, *arguments):
    """One command in this process: its exit status, and what it printed."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main.main(list(arguments))
    printed = capsys.readouterr()
    return ended.value.code, json.loads(printed.out) if printed.out.strip() else printed.err


def diagnosed():
    """What doctor says of notices: (what, advice)."""
    return [(each["what"], each["advice"]) for each in examine() if each["what"].startswith("notice ")]


def shown(browser):
    """The notices of the home page, first to last: (kind, its text)."""
    rows = html.unescape(browser.get("/").text).split('<li class="hand-row"')[1:]
    kinds = [re.match(r' id="notice-\d+" data-kind="(\w+)"', row) for row in rows]
    assert all(kinds[: sum(map(bool, kinds))]), "notices stand before everything else"
    return [(kind[1], row) for kind, row in zip(kinds, rows, strict=True) if kind]


def by_person(browser, kind, reason="seen to"):
    row = models.Notice.objects.filter(kind=kind, over_at=None).get()
    return browser.post(f"/notices/{row.pk}/close", {"reason": reason})


def told_nowhere(capsys, browser):
    ready = Client().get("/readyz").json()["notices"]
    return (shown(browser), diagnosed(), listed(capsys), ready) == ([], [], [], 0)


# -- each kind --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_it_stands_first_on_the_desk_in_both_languages_in_doctor_and_in_the_list(
    kind, cause, publisher, capsys, desk
):
    a_delivery(desk, given.an_account(desk, "link"), State.REVIEW, state_at=ago(days=2))
    getattr(cause, kind)()
    row = notices.open_notices()[0]
    assert (row.kind, len(notices.open_notices())) == (kind, 1)
    said = {}
    for language in ("en", "ko"):
        publisher.cookies["language"] = language
        said[language] = telling.tell(row, language, desk).said
        (told,) = shown(publisher)
        assert told[0] == kind
        for part in (said[language].what, said[language].live, said[language].then):
            assert part in told[1]
            assert "{" not in part
        count = 1 + len(todo.todos(desk))
        assert f'<span class="badge">{count}</span>' in publisher.get("/queue").text
    assert said["ko"] != said["en"]
    (found,) = diagnosed()
    assert said["en"].what in found[0]
    assert said["en"].live in found[0]
    assert f"`sharedesk notice close {row.pk}" in found[1]
    (line,) = listed(capsys)
    assert (line["id"], line["kind"], line["what"]) == (str(row.pk), kind, said["en"].what)
    assert Client().get("/readyz").json()["notices"] == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "double"])
def test_it_goes_when_its_cause_ends(kind, cause, publisher, capsys):
    getattr(cause, kind)()
    getattr(cause, f"end_{kind}")()
    assert told_nowhere(capsys, publisher)


@pytest.mark.parametrize("kind", KINDS)
def test_closed_by_a_person_it_goes_and_the_next_check_does_not_bring_it_back(kind, cause, publisher, capsys):
    getattr(cause, kind)()
    assert by_person(publisher, kind, reason="  the editor knows  ").status_code == 302
    row = models.Notice.objects.get()
    entry = models.Entry.objects.get(verb="close")
    assert (entry.subject, entry.reason, entry.name) == (f"notice:{row.pk}", "the editor knows", "Cho")
    assert told_nowhere(capsys, publisher)
    getattr(cause, kind)()
    assert told_nowhere(capsys, publisher)
    for chore in ("audit", "notices", "platforms"):
        chores.CHORES[chore][0]()
    assert told_nowhere(capsys, publisher)


# -- a new occurrence -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"double", "hook_failed"}])
def test_a_cause_that_ended_and_comes_back_is_told_again(kind, cause, publisher):
    getattr(cause, kind)()
    by_person(publisher, kind)
    getattr(cause, f"end_{kind}")()
    cause.row = None
    cause.account = an_account(cause.desk)
    models.Source.objects.update(wrong_since=ago(hours=1))
    cause.status = 500
    getattr(cause, kind)()
    assert [row.kind for row in notices.open_notices()] == [kind]


@pytest.mark.parametrize("kind", ["stuck", "unexplained", "clock"])
def test_one_more_of_the_kind_is_told_again_and_one_less_is_not(kind, cause, desk, publisher, scripted):
    getattr(cause, kind)()
    by_person(publisher, kind)
    first, cause.row, cause.account = cause.row, None, an_account(desk)
    getattr(cause, kind)()
    (row,) = notices.open_notices()
    assert row.facts["deliveries"] == [first.pk, cause.row.pk]
    by_person(publisher, kind)
    getattr(cause, f"end_{kind}")()
    assert notices.open_notices() == []


def test_one_more_post_of_the_same_marker_is_told_again(cause, publisher):
    cause.double()
    by_person(publisher, "double", "deleted the second post")
    record.tell_double(cause.row, ["https://p.example/a-third"])
    (row,) = notices.open_notices()
    assert row.facts["posts"] == ["https://p.example/a-third"]


def test_a_second_post_found_later_is_added_to_what_is_known(cause):
    cause.double()
    record.tell_double(cause.row, ["https://p.example/late"])
    (row,) = notices.open_notices()
    assert row.facts["posts"][-1] == "https://p.example/late"
    assert len(telling.tell(row, "en").links) == 4, "each post, and the share"


def test_a_further_hook_that_fails_is_told_again_and_counts_what_is_still_unread(cause, publisher):
    cause.hook_failed("msg_1")
    by_person(publisher, "hook_failed", "sent by hand")
    cause.hook_failed("msg_2")
    cause.hook_failed("msg_3")
    (row,) = notices.open_notices()
    assert "could not be read, by our mistake: 2 " in telling.tell(row, "en").said.what
    cause.end_hook_failed()
    (row,) = notices.open_notices()
    assert "could not be read, by our mistake: 1 " in telling.tell(row, "en").said.what


def test_an_outage_lasts_while_its_pauses_end_and_nothing_got_through(cause, publisher):
    cause.outage()
    by_person(publisher, "outage")
    models.AccountGate.objects.update(open_until=ago(seconds=1))
    circuit.watch_platforms()
    cause.outage()
    assert notices.open_notices() == [], "the same outage"


def test_what_the_record_does_not_explain_is_not_forgotten_after_a_day(cause):
    cause.unexplained()
    models.Delivery.objects.update(state_at=ago(days=3))
    invariants.audit()
    assert [row.kind for row in notices.open_notices()] == ["unexplained"]


@pytest.mark.parametrize("end", ["another address", "switched off"])
def test_a_feed_that_is_not_read_any_more_fails_no_more(cause, end):
    from sharing.services.incoming import sources

    cause.feed()
    if end == "switched off":
        sources.switch(cause.source, CLI, on=False)
    else:
        sources.change(cause.source, CLI, sources.Settings(feed="https://news.example/other.rss"))
    chores.CHORES["notices"][0]()
    assert notices.open_notices() == []


# -- whose it is ------------------------------------------------------------------------------------------

ABOUT_THE_MACHINE = {"stuck", "unexplained", "clock", "outage"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_desk_sees_its_own_and_those_about_the_whole_machine(
    kind, scripted, monkeypatch, httpserver, house, publisher
):
    other = given.a_desk("elsewhere")
    house(sandbox_url="http://127.0.0.1:9")
    cause = Cause(other, an_account(other), scripted, monkeypatch, httpserver, house)
    getattr(cause, kind)()
    (row,) = notices.open_notices()
    seen = shown(publisher)
    assert [told[0] for told in seen] == ([kind] if kind in ABOUT_THE_MACHINE else [])
    assert by_person(publisher, kind).status_code == (302 if seen else 404)
    if seen and cause.row:
        assert cause.row.article.headline not in seen[0][1], "another desk's article"
        assert f"#delivery-{cause.row.pk}" not in seen[0][1]
    assert telling.public([row], "en")[0]["desk"] == (None if kind in ABOUT_THE_MACHINE else "elsewhere")


def test_a_notice_about_what_was_deleted_goes_with_it(cause, desk, publisher, capsys):
    cause.double()
    models.Delivery.objects.all().delete()
    assert shown(publisher) == []
    chores.CHORES["notices"][0]()
    assert told_nowhere(capsys, publisher)


def test_what_is_about_practice_only_says_so(desk, scripted, monkeypatch, httpserver, house, publisher):
    house(sandbox_url="http://127.0.0.1:9")
    sandboxed = an_account(desk, mode=Mode.SANDBOX)
    Cause(desk, sandboxed, scripted, monkeypatch, httpserver, house).double()
    assert '<span class="practice">Practice</span>' in shown(publisher)[0][1]


# -- closing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reporter", "auditor", "admin"])
def test_who_may_not_send_reads_a_notice_and_cannot_close_it(cause, enter, role):
    cause.double()
    dan = enter("Dan", role, language="en")
    ((_kind, text),) = shown(dan)
    assert "<form" not in text
    answer = by_person(dan, "double")
    assert answer.status_code == 403
    assert "You may not close notices." in answer.text
    assert len(notices.open_notices()) == 1


def test_a_reason_is_needed_and_asked_for_where_it_is_missing(cause, publisher):
    cause.double()
    answer = by_person(publisher, "double", reason=" ")
    assert answer.status_code == 422
    assert "The reason for closing is missing." in answer.text
    assert len(notices.open_notices()) == 1


def test_the_second_of_two_people_is_told_who_closed_it(cause, publisher, enter):
    cause.double()
    row = models.Notice.objects.get()
    by_person(publisher, "double")
    answer = enter("Bo", "editor", language="en").post(f"/notices/{row.pk}/close", {"reason": "me too"})
    assert answer.status_code == 409
    assert f"Cho has closed notice {row.pk} already." in answer.text
    assert models.Entry.objects.filter(verb="close").count() == 1


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "-1", "%00", "1e3"])
def test_garbage_for_a_number_is_a_page_that_says_so(publisher, number):
    assert publisher.post(f"/notices/{number}/close", {"reason": "r"}).status_code == 404


def test_a_notice_of_a_hostile_article_does_nothing(cause, desk, publisher):
    cause.row = a_delivery(desk, cause.account)
    models.Article.objects.update(headline="<script>alert(1)</script> {platform} {이/가}")
    record.tell_double(reread(cause.row), ["javascript:alert(1)", "https://p.example/\x00\ud83d", ""])
    text = publisher.get("/").text
    assert "<script>alert" not in text
    assert "javascript:" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {platform}" in text


def test_the_command_closes_a_notice_once(cause, capsys):
    cause.double()
    row = models.Notice.objects.get()
    status, data = run(capsys, "notice", "close", str(row.pk), "--reason", "second post deleted", "--json")
    assert (status, data["closed"]["id"], data["closed"]["reason"]) == (0, str(row.pk), "second post deleted")
    assert listed(capsys) == []
    for number, reason, words in (
        (row.pk, "again", "has closed notice"),
        (row.pk, " ", "reason for closing is missing"),
        (row.pk + 1, "r", "There is no notice"),
        ("9" * 30, "r", "There is no notice"),
        ("x", "r", "There is no notice x"),
    ):
        status, line = run(capsys, "notice", "close", str(number), "--reason", reason)
        assert status == 2
        assert words in line


# -- one table, and its sentences -------------------------------------------------------------------------


def kinds_told():
    """Every kind that is told anywhere in the product, read from its source: (kind, file and line)."""
    for folder in ("sharing", "workers", "config"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) != "notices.tell":
                    continue
                module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
                kind = eval(ast.unparse(node.args[0]), vars(module))  # noqa: S307 - our own source
                yield kind, f"{file.name}:{node.lineno}"


def test_every_kind_that_is_told_has_its_line_in_the_table_and_its_sentence():
    told = dict(kinds_told())
    assert set(told) == set(notices.KINDS), "a kind is told under a constant name, and stands in KINDS"
    assert {f"notice.{kind}" for kind in told} <= codes()


def test_a_kind_nobody_wrote_a_sentence_for_is_shown_all_the_same(db, publisher):
    notices.tell("brand_new", "", {"n": 3})
    ((kind, text),) = shown(publisher)
    assert kind == "brand_new"
    assert "Something needs a look (notice.brand_new: -)." in text


@pytest.mark.parametrize(
    ("kind", "subject", "facts"),
    [
        ("double", "delivery:{row}", {"posts": ["https://p.example/1", "2"], "channel": "x"}),
        ("withdrawn", "article:{article}", {"n": 2, "headline": "Night buses"}),
        ("stuck", "", {"deliveries": [1, 2], "number": 2}),
        ("unexplained", "", {"deliveries": [1], "number": 1}),
        ("clock", "", {"seconds": 7200, "number": 4}),
        ("outage", "x", {"down": 2, "of": 3}),
        ("feed", "source:cms", {"source": "cms", "url": "https://n.example/rss", "reason": "page.500"}),
        ("hook_failed", "source:cms", {"inbound": 7, "id": "a1b2"}),
        ("wrong_signatures", "source:cms", {"source": "cms", "number": 20}),
    ],
)
def test_a_notice_that_version_0_1_wrote_is_shown_in_full(desk, cause, publisher, kind, subject, facts):
    a_source(desk)
    row = a_delivery(desk, cause.account)
    subject = subject.format(row=row.pk, article=row.article_id)
    models.Notice.objects.create(kind=kind, subject=subject, facts=facts)
    ((_kind, text),) = shown(publisher)
    assert not re.search(r"\{\w+\}", text)

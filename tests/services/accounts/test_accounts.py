"""An account that gets new secrets, or goes and comes back, is the same account: nothing is posted twice or lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State, Why
from sharing.domain.outcomes import AccountStopped, Ambiguous, Unavailable
from sharing.domain.refusal import Refusal
from sharing.models import Health
from sharing.presentation import represent
from sharing.services.accounts import connect
from sharing.services.accounts.sealing import unseal
from sharing.services.decisions import hold, resolve
from sharing.services.deliveries import deliver, look_up
from sharing.services.incoming import rules
from sharing.services.shares import drafts
from sharing.services.shares.share import AlreadyShared
from tests.firing import a_source, told
from tests.given import CHO, WORKER, a_delivery, a_desk, a_share, ago, ahead, an_account, reread, sweep
from tests.walks import walks
from tests.web.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)
S = State


@pytest.fixture
def platform(scripted):
    """The scripted platform, which lets in who has one of its `tokens`."""
    scripted.secrets, scripted.tokens = ("access_token", "app_secret"), {"first"}

    def probe(account):
        if account.secret("access_token") not in scripted.tokens:
            raise AccountStopped("http.401", "the token is no longer valid", 401)
        return account.name

    scripted.probe = probe
    return scripted


@pytest.fixture
def page(desk, platform):
    return add(desk)


def add(desk, token="first", remote_id="1001", **fields):
    return connect.add(
        desk,
        "scripted",
        **{
            "remote_id": remote_id,
            "name": "Daily",
            "secrets": {"access_token": token},
            "acting": CHO,
            **fields,
        },
    )


def drain(account):
    return deliver.drain(account.pk, owner=WORKER.name)


def look(row):
    look_up.look_up(row.pk, owner=WORKER.name)
    return reread(row)


def stop(account):
    models.Account.objects.filter(pk=account.pk).update(health=Health.STOPPED, health_code="facebook.190")


def token_of(row):
    row.refresh_from_db()
    return unseal(f"account:{row.pk}", row.sealed)["access_token"].reveal()


def notes(verb="account"):
    return list(models.Entry.objects.filter(verb=verb).order_by("pk").values_list("subject", "reason"))


# -- new secrets -------------------------------------------------------------------------------------------


def test_new_secrets_are_tried_and_let_go_what_the_account_held(desk, page, platform):
    row = a_delivery(desk, page, S.HELD, why=Why.ACCOUNT_STOPPED)
    stop(page)
    models.AccountGate.objects.filter(account=page).update(fails=4, opened=2, open_until=ahead(minutes=30))
    models.Account.objects.filter(pk=page.pk).update(
        token_expires_at=ago(days=1), refresh_lease_until=ahead(hours=1)
    )
    platform.tokens = {"second"}
    connect.renew(page, CHO, secrets={"access_token": "second"}, name="Daily news")
    assert (page.health, page.health_code, page.name, token_of(page)) == ("ok", "", "Daily news", "second")
    assert (page.token_expires_at, page.refresh_lease_until) == (None, None)
    assert (page.gate.opened, page.gate.open_until) == (0, None)
    assert reread(row).state == S.QUEUED
    drain(page)
    assert platform.published == [row.marker]
    assert models.Account.objects.count() == 1


def test_new_secrets_that_do_not_work_are_not_stored(desk, page, platform):
    row = a_delivery(desk, page, S.HELD, why=Why.ACCOUNT_STOPPED)
    stop(page)
    with pytest.raises(AccountStopped):
        connect.renew(page, CHO, secrets={"access_token": "wrong"}, name="Another")
    assert (token_of(page), page.name, page.health, page.health_code) == (
        "first",
        "Daily",
        "stopped",
        "facebook.190",
    )
    sweep()
    assert reread(row).state == S.HELD


@pytest.mark.parametrize("secrets", [{}, {"app_secret": ""}, {"token": "x"}, {"access_token": 7}])
def test_new_secrets_are_checked_as_for_a_new_account(page, platform, secrets):
    platform.secrets_needed = (frozenset({"access_token"}),)
    with pytest.raises(Refusal):
        connect.renew(page, CHO, secrets=secrets)
    assert token_of(page) == "first"


def test_what_a_person_held_stays_held_beside_new_secrets(desk, page, platform):
    hold.hold(f"account:{page.pk}", "wrong picture", CHO)
    row = a_delivery(desk, page, S.HELD, why=Why.SWITCH_ON)
    other = a_delivery(desk, page, S.HELD, why=Why.ACCOUNT_STOPPED)
    changed = a_delivery(desk, page, S.HELD, why=Why.ARTICLE_CHANGED)
    stop(page)
    connect.renew(page, CHO, secrets={"access_token": "first"})
    sweep()
    drain(page)
    assert [reread(each).why for each in (row, other, changed)] == [
        "switch_on",
        "switch_on",
        "article_changed",
    ]
    assert platform.published == []


def test_what_is_no_longer_news_asks_a_person(desk, page):
    row = a_delivery(desk, page, S.HELD, why=Why.ACCOUNT_STOPPED, expires_at=ago(seconds=1))
    stop(page)
    connect.renew(page, CHO, secrets={"access_token": "first"})
    assert reread(row).state == S.EXPIRED


def test_new_secrets_do_not_approve_an_article_that_changed(desk, page, platform):
    row = a_delivery(desk, page, S.HELD, why=Why.ACCOUNT_STOPPED, words="person")
    models.Article.objects.filter(pk=row.article_id).update(data_hash="9" * 64)
    stop(page)
    connect.renew(page, CHO, secrets={"access_token": "first"})
    drain(page)
    assert (reread(row).why, platform.published) == ("article_changed", [])


def test_an_answer_to_the_former_secrets_does_not_stop_the_new_ones(desk, page, platform):
    row = a_delivery(desk, page)

    def renewed_meanwhile():
        connect.renew(models.Account.objects.get(pk=page.pk), CHO, secrets={"access_token": "second"})
        raise AccountStopped("facebook.190", "the former token", 401)

    platform.tokens = {"second"}
    platform.answers.append(renewed_meanwhile)
    drain(page)
    page.refresh_from_db()
    assert (page.health, reread(row).state) == ("ok", S.WAITING)
    models.Delivery.objects.update(due_at=ago(seconds=1))
    drain(page)
    assert platform.published == [row.marker]


def test_a_refresh_of_the_former_pair_does_not_overwrite_the_new_one(page, platform):
    from sharing.services.accounts import tokens

    models.Account.objects.filter(pk=page.pk).update(token_expires_at=ago(seconds=1))
    page.refresh_from_db()

    def refresh(_account):
        connect.renew(models.Account.objects.get(pk=page.pk), CHO, secrets={"access_token": "second"})
        return {"access_token": "of the former", "expires_in": "7200"}

    platform.tokens, platform.refresh = {"second"}, refresh
    tokens.make_fresh(page, platform)
    assert token_of(page) == "second"


def test_a_name_alone_is_set_without_asking_the_platform(page, platform):
    platform.tokens = set()
    connect.renew(page, CHO, name="Daily news")
    assert (page.name, token_of(page)) == ("Daily news", "first")
    with pytest.raises(Refusal, match="nothing_to_set"):
        connect.renew(page, CHO)


# -- gone and back -----------------------------------------------------------------------------------------


def come_back(page, desk, **fields):
    connect.remove(page, CHO)
    return add(desk, **fields)


@pytest.mark.parametrize("door", ["hook", "share"])
def test_an_account_that_comes_back_has_what_it_had(desk, page, platform, door):
    source = a_source(desk, accounts=[page])[0]
    rules.add(source, rules.NewRule(does=models.Does.AUTO, accounts=[page]), CHO)
    payload = {"event": "published", "article": {"url": "https://news.example/7", "headline": "Night buses"}}
    told(source, payload)
    drain(page)
    back = come_back(page, desk, token="second", name="Daily, again")
    assert (back.pk, back.name) == (page.pk, "Daily, again")
    if door == "hook":
        assert told(source, payload)["result"] == "already_shared"
    else:
        with pytest.raises(AlreadyShared):
            a_share(desk, back, article=models.Article.objects.get().value)
    drain(back)
    assert len(platform.published) == 1
    assert list(source.accounts.all()) == list(source.rules.get().accounts.all()) == [back]


@walks(S.QUEUED, S.HELD, Why.ACCOUNT_REMOVED)
@walks(S.WAITING, S.HELD, Why.ACCOUNT_REMOVED)
@pytest.mark.parametrize("state", [S.QUEUED, S.WAITING])
@pytest.mark.parametrize("due", [ago(seconds=1), ahead(days=1)])
def test_what_waits_for_a_removed_account_is_held_and_nothing_is_cancelled(desk, page, platform, state, due):
    row = a_delivery(desk, page, state, due_at=due, scheduled=True)
    draft = a_delivery(desk, page, S.DRAFT)
    connect.remove(page, CHO)
    row = reread(row)
    assert (row.state, row.why) == (S.HELD, Why.ACCOUNT_REMOVED)
    assert reread(draft).state == S.DRAFT
    assert models.Account.objects.get().sealed is None
    said = represent.explain(row, "en")
    assert "disconnected" in said.what
    assert "account add scripted --id 1001" in said.then
    with pytest.raises(Refusal, match="account.removed"):
        resolve.again(row, CHO)
    sweep()
    assert reread(row).state == S.HELD
    platform.tokens = {"second"}
    add(desk, token="second")
    assert reread(row).state == S.QUEUED


def test_what_an_account_held_waits_until_its_secrets_were_tried(desk, page, platform):
    row = a_delivery(desk, page)
    back = come_back(page, desk, token="wrong")
    assert (back.health, back.health_code) == ("stopped", "http.401")
    sweep()
    drain(back)
    assert (reread(row).state, platform.published) == (S.HELD, [])
    platform.tokens.add("wrong")
    connect.test(back, CHO)
    drain(back)
    assert platform.published == [row.marker]


@walks(S.CLAIMED, S.HELD, Why.ACCOUNT_REMOVED)
def test_a_claimed_delivery_of_a_removed_account_is_held_at_the_gate(desk, page, platform):
    row = a_delivery(desk, page)
    platform.prepares.append(lambda: connect.remove(page, CHO))
    drain(page)
    assert (reread(row).why, platform.published) == (Why.ACCOUNT_REMOVED, [])


def test_what_is_being_sent_while_its_account_is_removed_ends_as_it_would(desk, page, platform):
    row = a_delivery(desk, page)

    def removed_meanwhile():
        connect.remove(models.Account.objects.get(pk=page.pk), CHO)
        return platform.post(row.marker)

    platform.answers.append(removed_meanwhile)
    drain(page)
    assert reread(row).state == S.DELIVERED


@walks(S.UNKNOWN, S.REVIEW, Why.ACCOUNT_REMOVED)
def test_what_may_be_out_is_a_persons_once_nobody_can_look(desk, page, house):
    house(lease=10, deadline=5, settle=1)
    row = a_delivery(desk, page, S.UNKNOWN, sending_at=ago(seconds=12))
    young = a_delivery(desk, an_account(desk), S.UNKNOWN, sending_at=ago(seconds=2))
    connect.remove(page, CHO)
    connect.remove(young.account, CHO)
    assert (reread(row).state, reread(row).why) == (S.REVIEW, Why.ACCOUNT_REMOVED)
    assert look(young).state == S.UNKNOWN, "a lost post has time to show itself, and a late answer to come"
    assert "disconnected" in represent.explain(reread(young), "en").what
    models.Delivery.objects.filter(pk=young.pk).update(sending_at=ago(seconds=12), check_at=ago(seconds=1))
    assert look(young).state == S.REVIEW


@walks(S.REVIEW, S.UNKNOWN, Why.CONNECTED_AGAIN)
@pytest.mark.parametrize("out", [True, False])
def test_what_may_be_out_is_looked_up_when_its_account_is_back(desk, page, platform, house, out):
    house(lease=10, deadline=5, settle=1, gap=1)
    row = a_delivery(desk, page, S.UNKNOWN, sending_at=ago(seconds=12))
    if out:
        platform.published.append(row.marker)
    back = come_back(page, desk)
    assert (reread(row).state, reread(row).why) == (S.UNKNOWN, Why.CONNECTED_AGAIN)
    with pytest.raises(AlreadyShared):
        a_share(desk, back, article=row.article.value)
    for _ in range(2):
        models.Delivery.objects.filter(state=S.UNKNOWN).update(check_at=ago(seconds=1))
        look(row)
    assert reread(row).state == (S.DELIVERED if out else S.QUEUED)
    drain(back)
    assert platform.published == [row.marker]


def test_a_draft_is_not_sent_to_a_removed_account_and_keeps_its_words(desk, page):
    draft = a_share(desk, page, as_draft=True, unfinished=True)
    connect.remove(page, CHO)
    with pytest.raises(Refusal, match="share.no_accounts"):
        send(draft, CHO)
    assert drafts.rows(draft)
    add(desk)
    assert send(draft, CHO) == ()


def test_what_a_removed_account_holds_is_not_given_up_for_a_draft_that_cannot_be(desk, page):
    row = a_delivery(desk, page, S.HELD)
    connect.remove(page, CHO)
    with pytest.raises(Refusal, match="account.removed"):
        drafts.rewrite(reread(row), CHO)
    assert reread(row).state == S.HELD


def test_a_connected_account_is_not_added_twice_and_the_sentence_says_what_to_do(desk, page):
    with pytest.raises(Refusal) as caught:
        add(desk)
    from sharing.wording import refused

    assert f"sharedesk account set {page.pk} --secrets" in str(refused(caught.value, "en"))
    assert f"sharedesk account set {page.pk} --secrets" in str(refused(caught.value, "ko"))


def test_another_desk_and_the_other_mode_are_other_accounts(desk, page):
    others = [add(a_desk()), add(desk, mode=Mode.SANDBOX)]
    assert len({page.pk, *(each.pk for each in others)}) == 3


def test_two_that_connect_one_account_at_once_make_one(desk, scripted):
    start = threading.Barrier(6)

    def connect_it(number):
        try:
            start.wait()
            return add(
                desk, secrets={}, remote_id=["news@x.example", "NEWS@X.example"][number % 2], name="x"
            ).pk
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    scripted.id_key = str.casefold
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(connect_it, range(6)))
    assert answers.count("account.connected_already") == 5
    assert models.Account.objects.count() == 1


SPELLINGS = [
    ("facebook", "1001", "01001"),
    ("facebook", "1001", " 1001 "),
    ("x", "99", "0099"),
    ("mail", "list0@example.kr", "list0@Example.KR"),
    ("mail", "list0@example.kr", "LIST0@example.kr"),
    ("link", "news.example", "News.Example."),
    ("link", "뉴스.example", "xn--vg1b002a.example"),
]
SECRETS = {"facebook": {"access_token": "t"}, "x": {"access_token": "t"}}


@pytest.mark.parametrize(("slug", "one", "other"), SPELLINGS)
@pytest.mark.parametrize("turned", [False, True])
def test_two_spellings_are_one_account(desk, slug, one, other, turned):
    first, second = (other, one) if turned else (one, other)
    connect.add(desk, slug, remote_id=first, name="n", secrets=SECRETS.get(slug, {}))
    with pytest.raises(Refusal, match="connected_already"):
        connect.add(desk, slug, remote_id=second, name="n", secrets=SECRETS.get(slug, {}))


def test_a_row_in_a_former_spelling_is_found_and_keeps_what_was_approved(desk, scripted):
    row = add(desk, secrets={})
    models.Account.objects.filter(pk=row.pk).update(remote_id="01001")
    row.refresh_from_db()
    waiting = a_delivery(desk, row)
    scripted.canonical_id = lambda remote_id: remote_id.lstrip("0")
    with pytest.raises(Refusal, match="connected_already"):
        add(desk, secrets={})
    connect.remove(row, CHO)
    back = add(desk, secrets={})
    assert (back.pk, back.remote_id) == (row.pk, "1001")
    drain(back)
    assert scripted.published == [waiting.marker]


def test_what_people_do_with_an_account_is_kept_without_its_secrets(desk, page):
    connect.renew(page, CHO, secrets={"access_token": "first"})
    come_back(page, desk)
    subject = f"account:{page.pk}"
    assert notes() == [
        (subject, "connected: scripted 1001"),
        (subject, "set: secrets"),
        (subject, "disconnected: scripted 1001"),
        (subject, "connected again: scripted 1001"),
    ]


def test_a_platform_that_cannot_be_reached_leaves_a_returning_account_stopped(desk, page, platform):
    def away(_account):
        raise Unavailable("http.timeout")

    platform.probe = away
    back = come_back(page, desk)
    assert (back.health, back.health_code) == ("stopped", "http.timeout")


def test_a_delivery_held_while_its_account_was_mended_goes_on_by_itself(desk, page):
    """The worker's hold and the person's release may cross."""
    row = a_delivery(desk, page, S.HELD, why=Why.ACCOUNT_STOPPED)
    sweep()
    assert reread(row).state == S.QUEUED


def test_an_unclear_send_of_a_removed_account_is_never_sent_again_by_itself(desk, page, platform, house):
    house(lease=10, deadline=5, settle=1, gap=1)
    row = a_delivery(desk, page)
    platform.answers.append(Ambiguous("http.reset"))
    drain(page)
    connect.remove(page, CHO)
    for _ in range(3):
        models.Delivery.objects.filter(state=S.UNKNOWN).update(
            sending_at=ago(seconds=12), check_at=ago(seconds=1)
        )
        look(row)
        sweep()
        drain(page)
    assert (reread(row).state, platform.published) == (S.REVIEW, [])

"""What names accounts and finds none of them left shares nothing and says so; it never widens to others."""

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State
from sharing.domain.refusal import Refusal
from sharing.models import Health
from sharing.presentation import represent
from sharing.services.accounts import connect
from sharing.services.incoming import hooks, named, rules, sources
from sharing.services.incoming.rules import NewRule, plan
from sharing.services.shares import style
from tests.firing import CLI, a_source, told
from tests.given import CHO, a_desk, a_share, an_account, an_article, reread
from tests.web.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(desk, scripted):
    """A desk with two live accounts, of which one is named, and a practice account."""
    return [an_account(desk), an_account(desk), an_account(desk, mode=Mode.SANDBOX)]


def a_story(number=1, **more):
    return {"url": f"https://news.example/{number}", "headline": f"Harbor ferries {number}", **more}


def published(source, number=1, event="published", **more):
    return told(source, {"article": a_story(number, **more), "event": event})


def gone(account):
    """As a disconnected account's row stands."""
    models.Account.objects.filter(pk=account.pk).update(health=Health.REMOVED)


def back(account):
    models.Account.objects.filter(pk=account.pk).update(health=Health.OK)


def moved_away(account):
    models.Account.objects.filter(pk=account.pk).update(desk=a_desk())


def limited_source(desk, *accounts, **rule):
    source = a_source(desk, accounts=accounts)[0]
    rules.add(source, NewRule(does="auto", **rule), CLI)
    return source


def limited_rule(desk, *accounts, **rule):
    source = a_source(desk)[0]
    rules.add(source, NewRule(does="auto", accounts=accounts, **rule), CLI)
    return source


LIMITED = pytest.mark.parametrize("limited", [limited_source, limited_rule])


@LIMITED
@pytest.mark.parametrize("leaves", [gone, moved_away])
def test_with_none_of_the_named_accounts_left_nothing_is_shared(desk, here, limited, leaves):
    source = limited(desk, here[0])
    leaves(here[0])
    answer = published(source)
    assert answer["result"] == "not_shareable"
    assert answer["code"] in {"source.accounts_gone", "rule.accounts_gone"}
    assert str(here[0].pk) in answer["facts"]["accounts"]
    assert not models.Share.objects.exists()


def test_a_rule_whose_accounts_are_gone_does_not_use_the_sources(desk, here):
    source = a_source(desk, accounts=[here[1]])[0]
    rules.add(source, NewRule(does="auto", accounts=[here[0]]), CLI)
    gone(here[0])
    assert plan(source, an_article()).routes == ()


@LIMITED
def test_partly_left_shares_to_those_left_and_says_which_are_gone(desk, here, limited):
    source = limited(desk, here[0], here[1])
    gone(here[0])
    answer = published(source)
    assert (answer["result"], answer["gone"]) == ("shared", [str(here[0].pk)])
    assert [each.account for each in models.Delivery.objects.all()] == [here[1]]


def test_what_names_no_account_sends_to_all_that_the_desk_has_left(desk, here):
    source = a_source(desk)[0]
    gone(here[0])
    found = plan(source, an_article())
    assert [way.accounts for way in found.routes] == [(here[2],), (here[1],)]
    assert (found.gone, found.broken) == ((), None)


@LIMITED
def test_an_account_that_comes_back_is_named_again_and_the_hook_can_be_replayed(desk, here, limited):
    source = limited(desk, here[0])
    gone(here[0])
    inbound = models.Inbound.objects.get(pk=published(source, modified_at="2026-11-24T09:00:00Z")["inbound"])
    newer = a_story(headline="Harbor ferries sail again", modified_at="2026-11-24T10:00:00Z")
    told(source, {"article": newer, "event": "updated"})
    back(here[0])
    again = hooks.replay(inbound, CLI)
    assert again.result["result"] == "shared"
    delivery = models.Delivery.objects.get()
    assert delivery.account == here[0]
    assert "sail again" in delivery.message["text"]


def test_a_replay_of_what_was_withdrawn_since_shares_nothing(desk, here):
    source = limited_source(desk, here[0])
    gone(here[0])
    at = {"modified_at": "2026-11-24T09:00:00Z"}
    inbound = models.Inbound.objects.get(pk=published(source, **at)["inbound"])
    told(
        source,
        {"article": a_story(modified_at="2026-11-24T10:00:00Z"), "event": "unpublished"},
    )
    back(here[0])
    assert hooks.replay(inbound, CLI).result["code"] == "event.older"
    assert not models.Share.objects.exists()


@LIMITED
def test_a_notice_tells_it_once_and_is_over_when_it_is_mended(desk, here, limited):
    source = limited(desk, here[0])
    gone(here[0])
    published(source, 1)
    published(source, 2)
    notice = models.Notice.objects.get(kind=named.KIND, over_at=None)
    assert notice.facts["sentence"].endswith(".accounts_gone")
    named.watch()
    assert models.Notice.objects.filter(kind=named.KIND, over_at=None).count() == 1
    back(here[0])
    named.watch()
    assert not models.Notice.objects.filter(kind=named.KIND, over_at=None).exists()


def test_a_notice_that_got_worse_says_so(desk, here):
    limited_source(desk, here[0], here[1])
    gone(here[0])
    named.watch()
    gone(here[1])
    named.watch()
    assert (
        models.Notice.objects.get(kind=named.KIND, over_at=None).facts["sentence"] == "source.accounts_gone"
    )


def test_removing_an_account_names_who_is_left_without(desk, here):
    source = limited_source(desk, here[0])
    rules.add(source, NewRule(does="auto", accounts=[here[0], here[1]], section="sport"), CLI)
    rules.add(source, NewRule(does="never", accounts=[here[0]], section="horoscope"), CLI)
    connect.remove(here[0], CLI)
    assert [each.code for each in named.find_broken(by=here[0])] == [
        "source.accounts_gone",
        "rule.some_gone",
    ]


@LIMITED
def test_the_lists_show_who_is_gone(desk, here, limited):
    source = limited(desk, here[0], here[1])
    shown = represent.source(source) if limited is limited_source else represent.rule(source.rules.get())
    assert (shown["gone"], shown["shares_nothing"]) == ([], False)
    gone(here[0])
    shown = represent.source(source) if limited is limited_source else represent.rule(source.rules.get())
    assert (shown["gone"], shown["shares_nothing"]) == ([str(here[0].pk)], False)
    gone(here[1])
    shown = represent.source(source) if limited is limited_source else represent.rule(source.rules.get())
    assert shown["shares_nothing"]


def test_a_time_that_moves_never_brings_forward_what_the_rules_do_not_name_any_more(desk, here):
    source = limited_rule(desk, here[0], delay=60)
    published(
        source, event="scheduled", published_at="2030-01-01T09:00:00Z", modified_at="2026-11-24T09:00:00Z"
    )
    before = models.Delivery.objects.get()
    assert before.due_at.isoformat() == "2030-01-01T10:00:00+00:00"
    source.rules.update(does="never")
    published(
        source, event="scheduled", published_at="2030-01-01T09:30:00Z", modified_at="2026-11-24T10:00:00Z"
    )
    assert reread(before).due_at >= before.due_at


# -- conditions and words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["section", "tag", "author", "language", "label"])
@pytest.mark.parametrize("empty", ["", "  ", "\u200b", "\t\n"])
def test_a_condition_that_is_given_and_empty_is_refused(desk, field, empty):
    source = a_source(desk)[0]
    with pytest.raises(Refusal) as refused:
        rules.add(source, NewRule(does="auto", **{field: empty}), CLI)
    assert (refused.value.code, refused.value.field) == ("rule.empty_condition", field)
    assert not source.rules.exists()


@pytest.mark.parametrize("field", ["section", "spoken"])
def test_a_template_for_an_empty_section_or_language_is_refused(desk, scripted, field):
    with pytest.raises(Refusal) as refused:
        style.add_template(desk, "short", "link", "{headline}", **{field: " "})
    assert refused.value.code == "rule.empty_condition"


def test_a_rule_whose_template_is_gone_asks_a_person(desk):
    style.add_template(desk, "short", "link", "{headline}")
    source = limited_rule(desk, an_account(desk, "link"), template="short")
    assert published(source, 1)["result"] == "shared"
    style.remove_template(desk, "short")
    answer = published(source, 2)
    assert answer["result"] == "drafted"
    assert models.Notice.objects.get(kind=named.KIND, over_at=None).facts["template"] == "short"


def test_words_by_a_template_that_is_gone_are_not_written_anew_by_others(desk):
    style.add_template(desk, "short", "link", "{headline}!")
    source = limited_rule(desk, an_account(desk, "link"), template="short", delay=60)
    published(source, modified_at="2026-11-24T09:00:00Z")
    style.remove_template(desk, "short")
    told(
        source,
        {
            "article": a_story(headline="Other words", modified_at="2026-11-24T10:00:00Z"),
            "event": "updated",
        },
    )
    delivery = models.Delivery.objects.get()
    assert (delivery.state, delivery.why) == (State.HELD, "article_changed")


@pytest.mark.parametrize("rule", ["domains", "banned", "hashtags"])
def test_a_list_of_nothing_but_empty_values_does_not_clear_a_rule(desk, rule):
    style.change(desk, rule, ["news.example"])
    with pytest.raises(Refusal) as refused:
        style.change(desk, rule, [" ", "\u200b"])
    assert refused.value.code == "style.empty_value"
    assert getattr(style.style_of(desk), rule) == ("news.example",)
    assert getattr(style.change(desk, rule, []), rule) == ()


# -- people and programs --------------------------------------------------------------------------------------


def test_a_channel_whose_live_account_is_gone_does_not_practise_instead(desk, here):
    gone(here[0])
    assert connect.accounts_for(desk, ["scripted"]) == [here[1]]
    gone(here[1])
    with pytest.raises(Refusal) as refused:
        connect.accounts_for(desk, ["scripted"])
    assert refused.value.code == "share.no_account"


def test_a_desk_that_never_had_a_live_account_practises(desk, scripted):
    only = an_account(desk, mode=Mode.SANDBOX)
    assert connect.accounts_for(desk, ["scripted"]) == [only]


def test_a_draft_goes_to_the_accounts_that_are_left_and_nowhere_where_none_is(desk, here):
    share = a_share(desk, here[0], here[1], as_draft=True, unfinished=True)
    gone(here[0])
    gone(here[1])
    with pytest.raises(Refusal) as refused:
        send(share, CHO)
    assert refused.value.code == "share.no_accounts"
    models.Account.objects.filter(pk=here[1].pk).update(health=models.Health.OK)
    send(share, CHO)
    assert [each.account for each in share.deliveries.filter(state=State.QUEUED)] == [here[1]]


def test_a_source_that_is_given_other_accounts_is_mended(desk, here):
    source = limited_source(desk, here[0])
    gone(here[0])
    sources.change(source, CLI, sources.Settings(accounts=[here[1]]))
    assert published(source)["result"] == "shared"
    assert named.find_broken(desk) == []

"""An article that changes before it is out: promise 7, also when it races with a claim, or dies on the way."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import transaction

from sharing import models
from sharing.domain.article import Status
from sharing.domain.delivery import State, Why
from sharing.domain.message import Teaser
from sharing.intake.reading import Event
from sharing.models import moves
from sharing.services.articles import keep
from sharing.services.articles.identity import names_of
from sharing.services.articles.keep import ArticleReport
from sharing.services.articles.status import StatusReport
from sharing.services.decisions import resolve
from sharing.services.deliveries import deliver
from sharing.services.shares import follow
from sharing.services.shares.share import AlreadyShared, ShareRequest, share
from tests.firing import a_source
from tests.given import (
    CHO,
    a_delivery,
    a_share,
    ago,
    ahead,
    an_account,
    an_article,
    moves_of,
    reread,
    sweep,
    the_article_changes,
)

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "Harbor towns run night ferries, corrected"
TEASER = {"scripted": Teaser(words="Mine, and mine alone")}


def drain(account):
    return deliver.drain(account.pk, owner="w")


def sent(scripted, row):
    """What readers see of it."""
    return (
        models.Delivery.objects.get(pk=row.pk).message["text"] if row.marker in scripted.published else None
    )


def test_automatic_words_are_written_again(desk, account, scripted):
    row = a_delivery(desk, account)
    the_article_changes(row, headline=NEW)
    drain(account)
    assert sent(scripted, row) == NEW


@pytest.mark.parametrize("state", [State.WAITING, State.HELD, State.FAILED, State.EXPIRED, State.DRAFT])
def test_automatic_words_are_written_again_wherever_they_wait(desk, account, state):
    row = a_delivery(desk, account, state)
    the_article_changes(row, headline=NEW)
    assert reread(row).message["text"] == NEW
    assert reread(row).state == state


def test_what_changed_while_it_was_prepared_goes_out_as_it_is_now(desk, account, scripted):
    row = a_delivery(desk, account)
    scripted.prepares.append(lambda: the_article_changes(row, headline=NEW))
    drain(account)
    assert sent(scripted, row) == NEW
    assert scripted.published == [row.marker]
    assert moves_of(reread(row)) == ["queued", "claimed", "sending", "delivered"]


def test_a_change_that_has_not_arrived_yet_is_not_overtaken(desk, account, scripted):
    """The new version is committed, and the worker is faster than who committed it."""
    row = a_delivery(desk, account)

    def committed_only():
        with transaction.atomic():
            keep.keep(desk, dataclasses.replace(row.article.value, headline=NEW))

    scripted.prepares.append(committed_only)
    drain(account)
    assert sent(scripted, row) == NEW


def test_whoever_brought_the_change_may_die(desk, account, scripted):
    row = a_delivery(desk, account)
    with transaction.atomic():
        keep.keep(desk, dataclasses.replace(row.article.value, headline=NEW))
    assert follow.follow_all(CHO.actor) == 1
    assert follow.follow_all(CHO.actor) == 0
    assert reread(row).message["text"] == NEW


def test_words_of_a_person_are_held_and_asked_about(desk, account, scripted):
    row = a_share(desk, account, teasers=TEASER).deliveries.get()
    the_article_changes(reread(row), headline=NEW)
    drain(account)
    row = reread(row)
    assert (row.state, row.why, row.message["text"]) == (
        State.HELD,
        Why.ARTICLE_CHANGED,
        TEASER["scripted"].words,
    )
    assert not scripted.published


def test_words_of_a_person_are_held_even_in_a_workers_hands(desk, account, scripted):
    row = reread(a_share(desk, account, teasers=TEASER).deliveries.get())
    scripted.prepares.append(lambda: the_article_changes(row, headline=NEW))
    drain(account)
    assert (reread(row).state, reread(row).why) == (State.HELD, Why.ARTICLE_CHANGED)
    assert not scripted.published


def test_words_that_came_with_the_change_are_about_it(desk, account, scripted):
    """A person reads the new version, and shares it with words of their own."""
    first = a_share(desk, an_account(desk))
    new = dataclasses.replace(first.article.value, headline=NEW)
    row = a_share(desk, account, article=new, teasers=TEASER).deliveries.get()
    drain(account)
    assert reread(row).state == State.DELIVERED


def test_a_slow_change_does_not_overwrite_a_later_one(desk, account):
    row = a_delivery(desk, account)
    with transaction.atomic():
        old, _ = keep.keep(desk, dataclasses.replace(row.article.value, headline="second version"))
    the_article_changes(reread(row), headline="third version")
    follow.follow(old, CHO.actor)
    assert reread(row).message["text"] == "third version"


def test_what_comes_back_from_a_look_up_goes_out_as_it_is_now(desk, account, scripted):
    """It changed while nobody knew whether it was out."""
    row = a_delivery(desk, account, State.UNKNOWN)
    the_article_changes(row, headline=NEW)
    assert reread(row).message["text"] != NEW, "what may be out is shown as it was sent"
    moves.move(row.pk, State.QUEUED, Why.ABSENT_TWICE, actor=CHO.actor)
    drain(account)
    assert sent(scripted, row) == NEW


def test_words_of_a_person_that_come_back_from_a_look_up_are_asked_about(desk, account, scripted):
    row = a_delivery(desk, account, State.UNKNOWN, words="person")
    the_article_changes(row, headline=NEW)
    moves.move(row.pk, State.QUEUED, Why.ABSENT_TWICE, actor=CHO.actor)
    drain(account)
    assert (reread(row).state, reread(row).why) == (State.HELD, Why.ARTICLE_CHANGED)
    assert not scripted.prepared


def test_a_person_who_releases_them_has_read_the_change(desk, account, scripted):
    row = a_share(desk, account, teasers=TEASER).deliveries.get()
    the_article_changes(reread(row), headline=NEW)
    resolve.let_go(reread(row), CHO, article=reread(row).article.data_hash)
    drain(account)
    assert sent(scripted, row) == TEASER["scripted"].words


# -- withdrawal --------------------------------------------------------------------------------------------


def test_a_withdrawal_cancels_what_is_in_a_workers_hands(desk, account, scripted):
    row = a_delivery(desk, account)
    scripted.prepares.append(lambda: follow.withdraw(row.article, CHO.actor))
    drain(account)
    assert (reread(row).state, reread(row).why) == (State.CANCELLED, Why.WITHDRAWN)
    assert not scripted.published


def test_a_withdrawal_whose_process_died_arrives_all_the_same(desk, account, scripted):
    row = a_delivery(desk, account)
    later = a_delivery(desk, an_account(desk), due_at=ahead(hours=1), article_id=row.article_id)
    with transaction.atomic():
        keep.apply(
            desk,
            names_of(row.article.value),
            ArticleReport(article=None, status=StatusReport(Event.UNPUBLISHED)),
        )
    drain(account)
    assert not scripted.prepared
    follow.follow_all(CHO.actor)
    assert [reread(each).state for each in (row, later)] == [State.CANCELLED] * 2


def test_what_comes_back_to_the_queue_later_is_cancelled_before_anything_is_prepared(desk, account, scripted):
    row = a_delivery(desk, account, State.SENDING)
    follow.withdraw(row.article, CHO.actor)
    moves.move(row.pk, State.WAITING, Why.UNAVAILABLE, actor=CHO.actor, sets={"due_at": ago(seconds=1)})
    drain(account)
    assert reread(row).state == State.CANCELLED
    assert not scripted.prepared


def test_a_retraction_of_what_is_withdrawn_goes_on(desk, account, scripted):
    row = a_delivery(desk, account, purpose="retraction")
    follow.withdraw(row.article, CHO.actor)
    drain(account)
    assert reread(row).state == State.DELIVERED


def test_what_is_published_again_can_be_shared_again(desk, account, scripted):
    row = a_delivery(desk, account)
    follow.withdraw(row.article, CHO.actor)
    again = a_share(desk, account, article=row.article.value).deliveries.get()
    drain(account)
    assert reread(again).state == State.DELIVERED


# -- times -------------------------------------------------------------------------------------------------


def embargoed(desk, account, **requested):
    article = an_article(embargo_until=ahead(hours=2), status=Status.EMBARGOED)
    return reread(a_share(desk, account, article=article, **requested).deliveries.get())


def test_a_cms_moves_its_embargo(desk, account):
    row = embargoed(desk, account)
    later = ahead(hours=9)
    the_article_changes(row, embargo_until=later)
    row = reread(row)
    assert (row.embargo_until, row.due_at, row.scheduled) == (later, later, True)
    assert row.expires_at > later


def test_a_cms_lifts_its_embargo(desk, account, scripted):
    row = embargoed(desk, account)
    models.Article.objects.update(source=a_source(desk)[0])
    the_article_changes(reread(row), embargo_until=None, status=Status.PUBLISHED)
    drain(account)
    assert reread(row).state == State.DELIVERED


def test_what_a_person_named_stays(desk, account):
    mine = ahead(hours=5)
    row = embargoed(desk, account, embargo_until=mine)
    the_article_changes(row, embargo_until=None, status=Status.PUBLISHED)
    assert reread(row).embargo_until == mine
    the_article_changes(reread(row), embargo_until=ahead(hours=8), status=Status.EMBARGOED)
    assert reread(row).embargo_until > mine


def test_an_embargo_that_comes_while_it_is_prepared_stops_it_at_the_gate(desk, account, scripted):
    row = a_delivery(desk, account)
    until = ahead(hours=1)
    scripted.prepares.append(lambda: the_article_changes(row, embargo_until=until, status=Status.EMBARGOED))
    drain(account)
    row = reread(row)
    assert (row.state, row.why, row.embargo_until) == (State.HELD, Why.EMBARGO, until)
    assert not scripted.published
    models.Delivery.objects.filter(pk=row.pk).update(embargo_until=ago(seconds=1), due_at=ago(seconds=1))
    sweep()
    drain(account)
    assert reread(row).state == State.DELIVERED


def test_a_cms_moves_its_schedule(desk, account):
    article = an_article(published_at=ahead(hours=2), status=Status.SCHEDULED)
    row = reread(a_share(desk, account, article=article).deliveries.get())
    later = ahead(hours=6)
    the_article_changes(row, published_at=later)
    assert reread(row).due_at == later
    the_article_changes(reread(row), published_at=ago(seconds=1), status=Status.PUBLISHED)
    assert reread(row).due_at <= ahead(seconds=1)


def test_what_is_due_at_once_is_not_put_off_by_a_change(desk, account):
    row = a_delivery(desk, account, State.WAITING, due_at=ahead(seconds=40))
    before = reread(row).due_at
    the_article_changes(row, headline=NEW)
    assert reread(row).due_at == before


def test_a_share_that_is_not_new_still_brings_what_the_article_says_now(desk, account):
    row = a_delivery(desk, account)
    new = dataclasses.replace(row.article.value, headline=NEW)
    with pytest.raises(AlreadyShared):
        share(desk, ShareRequest(article=new, accounts=[account]), CHO)
    assert reread(row).message["text"] == NEW


def test_nothing_under_embargo_is_claimed_prepared_or_rung_for(desk, account, scripted):
    row = a_delivery(desk, account, embargo_until=moves.now() + timedelta(seconds=30))
    drain(account)
    assert moves.accounts_due() == []
    assert (reread(row).state, scripted.prepared) == (State.QUEUED, [])

"""A repeat is a compare-and-set: it names the newest delivery of an account, and only one that is over."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import REPEATABLE, State
from sharing.domain.refusal import Refusal
from sharing.services.decisions import resolve
from sharing.services.shares import repeats
from sharing.services.shares.repeats import AlreadyShared, NotRepeated
from sharing.wording import refused
from tests.given import CHO, a_delivery, a_desk, a_share, an_account, is_out
from tests.web.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)
S = State


@pytest.fixture
def first(desk, account):
    return a_delivery(desk, account, S.DELIVERED)


def again(row, *named, accounts=(), **requested):
    article = row.article.value
    return a_share(
        row.desk,
        *(accounts or [row.account]),
        article=article,
        repeat=[each.pk for each in named],
        **requested,
    )


def delivered(share):
    return is_out(share.deliveries.get())


def test_who_names_an_older_delivery_is_told_the_newest(first):
    second = delivered(again(first, first))
    with pytest.raises(NotRepeated) as caught:
        again(first, first)
    assert caught.value.newest == second
    for language in ("en", "ko"):
        assert f"d{second.pk}" in str(refused(caught.value, language))
    assert delivered(again(first, second)).repeat_no == 2
    with pytest.raises(NotRepeated):
        again(first, first, second)


def test_ten_that_name_the_same_delivery_at_once_are_one_post(first):
    def ask(_):
        try:
            return again(first, first).pk
        except NotRepeated as refusal:
            return refusal.newest.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(10)))
    made = models.Delivery.objects.exclude(pk=first.pk).get()
    assert sorted(answers) == sorted([made.share_id] + 9 * [made.pk])


@pytest.mark.parametrize("state", [each for each in State if each is not S.CANCELLED])
def test_only_what_is_out_or_was_taken_down_is_repeated(desk, account, state):
    row = a_delivery(desk, account, state)
    if state in REPEATABLE:
        assert again(row, row).deliveries.get().repeat_no == 1
        return
    with pytest.raises(NotRepeated, match="not_over"):
        again(row, row)
    assert models.Delivery.objects.count() == 1


def test_what_was_cancelled_is_not_the_newest(first):
    second = again(first, first).deliveries.get()
    resolve.cancel(second, CHO)
    with pytest.raises(NotRepeated) as caught:
        again(first, second)
    assert caught.value.newest == first
    assert again(first, first).deliveries.get().repeat_no == 1


def test_only_the_accounts_that_are_named_are_repeated(desk, account, first):
    new, has_it = an_account(desk), an_account(desk)
    a_share(desk, has_it, article=first.article.value)
    share = again(first, first, accounts=[account, new, has_it])
    numbers = dict(share.deliveries.values_list("account_id", "repeat_no"))
    assert numbers == {account.pk: 1, new.pk: 0}


def test_a_delivery_of_another_article_account_or_desk_is_refused(desk, account, first, scripted):
    other = a_delivery(desk, account, S.DELIVERED)
    elsewhere = a_delivery(a_desk(), an_account(a_desk()), S.DELIVERED)
    practice = an_account(desk, mode=Mode.SANDBOX)
    for named in (other, elsewhere):
        with pytest.raises(Refusal, match="repeat_of_nothing"):
            again(first, named)
    with pytest.raises(Refusal, match="repeat_elsewhere"):
        again(first, first, accounts=[an_account(desk)])
    with pytest.raises(Refusal, match="repeat_elsewhere"):
        again(first, first, accounts=[practice])
    with pytest.raises(Refusal, match="mixed_modes"):
        again(first, first, accounts=[account, practice])


def test_one_bad_name_among_several_lets_nothing_go(desk, account, first):
    other = an_account(desk)
    stale = delivered(a_share(desk, other, article=first.article.value))
    delivered(again(stale, stale))
    before = models.Delivery.objects.count()
    with pytest.raises(NotRepeated):
        again(first, first, stale, accounts=[account, other])
    assert models.Delivery.objects.count() == before


def test_a_draft_repeats_only_what_its_person_saw_and_what_is_over(desk, account, first):
    draft = again(first, as_draft=True, unfinished=True)
    with pytest.raises(AlreadyShared):
        send(draft, CHO)
    second = again(first, first).deliveries.get()
    with pytest.raises(AlreadyShared):
        send(draft, CHO, seen={first.pk})
    with pytest.raises(NotRepeated, match="not_over"):
        send(draft, CHO, seen={first.pk, second.pk})
    delivered(second.share)
    assert send(draft, CHO, seen={second.pk}) == ()
    assert draft.deliveries.get().repeat_no == 2


def test_what_could_be_named_is_the_newest_of_each_account(desk, account, first):
    other = an_account(desk)
    a_share(desk, other, article=first.article.value)
    second = delivered(again(first, first))
    assert repeats.repeatable(desk, first.article.value, [account, other]) == [second]

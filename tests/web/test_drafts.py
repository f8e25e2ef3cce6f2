"""A draft takes nobody's place, loses no word, and goes out once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing import models
from sharing.domain.delivery import State
from sharing.domain.message import Message
from sharing.domain.refusal import Refusal
from sharing.services.shares import drafts
from sharing.services.shares.drafts.writing import reset, reword
from sharing.services.shares.share import AlreadyShared
from sharing.words.unicode import clean
from tests import given as some
from tests.web.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from("가각한글 \n.,x한https://물빛.kr/a"),
    max_size=320,
)
SHARED_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def row_of(share, slug):
    return next(row for row in drafts.rows(share) if row.channel == slug)


def test_a_draft_holds_no_accounts_place(draft, desk, accounts, cho_asks):
    assert all(row.dedupe_key is None and row.state == State.DRAFT for row in drafts.rows(draft))
    other = some.a_share(desk, *accounts.values(), article=draft.article.value, acting=cho_asks)
    assert other.deliveries.filter(state=State.QUEUED).count() == 5


def test_the_same_person_finds_their_draft_of_an_article_again(draft, desk, cho_asks):
    assert drafts.make(desk, draft.article.value, cho_asks).pk == draft.pk


def test_a_practice_and_a_live_account_are_never_in_one_draft(desk, draft):
    live = some.an_account(desk, "link")
    with pytest.raises(Refusal, match=r"share\.mixed_modes"):
        drafts.choose(draft, {live.pk})


def test_live_accounts_come_before_practice_ones(desk, accounts):
    live = some.an_account(desk, "link")
    assert drafts.first_accounts(desk) == [live]


def test_sending_queues_every_chosen_account_and_drops_the_rest(draft, accounts, cho_asks):
    drafts.choose(draft, {accounts["x"].pk, accounts["link"].pk})
    assert send(draft, cho_asks) == ()
    states = dict(draft.deliveries.values_list("channel", "state"))
    assert states == {
        "facebook": "cancelled", "x": "queued", "kakao": "cancelled", "mail": "cancelled", "link": "queued",
    }  # fmt: skip


def test_what_was_on_the_page_is_what_is_queued(draft, cho_asks):
    drafts.write(draft, {"x": "가나다 버스", "kakao": "제목\n설명 한 줄"})
    send(draft, cho_asks)
    x, kakao = (draft.deliveries.get(channel=slug) for slug in ("x", "kakao"))
    assert Message.load(x.message).text == f"가나다 버스\n{Message.load(x.message).link}"
    assert Message.load(kakao.message).text == "제목\n설명 한 줄"
    assert x.words == "person"


def test_pressed_twice_it_is_one_share(draft, cho_asks):
    send(draft, cho_asks)
    with pytest.raises(Refusal):
        send(draft, cho_asks)
    assert draft.deliveries.filter(state=State.QUEUED).count() == 5
    assert models.Share.objects.count() == 1


def test_an_account_that_somebody_else_was_faster_for_is_left_out_and_named(draft, desk, accounts, cho_asks):
    first = some.a_share(desk, accounts["x"], article=draft.article.value, acting=cho_asks)
    (skipped,) = send(draft, cho_asks)
    assert (skipped.account, skipped.delivery.share_id) == (accounts["x"], first.pk)
    assert draft.deliveries.filter(state=State.QUEUED).count() == 4


def test_when_all_were_faster_nothing_goes_and_the_draft_stays(draft, desk, accounts, cho_asks):
    some.a_share(desk, *accounts.values(), article=draft.article.value, acting=cho_asks)
    with pytest.raises(AlreadyShared):
        send(draft, cho_asks)
    assert len(drafts.rows(draft)) == 5


def test_a_repeat_needs_that_its_person_saw_the_first(draft, desk, accounts, cho_asks):
    first = some.a_share(desk, accounts["x"], article=draft.article.value, acting=cho_asks).deliveries.get()
    some.is_out(first)
    drafts.choose(draft, {accounts["x"].pk})
    with pytest.raises(AlreadyShared):
        send(draft, cho_asks, seen=())
    assert send(draft, cho_asks, seen={first.pk}) == ()
    assert draft.deliveries.get(channel="x", state=State.QUEUED).repeat_no == 1


def test_a_new_draft_leaves_out_who_has_the_article(desk, accounts, cho_asks):
    article = some.an_article()
    some.a_share(desk, accounts["mail"], article=article, acting=cho_asks)
    draft = drafts.make(desk, article, cho_asks)
    assert {row.channel for row in drafts.rows(draft) if not row.chosen} == {"mail"}


def test_words_that_do_not_fit_are_kept_and_stop_the_send(draft, cho_asks):
    long = "가" * 200
    drafts.write(draft, {"x": long})
    row = row_of(draft, "x")
    assert drafts.words_of(row) == long
    assert row.approved_hash == ""
    with pytest.raises(Refusal, match=r"x\.too_long"):
        send(draft, cho_asks)
    assert len(drafts.rows(draft)) == 5
    drafts.write(draft, {"x": "가" * 20})
    assert send(draft, cho_asks) == ()


def test_empty_words_stop_the_send(draft, cho_asks):
    drafts.write(draft, {"facebook": "  \n "})
    with pytest.raises(Refusal, match=r"share\.empty_text"):
        send(draft, cho_asks)


def test_another_wording_changes_nobodys_own_words(draft):
    drafts.write(draft, {"x": "mine"})
    before = drafts.words_of(row_of(draft, "facebook"))
    reword(draft, "headline")
    assert drafts.words_of(row_of(draft, "x")) == "mine"
    reset(draft, "x")
    assert drafts.words_of(row_of(draft, "x")) == draft.article.headline
    reword(draft, "lead")
    assert drafts.words_of(row_of(draft, "facebook")) == before


def test_what_was_sent_is_never_written_again(draft, cho_asks):
    stale = drafts.rows(draft)
    send(draft, cho_asks)
    before = dict(draft.deliveries.values_list("pk", "message"))
    from sharing.domain.message import Teaser
    from sharing.services.shares.drafts.writing import _keep

    for row in stale:
        _keep(row, Teaser(words="too late"))
    assert dict(draft.deliveries.values_list("pk", "message")) == before


def test_a_time_in_the_past_is_refused_and_a_later_one_waits(draft, cho_asks):
    with pytest.raises(Refusal, match=r"share\.past"):
        send(draft, cho_asks, at=some.ago(hours=1))
    send(draft, cho_asks, at=some.ahead(hours=1))
    assert all(row.scheduled and row.due_at > some.ahead(minutes=59) for row in draft.deliveries.all())


def test_an_embargo_holds_every_delivery(draft, cho_asks):
    until = some.ahead(hours=2)
    send(draft, cho_asks, embargo=until)
    assert {row.embargo_until for row in draft.deliveries.all()} == {until}


def test_a_refused_delivery_is_written_anew(draft, cho_asks, desk):
    drafts.write(draft, {"x": "first try"})
    send(draft, cho_asks)
    row = draft.deliveries.get(channel="x")
    models.Delivery.objects.filter(pk=row.pk).update(state=State.FAILED, why="rejected")
    again = drafts.rewrite(some.reread(row), cho_asks)
    assert some.reread(row).state == State.CANCELLED
    assert drafts.words_of(row_of(again, "x")) == "first try"
    assert send(again, cho_asks) == ()


@pytest.mark.parametrize("slug", ["facebook", "x"])
@given(words=WORDS)
@SHARED_DATABASE
def test_whatever_is_typed_comes_back_as_it_was(draft, slug, words):
    drafts.write(draft, {slug: words})
    assert drafts.words_of(row_of(draft, slug)).rstrip() == clean(words).rstrip()


@pytest.mark.parametrize("slug", ["facebook", "x", "kakao", "mail"])
@given(words=WORDS)
@SHARED_DATABASE
def test_saving_what_stands_there_changes_nothing(draft, slug, words):
    drafts.write(draft, {slug: words})
    first = row_of(draft, slug)
    drafts.write(draft, {slug: drafts.words_of(first)})
    second = row_of(draft, slug)
    assert (first.message, first.approved_hash, first.typed) == (
        second.message,
        second.approved_hash,
        second.typed,
    )


@given(words=WORDS)
@SHARED_DATABASE
def test_the_counter_is_that_of_the_message(draft, words):
    fit = drafts.try_words(row_of(draft, "x"), clean(words))
    if fit.refusal is None:
        assert fit.length == fit.message.length <= 280
    elif fit.refusal.code == "x.too_long":
        assert fit.length > 280

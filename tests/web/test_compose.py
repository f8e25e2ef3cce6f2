"""Paste, read five outputs, edit inside them, send: also without JavaScript."""

import dataclasses
import json
import re

import pytest
from django.db import transaction

from sharing import models
from sharing.domain.delivery import State
from sharing.services.articles import keep
from sharing.services.shares import drafts, follow
from tests import given
from tests.web.conftest import form_of, form_on

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def article_json(**fields):
    return json.dumps(
        {"article": {"url": "https://news.example/story/1", "headline": "Night buses run", **fields}}
    )


def test_a_pasted_article_becomes_a_draft_with_a_column_for_every_channel(cho):
    answer = cho.post("/compose", {"source": article_json()})
    assert answer.status_code == 302
    page = cho.get(answer.headers["Location"]).text
    for slug in ("facebook", "x", "kakao", "mail", "link"):
        assert f'id="col-{slug}"' in page
    for field in ("words-facebook-text", "words-x-text", "words-kakao-title", "words-mail-subject"):
        assert f'<textarea id="{field}"' in page
    assert "words-link" not in page


def test_an_article_without_address_is_asked_for_one_and_nothing_pasted_is_lost(cho):
    source = json.dumps({"article": {"headline": "Night buses run", "body": "Six towns.\n\nTwo lines."}})
    answer = cho.post("/compose", {"source": source})
    assert answer.status_code == 422
    assert 'name="address"' in answer.text
    assert "Two lines." in answer.text
    again = cho.post("/compose", {"source": source, "address": "https://news.example/story/2"})
    assert again.status_code == 302


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1:1/inside", "https://no-such-host.invalid/x", "file:///etc/passwd", "{broken json", "javascript:alert(1)",
        "%PDF-1.7 binary", "ftp://news.example/", '{"article": {"url": "https://n.example", "headline": ""}}', "x" * 3_000_000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence_where_it_was_pasted(cho, source):
    answer = cho.post("/compose", {"source": source})
    assert 400 <= answer.status_code < 500
    assert 'id="paste-trouble"' in answer.text
    assert not models.Share.objects.exists()


def test_an_address_in_the_address_begins_a_share(cho):
    answer = cho.get("/compose?url=http://127.0.0.1:1/story")
    assert 'id="paste-trouble"' in answer.text
    assert "http://127.0.0.1:1/story" in answer.text


def test_facts_follow_the_typing_and_hold_no_field(cho, draft):
    answer = cho.post(
        f"/compose/s{draft.pk}/facts", form_of(draft, **{"words-x-text": "가" * 20}), headers=HTMX
    )
    assert "<textarea" not in answer.text
    assert "<input" not in answer.text
    # twenty syllables, a line break and the link: 40 + 1 + 23
    assert re.search(r'id="count-x"[^>]*><b>64</b>/280', answer.text)
    assert drafts.words_of(draft.deliveries.get(channel="x")) != "가" * 20


def test_over_the_limit_the_send_is_off_and_says_why(cho, draft):
    form = form_of(draft, **{"words-x-text": "가" * 139})
    text = cho.post(f"/compose/s{draft.pk}/facts", form, headers=HTMX).text
    assert "22 넘침" in text
    assert 'data-role="stop"' in text
    assert 'id="send" disabled' in text
    assert "이대로는 X에 못 보낸다" in text
    answer = cho.post(f"/compose/s{draft.pk}/send", form)
    assert answer.status_code == 422
    assert "나간 것 없음" in answer.text
    assert "가" * 139 in answer.text


def test_autosave_keeps_the_words_and_says_when(cho, draft):
    answer = cho.post(
        f"/compose/s{draft.pk}/save", form_of(draft, **{"words-x-text": "저장된 글"}), headers=HTMX
    )
    assert re.search(r"임시 저장 <time[^>]*>\d\d:\d\d:\d\d</time>", answer.text)
    assert "저장된 글" in cho.get(f"/compose/s{draft.pk}").text


def test_windows_line_ends_and_a_line_break_in_a_title_do_no_harm(cho, draft):
    form = form_of(
        draft, **{"words-kakao-title": "제목\r\n둘째", "words-kakao-description": "한 줄\r\n두 줄"}
    )
    cho.post(f"/compose/s{draft.pk}/save", form, headers=HTMX)
    assert drafts.words_of(draft.deliveries.get(channel="kakao")) == "제목 둘째\n한 줄\n두 줄"


def test_another_wording_and_back_to_the_suggestion(cho, draft):
    cho.post(f"/compose/s{draft.pk}/wording", form_of(draft, wording="headline", **{"words-x-text": "mine"}))
    page = cho.get(f"/compose/s{draft.pk}").text
    assert 'value="headline"' in page
    assert 'data-wording="2"' in page
    assert 'name="reset" value="x"' in page
    cho.post(f"/compose/s{draft.pk}/wording", form_of(draft, reset="x"))
    assert drafts.words_of(draft.deliveries.get(channel="x")) == draft.article.headline


def test_sending_leads_to_the_live_share(cho, draft):
    answer = cho.post(f"/compose/s{draft.pk}/send", form_of(draft))
    assert answer.headers["Location"] == f"/shares/s{draft.pk}"
    live = cho.get(answer.headers["Location"]).text
    assert re.search(r"<h1[^>]*autofocus", live)
    assert live.count('data-state="queued"') == 5
    assert "autofocus" not in cho.get(f"/shares/s{draft.pk}").text


def test_a_second_press_is_the_same_share(cho, draft):
    form = form_of(draft)
    first, second = (cho.post(f"/compose/s{draft.pk}/send", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == f"/shares/s{draft.pk}"
    assert models.Delivery.objects.count() == 5
    assert cho.get(f"/compose/s{draft.pk}").headers["Location"] == f"/shares/s{draft.pk}"


def test_breaking_asks_once_more(cho, draft):
    form = form_of(draft, breaking="on")
    asked = cho.post(f"/compose/s{draft.pk}/send", form)
    assert "속보로 5곳에 바로 보낼까?" in asked.text
    assert set(draft.deliveries.values_list("state", flat=True)) == {State.DRAFT}
    sure = cho.post(f"/compose/s{draft.pk}/send", {**form, "sure": "on"})
    assert sure.status_code == 302
    draft.refresh_from_db()
    assert draft.breaking
    assert set(draft.deliveries.values_list("lane", flat=True)) == {0}


def test_a_time_is_that_of_the_desk(cho, draft):
    cho.post(f"/compose/s{draft.pk}/send", form_of(draft, when="schedule", at="2030-01-01T09:00"))
    assert {row.due_at.isoformat() for row in draft.deliveries.all()} == {"2030-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("when", "at"), [("schedule", "2001-01-01T09:00"), ("schedule", ""), ("embargo", "soon")]
)
def test_a_time_that_cannot_be_is_refused_and_kept(cho, draft, when, at):
    answer = cho.post(f"/compose/s{draft.pk}/send", form_of(draft, when=when, at=at))
    assert answer.status_code == 422
    assert f'id="when-{when}" checked' in answer.text
    assert len(drafts.rows(draft)) == 5


def test_a_column_switched_off_does_not_go(cho, draft, accounts):
    form = form_of(draft)
    form["account"] = [str(accounts["x"].pk)]
    assert "1곳에 보내기" in cho.post(f"/compose/s{draft.pk}/facts", form, headers=HTMX).text
    cho.post(f"/compose/s{draft.pk}/send", form)
    live = cho.get(f"/shares/s{draft.pk}").text
    assert live.count('class="st') >= 1
    assert 'data-channel="facebook"' not in live


def test_nothing_chosen_is_nothing_sent(cho, draft):
    form = form_of(draft)
    form["account"] = []
    assert 'id="send" disabled' in cho.post(f"/compose/s{draft.pk}/facts", form, headers=HTMX).text
    assert cho.post(f"/compose/s{draft.pk}/send", form).status_code == 422


def test_who_has_the_article_is_off_and_said_and_can_be_asked_for_again(cho, desk, accounts, cho_asks):
    article = given.an_article()
    first = given.is_out(
        given.a_share(desk, accounts["x"], article=article, acting=cho_asks).deliveries.get()
    )
    draft = drafts.make(desk, article, cho_asks)
    page = cho.get(f"/compose/s{draft.pk}").text
    assert "이미 나갔다. 켜면 한 번 더 나간다." in page
    assert f'name="seen" value="{first.pk}"' in page
    assert "4곳에 보내기" in page
    form = form_of(draft, seen=[str(first.pk)])
    assert "1곳에는 한 번 더 나간다." in cho.post(f"/compose/s{draft.pk}/facts", form, headers=HTMX).text
    cho.post(f"/compose/s{draft.pk}/send", form)
    assert draft.deliveries.get(channel="x").repeat_no == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_faster_is_named_on_the_live_page(cho, desk, accounts, cho_asks, draft):
    form = form_of(draft)
    given.a_share(desk, accounts["x"], article=draft.article.value, acting=cho_asks)
    answer = cho.post(f"/compose/s{draft.pk}/send", form)
    live = cho.get(answer.headers["Location"]).text
    assert "X @mulbit_practice에는" in live
    assert "다시 보내지 않았다." in live


def test_a_channel_without_account_says_so_and_how_to_connect_one(enter, desk):
    given.an_account(desk, "link")
    cho = enter("Cho", "publisher")
    answer = cho.post("/compose", {"source": article_json()})
    page = cho.get(answer.headers["Location"]).text
    assert "페이스북 계정이 연결되지 않았다." in page
    assert 'href="/accounts#connect-facebook"' in page
    assert 'id="connect-facebook"' in cho.get("/accounts").text


def test_without_any_account_nothing_begins(enter, desk):
    answer = enter("Cho", "publisher").post("/compose", {"source": article_json()})
    assert answer.status_code == 409
    assert "연결한 계정이 하나도 없다" in answer.text


def test_two_accounts_of_a_channel_get_the_same_words(cho, desk, draft, accounts):
    from sharing.services.accounts import connect

    second = connect.add(desk, "link", remote_id="second.example", name="Second", secrets={}, mode="sandbox")
    assert f'value="{second.pk}"' in cho.get(f"/compose/s{draft.pk}").text
    form = form_of(draft)
    form["account"].append(str(second.pk))
    cho.post(f"/compose/s{draft.pk}/send", form)
    assert draft.deliveries.filter(channel="link", state=State.QUEUED).count() == 2


def test_a_draft_is_dropped(cho, draft):
    assert cho.post(f"/compose/s{draft.pk}/discard").headers["Location"] == "/"
    assert "초안을 버렸다. 보낸 것 없음." in cho.get("/").text


def test_the_lint_is_said(cho, draft):
    form = form_of(
        draft,
        **{
            "words-facebook-text": draft.article.headline,
            "words-x-text": "읽기 mulbit.kr 지금",
            "words-kakao-description": "아주 긴 설명이다. " * 8,
            "words-mail-subject": "하천 수위를 다음 달부터 5분마다 모두에게 공개하기로 했다",
        },
    )
    text = cho.post(f"/compose/s{draft.pk}/facts", form, headers=HTMX).text
    assert "카드 제목과 같은 문장이다" in text
    assert "“mulbit.kr” 부분이 따로 링크가 되고 23으로 센다" in text
    assert "설명이 둘째 줄에서 잘린다" in text
    assert "폰에서 제목이 “모두에게”까지 보인다" in text
    assert "주소가 들어가 한 건에 $0.20" in text


def test_an_embargo_of_the_article_is_said_and_holds(cho, desk, accounts, cho_asks):
    until = given.ahead(days=1)
    draft = drafts.make(desk, given.an_article(embargo_until=until), cho_asks)
    assert "전에는 아무 데도 나가지 않는다" in cho.get(f"/compose/s{draft.pk}").text
    cho.post(f"/compose/s{draft.pk}/send", form_of(draft))
    assert {row.embargo_until for row in draft.deliveries.all()} == {until}


def test_a_hooks_draft_says_who_asks(cho, desk, accounts):
    from sharing.services.entries import ActingFor

    share = given.a_share(
        desk, *accounts.values(), as_draft=True, acting=ActingFor(name="mulbit-cms", via="hook")
    )
    assert "mulbit-cms가 보내 달라고 한다." in cho.get(f"/compose/s{share.pk}").text
    answer = cho.post(f"/compose/s{share.pk}/send", form_of(share))
    assert answer.headers["Location"] == f"/shares/s{share.pk}"
    assert set(share.deliveries.values_list("state", flat=True)) == {State.QUEUED}


def changed(share, desk, cho_asks, headline):
    new = dataclasses.replace(share.article.value, headline=headline, summary=f"{headline}, the city says.")
    with transaction.atomic():
        row, _ = keep.keep(desk, new)
    follow.follow(row, cho_asks.actor)


def test_an_article_that_changes_under_the_writer_is_read_again_before_it_goes(cho, draft, desk, cho_asks):
    here = f"/compose/s{draft.pk}"
    form = form_on(cho.get(here).text)
    form["words-x-text"] = ["My own words."]
    changed(draft, desk, cho_asks, "Night buses will not run")
    answer = cho.post(f"{here}/send", form)
    assert answer.status_code == 409
    assert "쓰는 사이에 기사가 바뀌었다" in answer.text
    assert "My own words." in answer.text
    assert set(draft.deliveries.values_list("state", flat=True)) == {"draft"}
    again = cho.post(f"{here}/send", form_on(answer.text))
    assert again.headers["Location"] == f"/shares/s{draft.pk}"
    sent = {each.channel: each for each in draft.deliveries.all()}
    assert "will not run" in sent["facebook"].message["text"]
    assert "will not run" in sent["kakao"].message["text"]
    assert sent["x"].message["text"].startswith("My own words.")


def test_a_suggestion_on_an_old_page_is_nobodys_words(cho, draft, desk, cho_asks):
    here = f"/compose/s{draft.pk}"
    form = form_on(cho.get(here).text)
    changed(draft, desk, cho_asks, "Night buses will not run")
    cho.post(f"{here}/save", form)
    assert set(draft.deliveries.values_list("words", flat=True)) == {"auto"}
    assert "will not run" in drafts.words_of(draft.deliveries.get(channel="kakao"))


def test_times_that_move_are_no_other_article(cho, draft, desk, cho_asks):
    here = f"/compose/s{draft.pk}"
    form = form_on(cho.get(here).text)
    new = dataclasses.replace(draft.article.value, published_at=given.ahead(hours=-3))
    with transaction.atomic():
        keep.keep(desk, new)
    assert cho.post(f"{here}/send", form).status_code == 302

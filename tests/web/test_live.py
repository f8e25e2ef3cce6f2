"""The live share: what changed comes back and nothing else; each state offers what may be done and no more."""

import re

import pytest

from sharing import models
from sharing.domain.delivery import State
from tests import given

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def share(desk, accounts, cho_asks):
    return given.a_share(desk, *accounts.values(), acting=cho_asks)


@pytest.fixture
def at(share, accounts):
    """Put the delivery of a channel into a state."""

    def put(slug, state, **columns):
        row = share.deliveries.get(account=accounts[slug])
        facts = {"state": state, "state_at": given.ago(seconds=1), **given._needed(state), **columns}
        models.Delivery.objects.filter(pk=row.pk).update(**facts)
        return given.reread(row)

    return put


def block_of(text, row):
    return re.search(rf'<section class="st[^>]*id="delivery-{row.pk}".*?</section>', text, re.DOTALL)[0]


def sight(row):
    """What the live page shows of it, as its forms bring it back."""
    row = given.reread(row)
    return {"seen": f"{row.state}.{row.attempt_no}.{row.approved_hash}.{row.article.data_hash}"}


def poll(cho, share, page):
    address = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    return cho.get(address, headers=HTMX)


def test_nothing_changed_is_204(cho, share):
    page = cho.get(f"/shares/s{share.pk}").text
    assert poll(cho, share, page).status_code == 204


def test_only_what_changed_comes_back(cho, share, at):
    page = cho.get(f"/shares/s{share.pk}").text
    row = at("x", State.DELIVERED, receipt="posted", permalink="https://x.example/1")
    answer = poll(cho, share, page)
    assert re.findall(r'id="delivery-(\d+)"', answer.text) == [str(row.pk)]
    assert "<title>(1/5) " in answer.text
    assert 'hx-swap-oob="innerHTML">X 올라감. 5곳 가운데 1곳 나감.' in answer.text
    assert "<textarea" not in answer.text
    assert poll(cho, share, answer.text).status_code == 204


def test_it_stops_when_all_is_settled(cho, share, at):
    for slug in ("facebook", "x", "mail", "link"):
        at(slug, State.DELIVERED, receipt="posted")
    at("kakao", State.DELIVERED, receipt="confirmed")
    page = cho.get(f"/shares/s{share.pk}").text
    assert 'id="poller"' in page
    assert "hx-get" not in page
    assert "모두 끝났다" in page


def test_it_goes_on_looking_while_kakao_may_report(cho, share, at):
    for slug in ("facebook", "x", "mail", "link"):
        at(slug, State.DELIVERED, receipt="posted")
    at("kakao", State.DELIVERED, receipt="prepared", permalink="http://localhost:8000/k/23456789")
    assert 'hx-trigger="every 5s"' in cho.get(f"/shares/s{share.pk}").text


@pytest.mark.parametrize(
    ("state", "columns", "role", "word"),
    [
        (State.QUEUED, {}, "wait", "대기"),
        (State.WAITING, {"why": "unavailable"}, "wait", "다시 해 봄"),
        (State.CLAIMED, {}, "move", "준비 중"),
        (State.SENDING, {}, "move", "보내는 중"),
        (State.DELIVERED, {"receipt": "posted"}, "out", "올라감"),
        (State.DELIVERED, {"receipt": "sent"}, "out", "서버에 넘김"),
        (State.UNKNOWN, {"why": "ambiguous"}, "unsure", "보냈는지 확인 중"),
        (State.REVIEW, {"why": "six_hours"}, "turn", "사람이 봐야 함"),
        (State.FAILED, {"why": "rejected"}, "stop", "안 나감"),
        (State.EXPIRED, {"why": "too_late"}, "turn", "시한 지남"),
        (State.HELD, {"why": "switch_on"}, "wait", "멈춰 둠"),
        (State.HELD, {"why": "account_stopped"}, "stop", "계정 멈춤"),
        (State.HELD, {"why": "account_removed"}, "stop", "계정 연결 끊음"),
        (State.CANCELLED, {"why": "cancelled"}, "over", "취소됨"),
        (State.RETRACTED, {"why": "retracted", "receipt": "posted", "remote_id": "1"}, "over", "내림"),
    ],
)
def test_each_state_has_its_role_and_word(cho, share, at, state, columns, role, word):
    row = at("x", state, **columns)
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert f'data-state="{state}"' in block
    assert f'data-role="{role}"' in block
    assert word in block


@pytest.mark.parametrize("state", [State.UNKNOWN, State.REVIEW, State.SENDING])
def test_what_may_be_live_is_never_called_not_sent(cho, share, at, state):
    row = at("x", state, why="ambiguous")
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert "안 나감" not in block
    assert "나간 것 없음" not in block
    assert 'data-role="stop"' not in block


def test_unknown_offers_its_address_and_later_the_decision_but_no_second_send(cho, share, at, house):
    row = at("facebook", State.UNKNOWN, why="ambiguous", sending_at=given.ago(seconds=1))
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert 'value="there"' in block
    assert 'value="not_there"' not in block
    assert "/again" not in block
    assert 'value="take"><button class="btn" disabled' in block
    assert "다음 확인" in block
    at("facebook", State.UNKNOWN, why="ambiguous", sending_at=given.ago(minutes=10))
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert 'value="take"><button class="btn">' in block


def test_too_early_a_decision_is_refused_where_it_was_tried(cho, share, at):
    row = at("facebook", State.UNKNOWN, why="ambiguous", sending_at=given.ago(seconds=1))
    answer = cho.post(f"/deliveries/d{row.pk}/resolve", {"verdict": "take"})
    assert answer.status_code == 409
    assert "아직 이르다" in block_of(answer.text, row)


def test_it_is_there(cho, share, at):
    row = at("facebook", State.UNKNOWN, why="ambiguous")
    answer = cho.post(
        f"/deliveries/d{row.pk}/resolve", {"verdict": "there", "url": "https://www.facebook.com/1/posts/2"}
    )
    assert answer.headers["Location"] == f"/shares/s{share.pk}#delivery-{row.pk}"
    assert given.reread(row).permalink == "https://www.facebook.com/1/posts/2"


def test_review_wants_a_reason(cho, share, at):
    row = at("facebook", State.REVIEW, why="six_hours")
    assert (
        cho.post(f"/deliveries/d{row.pk}/resolve", {"verdict": "not_there", "reason": " "}).status_code == 422
    )
    looked = {"verdict": "not_there", "reason": "페이지에서 찾지 못함", **sight(row)}
    cho.post(f"/deliveries/d{row.pk}/resolve", looked)
    assert given.reread(row).state == State.QUEUED
    at("facebook", State.REVIEW, why="six_hours")
    cho.post(f"/deliveries/d{row.pk}/resolve", {"verdict": "drop", "reason": "늦음"})
    assert given.reread(row).state == State.CANCELLED


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED])
def test_again_drop_and_edit_of_what_did_not_go(cho, share, at, state):
    row = at("x", state, why="rejected")
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert all(f"/deliveries/d{row.pk}/{act}" in block for act in ("again", "cancel", "rewrite"))
    assert f'value="{sight(row)["seen"]}"' in block
    cho.post(f"/deliveries/d{row.pk}/again", sight(row))
    assert given.reread(row).state == State.QUEUED
    at("x", state, why="rejected")
    answer = cho.post(f"/deliveries/d{row.pk}/rewrite")
    assert answer.headers["Location"].startswith("/compose/s")


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED, State.HELD])
def test_again_on_a_page_from_before_a_later_attempt_sends_nothing(cho, share, at, state):
    row = at("x", state, why="rejected", attempt_no=1)
    old = sight(row)
    at("x", state, why="rejected", attempt_no=2)
    for seen in (old, {}, {"seen": "failed"}, {"seen": "failed.x.y.z"}, {"seen": "...."}):
        answer = cho.post(f"/deliveries/d{row.pk}/again", seen)
        assert answer.status_code == 409
        assert "그사이 상태가 바뀌었다" in block_of(answer.text, row)
        assert given.reread(row).state == state


def test_not_there_is_said_of_the_attempt_that_somebody_looked_for(cho, share, at):
    row = at("facebook", State.REVIEW, why="six_hours", attempt_no=1)
    old = {"verdict": "not_there", "reason": "페이지에서 찾지 못함", **sight(row)}
    at("facebook", State.REVIEW, why="six_hours", attempt_no=2)
    answer = cho.post(f"/deliveries/d{row.pk}/resolve", old)
    assert answer.status_code == 409
    assert given.reread(row).state == State.REVIEW


def test_words_that_changed_since_the_page_showed_them_are_not_sent_again(cho, share, at):
    row = at("x", State.FAILED, why="rejected")
    old = sight(row)
    given.the_article_changes(row, headline="No night buses", summary="Six towns call them off.")
    assert cho.post(f"/deliveries/d{row.pk}/again", old).status_code == 409
    assert given.reread(row).state == State.FAILED


def test_own_words_go_beside_the_article_that_their_reader_saw_and_no_other(cho, share, at):
    row = at("x", State.HELD, why="article_changed", words="person", article_hash="0" * 64)
    seen = sight(row)
    models.Article.objects.filter(pk=row.article_id).update(data_hash="f" * 64)
    assert cho.post(f"/deliveries/d{row.pk}/again", seen).status_code == 302
    assert given.reread(row).article_hash == seen["seen"].rpartition(".")[2] != "f" * 64


def test_queued_is_cancelled(cho, share):
    row = share.deliveries.get(channel="x")
    cho.post(f"/deliveries/d{row.pk}/cancel")
    assert given.reread(row).state == State.CANCELLED
    cho.post(f"/shares/s{share.pk}/cancel")
    assert set(share.deliveries.values_list("state", flat=True)) == {State.CANCELLED}


def test_a_held_articles_words_may_go_as_they_stand_but_a_hold_is_lifted_where_it_was_set(cho, share, at):
    changed = at("x", State.HELD, why="article_changed")
    assert "/again" in block_of(cho.get(f"/shares/s{share.pk}").text, changed)
    switched = at("x", State.HELD, why="switch_on")
    assert "/again" not in block_of(cho.get(f"/shares/s{share.pk}").text, switched)


def test_kakao_ready_leads_to_its_share_page(cho, share, at):
    row = at("kakao", State.DELIVERED, receipt="prepared", permalink="http://localhost:8000/k/23456789ab")
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert 'href="http://localhost:8000/k/23456789ab"' in block
    assert "카카오톡에서 보내기" in block


def test_a_copied_link_says_who_copied_it_and_never_more(cho, share, at):
    row = at("link", State.DELIVERED, receipt="prepared", remote_id=None)
    assert cho.post(f"/deliveries/d{row.pk}/copied").status_code == 204
    cho.post(f"/deliveries/d{row.pk}/copied")
    assert row.events.filter(why="copied").count() == 1
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert "복사함" in block
    assert "Cho" in block
    assert given.reread(row).receipt == "prepared"


def test_the_platforms_own_answer_is_there_for_those_who_ask(cho, share, at):
    row = at("x", State.FAILED, why="rejected", last_code="x.403", last_detail="<b>You are not permitted</b>")
    block = block_of(cho.get(f"/shares/s{share.pk}").text, row)
    assert "<details" in block
    assert "&lt;b&gt;You are not permitted&lt;/b&gt;" in block


def test_home_lists_what_needs_a_hand_worst_first(cho, share, at):
    at("mail", State.EXPIRED, why="too_late")
    at("x", State.FAILED, why="rejected")
    at("facebook", State.REVIEW, why="six_hours")
    page = cho.get("/").text
    assert re.findall(r'class="hand-row" data-state="(\w+)"', page) == ["review", "failed", "expired"]
    assert "올라갔을 수 있음" in page
    assert '<span class="badge">3</span>' in page


def test_home_is_calm_when_nothing_needs_a_hand(cho):
    page = cho.get("/").text
    assert "챙길 것 없음" in page
    assert 'class="badge"' not in page


def test_one_stopped_account_is_one_line(cho, share, at, accounts, house):
    house(sandbox_url="http://127.0.0.1:1")
    for slug in ("x", "facebook"):
        models.Account.objects.filter(pk=accounts[slug].pk).update(health="stopped", health_code="x.401")
        at(slug, State.HELD, why="account_stopped")
    page = cho.get("/").text
    assert page.count('class="hand-row"') == 2
    assert "글 1건이 멈춰 있음" in page
    assert "계정 멈춤" in cho.get("/accounts").text


def test_a_removed_account_is_shown_for_as_long_as_it_holds_something(cho, share, at, accounts):
    gone = accounts["x"]
    models.Account.objects.filter(pk=gone.pk).update(health="removed", sealed=None)
    row = at("x", State.HELD, why="account_removed")
    page = cho.get("/accounts").text
    assert f"sharedesk account add x --id {gone.remote_id}" in page
    models.Delivery.objects.filter(pk=row.pk).update(state=State.CANCELLED)
    assert f'id="account-{gone.pk}"' not in cho.get("/accounts").text


def test_a_hooks_draft_asks_to_be_read(cho, desk, accounts):
    from sharing.services.entries import ActingFor

    share = given.a_share(
        desk, *accounts.values(), as_draft=True, acting=ActingFor(name="mulbit-cms", via="hook")
    )
    page = cho.get("/").text
    assert f'href="/compose/s{share.pk}"' in page
    assert "mulbit-cms가 보내 달라고 한다." in page
    assert page.count('class="hand-row"') == 1


def test_the_queue_lists_what_waits_and_moves(cho, desk, accounts, cho_asks, share):
    later = given.a_share(desk, accounts["x"], acting=cho_asks, at=given.ahead(days=1))
    page = cho.get("/queue").text
    assert f'href="/shares/s{share.pk}"' in page
    assert f'href="/shares/s{later.pk}"' in page
    assert "내일" in page
    assert "예약됨" in page


def test_an_articles_page_tells_what_happened_and_what_is_out(cho, share, at):
    at("x", State.DELIVERED, receipt="posted", permalink="https://x.example/1")
    page = cho.get(f"/articles/{share.article_id}").text
    assert "지금 나가 있는 글" in page
    assert "올라감" in page
    assert 'action="/compose"' in page

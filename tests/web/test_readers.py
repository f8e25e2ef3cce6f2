"""What readers open: short links and the KakaoTalk page, and the notices in their place."""

import json
import re

import pytest
from django.test import Client

from sharing import models
from sharing.domain.delivery import State
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    client = Client()
    client.cookies["language"] = "ko"
    return client


@pytest.fixture
def sent(desk, accounts, cho_asks):
    """A delivery of a channel that stands as told."""

    def make(slug, state=State.DELIVERED, **fields):
        article = given.an_article(
            url="https://news.mulbit.kr/1?a=b", headline="</script><script>alert(1)</script>", **fields
        )
        row = given.a_share(desk, accounts[slug], article=article, acting=cho_asks).deliveries.get()
        receipt = {"receipt": "prepared"} if state == State.DELIVERED else {}
        models.Delivery.objects.filter(pk=row.pk).update(state=state, **receipt)
        return given.reread(row)

    return make


def test_a_short_link_leads_on_and_nothing_in_the_request_changes_where(reader, sent):
    row = sent("link")
    answer = reader.get(f"/s/{row.marker}?next=https://evil.example")
    assert (answer.status_code, answer.headers["Location"]) == (302, row.target)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_short_link_names_its_host_as_every_client_reads_it(reader, sent):
    row = sent("link")
    models.Delivery.objects.filter(pk=row.pk).update(target="https://straße.de/뉴스?utm_source=x")
    found = reader.get(f"/s/{row.marker}").headers["Location"]
    assert found == "https://xn--strae-oqa.de/%EB%89%B4%EC%8A%A4?utm_source=x"


@pytest.mark.parametrize("state", [State.DRAFT, State.QUEUED, State.HELD, State.CANCELLED])
def test_before_it_is_sent_a_link_leads_nowhere(reader, sent, state):
    answer = reader.get(f"/s/{sent('link', state).marker}")
    assert answer.status_code == 404
    assert "이 주소에는 기사가 없습니다" in answer.text


def test_a_withdrawn_article_is_a_notice_and_no_page_of_ours_is_lost(reader, sent):
    row = sent("link")
    models.Article.objects.filter(pk=row.article_id).update(withdrawn_at=given.ago(hours=1))
    answer = reader.get(f"/s/{row.marker}")
    assert "내려간 기사입니다" in answer.text
    assert "<script>alert" not in answer.text


def test_the_kakao_page_hands_the_message_to_the_sdk_and_lets_nobody_else_in(reader, sent, house):
    house(sandbox_url="http://127.0.0.1:9?smtp_port=9")
    row = sent("kakao", image_url="https://img.mulbit.kr/a b.jpg;script-src *")
    row.message["body"]["content"]["title"] = "</script><script>alert(1)"
    models.Delivery.objects.filter(pk=row.pk).update(message=row.message)
    answer = reader.get(f"/k/{row.marker}")
    assert answer.status_code == 200
    data = re.search(r'<script id="kakao-share" type="application/json">(.*?)</script>', answer.text)[1]
    share = json.loads(data)
    assert share["payload"]["serverCallbackArgs"] == {"marker": row.marker}
    assert share["payload"]["content"]["title"] == "</script><script>alert(1)"
    assert "<script>alert" not in answer.text
    assert '<script src="http://127.0.0.1:9/kakao_js_sdk/2.8.3/kakao.min.js"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' http://127.0.0.1:9;" in policy + ";"
    assert "script-src *" not in policy
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "연습용" in answer.text


def test_without_the_practice_platforms_the_kakao_page_says_that_nothing_was_sent(reader, sent):
    answer = reader.get(f"/k/{sent('kakao').marker}")
    assert answer.status_code == 503
    assert "보낸 것은 없습니다" in answer.text


@pytest.mark.parametrize("code", ["x", "2345678", "23456789ab", "%00", "a" * 300, "../../etc"])
@pytest.mark.parametrize("door", ["s", "k"])
def test_a_code_that_is_none_is_a_notice(reader, db, door, code):
    assert reader.get(f"/{door}/{code}").status_code == 404

from __future__ import annotations

import re

import pytest

from tests.sandbox.kakao_page import form, register
from tests.sandbox.test_kakao import ORIGIN, send

NASTY = "<script>alert(1)</script> \" ' & \u202e 가"


@pytest.fixture
def timelines(client):
    client.register("facebook", "1001", access_token="page-token-1")
    post = client.feed(message=NASTY, link='https://news.example.kr/1?a=1&b="2').json["id"]
    tweet = client.tweet(NASTY).json["data"]["id"]
    register(client, ORIGIN)
    send(client, form(ORIGIN))
    return {
        "facebook": ("1001", post),
        "x": (client.truth("x")[0]["account"], tweet),
        "kakao": ("777000", client.truth("kakao")[0]["remote_id"]),
    }


def check(reply):
    assert reply.status == 200
    assert "SANDBOX" in reply.text
    assert "연습용" in reply.text
    assert "<script" not in reply.text.lower()
    assert "style=" not in reply.text
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    return reply.text


def test_the_front_page_lists_the_accounts(client, timelines):
    page = check(client.call("GET", "/"))
    for channel, (account, _) in timelines.items():
        assert f'href="/see/{channel}/{account}"' in page
    assert "page-token-1" not in page


@pytest.mark.parametrize("channel", ["facebook", "x", "kakao"])
def test_each_timeline_and_each_post_has_a_page(client, timelines, channel):
    account, id_ = timelines[channel]
    for path in (f"/see/{channel}", f"/see/{channel}/{account}", f"/see/{channel}/{account}/{id_}"):
        page = check(client.call("GET", path))
        assert "가" in page or "지하철" in page


def test_links_that_are_not_http_are_no_links(client, sandbox):
    sandbox.sandbox.records.add(
        "link", "desk.example.kr", text="a", link="javascript:alert(1)", remote_id="r", at=0
    )
    assert "javascript:" not in check(client.call("GET", "/see/link/desk.example.kr"))


def test_ids_with_every_sign_lead_to_their_page(client, sandbox):
    sandbox.sandbox.records.add(
        "mail", "a+b@example.kr", text="편지", link=None, remote_id="<a/b?c#d&e@x>", at=0
    )
    page = check(client.call("GET", "/see/mail/a+b@example.kr"))
    href = re.search(r'<p class="meta"><a href="([^"]+)"', page)[1]
    assert "편지" in check(client.call("GET", href))


def test_edited_and_deleted_posts_look_so(client):
    post = client.feed(message="처음").json["id"]
    client.graph("POST", post, form={"message": "나중"})
    page = check(client.call("GET", "/see/facebook/1001"))
    assert "나중" in page
    assert "edited" in page
    client.graph("DELETE", post)
    assert client.call("GET", f"/see/facebook/1001/{post}").status == 404
    assert "deleted" in check(client.call("GET", "/see/facebook/1001"))


def test_the_style_sheet_is_served(client):
    reply = client.call("GET", "/see/sandbox.css")
    assert reply.headers["content-type"].startswith("text/css")
    assert "@media (prefers-color-scheme: dark)" in reply.text


def test_a_card_shows_what_the_crawler_read(client, site):
    url = site.page("/a", '<meta property="og:title" content="카드 제목">')
    client.feed(message="a", link=url)
    assert "카드 제목" not in client.call("GET", "/see/facebook/1001").text
    client.call("POST", "/", form={"id": url, "scrape": "true"}, Authorization="Bearer page-token-1")
    assert "<b>카드 제목</b>" in check(client.call("GET", "/see/facebook/1001"))


def test_links_in_a_post_on_x_are_links(client):
    client.tweet("보라 news.example.kr/a?b=1&c=2 <b>")
    page = check(client.call("GET", "/see/x"))
    assert 'href="http://news.example.kr/a?b=1&amp;c=2">news.example.kr/a?b=1&amp;c=2</a> &lt;b&gt;' in page


def test_a_mail_shows_subject_sender_and_plain_part(client, sandbox):
    more = {"subject": "제목 <x>", "sender": "뉴스룸 <a@example.kr>"}
    sandbox.sandbox.records.add(
        "mail", "b@example.kr", text="제목 <x>\n\n본문", link=None, remote_id="<m@x>", at=0, **more
    )
    page = check(client.call("GET", "/see/mail/b@example.kr"))
    assert "<h2>제목 &lt;x&gt;</h2>" in page
    assert '<p class="words">본문</p>' in page

"""When it came out, with a zone."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from sharing.intake.page import read_page
from sharing.intake.page.dates import in_address
from sharing.intake.time_names import zone_of
from sharing.intake.times import find as moment
from tests.intake.fixtures.pages import KOREAN, html, ld, og

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-02T08:30:00Z", "2026-03-02T08:30:00+00:00"),
        ("2026-03-02T08:30:00.123456+09:00", "2026-03-02T08:30:00+09:00"),
        ("2026-03-02T08:30:00-0500", "2026-03-02T08:30:00-05:00"),
        ("2026-03-02 08:30:00", "2026-03-02T08:30:00+09:00"),
        ("2026-03-02", "2026-03-02T00:00:00+09:00"),
        ("20260302083000", "2026-03-02T08:30:00+09:00"),
        ("2026.03.02 (08:30)", "2026-03-02T08:30:00+09:00"),
        ("승인 2026.3.2 08:30", "2026-03-02T08:30:00+09:00"),
        ("입력 2026.03.02. 오후 8:30", "2026-03-02T20:30:00+09:00"),
        ("2026. 3. 2. 오전 12:30", "2026-03-02T00:30:00+09:00"),
        ("2026년 3월 2일 (월요일) 오후 3시 5분", "2026-03-02T15:05:00+09:00"),
        ("2026년 3월 2일", "2026-03-02T00:00:00+09:00"),
        ("2026.03.02(월) 오후 08:30:10", "2026-03-02T20:30:10+09:00"),
        ("2026/03/02 [08:30]", "2026-03-02T08:30:00+09:00"),
        ("작성 2026.03.02 PM 8:30", "2026-03-02T20:30:00+09:00"),
        ("26.03.02 20:30", "2026-03-02T20:30:00+09:00"),
        ("26.03.02(월) 오후 8:30", "2026-03-02T20:30:00+09:00"),
        ("2026年3月2日 20時30分", "2026-03-02T20:30:00+09:00"),
        ("March 2, 2026 at 6:05 PM PST", "2026-03-02T18:05:00-08:00"),
        ("Mon, Mar. 2nd, 2026", "2026-03-02T00:00:00+09:00"),
        ("2 March 2026 14.05 GMT", "2026-03-02T14:05:00+00:00"),
        ("02.03.2026 | 13:10 Uhr", "2026-03-02T13:10:00+09:00"),
        ("02.03.26", "2026-03-02T00:00:00+09:00"),
        ("09.22.15", "2015-09-22T00:00:00+09:00"),
        ("15.10.19, 08:00 Uhr", "2019-10-15T08:00:00+09:00"),
        ("06. 01. 2026,  14:59\u00a0Uhr", "2026-01-06T14:59:00+09:00"),
        ("April 25, 2023 · 1:36 PM GMT+2", "2023-04-25T13:36:00+02:00"),
        ("page generated at: Sun Apr 28 14:00:26 BST 2024", "2024-04-28T14:00:26+01:00"),
        ("31.03.26", "2026-03-31T00:00:00+09:00"),
        ("11/28/2026 11:00 AM PT", "2026-11-28T11:00:00-08:00"),
        ("10/04/2026 05:07 AM", "2026-10-04T05:07:00+09:00"),
        ("04/10/2026", "2026-10-04T00:00:00+09:00"),
        ("24. April 2026", "2026-04-24T00:00:00+09:00"),
        ("3 de mayo de 2026", "2026-05-03T00:00:00+09:00"),
        ("1er août 2026 à 12h15", "2026-08-01T12:15:00+09:00"),
        ("Mon, 02 Mar 2026 08:30:00 +0900", "2026-03-02T08:30:00+09:00"),
        ("1772407800", "2026-03-01T23:30:00+00:00"),
        ("1772407800000", "2026-03-01T23:30:00+00:00"),
        (1772407800.0, "2026-03-01T23:30:00+00:00"),
    ],
)
def test_dates_are_read_in_every_spelling(text, iso):
    assert moment(text, SEOUL).isoformat() == iso


def test_two_digits_of_a_year_stand_in_front_only_in_the_east():
    assert moment("26.03.25 20:30", ZoneInfo("Europe/Berlin")).isoformat()[:10] == "2025-03-26"


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13-40", "1850-01-01", "99999999", "12:30", "Mon, 99 Foo 2026", None, [], {}, True, float("inf"),
     float("nan"), "3월 2일", "2026-02-30T10:00", "Sun, 31 Dec 9999 23:59:59 -2359", "2026-03-02T99:99"],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    found = moment(text, SEOUL)
    assert found is None or found.year == 2026


@pytest.mark.parametrize(
    ("host", "language", "zone"),
    [
        ("news.example.kr", "en", "Asia/Seoul"),
        ("news.example", "ko", "Asia/Seoul"),
        ("zeitung.de", None, "Europe/Berlin"),
        ("news.example", "en", None),
        ("", None, None),
        ("gaviota.example.uy", "es", "America/Montevideo"),
        ("news.example.com.br", "pt", None),
        ("news.tv", None, None),
    ],
)
def test_a_time_without_a_zone_is_that_of_the_country_or_language(host, language, zone):
    found = zone_of(host, language)
    assert (found and found.key) == zone


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://news.example/2026/03/02/bridge", "2026-03-02"),
        ("https://news.example/news/20260302/58406128/1", "2026-03-02"),
        ("https://news.example/2023/11/01/x", "2023-11-01"),
        ("https://news.example/article/202603020000123", None),
        ("https://news.example/2026/03/bridge", None),
        (None, None),
    ],
)
def test_an_address_may_name_the_day(address, day):
    found = in_address(address, UTC)
    assert (found and found.date().isoformat()) == day


def published(head="", body="", url=None, **page):
    head = "<title>동네 서점이 다시 문을 연다</title>" + og(type="article") + head
    article = read_page(html(head, body, **({"lang": "ko", "story": KOREAN} | page)), url=url)
    return article.published_at and article.published_at.isoformat()


def test_what_is_declared_counts_before_what_is_shown():
    head = '<meta property="article:published_time" content="2026-03-02T08:30:00+09:00">'
    assert published(head, '<span class="date">2026.03.05 10:00</span>') == "2026-03-02T08:30:00+09:00"


@pytest.mark.parametrize(
    "head",
    [
        ld('{"@type":"NewsArticle","headline":"동네 서점","datePublished":"2026-03-02 08:30:00"}'),
        '<meta name="nextweb:createDate" content="2026-03-02 08:30">',
        '<meta itemprop="datePublished" content="2026-03-02T08:30">',
        '<meta name="regist_date" content="2026.03.02 08:30">',
        '<script>var story={title:\'동네 서점이 다시 문을 연다\',"deployDt":"2026.03.02 08:30"}</script>',
        '<script>self.push("{\\"t\\":\\"동네 서점이 다시 문을 연다\\",\\"deployDt\\":\\"2026.03.02 08:30\\"}")</script>',
    ],
)
def test_a_korean_time_without_zone_is_korean(head):
    assert published(head) == "2026-03-02T08:30:00+09:00"


@pytest.mark.parametrize(
    "body",
    [
        '<time datetime="2026-03-02T08:30+09:00">어제</time>',
        "<time>2026.03.02 08:30</time>",
        '<div class="article-info"><span class="txt_date">입력 2026.03.02 08:30</span></div>',
        "<h1>동네 서점이 다시 문을 연다</h1><p>입력 2026.03.02 08:30</p>",
        '<div class="update-date">수정 2026.03.03 09:00</div><div class="date">2026.03.02 08:30</div>',
    ],
)
def test_a_date_beside_the_story_is_read(body):
    assert published(body=body) == "2026-03-02T08:30:00+09:00"


def test_a_date_that_the_address_contradicts_is_another_storys():
    body = '<div class="date">2024.01.01 00:00</div><div class="date">2026.03.02 08:30</div>'
    address = "https://news.example/2026/03/02/store"
    assert published(body=body, url=address) == "2026-03-02T08:30:00+09:00"
    assert published(url=address) == "2026-03-02T00:00:00+09:00"


def test_utc_that_readers_see_as_the_local_clock_is_local():
    head = '<meta property="article:published_time" content="2026-03-02T08:30:00Z">'
    shown = "<h1>동네 서점이 다시 문을 연다</h1><p>입력 2026.03.02 {}</p>"
    assert published(head, shown.format("08:30")) == "2026-03-02T08:30:00+09:00"
    assert published(head, shown.format("17:30")) == "2026-03-02T08:30:00+00:00"


def test_a_page_without_a_date_has_none():
    assert published() is None


@pytest.mark.parametrize(
    ("lang", "url", "iso"),
    [
        ("en", "https://herald.example/a/1", "2026-03-02T08:30:00+09:00"),
        ("de", "https://blatt.example/a/1", "2026-03-02T08:30:00+01:00"),
        ("en", "https://herald.example.uy/a/1", "2026-03-02T08:30:00-03:00"),
    ],
)
def test_where_nothing_says_a_zone_it_is_the_desks(lang, url, iso):
    head = "<title>Old bridge to reopen</title>" + og(type="article")
    head += '<meta property="article:published_time" content="2026-03-02T08:30:00">'
    article = read_page(html(head, lang=lang), url=url, zone=SEOUL)
    assert article.published_at.isoformat() == iso

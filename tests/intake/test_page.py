"""A whole page becomes an Article."""

from datetime import timedelta

import pytest

from sharing.domain.article import Status
from sharing.intake.page import is_html, read_page
from tests.intake.fixtures.pages import ENGLISH, KOREAN, html, ld, og

KOREAN_PAGE = html(
    "<title>동네 서점이 다시 문을 연다-사회ㅣ햇빛신문</title>"
    + og(
        title="동네 서점이 다시 문을 연다-사회ㅣ햇빛신문",
        description="문 닫은 서점 세 곳, 구청 지원으로 5월 재개장 | ",
        type="article",
        url="https://www.haetbit.example/news/2026/03/A1",
        image="https://img.haetbit.example/2026/03/store.jpg",
        site_name="햇빛신문",
    )
    + '<meta name="author" content="햇빛신문"><meta name="author" content="신동해 기자">'
    + '<meta property="article:published_time" content="2026-03-02T08:30:00">'
    + '<meta property="article:section" content="사회"><meta name="news_keywords" content="서점,동네, 서점">',
    '<figure><img src="https://img.haetbit.example/2026/03/store.jpg" alt="서점 앞">'
    "<figcaption>2일 문을 열 준비를 하는 서점. (사진=햇빛신문)</figcaption></figure>",
    lang="ko",
    story=(*KOREAN, "신동해 기자 east@haetbit.example", "ⓒ 햇빛신문, 무단전재 및 재배포 금지"),
)


def test_a_korean_page_is_read_in_every_field():
    article = read_page(KOREAN_PAGE, url="https://m.haetbit.example/A1?from=home")
    assert article.url == "https://m.haetbit.example/A1?from=home"
    assert article.canonical_url == "https://www.haetbit.example/news/2026/03/A1"
    assert article.headline == "동네 서점이 다시 문을 연다"
    assert article.summary == "문 닫은 서점 세 곳, 구청 지원으로 5월 재개장"
    assert article.image_url == "https://img.haetbit.example/2026/03/store.jpg"
    assert article.image_alt == "서점 앞"
    assert article.caption == "2일 문을 열 준비를 하는 서점."
    assert article.credit == "햇빛신문"
    assert article.authors == ("신동해",)
    assert article.section == "사회"
    assert article.tags == ("서점", "동네")
    assert article.language == "ko"
    assert article.published_at.isoformat() == "2026-03-02T08:30:00+09:00"
    assert article.site_name == "햇빛신문"
    assert article.status is Status.PUBLISHED
    assert article.body.split("\n\n") == list(KOREAN)
    assert article.label is None


def test_an_english_page_is_read_from_json_ld():
    article = read_page(
        html(
            "<title>Old bridge to reopen in spring | The Ledger</title>"
            + ld("""{"@context": "https://schema.org", "@graph": [
                {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
                {"@type": "NewsArticle", "headline": "Old bridge to reopen in spring",
                 "description": "Two years after the floods.", "author": [{"@id": "#ann"}],
                 "image": {"@type": "ImageObject", "url": "/img/bridge.jpg", "caption": "The bridge. (Photo: AP)"},
                 "datePublished": "2026-03-02T08:30:00-05:00", "dateModified": "2026-03-02T09:00:00-05:00",
                 "articleSection": "Local", "keywords": "bridges, floods",
                 "mainEntityOfPage": "https://ledger.example/local/bridge",
                 "publisher": {"@type": "Organization", "name": "The Ledger", "logo": {"url": "/img/l.png"}}}]}"""),
            "<h1>Old bridge to reopen in spring</h1>",
        )
    )
    assert article.headline == "Old bridge to reopen in spring"
    assert article.summary == "Two years after the floods."
    assert article.authors == ("Ann Lee",)
    assert article.image_url == "https://ledger.example/img/bridge.jpg"
    assert (article.caption, article.credit) == ("The bridge.", "AP")
    assert article.published_at.utcoffset() == timedelta(hours=-5)
    assert article.modified_at > article.published_at
    assert article.canonical_url == "https://ledger.example/local/bridge"
    assert (article.section, article.tags, article.site_name) == (
        "Local",
        ("bridges", "floods"),
        "The Ledger",
    )


@pytest.mark.parametrize(
    ("declared", "came_from", "canonical"),
    [
        ("https://news.example/a/1", None, "https://news.example/a/1"),
        ("https://news.example/a/1#top", None, "https://news.example/a/1"),
        ("https://news.example/a/1", "https://m.news.example/a/1", "https://news.example/a/1"),
        ("/a/1", "https://news.example/a/1?x=1", "https://news.example/a/1"),
        ("//news.example/a/1", "http://news.example/x", "http://news.example/a/1"),
        ("https://evil.example/a/1", "https://news.example.org/a/1", None),
        ("https://b.co.kr/a/1", "https://a.co.kr/a/1", None),
        ("https://news.a.co.kr/a/1", "https://www.a.co.kr/a/1", "https://news.a.co.kr/a/1"),
        ("https://news.example/", "https://news.example/a/1", None),
        ("https%3A%2F%2Fnews.example%2Fa%2F1", None, "https://news.example/a/1"),
        ("javascript:alert(1)", None, None),
        ("https://user@news.example/a", None, None),
        ("http://[::1", "https://news.example/a/1", None),
        ("https://news.example:99999999/a", None, None),
    ],
)
def test_a_canonical_address_is_believed_where_it_is_an_article_of_the_same_site(
    declared, came_from, canonical
):
    page = html(f'<link rel="canonical" href="{declared}"><title>Old bridge to reopen in spring</title>')
    assert read_page(page, url=came_from).canonical_url == canonical


def test_where_the_link_is_a_front_page_open_graph_has_the_address():
    page = html(
        '<link rel="canonical" href="https://news.example/">'
        + og(title="A b c", url="https://news.example/a/1")
    )
    assert read_page(page).canonical_url == "https://news.example/a/1"


@pytest.mark.parametrize(
    ("declared", "story", "language"),
    [
        ("en-GB", ENGLISH, "en"),
        ("", ENGLISH, "en"),
        ("en", KOREAN, "ko"),
        ("", KOREAN, "ko"),
        ("utf-8", KOREAN, "ko"),
        (
            "",
            (
                "Die alte Brücke wird im April wieder für den Verkehr geöffnet und das ist eine gute Nachricht.",
            )
            * 4,
            "de",
        ),
        (
            "",
            ("El viejo puente se abre de nuevo en abril para los vecinos que lo usan con sus coches.",) * 4,
            "es",
        ),
        ("", ("橋は四月に再び開通すると市が発表した。工事は二年かかった。費用は十二億円だった。",) * 4, "ja"),
    ],
)
def test_the_language_is_declared_or_read_from_the_text(declared, story, language):
    page = html(og(type="article") + f"<title>{story[0][:30]}</title>", lang=declared, story=story)
    assert read_page(page).language == language


@pytest.mark.parametrize(
    ("data", "content_type", "is_page"),
    [
        (b"<!DOCTYPE html><title>x</title>", None, True),
        (b"\xef\xbb\xbf\n <html>", None, True),
        (b"anything", "text/html; charset=utf-8", True),
        (b"<div><p>fragment</p></div>", None, True),
        (b'<?xml version="1.0"?><rss version="2.0">', "text/html", False),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>', None, False),
        (b'{"html": "<p>"}', None, False),
        (b"%PDF-1.7 <html>"[:8], "text/html", False),
        ("제목\n\n본문이 있다.".encode(), "text/plain", False),
        (b"", None, False),
    ],
)
def test_pages_are_told_from_feeds_json_and_files(data, content_type, is_page):
    assert is_html(data, content_type) is is_page

"""What is no article is refused by what it is instead."""

import gzip
import io
import zipfile

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake.page import read_page
from tests.intake.fixtures.pages import ENGLISH, KOREAN, html, ld, og


def refused(data, **where):
    with pytest.raises(Refusal) as caught:
        read_page(data, **where)
    return caught.value.code


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "page.pdf"),
        (b"\r\n%PDF-1.4", "page.pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "page.image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "page.image"),
        (b"GIF89a\1\0\1\0", "page.image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "page.image"),
        (b"\0\0\0\x20ftypavif", "page.image"),
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>',
            "page.image",
        ),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "page.video"),
        (b"\x1a\x45\xdf\xa3\x9f\x42", "page.video"),
        (b"ID3\3\0\0\0", "page.video"),
        (gzip.compress(b"<html>", mtime=0), "page.binary"),
        (zipped(), "page.binary"),
        (bytes(range(32)) * 40, "page.binary"),
        (b"", "page.empty"),
        (b" \r\n\t ", "page.empty"),
        (b"\xef\xbb\xbf", "page.empty"),
        (b"\0" * 5000, "page.empty"),
    ],
)
def test_files_are_named_for_what_they_are(data, code):
    assert refused(data) == code


@pytest.mark.parametrize(
    ("content_type", "code"),
    [("application/pdf", "page.pdf"), ("image/jpeg", "page.image"), ("video/mp4; codecs=x", "page.video")],
)
def test_the_header_counts_where_the_bytes_say_nothing(content_type, code):
    assert refused(b"some bytes", content_type=content_type) == code
    assert read_page(html("<title>Old bridge to reopen</title>"), content_type=content_type).headline


TEASERS = "".join(
    f'<div class="card"><h3><a href="/a/{n}">Council puts off budget again, number {n}</a></h3>'
    f"<p>The council met on Monday and put off its budget for the time number {n} this year, it said.</p></div>"
    for n in range(20)
)
FRONT = "<title>The Ledger: news from the valley</title>" + og(type="website")


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (html(FRONT, TEASERS, story=()), None),
        (html(FRONT, TEASERS, story=()), "https://ledger.example/"),
        (html(FRONT + og(url="https://ledger.example/"), "", story=ENGLISH[:1]), None),
        (html(FRONT, "", story=ENGLISH[:1]), "https://ledger.example/index.html"),
        (
            html(
                "<title>Politics</title>" + ld('{"@type":"CollectionPage","name":"Politics"}'),
                "",
                story=ENGLISH[:1],
            ),
            None,
        ),
        (
            html("<title>정치 - 햇빛신문</title>", TEASERS, lang="ko", story=()),
            "https://haetbit.example/politics",
        ),
        (
            html(FRONT + ld('{"@type":"NewsArticle","headline":"One of many"}'), TEASERS, story=()),
            "https://ledger.example",
        ),
    ],
)
def test_fronts_are_refused(page, url):
    assert refused(page, url=url) == "page.section_front"


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (html("<title>Search results for bridge</title>", "", story=ENGLISH[:1]), None),
        (html("<title>다리 검색결과 - 햇빛신문</title>", "", story=KOREAN[:1]), None),
        (html("<title>Bridge</title>", TEASERS, story=()), "https://ledger.example/search?q=bridge"),
        (html("<title>Bridge</title>", TEASERS, story=()), "https://ledger.example/?s=bridge"),
        (html("<title>Bridge</title>" + ld('{"@type":"SearchResultsPage"}'), "", story=ENGLISH), None),
    ],
)
def test_search_pages_are_refused(page, url):
    assert refused(page, url=url) == "page.search"


@pytest.mark.parametrize(
    "page",
    [
        html("<title>404 Not Found</title>", "<h1>Not Found</h1>", story=()),
        html("<title>The Ledger</title>", "<h1>Sorry, this page can't be found</h1>", story=ENGLISH[:1]),
        html("<title>페이지를 찾을 수 없습니다</title>", lang="ko", story=()),
        html("<title>햇빛신문</title>", "<h1>삭제되었거나 없는 기사입니다</h1>", lang="ko", story=()),
        html("<title>Just a moment...</title>", "<p>Checking your browser</p>", story=()),
        html("<title>Access denied</title>", story=()),
        "<script>alert('존재하지 않는 기사입니다.');history.back();</script>".encode(),
    ],
)
def test_error_pages_are_refused(page):
    assert refused(page) == "page.error"


@pytest.mark.parametrize(
    "page",
    [
        html(
            "<title>Sign in to The Ledger</title>",
            '<form><input type=email><input type="password"></form>',
            story=(),
        ),
        html("<title>로그인 - 햇빛신문</title>", '<form><input type="password"></form>', lang="ko", story=()),
        html(
            "<title>The Ledger</title>",
            '<input type="password"><p>Welcome back to your account</p>',
            story=(),
        ),
    ],
)
def test_login_walls_are_refused(page):
    assert refused(page) == "page.login_wall"


@pytest.mark.parametrize(
    "page",
    [
        html("<title>Bridge opens</title>" + og(type="video.other"), "<video></video>", story=ENGLISH[:1]),
        html(
            "<title>Bridge opens</title>" + ld('{"@type":"VideoObject","name":"Bridge opens"}'), "", story=()
        ),
    ],
)
def test_video_pages_are_refused(page):
    assert refused(page) == "page.video"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (
            html("<title>The Ledger</title>", '<div id="root"></div><script>boot()</script>', story=()),
            "page.script_shell",
        ),
        (html("", "", story=()), "page.empty"),
        (b"<html><body></body></html>", "page.empty"),
        (
            html("<title>About us</title>", "<p>We are a small paper in a small valley.</p>", story=()),
            "page.not_an_article",
        ),
        (b"just some words without a tag in them", "page.not_an_article"),
        (html(og(type="article"), "", story=ENGLISH), "page.no_headline"),
    ],
)
def test_the_rest_is_refused_for_what_is_missing(page, code):
    assert refused(page) == code


@pytest.mark.parametrize(
    "page",
    [
        html("<title>Bridge opens</title>" + ld('{"@type":"NewsArticle","headline":"Bridge opens"}'), "<video></video>", story=()),
        html("<title>Bridge opens</title>" + og(type="article"), '<p>Subscribe to read on</p><input type="password">', story=()),
        html("<title>404 people ran the valley race</title>" + og(type="article")),
        html("<title>503 million for the valley's roads</title>"),
        html("<title>Search results that changed a murder trial</title>" + og(type="article")),
        html("<title>Old bridge to reopen</title>", TEASERS, story=ENGLISH * 3),
        html("<title>Old bridge to reopen</title>", TEASERS + '<input type="password">', story=ENGLISH * 3),

        html("<title>Old bridge to reopen</title>" + og(type="website"), story=ENGLISH * 4),
    ],
)  # fmt: skip
def test_articles_pass_also_behind_a_wall_or_among_teasers(page):
    assert read_page(page).headline


LINKS = "".join(
    f'<li><h3><a href="/a/{n}">What the council decided on evening {n}</a></h3></li>' for n in range(12)
)


@pytest.mark.parametrize(
    "head",
    [
        og(type="article") + ld('{"@graph":[{"@type":"CollectionPage","name":"Ferries"}]}'),
        ld(
            "["
            + ",".join(f'{{"@type":"NewsArticle","headline":"Evening {n} of the council"}}' for n in range(9))
            + "]"
        ),
    ],
    ids=["collection that calls itself an article", "one declared article for each teaser"],
)
def test_a_list_of_articles_is_no_article_whatever_it_declares(head):
    page = html(f"<title>Ferries</title>{head}", f"<h1>Ferries</h1><ul>{LINKS}</ul>", story="")
    assert refused(page) == "page.section_front"


def test_an_error_is_read_where_it_stands_in_no_heading():
    page = html(
        "<title>섬신문</title>", "<div><b>요청하신 페이지를 찾을 수 없습니다.</b></div>", lang="ko", story=""
    )
    assert refused(page) == "page.error"


def test_a_headline_that_begins_with_signing_in_is_a_headline():
    page = html(
        "<title>로그인 안 되는 공공앱, 왜</title>",
        "<h1>로그인 안 되는 공공앱, 왜</h1>",
        lang="ko",
        story=KOREAN * 2,
    )
    assert read_page(page).headline == "로그인 안 되는 공공앱, 왜"

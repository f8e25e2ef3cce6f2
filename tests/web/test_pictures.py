"""The picture proxy fetches what the article names, by the guarded fetcher, and believes first bytes alone."""

import pytest
from pytest_httpserver import HTTPServer

from sharing import models
from sharing.web.pages import pictures
from tests import given
from tests.net.picture_makers import MAKERS, png

pytestmark = pytest.mark.django_db
PNG = png(1200, 630)


@pytest.fixture
def picture(cho, desk, cho_asks, accounts, house, httpserver: HTTPServer):
    """The answer of the proxy, when the publisher answers so."""
    house(fetch_allow=(f"127.0.0.1:{httpserver.port}",))

    def get(body=b"", url=None, **answer):
        httpserver.expect_request("/pic").respond_with_data(body, **answer)
        address = httpserver.url_for("/pic").replace("localhost", "127.0.0.1") if url is None else url
        share = given.a_share(
            desk, accounts["link"], acting=cho_asks, article=given.an_article(image_url=address)
        )
        return cho.get(f"/pictures/{share.article_id}")

    return get


@pytest.mark.parametrize("kind", MAKERS)
def test_five_kinds_are_told_by_their_first_bytes(picture, kind):
    body = MAKERS[kind](1200, 630)
    answer = picture(body, content_type="text/html")
    assert (answer.headers["Content-Type"], answer.content) == (kind, body)
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "answer",
    [
        {
            "body": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "content_type": "image/svg+xml",
        },
        {"body": b"<html>", "content_type": "image/png"},
        {"body": PNG, "status": 404},
        {"body": b""},
        {"body": png(20_000, 20_000)},
    ],
)
def test_everything_else_is_the_placeholder(picture, answer):
    assert picture(**answer).content == pictures.PLACEHOLDER


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/x.png", "file:///etc/passwd", "javascript:1", "http://[::1]/", "x" * 3000]
)
def test_nothing_inside_is_reached(picture, url):
    assert picture(url=url).content == pictures.PLACEHOLDER


def test_a_picture_too_large_is_not_taken(picture):
    assert picture(PNG + b"\0" * 8_000_001).content == pictures.PLACEHOLDER


def test_strangers_get_no_picture(client, db):
    assert client.get("/pictures/1").status_code == 302
    assert models.Article.objects.count() == 0

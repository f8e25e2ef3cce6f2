"""Whatever a page is, it costs little and ends in an Article or a Refusal."""

import resource
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake.page import is_html, read_page
from sharing.words import unicode
from tests.costs import at_most
from tests.intake.fixtures.pages import ENGLISH, html, ld, og

HEAD = "<title>Old bridge to reopen in spring</title>" + og(type="article", image="https://a.example/c.jpg")
WORDS = "word " * 760_000


def page(head="", body=""):
    return html(HEAD + head, body)


HOSTILE = {
    "an attribute of 2 MB": page(body=f'<p class="{"a" * 2_000_000}">x</p>'),
    "300,000 attributes": page(body="<p " + " ".join(f"a{n}" for n in range(300_000)) + ">x</p>"),
    "100,000 nested tags": page(body="<div>" * 100_000),
    "60,000 open paragraphs": page(body="<p>" * 60_000),
    "100,000 open tables": page(body="<table><tr><td>" * 33_000),
    "billion laughs": b'<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + page(body="<h1>&b;&b;</h1>"),
    "a broken charset": page('<meta charset="x-\x00\x7f">').replace(b"bridge", b"br\xff\xfe\xc3\x28idge"),
    "JSON-LD of 5 MB": page(ld('{"@type":"NewsArticle","headline":"' + "a" * 5_000_000 + '"}')),
    "JSON-LD 900,000 deep": page(ld("[" * 900_000)),
    "JSON-LD of 300,000 nodes": page(ld("[" + "{}," * 300_000 + "{}]")),
    "JSON-LD of open comments": page(ld("/*" * 450_000)),
    "JSON-LD of open quotes": page(ld('"\\' * 450_000)),
    "JSON-LD of odd types": page(
        ld('{"__proto__":{"a":1},"constructor":{"prototype":1},"@type":{"a":1},"headline":{"__class__":[[1]]}}')
        + ld('{"@type":"NewsArticle","headline":[{}],"author":{"name":{"__init__":1}},"image":[[[]]],'
             '"datePublished":1e999,"publisher":[1,null],"keywords":[{}],"@graph":{"@graph":3},"articleBody":7}')
        + ld('[null, 1, true, [[{}]], "x"]')
    ),
    "1,000 headings": page(body="<h1>Old bridge to reopen in spring</h1>" * 1000),
    "NULs": page().replace(b"bridge", b"br\0idge").replace(b"<p>", b"\0<p\0>"),
    "half characters in entities": page(body="<h1>Old &#xD800;&#xDFFF; bridge &#0; &#x110000; to reopen in spring</h1>"),
    "half characters in JSON-LD": page(ld('{"@type":"NewsArticle","headline":"Old \\ud800 bridge","author":"A\\udfff B"}')),
    "50,000 metas": page("".join(f'<meta name="author{n}" content="Name {n}">' for n in range(50_000))),
    "a title of 2 MB": html("<title>" + "a | b - " * 250_000 + "</title>" + og(type="article")),
    "nested bylines over 4 MB": page(body='<div class="byline date">' * 1500 + WORDS),
    "nested figures over 4 MB": page(body='<figure><img src="https://a.example/c.jpg"><figcaption>' * 700 + WORDS),
    "a script of 4 MB": page(body="<script>Old bridge to " + "publish" * 500_000 + "</script>"),
    "addresses that are none": page(
        '<link rel=canonical href="http://[::1"><base href="//[">' + og(url="http://a:99999999/x", image="http://[x/y.jpg")
    ),
}  # fmt: skip


def read_or_refused(data, **where):
    try:
        return read_page(data, **where)
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_little_and_is_read_or_refused(name):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_most(3):
        outcome = read_or_refused(HOSTILE[name], url="https://ledger.example/a/1")
    unit = 1 if sys.platform == "darwin" else 1024
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 300 * 1024 * 1024
    if isinstance(outcome, Refusal):
        assert outcome.code.startswith("page.")
    else:
        assert len(outcome.headline) <= unicode.LIMITS["headline"]


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "a title of 2 MB"])
def test_what_is_sound_in_a_hostile_page_is_still_read(name):
    assert "to reopen" in read_page(HOSTILE[name]).headline or "br" in read_page(HOSTILE[name]).headline


@given(st.binary(max_size=3000), st.one_of(st.none(), st.text(max_size=40)))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_article_or_a_refusal(data, content_type):
    assert isinstance(read_or_refused(data, content_type=content_type), Article | Refusal)
    assert is_html(data, content_type) in {True, False}


TAGS = st.sampled_from(
    ["<p>", "</p>", "<h1>", "</h1>", "<title>", "<script>", "</script>", "<!--", "-->", "<a href=", "<div class='byline'>", "<time>",
     "<meta property='og:title' content='", "'>", '"', "&#xD800;", "&amp;amp;#39;", "<svg>", "<br>", "<![CDATA[", "<figure><img src=x>",
     "<script type='application/ld+json'>", '{"@type":"NewsArticle","headline":', '"author":[', "]}", "기자", "2026-03-02", "\0", " | "]
)  # fmt: skip


@given(
    st.lists(st.one_of(TAGS, st.text(max_size=30)), max_size=60), st.one_of(st.none(), st.text(max_size=60))
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_tag_soup_is_an_article_or_a_refusal_and_passes_the_gate(pieces, url):
    soup = ("<html><body>" + " ".join(ENGLISH) + "".join(pieces)).encode("utf-8", "surrogatepass")
    outcome = read_or_refused(soup, url=url)
    assert isinstance(outcome, Article | Refusal)
    if isinstance(outcome, Article):
        for text in (
            outcome.headline,
            *outcome.authors,
            *outcome.tags,
            outcome.site_name,
            outcome.caption,
            outcome.section,
        ):
            assert text is None or text == unicode.one_line(text)
        assert outcome.published_at is None or outcome.published_at.tzinfo
        assert Article.load(outcome.stored()) == outcome

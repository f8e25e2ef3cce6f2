"""Every way to write the address of one article leads to one key; another article's leads to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.addresses import LONGEST, address_key, is_front_page
from sharing.domain.article import Article
from sharing.domain.links import is_tracking, own_pairs, tagged

ONE = "https://news.example/politics/budget?idxno=12"


@pytest.mark.parametrize(
    "address",
    [
        "http://news.example/politics/budget?idxno=12",
        "https://www.news.example/politics/budget?idxno=12",
        "https://WWW.News.Example:443/politics/budget?idxno=12",
        "http://news.example:80/politics/budget/?idxno=12",
        "https://news.example./politics//budget?idxno=12",
        "https://news.example/politics/budget?idxno=12#comments",
        "https://news.example/politics/budget?utm_source=x&idxno=12&utm_medium=social",
        "https://news.example/politics/budget?fbclid=IwAR0&idxno=12&gclid=1&NaPm=ct",
        "https://m.news.example/politics/budget?idxno=12",
        "https://amp.news.example/politics/budget?idxno=12",
        "https://news.example/politics/budget/amp?idxno=12",
        "https://news.example/politics/budget/amp/?idxno=12",
        "https://news.example/amp/politics/budget?idxno=12",
        "https://news.example/politics/amp/budget?idxno=12",
        "https://news.example/politics/budget?idxno=12&amp=1",
        "https://news.example/politics/budget?amp&idxno=12",
        "https://news.example/politics/budget?outputType=amp&idxno=12",
        "https://news.example/politics/budget/print?idxno=12",
        "https://news.example/politics/budget?idxno=12&print=1",
        "https://news.example/politics/budget?view=print&idxno=12",
        "https://news.example/politics/budget/index.html?idxno=12",
        "https://news.example/politics/b%75dget?idxno=%31%32",
        "https://news-example.cdn.ampproject.org/c/s/news.example/politics/budget?idxno=12",
        "https://www.google.com/amp/s/news.example/politics/budget?idxno=12",
        "  https://news.example/politics/budget?idxno=12 ",
    ],
)
def test_these_are_one_article(address):
    assert address_key(address) == address_key(ONE)


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example/politics/budget?idxno=13",
        "https://news.example/politics/budget",
        "https://news.example/politics/budget?id=12",
        "https://news.example/politics/budget-2?idxno=12",
        "https://news.example:8443/politics/budget?idxno=12",
        "https://sports.news.example/politics/budget?idxno=12",
        "https://news.example/politics/budget?idxno=12&page=2",
        "https://news.example/Politics/Budget?idxno=12",
    ],
)
def test_these_are_others(address):
    assert address_key(address) != address_key(ONE)


@pytest.mark.parametrize(
    "name", ["id", "idxno", "aid", "no", "newsid", "article_id", "seq", "p", "ref", "from", "s", "t"]
)
def test_an_id_in_the_query_is_the_article(name):
    first, second = (address_key(f"https://news.example/view?{name}={number}") for number in (1, 2))
    assert first != second
    assert not is_tracking(name)


def test_korean_cms_pages_for_amp_and_print():
    view = address_key("https://news.example/news/articleView.html?idxno=3")
    assert address_key("https://news.example/news/articleViewAmp.html?idxno=3") == view
    assert address_key("https://news.example/news/articlePrint.html?idxno=3") == view
    assert address_key("http://m.news.example/news/articleView.html?idxno=3") == view


def test_korean_hosts_and_paths_have_one_form():
    key = address_key("https://한겨레.example/기사/1")
    assert key == address_key(f"https://{'한겨레'.encode('idna').decode()}.example/%EA%B8%B0%EC%82%AC/1")
    assert key == address_key("https://한겨레.example/%ea%b8%b0%ec%82%ac/1")
    assert key == address_key("https://한겨레.example/기사/1"), "decomposed letters, too"


def test_euc_kr_in_a_query_stays_the_bytes_it_is():
    assert address_key("https://a.example/s?k=%b0%a1") == address_key("https://a.example/s?k=%B0%A1")
    assert address_key("https://a.example/s?k=%B0%A1") != address_key("https://a.example/s?k=%B0%A2")


def test_parameters_may_come_in_any_order():
    assert address_key("https://a.example/v?b=2&a=1") == address_key("https://a.example/v?a=1&b=2")


def test_an_encoded_slash_is_no_slash():
    assert address_key("https://a.example/v/a%2Fb") != address_key("https://a.example/v/a/b")


def test_amp_alone_may_be_a_page():
    assert address_key("https://a.example/amp") != address_key("https://a.example/")


def test_a_key_fits_its_column():
    long = "https://a.example/" + "x" * 2000
    assert len(address_key(long)) <= LONGEST
    assert address_key(long) != address_key(long + "y")


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_its_key_is_stable(text):
    key = address_key(text)
    assert len(key) <= LONGEST
    assert address_key(text) == key


@given(st.text("abc/?&=#%:.@[]가\ud800", max_size=60))
def test_addresses_that_look_real_neither(text):
    address_key(f"https://news.example/{text}")
    is_front_page(f"https://{text}")


def test_a_canonical_address_that_is_only_the_site_leads_nobody_home():
    article = Article(url="https://a.example/story/1", canonical_url="https://a.example/", headline="Ferries")
    assert article.address == "https://a.example/story/1"


def test_the_posted_link_loses_what_followed_its_reader():
    link = tagged("https://a.example/v?idxno=1&fbclid=abc&ref=home", ("x", "social"), "ab2cd3ef4g")
    assert (
        link == "https://a.example/v?idxno=1&ref=home&utm_source=x&utm_medium=social&utm_content=ab2cd3ef4g"
    )
    assert own_pairs("a=1&utm_source=b&c") == ["a=1", "c"]

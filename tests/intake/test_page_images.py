"""The story's picture, its caption and its credit."""

import pytest

from sharing.intake.page import caption, read_page
from tests.intake.fixtures.pages import html, ld, og

TITLE = "<title>Old bridge to reopen in spring</title>" + og(type="article", url="https://ledger.example/a/1")


@pytest.mark.parametrize(
    ("head", "body", "image"),
    [
        (og(image="https://img.example/a.jpg"), "", "https://img.example/a.jpg"),
        (og(image="//img.example/a.jpg"), "", "https://img.example/a.jpg"),
        (og(image="/a.jpg"), "", "https://ledger.example/a.jpg"),
        (og(image="https://img.example/my photo.jpg"), "", "https://img.example/my%20photo.jpg"),
        (og(image="http://img.example/a.jpg") + og(**{"image:secure_url": "https://img.example/a.jpg"}), "",
         "https://img.example/a.jpg"),
        (og(image="https://img.example/site_logo.png") + ld('{"@type":"NewsArticle","image":["https://img.example/b.jpg"]}'),
         "", "https://img.example/b.jpg"),
        (og(image="https://img.example/default.jpg"), '<figure><img data-src="/c.jpg" src="data:x"></figure>',
         "https://ledger.example/c.jpg"),
        ("", '<img src="/icon.png"><article><img width="40" src="/s.jpg"><img width="640" src="/c.jpg"></article>',
         "https://ledger.example/c.jpg"),
        ("", '<article><img src="/c.svg"></article>', None),
        (og(image="javascript:alert(1)"), "", None),
        (og(image="ftp://img.example/a.jpg"), "", None),
        ('<meta name="twitter:image" content="https://img.example/t.jpg">', "", "https://img.example/t.jpg"),
        ("", '<div class="related"><article><img src="/other.jpg"></article></div>', None),
        (og(image="https://img.example/market-share-of-ferries-falls.jpg"), "",
         "https://img.example/market-share-of-ferries-falls.jpg"),
        (og(image="https://img.example/bridge_default_0.jpg"), "", "https://img.example/bridge_default_0.jpg"),
        (og(image="https://img.example/og-default.png"), "", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_the_picture_is_absolute_and_no_logo(head, body, image):
    assert read_page(html(TITLE + head, body)).image_url == image


def test_the_logo_of_the_publisher_is_no_picture():
    block = '{"@type":"NewsArticle","image":"https://img.example/x.png"},{"@type":"Organization","logo":"https://img.example/x.png"}'
    assert read_page(html(TITLE + ld(f"[{block}]"))).image_url is None


def test_the_caption_is_that_of_the_same_picture_in_another_size():
    head = og(image="https://img.example/bridge-1200x630.jpg") + og(**{"image:alt": "An arch"})
    body = (
        '<figure><img src="/other.jpg"><figcaption>Somebody else. Reuters</figcaption></figure>'
        '<figure><img src="https://img.example/bridge_640x480.jpg"><figcaption>The bridge in May. (AP)</figcaption></figure>'
    )
    article = read_page(html(TITLE + head, body))
    assert (article.image_alt, article.caption, article.credit) == ("An arch", "The bridge in May.", "AP")


def test_a_caption_of_another_picture_is_none():
    body = '<figure><img src="/other.jpg"><figcaption>Somebody else. Reuters</figcaption></figure>'
    article = read_page(html(TITLE + og(image="https://img.example/bridge.jpg"), body))
    assert (article.caption, article.credit) == (None, None)


@pytest.mark.parametrize(
    ("text", "words", "credit"),
    [
        ("Kim announces a decision, Thursday afternoon. Yonhap", "Kim announces a decision, Thursday afternoon.", "Yonhap"),
        ("A train in Incheon, Tuesday. Korea Times photo by Park Sun-young", "A train in Incheon, Tuesday.",
         "Korea Times photo by Park Sun-young"),
        ("Ferry crews on Tuesday. Photograph: Jo Lindqvist/Reuters", "Ferry crews on Tuesday.", "Jo Lindqvist/Reuters"),
        ("A cyclist on Fifth Street. (Photo by Dana Okafor/The Ledger)", "A cyclist on Fifth Street.", "Dana Okafor/The Ledger"),
        ("서점 앞에 사람들이 서 있다. (사진=연합뉴스)", "서점 앞에 사람들이 서 있다.", "연합뉴스"),
        ("서점 앞에 사람들이 서 있다. [사진 = 한수진 기자]", "서점 앞에 사람들이 서 있다.", "한수진 기자"),
        ("서점 앞에 사람들이 서 있다. <사진=구청 제공>", "서점 앞에 사람들이 서 있다.", "구청 제공"),
        ("서점 앞에 사람들이 서 있다. /뉴스1", "서점 앞에 사람들이 서 있다.", "뉴스1"),
        ("서점 앞에 사람들이 서 있다. 연합뉴스", "서점 앞에 사람들이 서 있다.", "연합뉴스"),
        ("서점 앞에 사람들이 서 있다. ⓒ 햇빛신문", "서점 앞에 사람들이 서 있다.", "햇빛신문"),
        ("서점 앞에 사람들이 서 있다. 구청 제공", "서점 앞에 사람들이 서 있다.", "구청 제공"),
        ("사진=뉴스1", None, "뉴스1"),
        ("연합뉴스", None, "연합뉴스"),
        ("The bridge (built in 1901) in May.", "The bridge (built in 1901) in May.", None),
        ("서점 앞에 사람들이 서 있다.", "서점 앞에 사람들이 서 있다.", None),
        ("", None, None),
    ],
)  # fmt: skip
def test_a_credit_is_told_from_the_caption(text, words, credit):
    assert caption.split(text) == (words, credit)


def test_a_picture_that_is_only_referred_to_is_looked_up():
    block = ld(
        '{"@graph":[{"@type":"Article","headline":"Old bridge to reopen in spring","image":{"@id":"#lead"}},'
        '{"@type":"ImageObject","@id":"#lead","url":"https://img.example/bridge.jpg","caption":"The bridge."}]}'
    )
    article = read_page(html(TITLE + block))
    assert (article.image_url, article.caption) == ("https://img.example/bridge.jpg", "The bridge.")


def test_an_id_that_leads_nowhere_is_no_picture():
    block = ld(
        '{"@type":"Article","headline":"Old bridge","image":{"@id":"https://ledger.example/a/1#lead"}}'
    )
    assert read_page(html(TITLE + block)).image_url is None

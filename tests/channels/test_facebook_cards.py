"""Which cards Facebook has read a moment ago, so that a second Page's post does not ask for the same again."""

import pytest

from sharing.channels.facebook import cards
from sharing.channels.facebook.cards import Cards
from sharing.domain.message import Message

PAGE = "https://news.mulbit.kr/story/7"


def message(marker="abcdefghij", headline="Night buses run", page=PAGE):
    link = f"{page}?utm_source=facebook&utm_medium=social&utm_content={marker}"
    return Message(channel="facebook", text="words", link=link, length=5, card={"title": headline})


@pytest.fixture
def known():
    known = Cards()
    known.keep(message(), {"url": PAGE})
    return known


def test_what_was_read_for_one_page_is_there_for_the_next(known):
    assert known.has(message(marker="klmnopqrst"))


def test_a_new_headline_is_read_again_at_once(known):
    assert not known.has(message(headline="Night buses will not run"))


def test_another_article_is_another_card(known):
    assert not known.has(message(page=f"{PAGE}1"))


@pytest.mark.parametrize("read", [{}, {"url": ""}, {"url": 7}, {"url": f"{PAGE}?utm_content=abcdefghij"}])
def test_a_card_that_is_not_that_of_every_link_to_it_is_not_remembered(read):
    known = Cards()
    known.keep(message(), read)
    assert not known.has(message())


def test_after_a_minute_it_is_read_again(known, monkeypatch):
    now = cards.time.monotonic()
    monkeypatch.setattr(cards.time, "monotonic", lambda: now + cards.FRESH + 1)
    assert not known.has(message())


def test_no_more_than_so_many_are_remembered(known):
    for number in range(cards._MOST):
        known.keep(
            message(page=f"https://news.mulbit.kr/other/{number}"), {"url": "https://news.mulbit.kr/other"}
        )
    assert not known.has(message())
    assert len(known._read_at) == cards._MOST

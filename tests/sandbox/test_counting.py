from __future__ import annotations

import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sharing.sandbox.x.counting import URL_WEIGHT, links, urls, weighted
from sharing.sandbox.x.domains import COUNTRIES, GENERIC
from tests.costs import at_most
from tests.shared import SHARED, needs_shared

CONFORMANCE = SHARED / "data" / "twitter-text" / "conformance"
#: What X links and we do not: a host with a sign that IDNA forbids, and a Japanese top-level domain without protocol.
NOT_READ = {"Extract valid URL: http://✪df.ws/ejp", "Extract domain followed by Japanese characters"}


def load(name):
    return yaml.safe_load((CONFORMANCE / name).read_text())["tests"]


@needs_shared
@pytest.mark.parametrize(
    "group", ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"]
)
def test_the_conformance_suite_of_config_v3_counts_the_same(group):
    for case in load("validate.yml")[group]:
        assert weighted(case["text"]) == case["expected"]["weightedLength"], case["description"]


@needs_shared
@pytest.mark.parametrize("group", ["urls", "urls_with_directional_markers", "tco_urls_with_params"])
def test_the_conformance_suite_finds_the_same_urls(group):
    for case in load("extract.yml")[group]:
        if case["description"] not in NOT_READ:
            wanted = [each["url"] if isinstance(each, dict) else each for each in case["expected"]]
            assert [each.text for each in urls(case["text"])] == wanted, case["description"]


@needs_shared
def test_every_country_is_known_and_nothing_is_invented():
    known = load("tlds.yml")
    countries = {each["text"].rpartition(".")[2] for each in known["country"]}
    generic = {each["text"].rpartition(".")[2] for each in known["generic"]}
    assert {each for each in countries if each.isascii() and len(each) == 2} <= COUNTRIES
    assert countries >= COUNTRIES
    assert generic >= GENERIC


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("가나다", 6),
        ("…", 2),
        ("“a”", 3),
        ("a–b", 3),
        ("https://news.example.kr/a?b=c", 23),
        ("news.example.kr", 23),
        ("news.example.kr를 보라", 23 + 2 + 1 + 4),
        ("기사(https://a.kr/1)", 4 + 1 + 23 + 1),
        ("기사 https://a.kr/1.", 5 + 23 + 1),
        ("reporter@example.com", 20),
        ("3.5배", 5),
        ("A.B", 3),
        ("❤️", 2),
        ("🇰🇷", 2),
        ("1️⃣", 2),
        ("👍🏽", 2),
        ("각", 2),
        (unicodedata.normalize("NFD", "각"), 2),
        ("https://서울.한국/가", 23 + 2),
    ],
)
def test_examples_counted_by_hand(text, count):
    assert weighted(text) == count


@given(st.text(max_size=300))
def test_any_text_is_counted_between_nothing_and_two_a_code_point_and_23_a_url(text):
    text = unicodedata.normalize("NFC", text)
    assert 0 <= weighted(text) <= 2 * len(text) + URL_WEIGHT * len(urls(text))


@given(st.text(alphabet="가a.:/ htps@()kr", max_size=200))
def test_urls_lie_where_they_say(text):
    for url in urls(text):
        assert text[url.start : url.end] == url.text


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1.evil.nowhere/",
        "http://localhost.nowhere",
        "http://127.0.0.1x/",
        "xhttp://127.0.0.1/",
        "127.0.0.1/a",
        "http://10.0.0.1/",
    ],
)
def test_only_addresses_of_practice_are_links_beside_those_of_x(text):
    assert links(text) == urls(text)


@pytest.mark.parametrize(
    "text",
    [
        "a." * 25_000 + "kr",
        "a.kr/" + "(" * 50_000,
        "a.kr/" + ")" * 50_000,
        "https://" * 6_000,
        "가" * 50_000,
        "👨‍" * 25_000,
        "https://t.co/a/" * 3_000,
        "a.kr " * 10_000,
        "@" * 50_000,
        "1️" * 25_000,
    ],
)
def test_hostile_texts_are_counted_quickly(text):
    with at_most(2):
        weighted(text)
        links(text)

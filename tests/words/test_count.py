import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sharing.words.count import X_LIMIT, two_lines, urls_in, x_weight
from sharing.words.urls import Span
from tests.shared import SHARED, needs_shared

CONFORMANCE = SHARED / "data/twitter-text/conformance"

# What twitter-text publishes beside config v3, and why each of it is not held against us.
NOT_V3 = {
    "validate.tweets": "config v1: 140 characters, every one of weight 1",
    "validate.usernames": "handles are not counted",
    "validate.lists": "lists are not counted",
    "validate.hashtags": "hashtags are not counted",
    "validate.urls": "RFC 3986 of a URL alone (user names, IP addresses), not what is found in a text",
    "validate.urls_without_protocol": "asked by `extract`, too, in texts",
    "extract.mentions": "handles are not counted",
    "extract.mentions_with_indices": "handles are not counted",
    "extract.mentions_or_lists_with_indices": "handles are not counted",
    "extract.replies": "replies are not written by us",
    "extract.hashtags": "hashtags are not counted",
    "extract.hashtags_from_astral": "hashtags are not counted",
    "extract.hashtags_with_indices": "hashtags are not counted",
    "extract.cashtags": "cashtags are not counted",
    "extract.cashtags_with_indices": "cashtags are not counted",
}
# Of the group for config v2, these two count an emoji by its parts; all its others hold in v3 as well.
ONLY_V2 = {
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
}


def cases(name, groups):
    if not CONFORMANCE.exists():
        return []
    tests = yaml.safe_load((CONFORMANCE / f"{name}.yml").read_text(encoding="utf-8"))["tests"]
    return [
        pytest.param(case, id=f"{group}: {case['description']}"[:120])
        for group in groups
        for case in tests[group]
    ]


def found(text):
    return [text[span.start : span.end] for span in urls_in(text)]


@needs_shared
@pytest.mark.parametrize(
    "case",
    cases(
        "validate",
        (
            "WeightedTweetsCounterTest",
            "WeightedTweetsWithDiscountedEmojiCounterTest",
            "UnicodeDirectionalMarkerCounterTest",
        ),
    ),
)
def test_the_weight_is_that_of_config_v3(case):
    expected = case["expected"]
    weight = x_weight(case["text"])
    if case["description"] in ONLY_V2 and expected["weightedLength"] in {16, 9}:
        assert weight < expected["weightedLength"]
        return
    assert weight == expected["weightedLength"]
    no_character = any(mark in case["text"] for mark in "\ufffe\uffff\ufeff")
    assert (0 < weight <= X_LIMIT and not no_character) == expected["valid"]


@needs_shared
@pytest.mark.parametrize("case", cases("extract", ("urls", "tco_urls_with_params")))
def test_the_links_are_those_that_x_makes(case):
    assert found(case["text"]) == case["expected"]


@needs_shared
@pytest.mark.parametrize("case", cases("extract", ("urls_with_indices", "urls_with_directional_markers")))
def test_the_links_are_where_x_finds_them(case):
    # Its positions are UTF-16 units; no text of these groups has a character of two.
    assert urls_in(case["text"]) == [Span(*each["indices"]) for each in case["expected"]]


@needs_shared
def test_every_top_level_domain_that_x_knows_makes_a_link():
    tests = yaml.safe_load((CONFORMANCE / "tlds.yml").read_text(encoding="utf-8"))["tests"]
    listed = [case for group in tests.values() for case in group]
    assert len(listed) > 1500
    assert [case["text"] for case in listed if found(case["text"]) != case["expected"]] == []


@needs_shared
def test_every_other_group_has_its_reason():
    for name in ("validate", "extract"):
        groups = yaml.safe_load((CONFORMANCE / f"{name}.yml").read_text(encoding="utf-8"))["tests"]
        asked = {"WeightedTweetsCounterTest", "WeightedTweetsWithDiscountedEmojiCounterTest"}
        asked |= {"UnicodeDirectionalMarkerCounterTest", "urls", "tco_urls_with_params", "urls_with_indices"}
        asked |= {"urls_with_directional_markers"}
        left = {f"{name}.{group}" for group in groups} - {f"{name}.{group}" for group in asked}
        assert left - {"validate.urls"} <= set(NOT_V3)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("news.example.kr를 보면", ["news.example.kr"]),
        ("https://news.example.kr/a/1에서 확인", ["https://news.example.kr/a/1"]),
        ("누리집(www.예시.한국)과 example.com·example.kr", ["example.com", "example.kr"]),
        ("https://예시.한국/뉴스", ["https://예시.한국/"]),
        ("나타났다.IBM 시큐리티에 따르면", []),
        ("12.3 비상계엄, 3.5%는", []),
        ("기자 desk@news.example.kr", []),
        ("(digitalmedia.co.kr).", ["digitalmedia.co.kr"]),
        ("“example.com”이라고 했다", ["example.com"]),
        ("끝났다.https://example.com", ["https://example.com"]),
        ("#속보example.com", ["example.com"]),
        ("#breaking.com @desk.com $KRX.KR", []),
        ("v2.0.1 and U.S. and a.m.", []),
        ("http://user:pass@example.com", []),
        ("https://example.com/(a(b)c)d).", ["https://example.com/(a(b)c)d"]),
        ("music.kids merch.web", ["music.kids", "merch.web"]),
        ("HTTPS://EXAMPLE.COM", ["HTTPS://EXAMPLE.COM"]),
        (
            "example.com:80 example.com?a=b example.com/?a=b",
            ["example.com", "example.com", "example.com/?a=b"],
        ),
        ("http://example.com:80?a=b", ["http://example.com:80?a=b"]),
        ("xn--그럴리가.example.com", []),
    ],
)
def test_links_in_news_texts(text, links):
    assert found(text) == links


@pytest.mark.parametrize(
    ("emoji", "weight"),
    [
        ("🇰🇷", 2),
        ("🇦🇦", 4),  # no region: two letters
        ("🇨🇶", 2),  # Sark, since Emoji 16
        ("👩🏽‍🚀", 2),
        ("❤️‍🔥", 2),
        ("🐦‍🔥", 2),  # Emoji 15.1
        ("🙂‍↔️", 2),
        ("🫩", 2),  # Emoji 16
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2),
        ("1️⃣", 2),
        ("©️", 2),
        ("©", 1),
        ("™", 2),
        ("🐱🏽", 4),  # a cat has no skin tone
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 4),
        ("한국일보", 8),
        (unicodedata.normalize("NFD", "한국일보"), 8),
        ("…", 2),
        ("ㆍ→ⓒ※▶₩", 12),
        ("🫆", 2),  # fingerprint, Emoji 16
        ("🪾🫜🪉🪏🫟", 10),
        ("🫪", 2),  # Emoji 17
        ("👨‍🩰", 2),
        ("🏃🏽‍♀️‍➡️", 2),
        ("🧑🏿‍🦽‍➡️", 2),
        ("🧑‍🧑‍🧒‍🧒", 2),
        ("🍋‍🟩🍄‍🟫", 4),
        ("⛓️‍💥", 2),
        ("🫱🏻‍🫲🏿", 2),
        ("👩🏼‍❤️‍💋‍👨🏿", 2),
        ("🧑🏽‍🤝‍🧑🏻", 2),
        ("🏴‍☠️🏳️‍🌈🏳️‍⚧️", 6),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("🇰🇷🇯🇵", 4),
        ("🇰🇷🇯", 4),  # a flag and half of one
        ("🇽🇰🇪🇺", 4),
        ("#️⃣*️⃣1⃣", 6),
        ("👍🏽👍", 4),
        ("👨‍👩‍👧‍👦‍👧", 5),  # no such family: four, a joiner, a girl
        ("☎️✈️®️‼️㊗️Ⓜ️", 12),
        ("®", 1),
        ("a\u0301e\u0301", 2),
        ("\u1100\u1161\u11a8", 2),
        ("\u200d\u00a0", 2),
        ("\u3000\ufe0f", 4),
        ("“”‘’–—·", 7),
    ],
)
def test_what_a_character_weighs(emoji, weight):
    assert x_weight(emoji) == weight


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("news.kr에서", 23 + 4),
        ("(mulbit.com)", 23 + 2),
        ("mulbit.kr은 mulbit.kr이", 2 * (23 + 2) + 1),
        ("mulbit.com·mulbit.kr", 23 + 1 + 23),
        ("“mulbit.com”", 23 + 2),
        ("mulbit.com.", 23 + 1),
        ("mulbit.comm", 11),
        ("속보mulbit.com", 4 + 23),
        ("기사.https://mulbit.com", 4 + 1 + 23),
        ("mulbit.com/기사", 23 + 4),  # a path has no Hangul: X ends the link there
        ("https://물빛.한국/기사", 23 + 4),
        ("물빛.한국", 9),  # without a scheme only Latin letters make a link
        ("https://xn--3e0b707e.example.com/", 23),
        ("mulbit.com/a-b_c?x=1#y", 23),
        ("https://mulbit.com/" + "a" * 500, 23),
        ("https://mulbit.com/a.", 23 + 1),
        ("www.mulbit.photography", 23),
        ("desk@mulbit.com @mulbit.com #mulbit.com", 39),
        ("ftp://mulbit.com", 16),
        ("http://localhost https://127.0.0.1/a", 36),
        ("U.S. e.g. p.m. 3.5 a.b", 22),
    ],
)
def test_what_a_text_with_links_weighs(text, weight):
    assert x_weight(text) == weight


@given(st.text(), st.text())
def test_parted_by_a_line_break_weights_add_up(left, right):
    assert x_weight(f"{left}\n{right}") == x_weight(left) + 1 + x_weight(right)


@given(st.text(alphabet="a.가/:?#@-_ htps(com)kr\u2066…"))
def test_links_lie_in_the_text_in_order_and_apart(text):
    past = 0
    for span in urls_in(text):
        assert past <= span.start < span.end <= len(text)
        assert "." in text[span.start : span.end]
        past = span.end


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000,
        "https://example.com/a " * 20_000,
        "a.com가" * 100_000,
        "http://a.com/b가" * 100_000,
        "그는https://a.com" * 50_000,
        "👨‍👩‍👧‍👦" * 50_000,
        "https://a.com/" + "(" * 300_000,
        "#" + "가." * 100_000,
        "#가a.b " * 100_000,
        "." * 300_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_text_is_counted_in_one_pass(text):
    assert x_weight(text) > 0  # anything but one pass runs into the time limit of a test


def test_two_lines_of_a_bubble_hold_whole_words():
    assert two_lines("가" * 16, 160) == 160
    assert two_lines("가" * 16 + " 가", 160) == 160 + 10
    assert two_lines("가나다라마 " * 4, 160) == 160 + 50  # three words to the first line, one to the second
    assert two_lines("가" * 40, 160) > 2 * 160  # a word longer than a line breaks, and still takes its room
    assert two_lines("강변 도시 17곳, 하천 수위 5분마다 공개한다", 160) <= 320


@given(st.text(alphabet="가 a.W…", max_size=80), st.text(alphabet="가 a.W…", max_size=20))
def test_a_bubble_never_fills_less_as_words_are_added(text, more):
    assert two_lines(f"{text} {more}", 160) >= two_lines(text, 160)

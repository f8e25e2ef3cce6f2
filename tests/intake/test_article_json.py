"""The article itself as JSON: every field of the outside surface, what is refused, and strange text."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.article import PUBLIC_FIELDS, Article, Status
from sharing.domain.refusal import Refusal
from sharing.intake.article_json import read_article
from tests.shared import SHARED, needs_shared

SEOUL = ZoneInfo("Asia/Seoul")
WHOLE = {
    "url": "https://news.example/2026/11/budget?idxno=12",
    "canonical_url": "https://news.example/budget",
    "headline": "예산안 본회의 통과",
    "summary": "내년 예산안이 본회의를 통과했다.",
    "image_url": "https://news.example/p/1.jpg",
    "image_alt": "본회의장",
    "caption": "의원들이 표결하고 있다.",
    "credit": "홍길동",
    "authors": ["김서연", "Bo Park"],
    "author_emails": ["kim@news.example"],
    "section": "정치",
    "tags": ["예산", "국회"],
    "language": "ko",
    "published_at": "2026-11-24T09:00:00+09:00",
    "modified_at": "2026-11-24T09:30:00+09:00",
    "embargo_until": "2026-11-24T10:00:00+09:00",
    "site_name": "보기일보",
    "source": "연합",
    "source_id": "A12",
    "status": "published",
}


def read(data, **more):
    return read_article({"article": data, **more} if "article" not in data else data, zone=SEOUL)


def refused(data):
    with pytest.raises(Refusal) as caught:
        read(data)
    return caught.value


def test_every_field_of_the_outside_surface_comes_back_as_it_went_in():
    article = read(WHOLE)
    assert article.public() == WHOLE
    assert set(WHOLE) == set(PUBLIC_FIELDS)


def test_the_inner_object_is_read_alike():
    assert read_article(WHOLE, zone=SEOUL) == read(WHOLE)


def test_a_headline_is_enough():
    assert read({"headline": "속보"}) == Article(headline="속보")


def test_absent_is_null_or_empty():
    empty = {name: [] if isinstance(value, list) else None for name, value in WHOLE.items()}
    blank = {name: [] if isinstance(value, list) else "" for name, value in WHOLE.items()}
    assert read(empty | {"headline": "속보"}) == Article(headline="속보")
    assert read(blank | {"headline": "속보"}) == Article(headline="속보")


def test_unknown_keys_are_left_alone():
    assert read({"headline": "속보", "mood": {"x": 1}}) == Article(headline="속보")


def test_body_label_and_channel_words_come_in_beside_the_surface():
    article = read(
        {"headline": "속보", "body": "첫째.\n\n둘째.", "label": "단독", "channel_words": {"x": "짧게"}}
    )
    assert (article.body, article.label, article.channel_words) == ("첫째.\n\n둘째.", "단독", {"x": "짧게"})


def test_a_time_without_zone_is_the_desks():
    article = read({"headline": "속보", "published_at": "2026-11-24T09:00:00"})
    assert article.published_at == datetime(2026, 11, 24, 9, tzinfo=SEOUL)
    assert article.published_at.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    "written", ["2026-11-24", "2026-11-24 09:00", "20261124T090000Z", "2026-11-24T09:00:00.1Z", "2026-W48-2"]
)
def test_iso_8601_has_many_spellings(written):
    assert read({"headline": "속보", "published_at": written}).published_at.date().isoformat() == "2026-11-24"


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow",
        "2026-13-01",
        "2026-11-24T25:00",
        "24/11/2026",
        1_764_000_000,
        True,
        [],
        "0001-01-01",
        "9999-12-31",
    ],
)
@pytest.mark.parametrize("field", ["published_at", "modified_at", "embargo_until"])
def test_a_time_that_is_none_is_refused_and_named(field, written):
    refusal = refused({"headline": "속보", field: written})
    assert (refusal.code, refusal.field) == ("article.bad_time", field)


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://news.example/1",
        "vbscript:x",
        "//news.example/1",
        "/1",
        "news.example/1",
        "https://",
        "https:///1",
        "http:/news.example",
        "https://user@news.example/",
        "https://user:secret@news.example/",
        "https://news.example\\@evil.example/",
        "https://news.example:99999/",
        "https://[::1",
        "https://new s.example/",
        "https://.../",
        "ｈｔｔｐｓ://news.example",
        "https://" + "a" * 3000,
        "https://" + "a." * 200 + "example/",
    ],
)
@pytest.mark.parametrize("field", ["url", "canonical_url", "image_url"])
def test_an_address_that_leads_nowhere_good_is_refused_and_named(field, written):
    refusal = refused({"headline": "속보", field: written})
    assert refusal.code in {"article.bad_url", "text.too_long"}
    assert refusal.field == field


@pytest.mark.parametrize(
    "written",
    [
        "https://news.example/기사/12",
        "http://localhost:8000/demo/article",
        "https://뉴스.example/1",
        "https://127.0.0.1/1",
        "https://[2001:db8::1]/1",
        "https://news.example./1?a=1&b=%B0%A1#top",
    ],
)
def test_an_address_stays_as_it_was_written(written):
    assert read({"headline": "속보", "url": written}).url == written


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(
            (name, value)
            for name in ("headline", "summary", "section", "url", "body")
            for value in (1, True, [], {})
        ),
        *((name, value) for name in ("authors", "tags") for value in ("one", [1], {"a": 1}, [None], 5)),
        ("author_emails", ["no address"]),
        ("author_emails", ["a@b, c@d"]),
        ("language", "Korean please"),
        ("status", "live"),
        ("status", "PUBLISHED"),
        ("channel_words", ["x"]),
        ("channel_words", {"x": 1}),
        ("channel_words", {"X (Twitter)": "words"}),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_and_named(field, wrong):
    refusal = refused({"headline": "속보", field: wrong})
    assert (refusal.code, refusal.field) == ("article.bad_field", field)


@pytest.mark.parametrize("data", [{"article": None}, {"article": []}, {"article": "x"}])
def test_an_article_that_is_no_object_is_refused(data):
    assert (refused(data).code, refused(data).field) == ("article.bad_field", "article")


@pytest.mark.parametrize("headline", [None, "", "  ", "\u3000", "\u200b\u2060", "\u202e", "\x00"])
def test_a_headline_that_nobody_can_see_is_none(headline):
    assert refused({"headline": headline}).code == "article.no_headline"


def test_too_many_tags_are_refused():
    assert refused({"headline": "속보", "tags": [str(n) for n in range(201)]}).code == "article.too_many"


@pytest.mark.parametrize("status", list(Status))
def test_each_status_is_read(status):
    assert read({"headline": "속보", "status": status.value}).status is status


def test_half_a_character_is_refused_by_name():
    refusal = refused({"headline": "속보", "summary": "\ud800"})
    assert (refusal.code, refusal.field) == ("unicode.surrogate", "summary")


def test_a_headline_as_long_as_a_book_is_refused_by_name():
    refusal = refused({"headline": "가" * 100_000})
    assert (refusal.code, refusal.field) == ("text.too_long", "headline")


def test_markup_is_words_here():
    assert read({"headline": "<르포> a < b <b>c</b>"}).headline == "<르포> a < b <b>c</b>"


@needs_shared
def test_naughty_strings_in_every_field_become_an_article_or_a_refusal():
    strings = json.loads((SHARED / "data/hostile/blns.json").read_text())
    traps = json.loads((SHARED / "data/hostile/unicode_title_traps.json").read_text())
    strings += [
        trap["escaped"].encode("ascii").decode("unicode_escape") * trap.get("repeat", 1) for trap in traps
    ]
    read_ones = 0
    for text in strings:
        for field, value in WHOLE.items():
            try:
                article = read({"headline": "속보", field: [text] if isinstance(value, list) else text})
            except Refusal as refusal:
                assert refusal.field == field  # noqa: PT017 - raised or not, both are right
            else:
                json.dumps(article.stored(), ensure_ascii=False).encode()
                read_ones += 1
    assert read_ones > len(strings)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*WHOLE, "body", "label", "channel_words", "x"]), _json, max_size=8))
def test_any_json_becomes_an_article_or_a_refusal(data):
    try:
        article = read_article({"article": data}, zone=SEOUL)
    except Refusal:
        return
    assert article.headline.strip()
    assert Article.load(article.stored()) == article

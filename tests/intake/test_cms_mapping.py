"""A desk's own mapping: read like the built-in tables, and refused in a sentence where it is wrong."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake import source
from sharing.intake.cms.table import NAMES, check_address, own_table, table

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
PAYLOAD = {
    "kind": "기사",
    "articles": [
        {
            "no": 12,
            "subj": "<b>예산안</b> 통과",
            "lede": "내년 예산안.",
            "writers": [{"nm": "김서연"}],
            "state": "LIVE",
            "at": "2026.11.24 09:00",
            "path": "politics/12",
            "sns": {"tw": "X에 쓸 말"},
        },
        {"no": 13, "subj": "초안", "state": "WORK", "path": "politics/13"},
    ],
}
MAPPING = {
    "items": "articles",
    "address": "https://news.example/{path}",
    "fields": {
        "headline": "subj",
        "summary": ["dek", "lede"],
        "authors": "writers[].nm",
        "published_at": "at",
        "source_id": "no",
    },
    "words": {"x": "sns.tw"},
    "event": [
        {"when": "state == 'LIVE'", "is": "published"},
        {"when": "state == 'WORK'", "is": "draft"},
    ],
}


def read(mapping=None, payload=PAYLOAD, **more):
    data = json.dumps(payload, ensure_ascii=False).encode()
    return source.read(data, zone=SEOUL, now=NOW, mapping=mapping or MAPPING, **more)


def refused(change):
    with pytest.raises(Refusal) as caught:
        own_table(change(json.loads(json.dumps(MAPPING))), {"x", "kakao"})
    return caught.value


def test_a_payload_of_the_desks_own_shape_is_read():
    first, second = read()
    article = first.article
    assert (article.headline, article.summary) == ("예산안 통과", "내년 예산안.")
    assert article.url == "https://news.example/politics/12"
    assert article.authors == ("김서연",)
    assert article.published_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert article.channel_words == {"x": "X에 쓸 말"}
    assert (first.event, first.source_id, first.why_not) == ("published", "12", None)
    assert (second.event, second.why_not.code) == ("draft", "article.draft")


def test_a_path_that_errs_on_a_payload_is_absent():
    mapping = MAPPING | {"fields": {"headline": ["keys(nothing) | [0]", "subj"], "summary": "sum(subj)"}}
    first, _ = read(mapping)
    assert (first.article.headline, first.article.summary) == ("예산안 통과", None)


def test_the_sources_address_goes_before_the_mappings():
    first, _ = read(address="https://m.news.example/{source_id}/{no}")
    assert first.article.url is None, "a part that is missing makes no address"
    first, _ = read(address="https://m.news.example/{id}")
    assert first.article.url == "https://m.news.example/12"


def change(**what):
    return lambda mapping: mapping | what


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        (lambda _: [], "mapping.not_a_table", "mapping"),
        (lambda _: None, "mapping.not_a_table", "mapping"),
        (change(headline="subj"), "mapping.unknown_key", "mapping"),
        (change(detect="a"), "mapping.unknown_key", "mapping"),
        (change(fields={"title": "subj"}), "mapping.unknown_key", "fields"),
        (change(fields=[]), "mapping.not_a_table", "fields"),
        (change(fields={}), "mapping.no_headline", "fields"),
        (change(fields={"headline": "subj["}), "mapping.bad_path", "fields.headline"),
        (change(fields={"headline": ["subj", "a..b"]}), "mapping.bad_path", "fields.headline"),
        (change(fields={"headline": 5}), "mapping.not_a_table", "fields.headline"),
        (change(fields={"headline": [5]}), "mapping.bad_path", "fields.headline"),
        (change(fields={"headline": ""}), "mapping.bad_path", "fields.headline"),
        (change(fields={"headline": "(" * 900}), "mapping.bad_path", "fields.headline"),
        (change(fields={"headline": "a" * 3000}), "mapping.bad_path", "fields.headline"),
        (change(fields={"headline": ["a"] * 100}), "mapping.too_many", "fields.headline"),
        (change(words={"twitter": "sns.tw"}), "mapping.unknown_key", "words"),
        (change(items="["), "mapping.bad_path", "items"),
        (change(items=5), "mapping.bad_path", "items"),
        (change(step="xml"), "mapping.bad_value", "step"),
        (change(step=["jsonapi"]), "mapping.bad_value", "step"),
        (change(locale=5), "mapping.bad_value", "locale"),
        (change(label=[]), "mapping.bad_value", "label"),
        (change(event={}), "mapping.not_a_table", "event"),
        (change(event=["x"]), "mapping.not_a_table", "event"),
        (change(event=[{"when": "a", "is": "live"}]), "mapping.bad_event", "event"),
        (change(event=[{"when": "a", "is": ["draft"]}]), "mapping.bad_event", "event"),
        (change(event=[{"when": "a"}]), "mapping.bad_event", "event"),
        (change(event=[{"is": "draft"}]), "mapping.bad_path", "event"),
        (change(event=[{"when": "a", "is": "draft", "proof": "sworn"}]), "mapping.bad_event", "event"),
        (change(event=[{"when": "a", "is": "draft", "then": "x"}]), "mapping.unknown_key", "event"),
        (change(event=[{"when": "a", "is": "draft"}] * 100), "mapping.too_many", "event"),
        (change(address="news.example/{path}"), "source.bad_address", "address"),
        (change(address=7), "source.bad_address", "address"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(changed, code, field):
    refusal = refused(changed)
    assert (refusal.code, refusal.field) == (code, field)


def test_a_broken_path_says_at_which_column():
    refusal = refused(change(fields={"headline": "subj || a..b"}))
    assert refusal.facts["path"] == "subj || a..b"
    assert refusal.facts["column"] == 11


@pytest.mark.parametrize(
    "address",
    ["https://news.example", "https://news.example/{slug}", "http://localhost:8000/{id}?a={section}"],
)
def test_addresses_that_are_good(address):
    assert check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://{site}/1", "https://news.example{slug}", "{slug}", "https://news.example/{slug", "javascript:{slug}",
        "https://news.example?x={slug}", "https://user@news.example/{slug}", "https://" + "a" * 600, "", None, [],
    ],
)  # fmt: skip
def test_an_address_whose_host_a_stranger_could_fill_is_refused(address):
    with pytest.raises(Refusal) as caught:
        check_address(address)
    assert caught.value.code == "source.bad_address"


@pytest.mark.parametrize(
    "slug", ["//evil.example", "..//..//x", "a?b#c", "@evil.example", "\\evil", "%2e%2e/", "a b", "한글"]
)
def test_a_slug_never_leaves_the_site(slug):
    payload = {"articles": [{"no": 1, "subj": "제목", "path": slug}]}
    (reading,) = read(payload=payload)
    assert reading.article.url.startswith("https://news.example/")
    assert not {"?", "#", " ", "\\"} & set(reading.article.url)


def test_words_for_what_happened_are_found_whatever_their_case():
    own = {
        "fields": {"headline": "subj", "said": ["what", "_body.what"], "stands": "state"},
        "event": [
            {"when": "_said == 'gone'", "is": "deleted"},
            {"when": "_stands == 'true'", "is": "published"},
            {"when": "_stands == ''", "is": "draft"},
        ],
    }
    for payload, event in [
        ({"subj": "제목", "what": " GONE "}, "deleted"),
        ({"subj": "제목", "state": True}, "published"),
        ({"subj": "제목", "what": {"no": "word"}, "state": None}, "draft"),
    ]:
        (reading,) = read(own, payload)
        assert reading.event == event


@pytest.mark.parametrize("name", NAMES)
def test_every_built_in_table_is_sound(name):
    found = table(name)
    assert found.label
    assert found.detect
    assert found.name == name

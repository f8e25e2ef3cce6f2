"""Each CMS in our own words: one file per event in `fixtures/cms`, with how it is read and what must come of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sharing.intake import cms, source
from sharing.intake.reading import Event

CASES = sorted((Path(__file__).parent / "fixtures/cms").glob("*.json"))
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


def read(case, **more):
    data = json.dumps(case["payload"], ensure_ascii=False).encode()
    return source.read(data, zone=SEOUL, now=NOW, **(case["read"] | more))


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_a_payload_becomes_what_its_file_says(path):
    case = json.loads(path.read_text())
    (reading,) = read(case)
    expected = case["expect"]
    assert reading.event == expected["event"]
    assert (reading.why_not and reading.why_not.code) == expected["why_not"]
    if expected["article"] is None:
        assert reading.article is None
    else:
        stored = reading.article.stored()
        assert {name: stored[name] for name in expected["article"]} == expected["article"]


def test_naming_the_format_reads_the_same(path):
    case = json.loads(path.read_text())
    (told,) = read(case, format=path.stem.partition(".")[0])
    (found,) = read(case)
    assert (told.article, told.event) == (found.article, found.event)


def test_an_envelope_of_headers_and_body_is_opened(path):
    case = json.loads(path.read_text())
    headers = case["read"].pop("headers", {})
    if set(case["payload"]) == {"headers", "body"}:
        headers, case["payload"] = case["payload"]["headers"], case["payload"]["body"]
    (enveloped,) = read({**case, "payload": {"headers": headers, "body": case["payload"]}})
    (plain,) = read(case, headers=headers)
    assert (enveloped.article, enveloped.event) == (plain.article, plain.event)


def test_every_cms_and_every_event_has_a_case():
    assert {path.stem.partition(".")[0] for path in CASES} == set(cms.NAMES)
    assert {json.loads(path.read_text())["expect"]["event"] for path in CASES} == set(Event)

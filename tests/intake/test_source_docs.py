"""docs/sources.md names everything there is, and what it shows works."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sharing.channels.registry import channels
from sharing.intake import source
from sharing.intake.cms.steps import STEPS
from sharing.intake.cms.table import FIELDS
from sharing.intake.reading import OLD, Event, Proof
from sharing.intake.signatures import MOST_SIGNATURES, SCHEMES, TOLERANCE, WEAK
from sharing.intake.strict_json import DEPTH

PAGE = (Path(__file__).resolve().parents[2] / "docs/sources.md").read_text()


def shown(kind):
    return json.loads(re.search(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)[1])


@pytest.mark.parametrize(
    "name",
    [
        *source.FORMATS,
        *SCHEMES,
        *Event,
        *sorted(FIELDS),
        *(slug for slug, each in channels().items() if each.takes_cms_words),
        *sorted(STEPS),
        *Proof,
    ],
)
def test_the_page_names_everything(name):
    assert re.search(rf"[`\s:]{re.escape(name)}`", PAGE), f"docs/sources.md does not name {name}"


def test_the_page_names_no_format_and_no_scheme_that_is_not_there():
    formats, signatures = PAGE.split("## Formats")[1], PAGE.split("## Signatures")[1]
    assert set(re.findall(r"^\| `([a-z][\w-]*)` \|", formats.split("###")[0], re.MULTILINE)) == set(
        source.FORMATS
    )
    assert set(re.findall(r"^\| `([a-z][\w-]*)` \|", signatures, re.MULTILINE)) == set(SCHEMES)


def test_the_weak_schemes_are_shown_as_weak():
    rows = PAGE.split("## Signatures")[1].splitlines()
    for scheme in WEAK:
        assert "(weak)" in next(row for row in rows if row.startswith(f"| `{scheme}`"))


def test_the_numbers_are_those_of_the_code():
    assert f"more than {OLD.days} days ago" in PAGE
    assert f"more than {MOST_SIGNATURES} signatures" in PAGE
    assert f"±{TOLERANCE.seconds // 60} min" in PAGE
    assert f"at most {DEPTH} levels" in PAGE
    assert f"up to {source.LIMIT // 1_000_000} MB" in PAGE


def test_the_mapping_that_is_shown_reads_the_payload_that_is_shown():
    (reading,) = source.read(
        json.dumps(shown("payload")).encode(),
        zone=ZoneInfo("Asia/Seoul"),
        now=datetime(2026, 11, 24, 3, tzinfo=UTC),
        mapping=shown("mapping"),
    )
    article = reading.article
    assert (reading.event, reading.why_not) == ("published", None)
    assert (article.headline, article.summary) == ("Budget passes", "The budget passed.")
    assert (article.url, article.authors) == ("https://news.example/politics/12", ("Kim Seo-yeon",))
    assert article.channel_words == {"x": "It passed."}

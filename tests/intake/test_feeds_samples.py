"""The real feeds and the feedparser samples, each held to what its own comment expects."""

import ast
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake import feeds, source
from sharing.intake.markup import text_of
from tests.shared import SHARED, needs_shared

FEEDS = SHARED / "data/cms/feeds"
SAMPLES = sorted(FEEDS.glob("*.xml")) if FEEDS.exists() else []
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")

#: What feedparser calls it -> the same in an Entry. What is not here (types, lengths, schemes) is no part of an
#: article; those samples are held to being read at all.
FIELDS = {
    "title": lambda entry: entry.title,
    "description": lambda entry: entry.summary,
    "summary": lambda entry: entry.summary,
    "link": lambda entry: entry.link,
    "guid": lambda entry: entry.id,
    "published": lambda entry: entry.published,
    "author": lambda entry: f"{entry.people[0]} ({entry.emails[0]})",
    "author_detail.name": lambda entry: entry.people[0],
    "links.0.href": lambda entry: entry.link,
    "source.title": lambda entry: entry.source,
    "media_thumbnail.0.url": lambda entry: entry.image,
    "media_credit.0.content": lambda entry: entry.credit,
}
_EXPECTED = re.compile(
    r"entries\[(\d+)\]((?:\['\w+'\]|\[\d+\])+)\s*==\s*(\"\"\".*?\"\"\"|'(?:[^'\\]|\\.)*')", re.DOTALL
)


def expectations(text):
    comment = text[text.index("Expect:") : text.index("-->")]
    for number, path, literal in _EXPECTED.findall(comment):
        name = ".".join(re.findall(r"\w+", path))
        yield int(number), name, ast.literal_eval(literal)


@needs_shared
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_as_its_comment_expects(path):
    data = path.read_bytes()
    try:
        feed = feeds.parse(data)
    except Refusal as refusal:
        pytest.fail(f"{refusal}")
    if path.stem == "sitemap":
        assert len(feed.entries) == 84
        assert feed.entries[0].link == "https://www.sitemaps.org/"
        return
    for number, name, expected in expectations(data.decode("cp949")):
        if name in FIELDS:
            found = FIELDS[name](feed.entries[number])
            assert text_of(found) == text_of(expected), name


@needs_shared
def test_the_comments_were_understood():
    checked = sum(
        name in FIELDS
        for path in SAMPLES
        if "sitemap" not in path.stem
        for _, name, _ in expectations(path.read_bytes().decode("cp949"))
    )
    assert checked >= 25


@needs_shared
def test_a_title_in_euc_kr_is_the_feeds():
    assert feeds.parse((FEEDS / "encoding__euc-kr.xml").read_bytes()).title == "년"


@needs_shared
@pytest.mark.parametrize(
    ("sample", "number", "headline", "url"),
    [
        ("feed.json", 25, "Keller Rinaudo: How can delivery drones save lives?", "https://www.npr.org/2021/10/29/1050315385/"),
        ("feed1.atom", 2, "Atom-Powered Robots Run Amok", "http://example.org/2003/12/13/atom03"),
        ("json__example.json", 2, "post 2", "https://example.org/second-item"),
    ],
)  # fmt: skip
def test_a_real_feed_becomes_articles_newest_first(sample, number, headline, url):
    readings = source.read((FEEDS / sample).read_bytes(), zone=SEOUL, now=NOW)
    assert len(readings) == number
    assert readings[0].article.headline == headline
    assert readings[0].article.url.startswith(url)
    times = [reading.article.published_at for reading in readings if reading.article]
    assert times == sorted(times, key=lambda moment: moment or NOW, reverse=True)


@needs_shared
def test_an_entry_that_links_to_itself_only_has_no_page():
    readings = source.read((FEEDS / "feed1.atom").read_bytes(), zone=SEOUL, now=NOW)
    lonely = next(r for r in readings if r.article.headline == "Self-referenced link")
    assert lonely.article.url is None


@needs_shared
def test_a_json_item_without_title_says_so():
    readings = source.read((FEEDS / "json__example.json").read_bytes(), zone=SEOUL, now=NOW)
    assert [(r.source_id, r.why_not and r.why_not.code) for r in readings] == [
        ("2", None),
        ("1", "article.no_headline"),
    ]

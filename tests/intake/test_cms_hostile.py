"""Whatever stands in a payload, out come Readings or a Refusal: never anything else, never anything dangerous."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake import cms, feeds, source
from sharing.intake.reading import Reading
from tests.costs import at_most
from tests.shared import SHARED, needs_shared

CASES = [json.loads(p.read_text()) for p in sorted((Path(__file__).parent / "fixtures/cms").glob("*.json"))]
RICHEST = {
    name: max(
        (p for p in (Path(__file__).parent / "fixtures/cms").glob(f"{name}.*.json")),
        key=lambda p: len(json.loads(p.read_text())["expect"]["article"] or ()),
    )
    for name in cms.NAMES
}
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
INVISIBLE = set("\u202e\u2066\u200b\ufeff\x00\x1b")


def outcome(data, **more):
    """The Readings, or None for a Refusal; checked to be fit for the database and for readers' eyes."""
    try:
        readings = source.read(data, zone=SEOUL, now=NOW, **more)
    except Refusal as refusal:
        json.dumps(refusal.facts, ensure_ascii=False).encode()
        return None
    assert readings
    for reading in readings:
        assert isinstance(reading, Reading)
        assert reading.article or reading.why_not
        if reading.why_not:
            json.dumps(reading.why_not.facts, ensure_ascii=False).encode()
        if reading.article:
            check(reading.article)
    return readings


def check(article):
    stored = json.dumps(article.stored(), ensure_ascii=False)
    stored.encode()
    assert not INVISIBLE & set(stored)
    assert "\n" not in article.headline
    assert article.headline.strip()
    for address in (article.url, article.canonical_url, article.image_url):
        assert address is None or address.startswith(("http://", "https://"))
    assert Article.load(article.stored()) == article


def leaves(value, path=()):
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from leaves(each, (*path, key))


def put(payload, path, value):
    for key in path[:-1]:
        payload = payload[key]
    payload[path[-1]] = value


def naughty():
    strings = json.loads((SHARED / "data/hostile/blns.json").read_text())
    traps = json.loads((SHARED / "data/hostile/unicode_title_traps.json").read_text())
    return strings + [
        trap["escaped"].encode("ascii").decode("unicode_escape") * trap.get("repeat", 1) for trap in traps
    ]


@needs_shared
@pytest.mark.parametrize("name", cms.NAMES)
def test_naughty_strings_go_through_every_table(name):
    case = json.loads(RICHEST[name].read_text())
    texts = [p for p in leaves(case["payload"]) if isinstance(at(case["payload"], p), str)]
    read_ones = 0
    for number, text in enumerate(naughty()):
        payload = copy.deepcopy(case["payload"])
        put(payload, texts[number % len(texts)], text)
        read_ones += outcome(json.dumps(payload).encode(), format=name, **case["read"]) is not None
    assert read_ones > 300


@needs_shared
def test_naughty_strings_go_through_titles_and_addresses():
    case = json.loads(RICHEST["plain"].read_text())
    for text in naughty():
        for field in ("title", "link"):
            outcome(json.dumps(case["payload"] | {field: text}).encode())


@needs_shared
def test_naughty_strings_go_through_feeds():
    for text in naughty():
        escaped = text.encode("utf-8", "replace").decode().replace("&", "&amp;").replace("<", "&lt;")
        for written in (escaped, f"<![CDATA[{escaped}]]>", text.encode("utf-8", "replace").decode()):
            xml = f"<rss><channel><item><title>{written}</title><link>{written}</link><description>{written}</description></item></channel></rss>"
            outcome(xml.encode(), format="feed")


def at(value, path):
    for key in path:
        value = value[key]
    return value


@pytest.mark.parametrize("name", cms.NAMES)
def test_an_object_where_a_text_should_stand_never_shows(name):
    case = json.loads(RICHEST[name].read_text())
    for path in leaves(case["payload"]):
        for odd in ({"9odd": 1}, [{"9odd": 1}], 7, True, None):
            payload = copy.deepcopy(case["payload"])
            put(payload, path, odd)
            readings = outcome(json.dumps(payload).encode(), format=name, **case["read"]) or ()
            for article in (each.article for each in readings if each.article):
                assert "9odd" not in json.dumps(article.stored()), (path, odd)


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(
        ["<b>", "&#x202e;", "&amp;lt;", "javascript:x", "//x", "2026-02-30", "\ud800", "x" * 1500, "{slug}"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400)
@given(case=st.sampled_from(CASES), data=st.data())
def test_any_field_may_hold_anything(case, data):
    payload = copy.deepcopy(case["payload"])
    for _ in range(data.draw(st.integers(1, 4))):
        put(payload, data.draw(st.sampled_from(list(leaves(payload)))), data.draw(_json))
        if not list(leaves(payload)):
            break
    outcome(json.dumps(payload).encode(), **case["read"])


@settings(max_examples=300)
@given(
    body=st.lists(_json) | st.dictionaries(st.text(), _json),
    name=st.sampled_from([None, *source.FORMATS[:-2]]),
)
def test_any_json_is_read_or_refused(body, name):
    outcome(json.dumps(body).encode(), format=name)


@settings(max_examples=200)
@given(st.binary(max_size=200), st.sampled_from(["article", "feed", "newsml", "nitf", *cms.NAMES]))
def test_any_bytes_are_read_or_refused(data, name):
    outcome(data, format=name)


_marks = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "<title>", "</title>", "</item>", "<link>", "<![CDATA[", "]]>", "<!--",
     "<?xml version='1.0'?>", "<!DOCTYPE x [", "]>", "&lt;", "&x;", "<feed>", "<entry>", "<newsItem>", "<nitf>",
     "<urlset>", "<url>", "<loc>", "한글", "\x00", "http://a.example/", "<", ">", "&", '"'],
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(_marks, max_size=25))
def test_any_markup_is_read_or_refused(marks):
    data = "".join(marks).encode()
    for name in ("feed", "newsml"):
        outcome(data, format=name)


class TestTimeIsBounded:
    """Each of these is large and strange; none may take long. Measured here at 10 to 300 ms."""

    def soon(self, data, seconds=3.0, **more):
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        with at_most(seconds):
            outcome(data, **more)

    @pytest.mark.parametrize(
        "unit", ["<", "<a", "<a ", '<a href="', "&", "&amp;", "&#", "</", "<!--", "<![CDATA["]
    )
    def test_markup_that_never_ends(self, unit):
        self.soon({"title": "제목", "url": "https://news.example/1", "body": unit * 100_000})

    def test_elements_in_elements(self):
        self.soon({"title": "제목", "url": "https://news.example/1", "body": "<b>" * 200_000 + "깊다."})

    def test_sentences_without_end(self):
        for unit in (". ", "a.", "…", "다. ", '."'):
            self.soon({"title": "제목", "url": "https://news.example/1", "excerpt": unit * 100_000})

    def test_a_million_tags(self):
        self.soon({"title": "제목", "url": "https://news.example/1", "tags": ["t"] * 1_000_000})

    def test_a_byline_of_commas(self):
        self.soon(
            {"title": "제목", "url": "https://news.example/1", "author": "," * 300_000 + " and " * 100_000}
        )

    def test_dates_of_digits(self):
        self.soon({"title": "제목", "url": "https://news.example/1", "date": "9" * 300_000})

    def test_links_upon_links(self):
        people = [{"type": "user--user", "id": str(n)} for n in range(2000)]
        node = {"type": "node--article", "id": "n", "attributes": {"title": "제목"}}
        node["relationships"] = {f"r{n}": {"data": people} for n in range(20)}
        included = [
            {**person, "attributes": {"name": "x"}, "relationships": {"friends": {"data": people[:200]}}}
            for person in people
        ]
        self.soon({"data": [node], "included": included})

    def test_feeds_full_of_markup(self):
        for unit in (b"<item>", b"<title>", b"&lt;", b"<!--", b"&x;", b"<?x?>", b"<![CDATA["):
            self.soon(b"<rss>" + unit * 200_000, format="feed")

    def test_prologs_without_end(self):
        for unit in (b"<!---->", b"<?x ?>", b"<!DOCTYPE a>", b"<!--", b"\n", b"<!DOCTYPE a ["):
            self.soon(unit * 100_000, format="feed")
            self.soon(unit * 100_000)

    def test_an_article_of_ten_megabytes(self):
        self.soon({"title": "제목", "url": "https://news.example/1", "body": "가" * 3_000_000})


def test_too_many_records_are_refused():
    posts = [{"title": {"rendered": "제목"}, "link": "https://news.example/1"}] * 1001
    with pytest.raises(Refusal, match=r"source\.too_many"):
        source.read(json.dumps(posts).encode(), zone=SEOUL, now=NOW)


def test_a_feed_of_bad_entries_costs_none_of_the_good():
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example/{n}</link></item>"
        for n, title in enumerate(["가" * 2000, "제목", ""])
    )
    codes = [
        r.why_not and r.why_not.code
        for r in feeds.read_feed(f"<rss>{items}</rss>".encode(), url=None, zone=SEOUL, now=NOW)
    ]
    assert codes == ["text.too_long", None, "article.no_headline"]

"""The dispatcher: what a source is, told by its bytes or by name, and what is refused in one sentence."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.article import Status
from sharing.domain.refusal import Refusal
from sharing.intake import cms, source
from sharing.intake.reading import OLD, Event
from tests.costs import at_most

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
ARTICLE = {"url": "https://news.example/1", "headline": "예산안 본회의 통과"}


def read(data, **more):
    data = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return source.read(data, zone=SEOUL, now=NOW, **more)


def only(data, **more):
    (reading,) = read(data, **more)
    return reading


def refused(data, **more):
    with pytest.raises(Refusal) as caught:
        read(data, **more)
    return caught.value


class TestOurOwnFormat:
    def test_an_article_is_published_unless_it_says_otherwise(self):
        reading = only({"article": ARTICLE})
        assert (reading.event, reading.why_not, reading.article.headline) == (
            Event.PUBLISHED, None, "예산안 본회의 통과",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("status", "event", "why_not"),
        [
            (Status.PUBLISHED, Event.PUBLISHED, None),
            (Status.DRAFT, Event.DRAFT, "article.draft"),
            (Status.WITHDRAWN, Event.UNPUBLISHED, "article.withdrawn"),
            (Status.SCHEDULED, Event.SCHEDULED, "article.scheduled_without_time"),
            (Status.EMBARGOED, Event.EMBARGOED, "article.embargoed_without_time"),
        ],
    )
    def test_its_status_says_what_happened(self, status, event, why_not):
        reading = only({"article": ARTICLE | {"status": status}})
        assert (reading.event, reading.why_not and reading.why_not.code) == (event, why_not)
        assert reading.article.status is status

    def test_scheduled_and_embargoed_wait_for_their_time(self):
        later = "2026-11-25T09:00:00+09:00"
        scheduled = only({"article": ARTICLE | {"status": "scheduled", "published_at": later}})
        embargoed = only({"article": ARTICLE | {"status": "embargoed", "embargo_until": later}})
        assert (scheduled.why_not, embargoed.why_not) == (None, None)

    def test_an_embargo_in_the_future_holds_what_is_called_published(self):
        reading = only({"article": ARTICLE | {"embargo_until": "2026-11-24T12:01:00"}})
        assert (reading.event, reading.article.status) == (Event.EMBARGOED, Status.EMBARGOED)

    @pytest.mark.parametrize("event", list(Event))
    def test_an_event_beside_the_article_is_taken_at_its_word(self, event):
        assert only({"event": event, "article": ARTICLE}).event is event

    def test_an_event_that_does_not_exist_is_refused(self):
        assert refused({"event": "exploded", "article": ARTICLE}).field == "event"

    def test_what_is_deleted_needs_no_headline(self):
        reading = only({"event": "deleted", "article": {"source_id": "A12"}})
        assert (reading.article, reading.source_id, reading.why_not.code) == (
            None,
            "A12",
            "article.withdrawn",
        )

    def test_an_old_article_is_meant_when_it_is_sent_as_one(self):
        reading = only({"article": ARTICLE | {"published_at": "2019-08-22T09:00:00+09:00"}})
        assert (reading.event, reading.why_not) == (Event.PUBLISHED, None)

    def test_the_list_that_extract_prints_is_read_again(self):
        first, second = read({"articles": [ARTICLE, {"headline": ""}]})
        assert first.article.headline == "예산안 본회의 통과"
        assert (second.article, second.why_not.code) == (None, "article.no_headline")

    def test_without_address_it_takes_the_one_it_is_given(self):
        assert only({"article": {"headline": "속보"}}).why_not.code == "article.no_url"
        assert (
            only({"article": {"headline": "속보"}}, url="https://news.example/2").article.url
            == "https://news.example/2"
        )
        assert only({"article": ARTICLE}, url="https://news.example/2").article.url == ARTICLE["url"]


POST = {
    "title": {"rendered": "제목"},
    "link": "https://news.example/1",
    "type": "post",
    "status": "publish",
}


class TestAge:
    def age(self, difference):
        moment = (NOW - difference).strftime("%Y-%m-%dT%H:%M:%S")
        return only(POST | {"date_gmt": moment}).event

    def test_a_week_is_the_limit(self):
        assert self.age(OLD) is Event.PUBLISHED
        assert self.age(OLD * 1.01) is Event.IMPORTED


class TestTellingApart:
    def test_a_korean_headline_in_brackets_is_no_json(self):
        assert not source._JSON_START.match("[속보] 예산안 통과".encode())
        assert not source._JSON_START.match("{속보} 예산안".encode())

    @pytest.mark.parametrize(
        "data", [b"{}", b'{"a":1}', b"[1]", b'["a"]', b"[{}]", b"[]", b" \n{\n}", b"[-1]", b"[null]"]
    )
    def test_json_is_known_by_its_first_marks(self, data):
        assert source._JSON_START.match(data)

    def test_the_content_type_decides_where_the_bytes_do_not(self):
        assert refused(b"oops", content_type="application/json; charset=utf-8").code == "source.broken_json"
        assert (
            refused(b"oops", content_type="application/vnd.contentful.management.v1+json").code
            == "source.broken_json"
        )

    def test_a_format_may_be_named_in_several_ways(self):
        for name in ("article", "ARTICLE", "auto", "", None):
            assert only({"article": ARTICLE}, format=name).article
        rss = b"<rss><item><title>a</title></item></rss>"
        for name in ("feed", "rss", "atom", "sitemap", "feeds"):
            assert only(rss, format=name).article.headline == "a"

    def test_a_format_that_does_not_exist_is_refused_with_those_that_do(self):
        refusal = refused({}, format="drupal7")
        assert (refusal.code, refusal.field) == ("source.unknown_format", "format")
        assert "wordpress" in refusal.facts["known"]

    @pytest.mark.parametrize("name", cms.NAMES)
    def test_a_payload_of_another_kind_is_not_what_it_is_called(self, name):
        assert refused({"unknown": {"shape": 1}}, format=name).code in {
            "source.wrong_format",
            "source.no_article",
        }

    def test_json_of_no_known_shape_is_refused(self):
        for body in ({}, [], {"a": 1}, [1, 2], [[]], {"headline": "only"}):
            assert refused(body).code in {"source.not_recognised", "source.no_article"}

    def test_xml_of_no_known_shape_is_refused(self):
        refusal = refused(b"<?xml version='1.0'?><opml/>", format="feed")
        assert refusal.code == "feed.unknown"


class TestJson:
    """The doors of webhook_vectors.json that are not signatures."""

    def test_a_broken_body_is_told_by_line_and_column(self):
        refusal = refused(b'{"article": {\n  "headline": "a",\n  oops}}')
        assert (refusal.code, refusal.facts) == ("source.broken_json", {"line": 3, "column": 3})

    def test_a_byte_order_mark_is_refused(self):
        assert refused(b"\xef\xbb\xbf" + json.dumps({"article": ARTICLE}).encode()).code == "source.bom"

    def test_utf_16_is_refused(self):
        body = json.dumps({"article": ARTICLE})
        assert refused(body.encode("utf-16")).code == "source.not_utf8"
        assert refused(body.encode("utf-16-le")).code == "source.not_text"
        assert refused(body.encode("utf-16"), content_type="application/json").code == "source.not_utf8"

    def test_latin_1_is_refused(self):
        assert refused('{"article": {"headline": "é"}}'.encode("latin-1")).code == "source.not_utf8"

    @pytest.mark.parametrize(
        "body",
        [
            '{"article": {"headline": "a"}, "article": {"headline": "b"}}',
            '{"article": {"headline": "a", "headline": "b"}}',
            '{"post": {"current": {"title": "a", "title": "b"}, "previous": {}}}',
            '[{"title": {"rendered": "a"}, "link": "x", "link": "y"}]',
        ],
    )
    def test_a_key_twice_is_refused_where_fields_stand(self, body):
        assert refused(body.encode()).code == "source.double_key"

    def test_a_key_twice_deep_down_is_what_agencies_send(self):
        body = b'{"uri": "https://w.example/1", "headline": "a", "associations": {"v": {"renditions": {"b": 1, "b": 2}}}}'
        assert only(body).article.headline == "a"

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000])
    def test_what_is_no_number_is_refused(self, number):
        assert (
            refused(f'{{"article": {{"headline": "a", "n": {number}}}}}'.encode()).code
            == "source.not_a_number"
        )

    @pytest.mark.parametrize("depth", [101, 1_000, 10_000, 1_000_000])
    @pytest.mark.parametrize("brackets", ["[]", ("{" + '"a":', "}")])
    def test_depth_is_refused(self, depth, brackets):
        body = brackets[0] * depth + ("1" if brackets[0] != "[" else "") + brackets[1] * depth
        with at_most(2):
            assert refused(body.encode()).code == "source.too_deep"

    def test_an_envelope_with_json_in_a_string_is_opened_and_held_to_the_same(self):
        envelope = {"headers": {}, "body": json.dumps({"title": "a", "url": "https://news.example/1"})}
        assert only(envelope).article.headline == "a"
        assert refused({"headers": {}, "body": "{oops"}).code == "source.broken_json"


class TestRefusedOutright:
    def test_more_than_ten_megabytes(self):
        refusal = refused(b" " * (source.LIMIT + 1))
        assert (refusal.code, refusal.status) == ("source.too_big", 413)

    @pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\x00\x00"])
    def test_nothing_at_all(self, data):
        assert refused(data).code == "source.empty"

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"%PDF-1.7\n", "PDF"),
            (b"PK\x03\x04\x14\x00", "ZIP, DOCX, HWPX"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "HWP, DOC"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
            (b"GIF89a", "GIF"),
            (b"RIFF\x00\x00\x00\x00WEBP", "WebP, WAV"),
            (b"\x1f\x8b\x08\x00", "gzip"),
            (b"{\\rtf1\\ansi", "RTF"),
        ],
    )
    def test_what_holds_no_words(self, data, kind):
        refusal = refused(data)
        assert (refusal.code, refusal.facts) == ("source.binary", {"kind": kind})

    @pytest.mark.parametrize("data", [b"\x00\x00\x00\x20ftypisom", b"text with \x00 in it"])
    def test_what_is_no_text_at_all(self, data):
        assert refused(data).code == "source.not_text"

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "not a url", "file:///etc/passwd", ""])
    def test_an_address_that_is_none(self, url):
        refusal = refused({"article": ARTICLE}, url=url)
        assert (refusal.code, refusal.field) == ("article.bad_url", "url")


def test_formats_are_those_that_are_told_apart():
    assert ("article", *cms.NAMES, "feed", "newsml", "nitf", "page", "text") == source.FORMATS


class TestPagesAndPastedText:
    page = """<!doctype html><html lang="ko"><head><title>예산안 통과 - 보기일보</title>
      <meta property="og:type" content="article"><meta property="og:title" content="예산안 통과">
      <meta property="article:published_time" content="2019-08-22T09:00:00+09:00">
      <link rel="canonical" href="https://news.example/1"></head><body><article><h1>예산안 통과</h1>
      <p>내년 예산안이 본회의를 통과했다. 야당은 강하게 반발하며 회의장을 나갔다.</p>
      <p>정부는 다음 달부터 예산을 나누어 쓴다고 밝혔다. 자세한 내용은 곧 나온다.</p></article></body></html>"""

    @pytest.mark.parametrize("start", ["", "\n\n", "\ufeff", "<!-- a -->\n"])
    def test_a_page_is_known_as_one(self, start):
        reading = only((start + self.page).encode(), url="https://news.example/1?utm_source=x")
        assert reading.article.headline == "예산안 통과"
        assert reading.article.canonical_url == "https://news.example/1"

    def test_an_old_page_is_meant_when_somebody_gives_it(self):
        assert only(self.page.encode(), url="https://news.example/1").event is Event.PUBLISHED

    def test_a_page_may_be_named(self):
        assert only(self.page.encode(), format="page", url="https://news.example/1").article

    @pytest.mark.parametrize(
        "first", ["[속보] 예산안 본회의 통과", "{단독} 예산안 통과", "<르포> 예산안 통과", "예산안 통과"]
    )
    def test_pasted_text_is_text_whatever_it_begins_with(self, first):
        text = f"{first}\n\n내년 예산안이 본회의를 통과했다. 야당은 강하게 반발하며 회의장을 나갔다."
        for encoding in ("utf-8", "utf-8-sig", "cp949", "utf-16"):
            reading = only(text.encode(encoding))
            assert "예산안" in reading.article.headline
            assert reading.why_not.code == "article.no_url"

    def test_a_list_of_somebody_elses_articles_is_a_batch_of_them(self):
        items = [{"title": f"Ferry {n}", "url": f"https://news.example/{n}"} for n in (1, 2)]
        for around in ({"articles": items}, {"status": "ok", "results": items}, {"data": items}):
            readings = source.read(json.dumps(around).encode(), zone=SEOUL, now=NOW)
            assert [r.article.headline for r in readings] == ["Ferry 1", "Ferry 2"]
            assert {r.event for r in readings} == {Event.IMPORTED}

    def test_an_empty_list_of_articles_is_empty(self):
        assert refused(b'{"articles": []}').code == "source.empty"

    def test_xml_of_no_known_shape_is_not_taken_for_text(self):
        assert refused(b"<?xml version='1.0'?><opml><body/></opml>").code == "source.not_recognised"

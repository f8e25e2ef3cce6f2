"""Wire copy in XML: NewsML-G2 and NITF, in our own words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake import source
from sharing.intake.reading import Event

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'

HEADLINE = "<headline>예산안 &#8216;통과&#8217;</headline>"


def newsml(*, status="stat:usable", kind="ninat:text", headline=HEADLINE, meta="", root="newsItem"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <{root} {NAR} guid="urn:newsml:wire.example:1" version="2" standard="NewsML-G2" xml:lang="ko">
      <rightsInfo><copyrightHolder><name>보기통신</name></copyrightHolder></rightsInfo>
      <itemMeta>
        <itemClass qcode="{kind}"/><pubStatus qcode="{status}"/>
        <firstCreated>2026-11-24T08:00:00+09:00</firstCreated>
        <versionCreated>2026-11-24T09:00:00+09:00</versionCreated>
        <service qcode="s:p"><name>정치</name></service>{meta}
      </itemMeta>
      <contentMeta>
        <headline role="hld:subhed">작은 제목</headline>{headline}
        <by>김서연·홍길동 기자</by><description role="drol:summary">내년 예산안이 통과했다.</description>
        <subject qcode="x:1"><name>예산</name></subject><keyword>국회</keyword><language tag="ko-KR"/>
      </contentMeta>
      <contentSet><inlineXML contenttype="application/nitf+xml"><nitf xmlns=""><body><body.content>
        <p>첫째 문단.</p><p>둘째 문단.</p></body.content></body></nitf></inlineXML></contentSet>
    </{root}>"""


def nitf(docdata="", headline="<hl1>예산안 통과</hl1>"):
    return f"""<nitf xml:lang="ko"><head><title>slug</title>
      <docdata {docdata}><doc-id id-string="A1" regsrc="보기통신"/><date.issue norm="20261124T000000Z"/>
        <key-list><keyword key="예산"/></key-list></docdata><pubdata position.section="정치"/></head>
      <body><body.head><hedline>{headline}</hedline><byline>By <person>김서연</person><byttl>기자</byttl></byline>
        <abstract><p>내년 예산안이 통과했다.</p></abstract></body.head>
      <body.content><p>첫째 문단.</p><media media-type="image"><media-reference source="https://wire.example/1.jpg"/>
        <media-caption>표결</media-caption><media-producer>홍길동</media-producer></media></body.content></body></nitf>"""


def read(xml, **more):
    return source.read(xml.encode(), zone=SEOUL, now=NOW, **more)


def only(xml, **more):
    (reading,) = read(xml, **more)
    return reading


def test_a_newsml_item_becomes_an_article():
    reading = only(newsml(), url="https://news.example/1")
    article = reading.article
    assert (reading.event, reading.why_not) == (Event.PUBLISHED, None)
    assert article.headline == "예산안 ‘통과’"
    assert article.url == "https://news.example/1"
    assert article.authors == ("김서연", "홍길동")
    assert article.summary == "내년 예산안이 통과했다."
    assert article.body == "첫째 문단.\n\n둘째 문단."
    assert (article.section, article.tags, article.language) == ("정치", ("예산", "국회"), "ko-KR")
    assert article.source == "보기통신"
    assert article.source_id == "urn:newsml:wire.example:1"
    assert article.published_at == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_wire_copy_without_address_says_so():
    assert only(newsml()).why_not.code == "article.no_url"


def test_a_link_to_the_published_page_is_its_address():
    link = '<link rel="irel:seeAlso" contenttype="text/html" href="https://news.example/9"/>'
    assert only(newsml(meta=link)).article.url == "https://news.example/9"


def test_a_template_makes_the_address_of_wire_copy():
    template = "https://news.example/{year}/{month}/{id}"
    for xml in (newsml(), nitf()):
        reading = only(xml, address=template)
        assert reading.article.url == f"https://news.example/2026/11/{reading.source_id}"
        assert reading.why_not is None


def test_a_guid_that_is_an_address_is_the_articles():
    xml = newsml().replace("urn:newsml:wire.example:1", "https://news.example/w/1")
    assert only(xml).article.url == "https://news.example/w/1"


def test_the_title_of_an_html_copy_is_no_part_of_it():
    copy = "<html><head><title>slug</title></head><body><p>첫째 문단.</p></body></html>"
    nitf_copy = newsml()[newsml().index("<nitf") : newsml().index("</nitf>") + len("</nitf>")]
    assert only(newsml().replace(nitf_copy, copy)).article.body == "첫째 문단."


def test_a_newsml_item_without_headline_says_so():
    reading = only(newsml(headline="").replace('<headline role="hld:subhed">작은 제목</headline>', ""))
    assert (reading.article, reading.why_not.code) == (None, "article.no_headline")


@pytest.mark.parametrize(
    ("status", "meta", "event", "why_not"),
    [
        ("stat:canceled", "", Event.UNPUBLISHED, "article.withdrawn"),
        ("stat:withheld", "", Event.EMBARGOED, "article.embargoed_without_time"),
        ("stat:withheld", "<embargoed>2026-11-25T00:00:00Z</embargoed>", Event.EMBARGOED, None),
        ("stat:usable", "<embargoed>2026-11-25T00:00:00Z</embargoed>", Event.EMBARGOED, None),
        ("stat:usable", "<embargoed>2026-11-23T00:00:00Z</embargoed>", Event.PUBLISHED, None),
        ("http://cv.iptc.org/newscodes/pubstatusg2/usable", "", Event.PUBLISHED, None),
    ],
)
def test_what_a_wire_says_about_publishing_is_understood(status, meta, event, why_not):
    reading = only(newsml(status=status, meta=meta), url="https://news.example/1")
    assert (reading.event, reading.why_not and reading.why_not.code) == (event, why_not)


def test_an_embargo_that_cannot_be_read_is_refused_not_ignored():
    reading = only(newsml(meta="<embargoed>noon</embargoed>"))
    assert (reading.article, reading.why_not.code) == (None, "article.bad_time")


@pytest.mark.parametrize(
    ("xml", "what"),
    [(newsml(kind="ninat:picture"), "picture"), (newsml(root="packageItem"), "packageItem")],
)
def test_a_picture_or_a_package_is_no_article(xml, what):
    reading = only(xml)
    assert (reading.event, reading.why_not.facts) == (Event.OTHER, {"what": what})


def test_a_message_of_several_items_gives_several_readings():
    items = "".join(newsml().partition("?>")[2].replace("wire.example:1", f"wire.example:{n}") for n in "12")
    readings = read(f"<newsMessage {NAR}><header/><itemSet>{items}</itemSet></newsMessage>")
    assert [reading.source_id[-1] for reading in readings] == ["1", "2"]


def test_a_nitf_document_becomes_an_article():
    article = only(nitf(), url="https://news.example/1").article
    assert (article.headline, article.authors, article.section) == ("예산안 통과", ("김서연",), "정치")
    assert (article.summary, article.tags, article.source) == (
        "내년 예산안이 통과했다.",
        ("예산",),
        "보기통신",
    )
    assert (article.image_url, article.caption, article.credit) == (
        "https://wire.example/1.jpg",
        "표결",
        "홍길동",
    )
    assert article.body.startswith("첫째 문단.")
    assert article.published_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_nitf_that_is_withdrawn_or_withheld_says_so():
    assert only(nitf('management-status="canceled"')).event is Event.UNPUBLISHED
    assert only(nitf('management-status="withheld"')).why_not.code == "article.embargoed_without_time"


def test_nitf_without_headline_falls_back_to_its_title():
    assert only(nitf(headline="")).article.headline == "slug"


@pytest.mark.parametrize(
    "xml", ["<newsMessage/>", "<newsMessage><itemSet/></newsMessage>", "<newsItem", "<nitf>"]
)
def test_an_empty_or_broken_file_is_refused_or_says_what_it_lacks(xml):
    try:
        reading = only(xml)
    except Refusal as refusal:
        assert refusal.code in {"source.no_article", "source.broken_xml", "source.wrong_format"}  # noqa: PT017
    else:
        assert reading.why_not.code == "article.no_headline"


def test_entities_in_wire_copy_stay_unread(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("비밀")
    xml = f'<!DOCTYPE newsItem [<!ENTITY x SYSTEM "file://{secret}">]>' + newsml().partition("?>")[2].lstrip()
    assert "비밀" not in str(only(xml.replace("첫째", "&x;")).article)

"""Feeds of every format, in our own words: what becomes of each element, and in which order."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake.feeds import hub_links, parse, read_feed
from sharing.intake.reading import Event

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
URL = "https://news.example/feed.xml"


def read(xml, url=URL):
    return read_feed(xml if isinstance(xml, bytes) else xml.encode(), url=url, zone=SEOUL, now=NOW)


def only(xml, url=URL):
    (reading,) = read(xml, url)
    return reading


def rss(*items, channel=""):
    return f"<rss version='2.0'><channel><title>보기일보</title>{channel}{''.join(items)}</channel></rss>"


def item(**fields):
    tags = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><title>제목</title><link>https://news.example/1</link>{tags}</item>"


RSS_ITEM = """
<item>
  <title>예산안 &lt;b&gt;통과&lt;/b&gt; &amp;amp; 후폭풍</title>
  <link> https://news.example/view?idxno=12&amp;page=1 </link>
  <guid isPermaLink="false">A-12</guid>
  <description><![CDATA[<p>내년 예산안이 본회의를 통과했다.</p> <p>야당은 반발했다.</p>]]></description>
  <content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">&lt;p&gt;첫째 문단.&lt;/p&gt;&lt;p&gt;둘째 문단.&lt;/p&gt;</content:encoded>
  <author>kim@news.example (김서연 기자)</author>
  <category>정치</category><category>국회</category>
  <pubDate>Tue, 24 Nov 2026 09:00:00 +0900</pubDate>
  <media:content xmlns:media="http://search.yahoo.com/mrss/" url="/p/small.jpg" medium="image" width="320"/>
  <media:content xmlns:media="http://search.yahoo.com/mrss/" url="/p/large.jpg" medium="image" width="1280">
    <media:description>의원들이 표결하고 있다.</media:description><media:credit>홍길동</media:credit>
  </media:content>
</item>"""


def test_an_rss_item_becomes_an_article():
    reading = only(rss(RSS_ITEM, channel="<language>ko</language>"))
    article = reading.article
    assert reading.event is Event.PUBLISHED
    assert reading.why_not is None
    assert article.headline == "예산안 통과 & 후폭풍"
    assert article.url == "https://news.example/view?idxno=12&page=1"
    assert (article.source_id, reading.source_id) == ("A-12", "A-12")
    assert article.summary == "내년 예산안이 본회의를 통과했다. 야당은 반발했다."
    assert article.body == "첫째 문단.\n\n둘째 문단."
    assert article.authors == ("김서연",)
    assert article.author_emails == ("kim@news.example",)
    assert (article.section, article.tags) == ("정치", ("정치", "국회"))
    assert article.published_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert article.image_url == "https://news.example/p/large.jpg"
    assert article.site_name == "보기일보"
    assert article.language == "ko"


def test_an_atom_entry_becomes_an_article():
    article = only("""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><title>보기일보</title>
      <link rel="self" href="https://news.example/atom"/>
      <author><name>보기일보</name></author>
      <entry xml:base="https://news.example/">
        <title type="html">예산안 &lt;i&gt;통과&lt;/i&gt;</title>
        <link rel="enclosure" type="image/jpeg" href="/p/1.jpg"/>
        <link rel="alternate" type="application/json" href="/1.json"/>
        <link rel="alternate" type="text/html" href="/1"/>
        <id>tag:news.example,2026:1</id>
        <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">본회의를 <b>통과</b>했다.</div></summary>
        <category term="politics" label="정치"/>
        <published>2026-11-24T00:00:00Z</published><updated>2026-11-24T01:00:00Z</updated>
        <source><title>연합</title></source>
      </entry></feed>""").article
    assert article.headline == "예산안 통과"
    assert article.url == "https://news.example/1"
    assert article.image_url == "https://news.example/p/1.jpg"
    assert article.summary == "본회의를 통과했다."
    assert article.authors == (), "the outlet's own name is no author"
    assert article.section == "정치"
    assert article.source == "연합"
    assert article.modified_at - article.published_at == timedelta(hours=1)


def test_an_atom_title_of_type_text_keeps_what_looks_like_a_tag():
    xml = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&lt;르포&gt; &lt;b&gt; 태그의 모든 것</title>
      <link href="https://news.example/1"/></entry></feed>"""
    assert only(xml).article.headline == "<르포> <b> 태그의 모든 것"


def test_atom_03_and_rss_10_are_read():
    old_atom = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>
      <title type="text/html" mode="escaped">예산안 &lt;b&gt;통과&lt;/b&gt;</title>
      <link rel="alternate" type="text/html" href="https://news.example/1"/>
      <issued>2026-11-24T09:00:00+09:00</issued><modified>2026-11-24T10:00:00+09:00</modified>
      </entry></feed>"""
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://news.example/"><title>보기일보</title></channel>
      <item rdf:about="https://news.example/1"><title>예산안 통과</title><link>https://news.example/1</link>
      <dc:date>2026-11-24T09:00:00+09:00</dc:date><dc:creator>김서연</dc:creator></item></rdf:RDF>"""
    for xml in (old_atom, rdf):
        article = only(xml).article
        assert (article.headline, article.url) == ("예산안 통과", "https://news.example/1")
        assert article.published_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert only(rdf).source_id == "https://news.example/1"


def test_a_json_feed_item_becomes_an_article():
    reading = only("""{"version": "https://jsonfeed.org/version/1.1", "title": "보기일보", "language": "ko",
      "items": [{"id": 7, "url": "/1", "title": "a < b", "summary": "한 줄.", "content_html": "<p>본문.</p>",
        "image": "/p/1.jpg", "authors": [{"name": "김서연"}], "tags": ["정치"],
        "date_published": "2026-11-24T09:00:00+09:00"}]}""")
    article = reading.article
    assert (article.headline, article.url, article.body) == ("a < b", "https://news.example/1", "본문.")
    assert (article.authors, article.tags, article.language) == (("김서연",), ("정치",), "ko")
    assert reading.source_id == "7"


def test_a_google_news_sitemap_is_a_feed():
    article = only("""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
      <loc>https://news.example/1</loc>
      <news:news><news:publication><news:name>보기일보</news:name><news:language>ko</news:language></news:publication>
      <news:publication_date>2026-11-24T09:00:00+09:00</news:publication_date><news:title>예산안 통과</news:title>
      <news:keywords>예산, 국회</news:keywords></news:news>
      <image:image><image:loc>https://news.example/p/1.jpg</image:loc></image:image></url></urlset>""").article
    assert (article.headline, article.url) == ("예산안 통과", "https://news.example/1")
    assert (article.site_name, article.language, article.tags) == ("보기일보", "ko", ("예산", "국회"))
    assert article.image_url == "https://news.example/p/1.jpg"


def test_a_plain_sitemap_knows_addresses_only():
    reading = only(
        "<urlset><url><loc>https://news.example/1</loc><lastmod>2026-11-24</lastmod></url></urlset>"
    )
    assert reading.article is None
    assert reading.why_not.code == "article.no_headline"
    assert reading.source_id == "https://news.example/1"


def test_a_list_of_sitemaps_is_refused_with_its_own_word():
    with pytest.raises(Refusal, match=r"feed\.index"):
        read("<sitemapindex><sitemap><loc>https://news.example/s1.xml</loc></sitemap></sitemapindex>")


def test_the_newest_comes_first_and_what_has_no_time_comes_after():
    xml = rss(
        "<item><title>undated</title><link>https://news.example/0</link></item>",
        "<item><title>old</title><link>https://news.example/1</link><pubDate>Mon, 23 Nov 2026 09:00:00 GMT</pubDate></item>",
        "<item><title>new</title><link>https://news.example/2</link><pubDate>Tue, 24 Nov 2026 02:00:00 GMT</pubDate></item>",
    )
    assert [reading.article.headline for reading in read(xml)] == ["new", "old", "undated"]


def test_what_was_published_weeks_ago_is_history():
    reading = only(rss(item(pubDate="Sun, 01 Nov 2026 09:00:00 GMT")))
    assert (reading.event, reading.why_not.code) == (Event.IMPORTED, "event.imported")


class TestKoreanFeeds:
    @pytest.mark.parametrize(
        "written",
        ["2026-11-24 09:17:53", "2026.11.24 09:17:53", "2026/11/24 09:17:53", "20261124091753",
         "Tue, 24 Nov 2026 09:17:53", "Tue, 24 Nov 2026 09:17:53 KST", "화, 24 11월 2026 09:17:53 +0900",
         "(화) 24 11월 2026 09:17:53", "화요일, 24 11월 2026 09:17:53 KST", "2026년 11월 24일 오전 9:17:53"],
    )  # fmt: skip
    def test_a_date_without_zone_is_the_desks(self, written):
        article = only(rss(item(pubDate=written))).article
        assert article.published_at == datetime(2026, 11, 24, 9, 17, 53, tzinfo=SEOUL)

    def test_an_afternoon_is_an_afternoon(self):
        article = only(rss(item(pubDate="2026-11-23 오후 7:17"))).article
        assert article.published_at == datetime(2026, 11, 23, 19, 17, tzinfo=SEOUL)

    @pytest.mark.parametrize("written", ["0000-00-00 00:00:00", "어제", "", "24", "2026-02-30", "9" * 50])
    def test_a_date_that_is_none_leaves_the_article_undated(self, written):
        assert only(rss(item(pubDate=written))).article.published_at is None

    @pytest.mark.parametrize("charset", ["euc-kr", "ks_c_5601-1987", "EUC-KR", "cp949", "utf-8"])
    def test_every_korean_encoding_is_read(self, charset):
        encoded = rss(item(description="한글이 보인다.")).encode("utf-8" if charset == "utf-8" else "cp949")
        xml = f'<?xml version="1.0" encoding="{charset}"?>'.encode() + encoded
        assert only(xml).article.summary == "한글이 보인다."

    def test_syllables_that_euc_kr_lacks_are_read_all_the_same(self):
        xml = b'<?xml version="1.0" encoding="euc-kr"?>' + rss(item(description="뷁쀍 똠방각하.")).encode(
            "cp949"
        )
        assert only(xml).article.summary == "뷁쀍 똠방각하."

    def test_utf_8_that_calls_itself_euc_kr_is_utf_8(self):
        xml = b'<?xml version="1.0" encoding="euc-kr"?>' + rss(item(description="한글이 보인다.")).encode()
        assert only(xml).article.summary == "한글이 보인다."

    def test_a_feed_without_declaration_in_cp949_is_read(self):
        assert (
            only(rss(item(description="한글이 보인다.")).encode("cp949")).article.summary == "한글이 보인다."
        )

    @pytest.mark.parametrize(
        "xml",
        [
            f"<channel><title>보기일보</title>{item()}{item()}</channel>",
            f"{item()}{item()}",
            f"<?xml version='1.0' encoding='UTF-8'?>\n\n{item()}\n{item()}",
            f"\ufeff<?xml version='1.0'?><!-- 시작 --><rss>{item()}{item()}</rss>",
        ],
    )
    def test_a_feed_without_its_root_is_read(self, xml):
        assert [reading.article.headline for reading in read(xml)] == ["제목", "제목"]

    def test_a_description_cut_in_mid_sentence_loses_the_piece(self):
        text = "내년 예산안이 본회의를 통과했다. 야당은 강하게 반발하며 다음 주에 열릴 예정인"
        assert only(rss(item(description=text))).article.summary == "내년 예산안이 본회의를 통과했다."

    def test_a_description_of_one_cut_sentence_keeps_its_ellipsis(self):
        assert (
            only(rss(item(description="야당은 강하게 반발하며 ..."))).article.summary
            == "야당은 강하게 반발하며…"
        )

    def test_a_description_that_ends_well_stays(self):
        for text in ("예산안이 통과했다. 야당은 반발했다", "부담 커졌다", "짧은 덱", "“통과했다.”"):
            assert only(rss(item(description=text))).article.summary == text

    def test_names_of_entities_that_xml_does_not_know_are_read(self):
        assert (
            only(rss(item(description="한국&middot;미국&nbsp;정상&hellip;"))).article.summary
            == "한국·미국 정상…"
        )


class TestLinksAndIds:
    def link(self, xml):
        return only(rss(f"<item><title>제목</title>{xml}</item>")).article.url

    def test_ampersands_that_begin_nothing_stay_in_the_link(self):
        plain = "https://news.example/view?idxno=7&page=2&copyright=1"
        assert self.link(f"<link>{plain}</link>") == plain
        assert self.link(f"<link><![CDATA[{plain}]]></link>") == plain
        assert self.link(f"<link>{plain.replace('&', '&amp;')}</link>") == plain
        assert (
            only(rss("<item><title>R&D & AT&T</title><link>/1</link></item>")).article.headline
            == "R&D & AT&T"
        )

    def test_an_atom_link_stands_on_the_base_that_its_feed_names(self):
        entry = '<entry><id>t:1</id><title>제목</title><link href="p/1"/></entry>'
        xml = (
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/daily/">{entry}</feed>'
        )
        assert only(xml).article.url == "https://news.example/daily/p/1"

    def test_a_guid_that_is_an_address_is_the_link_where_there_is_none(self):
        assert self.link("<guid>https://news.example/1</guid>") == "https://news.example/1"
        assert self.link('<guid isPermaLink="true">https://news.example/1</guid>') == "https://news.example/1"

    def test_a_guid_that_says_it_is_no_address_is_none(self):
        assert self.link('<guid isPermaLink="false">https://news.example/1</guid>') is None
        assert self.link("<guid>A12</guid>") is None

    def test_the_link_wins_over_the_guid(self):
        assert (
            self.link("<guid>https://a.example/</guid><link>https://b.example/</link>")
            == "https://b.example/"
        )

    def test_feedburner_tells_the_link_behind_its_own(self):
        xml = '<link>https://feeds.example/~r/1</link><feedburner:origLink xmlns:feedburner="f">https://news.example/1</feedburner:origLink>'
        assert self.link(xml) == "https://news.example/1"

    def test_a_link_broken_over_lines_is_mended(self):
        assert self.link("<link>\nhttps://news.example/\n1\n</link>") == "https://news.example/1"

    def test_a_relative_link_joins_the_feeds_address(self):
        assert self.link("<link>/1?a=2</link>") == "https://news.example/1?a=2"

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://news.example/1"])
    def test_a_dangerous_link_costs_its_own_entry_only(self, link):
        first, second = read(rss(f"<item><title>a</title><link>{link}</link></item>", item()))
        assert (first.article, first.why_not.code) == (None, "article.bad_url")
        assert second.article.headline == "제목"

    def test_a_very_long_guid_keeps_its_identity(self):
        ids = [only(rss(item(guid="g" * 3000 + end))).source_id for end in "ab"]
        assert len(set(ids)) == 2
        assert max(map(len, ids)) <= 300

    def test_an_entry_without_id_goes_by_its_link(self):
        assert only(rss(item())).source_id == "https://news.example/1"


def test_hubs_are_found_in_rss_atom_and_json():
    hub, own = "https://hub.example/", "https://news.example/feed"
    link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub}"/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{own}"/>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="{hub}"/><link rel="self" href="{own}"/></feed>'
    json_feed = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [], "feed_url": "{own}", "hubs": [{{"type": "WebSub", "url": "{hub}"}}]}}'
    for data in (rss(item(), channel=link), atom, json_feed):
        assert hub_links(data.encode()) == ([hub], own)


def test_a_hub_that_is_no_web_address_is_no_hub():
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="javascript:x"/></feed>'
    assert hub_links(atom.encode()) == ([], None)


class TestHostileFeeds:
    def test_entities_are_not_expanded(self):
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        xml = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>' + rss(item(description="&l9;웃음."))
        assert only(xml).article.summary == "웃음."

    def test_files_and_networks_are_not_read(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("비밀")
        for dtd in (f'<!ENTITY x SYSTEM "file://{secret}">', '<!ENTITY x SYSTEM "http://127.0.0.1:9/">'):
            assert only(f"<!DOCTYPE rss [{dtd}]>" + rss(item(description="&x;끝."))).article.summary == "끝."

    def test_a_broken_end_costs_the_end_only(self):
        xml = rss(item(), item())[:-60]
        assert read(xml)[0].article.headline == "제목"

    def test_depth_is_bounded(self):
        deep = "<a>" * 100_000
        for xml in (deep, f"<rss>{deep}", rss(item(description=f"<![CDATA[{'<b>' * 50_000}깊다.]]>"))):
            try:
                readings = read(xml)
            except Refusal as refusal:
                assert refusal.code in {"feed.unknown", "feed.empty", "source.broken_xml"}  # noqa: PT017
            else:
                assert len(readings) == 1

    def test_entries_are_bounded(self):
        assert len(read(rss(item() * 5000))) == 2000

    @pytest.mark.parametrize("data", [b"", b"<rss/>", b"<rss><channel/></rss>", b"<feed/>", b"<urlset/>"])
    def test_a_feed_without_entries_says_so(self, data):
        with pytest.raises(Refusal, match=r"feed\.(empty|unknown)"):
            read(data)

    @pytest.mark.parametrize("data", [b"<html/>", b"plain", b"{}", b"\xff\xfe\xff", b"<?xml version='1.0'?>"])
    def test_what_is_no_feed_is_refused(self, data):
        with pytest.raises(Refusal):
            parse(data)

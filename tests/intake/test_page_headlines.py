"""The right headline, and no site's name behind it."""

import pytest

from sharing.intake.page import read_page
from sharing.intake.page.sites import without_site
from tests.intake.fixtures.pages import KOREAN, html, ld, og

SITES = frozenset({"한국신문", "theledger", "ledger", "ledgerexample", "햇빛tv"})


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("의회, 예산안 처리 또 미뤘다-정치ㅣ한국신문", "의회, 예산안 처리 또 미뤘다"),
        ("의회, 예산안 처리 또 미뤘다 | 한국신문", "의회, 예산안 처리 또 미뤘다"),
        ("의회, 예산안 처리 또 미뤘다 - 한국신문", "의회, 예산안 처리 또 미뤘다"),
        ("의회, 예산안 처리 또 미뤘다 :: 공감 미디어 :: 한국신문", "의회, 예산안 처리 또 미뤘다"),
        ("의회, 예산안 처리 또 미뤘다 : 뉴스 : 한국신문", "의회, 예산안 처리 또 미뤘다 : 뉴스"),
        ("의회, 예산안 처리 또 미뤘다 < 정치 < 한국신문", "의회, 예산안 처리 또 미뤘다"),
        ("Council puts off budget again - The Ledger", "Council puts off budget again"),
        ("Council puts off budget again | Politics | The Ledger", "Council puts off budget again"),
        ("Council puts off budget again – ledger.example", "Council puts off budget again"),
        ("Council puts off budget again — www.other-site.org", "Council puts off budget again"),
        ("The Ledger | Council puts off budget again", "Council puts off budget again"),
        *(
            (f"Council puts off budget again {mark} The Ledger", "Council puts off budget again")
            for mark in "❘‖⟩›→▶★■＿»·"
        ),
        ("의회, 예산안 처리 또 미뤘다 - 남해매일신문", "의회, 예산안 처리 또 미뤘다"),
        ("의회, 예산안 처리 또 미뤘다-정치ㅣ남해매일신문", "의회, 예산안 처리 또 미뤘다"),
        (":: 섬소식 :: 의회, 예산안 처리 또 미뤘다", "의회, 예산안 처리 또 미뤘다"),
        ("这个约会软件想帮你找对象_智能_好奇心", "这个约会软件想帮你找对象"),
    ],
)
def test_the_sites_name_goes(text, headline):
    assert without_site(text, SITES) == headline


@pytest.mark.parametrize(
    "text",
    [
        "논썰 | 예산안을 네 번 미룬 의회가 말하지 않는 것",
        "한미-한일 정상회담 잇따라 열린다",
        "만세운동 백 년 - 3.1운동",
        "„Wir waren fast 40 Tage in Quarantäne“",
        "Hun voksede op her: »Jeg synes, det var en styrke«",
        "«Wir bleiben»",
        "Spider-Man: No way home",
        "Q&A - what the budget means for you and your family",
        "A < B, says the court",
        "물가 급등 - 흔들리는 서민 경제",
        "섬으로 가는 길 → 다시 열린 뱃길",
    ],
)
def test_what_is_no_site_stays(text):
    assert without_site(text, SITES) == text


def read(head="", body="", **page):
    return read_page(html(head, body, **page)).headline


def test_a_headline_before_a_site_that_is_named_nowhere_is_longer_than_what_is_cut():
    assert read("<title>Council puts off budget again | Some Site</title>") == "Council puts off budget again"


def test_the_h1_that_shares_words_with_the_title_wins_over_a_logo():
    head = "<title>Council puts off the budget | The Ledger</title>" + og(title="Council puts off the budget")
    body = "<h1>The Ledger</h1><h1>Council puts off budget for a fourth time</h1><h1>Newsletter sign-up</h1>"
    assert read(head, body) == "Council puts off budget for a fourth time"


def test_what_the_logo_on_the_way_home_says_is_the_sites_name():
    head = "<title>Council puts off budget - Pelican Gazette Online</title>"
    body = '<a href="/"><img src="/l.png" alt="Pelican Gazette Online"></a><div>Council puts off budget</div>'
    assert read(head, body) == "Council puts off budget"


def test_an_h1_that_only_names_the_site_yields_to_what_is_declared():
    head = "<title>Coast</title>" + og(title="Council puts off the budget again", type="article")
    assert (
        read(head, "<h1>Coast</h1><h2>Council puts off the budget again</h2>")
        == "Council puts off the budget again"
    )


def test_json_ld_and_open_graph_together_outvote_the_h1():
    head = og(title="Council puts off budget") + ld(
        '{"@type":"NewsArticle","headline":"Council puts off budget"}'
    )
    assert read(head, "<h1>Council puts off its budget again</h1>") == "Council puts off budget"


def test_a_kicker_glued_to_the_h1_goes():
    head = og(title="Council puts off budget again") + "<title>Council puts off budget again</title>"
    assert (
        read(head, "<h1><span>Politics</span> Council puts off budget again</h1>")
        == "Council puts off budget again"
    )


def test_a_headline_that_was_cut_for_open_graph_is_taken_whole_from_the_h1():
    head = og(title="Council puts off budget again as talks over school meals and bus…", type="article")
    whole = "Council puts off budget again as talks over school meals and bus fares collapse"
    assert read(head, f"<h1>{whole}</h1>") == whole


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("법원, &quot;무효&quot; 판결 확정", '법원, "무효" 판결 확정'),
        ("법원, &amp;quot;무효&amp;quot; 판결 확정", '법원, "무효" 판결 확정'),
        ("법원, amp;#39;무효amp;#39; 판결 확정", "법원, '무효' 판결 확정"),
        ("사건 apos;냉장고apos; 항소심 시작", "사건 '냉장고' 항소심 시작"),
        ("R&amp;amp;D 예산 다시 늘린다", "R&D 예산 다시 늘린다"),
        ("&lt;b&gt;속보&lt;/b&gt; 예산안 다시 미뤄", "속보 예산안 다시 미뤄"),
        ("&lt;속보&gt; 예산안 다시 미뤄", "<속보> 예산안 다시 미뤄"),
        ("예산안\u200b 다시\u00a0 미뤄\n 졌다", "예산안 다시 미뤄 졌다"),
        ("예산안 \u202e다시\u202c 미뤄졌다", "예산안 다시 미뤄졌다"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af 예산안 미뤄", "한글 예산안 미뤄"),
    ],
)
def test_entities_and_tags_left_in_a_headline_are_read_away(written, headline):
    assert read(og(title=written, type="article"), lang="ko", story=KOREAN) == headline


def test_json_ld_with_comments_commas_and_entities_is_still_read():
    block = """<!-- { "@type": "NewsArticle", // the story
        "headline": "의회, &quot;예산안&quot; 처리 미뤄", /* as printed */
        "image": ["https://a.example/1.jpg",], } -->"""
    assert read(ld(block), lang="ko", story=KOREAN) == '의회, "예산안" 처리 미뤄'


def test_of_several_articles_in_json_ld_the_pages_own_counts():
    nodes = '[{"@type":"NewsArticle","headline":"Another story altogether"},{"@type":"NewsArticle","headline":"Old bridge to reopen"}]'
    assert read("<title>Old bridge to reopen - Ledger</title>" + ld(nodes)) == "Old bridge to reopen"


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        ("제목: 예산안 처리 미뤄".encode("cp949"), "euc-kr"),
        ("제목: 예산안 처리 미뤄".encode("cp949"), "utf-8"),
        ("제목: 예산안 처리 미뤄".encode("cp949"), "iso-8859-1"),
        ("제목: 예산안 처리 미뤄".encode(), "euc-kr"),
        ("제목: 예산안 처리 미뤄".encode("cp949").decode("latin-1").encode(), "euc-kr"),
        ("Übergrößen für Füße verboten".encode("latin-1"), "iso-8859-1"),
        ("Übergrößen für Füße verboten".encode(), "iso-8859-1"),
        ("予算案の採決また延期、議会".encode("euc_jp"), "euc-jp"),
        ("予算案の採決また延期、議会".encode("cp932"), "shift_jis"),
        ("Бюджет снова отложен".encode("cp1251"), "windows-1251"),
    ],
)
def test_the_encoding_is_found_whatever_is_declared(data, declared):
    page = b"<meta charset=" + declared.encode() + b"><title>" + data + b"</title><p>" + data * 30 + b"</p>"
    expected = {
        "제": "제목: 예산안 처리 미뤄",
        "Ü": "Übergrößen für Füße verboten",
        "予": "予算案の採決また延期、議会",
    }
    headline = read_page(page).headline
    assert headline == expected.get(headline[0], "Бюджет снова отложен")


def test_the_header_names_the_encoding_where_the_page_does_not():
    page = "<title>Бюджет снова отложен</title><p>".encode("cp1251") + "Бюджет ".encode("cp1251") * 60
    assert read_page(page, content_type="text/html; charset=windows-1251").headline == "Бюджет снова отложен"


def test_a_few_broken_bytes_do_not_cost_the_page():
    page = html("<title>예산안 처리 또 미뤄</title>", lang="ko", story=KOREAN) + b"<!-- \xff\xfe broken -->"
    assert read_page(page).headline == "예산안 처리 또 미뤄"


def test_a_page_in_utf_16_is_read():
    page = html("<title>Old bridge to reopen</title>").decode()
    assert read_page(("\ufeff" + page).encode("utf-16-le")).headline == "Old bridge to reopen"

"""Who wrote it: people, without role, outlet, place or address."""

import pytest

from sharing.intake.page import korean, read_page
from sharing.intake.page.names import byline, signature
from tests.intake.fixtures.pages import ENGLISH, KOREAN, html, ld, og


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("신현주 기자", ["신현주"]),
        ("박준석 선임기자", ["박준석"]),
        ("황보람 워싱턴 특파원", ["황보람"]),
        ("워싱턴=곽민정 특파원", ["곽민정"]),
        ("전주 신동해·봉화 임하늘 기자", ["신동해", "임하늘"]),
        ("한지훈 김여솔 이동환 기자", ["한지훈", "김여솔", "이동환"]),
        ("동아 IT전문 윤서준 기자(tech@it.example)", ["윤서준"]),
        ("조은별 디지털뉴스 기자 digital@news.example", ["조은별"]),
        ("배윤경,이상현, 한수진 인턴기자", ["배윤경", "이상현", "한수진"]),
        ("정책부 이윤 기자", ["이윤"]),
        ("By Do Je-hae, Kim Yoo-chul", ["Do Je-hae", "Kim Yoo-chul"]),
        ("Von Jan Kixmüller und Sina Zehrfeld", ["Jan Kixmüller", "Sina Zehrfeld"]),
        ("Par Sébastien Farcis", ["Sébastien Farcis"]),
        ("Julia Carrie Wong and Sam Levin", ["Julia Carrie Wong", "Sam Levin"]),
        ("Sam Stein Senior Politics Editor", ["Sam Stein"]),
        ("Brenda Goodman, MA", ["Brenda Goodman"]),
        ("Pete Evans, Senior Business Writer", ["Pete Evans"]),
        ("Ada Moss, Political Editor", ["Ada Moss"]),
        ("글=이서진·사진=최하람 기자", ["이서진", "최하람"]),
        ("chuck-ross", ["Chuck Ross"]),
        ("Lee, Ann", ["Ann Lee"]),
        ("Michelle de Oliveira", ["Michelle de Oliveira"]),
        ("Dr. Max Kolter", ["Dr. Max Kolter"]),
        ("Andy Reyes for The Ledger", ["Andy Reyes"]),
        ("https://www.facebook.com/ledger", []),
        ("admin", []),
        ("Posted: 2026-03-02", []),
        ("", []),
    ],
)
def test_names_are_taken_out_of_bylines(text, people):
    assert list(byline([text]).people) == people


@pytest.mark.parametrize(
    "text",
    [
        "햇빛신문",
        "디지털뉴스팀",
        "온라인뉴스팀",
        "연합뉴스",
        "Reuters",
        "BBC News",
        "ledger.org",
        "Ledger Staff",
        "편집부",
    ],
)
def test_outlets_desks_and_agencies_are_nobody(text):
    found = byline([text])
    assert found.people == ()
    assert found.organisations == (text,)


def test_what_the_site_calls_itself_is_nobody():
    found = byline(["새벽", "최윤호"], frozenset({"새벽"}))
    assert (found.people, found.organisations) == (("최윤호",), ("새벽",))


@pytest.mark.parametrize(
    ("line", "people", "emails"),
    [
        ("최윤호 기자 uknow@news.example", ["최윤호"], ["uknow@news.example"]),
        ("[장미래 기자]", ["장미래"], []),
        ("/강민아 기자 mina@news.example", ["강민아"], ["mina@news.example"]),
        ("newsdesk@fn.example 최지훈 기자", ["최지훈"], ["newsdesk@fn.example"]),
        ("도쿄/정수진 특파원", ["정수진"], []),
        ("OBC 뉴스 이은지입니다.", ["이은지"], []),
        ("라디오 이은지 (eunji@radio.example)", ["이은지"], ["eunji@radio.example"]),
        ("기자 desk@news.example", [], ["desk@news.example"]),
        (
            "이번 행사를 기획한 사람은 신동해 기자라고 시청은 지난 2일 낸 자료에서 밝혔지만 사실은 달랐다.",
            [],
            [],
        ),
        ("구청장은 책이 팔리지 않아도 서점이 있는 동네가 낫다고 했다.", [], []),
    ],
)
def test_a_signature_is_told_from_a_sentence(line, people, emails):
    found = signature(line)
    assert (list(found.people), list(found.emails)) == (people, emails)


@pytest.mark.parametrize(
    ("lead", "people"),
    [
        ("(서울=한빛뉴스) 한지훈 김여솔 기자 = 정부는 2일", ["한지훈", "김여솔"]),
        ("[서울=한빛] 박민수 기자 = 정부는 2일", ["박민수"]),
        ("[한빛=대전, 지형준 기자] 7일 오후", ["지형준"]),
        ("광주=이영희 기자 = 정부는 2일", ["이영희"]),
        ("정부는 2일 새로운 정책을 발표했다.", []),
        ("(서울=한빛뉴스) 정부는 2일", []),
    ],
)
def test_a_dateline_names_the_reporter(lead, people):
    assert korean.dateline(lead) == people


def read(head="", body="", **page):
    return read_page(
        html("<title>Old bridge to reopen in spring</title>" + og(type="article") + head, body, **page)
    )


def test_people_win_over_the_outlet_wherever_they_are_named():
    head = ld(
        '{"@type":"NewsArticle","headline":"Old bridge to reopen in spring","author":{"@type":"Organization","name":"The Ledger"}}'
    )
    assert read(
        head, '<div class="article__byline">By <a href="/author/ann-lee">Ann Lee</a> · 2 March</div>'
    ).authors == ("Ann Lee",)


def test_an_agency_stands_where_nobody_is_named():
    assert read('<meta name="author" content="Reuters">').authors == ("Reuters",)


def test_an_outlet_in_article_author_is_no_author():
    assert read('<meta property="article:author" content="조선신문">').authors == ()


def test_others_who_are_not_named_are_looked_for_in_the_other_sources():
    head = ld('{"@type":"NewsArticle","headline":"Old bridge","author":"박준석 기자 외 1명"}') + (
        '<meta property="dable:author" content="박준석,김태연">'
    )
    assert read(head).authors == ("박준석", "김태연")


@pytest.mark.parametrize(
    "body",
    [
        '<span itemprop="author" itemscope><span itemprop="name">Ann Lee</span></span>',
        '<p>by <a rel="author" href="/x">Ann Lee</a></p>',
        '<p class="byline">By <b>Ann Lee</b> in <a>Local</a> on 1 June 2026</p>',
        '<span class="authorText"><a href="/news/author/ann-lee-1.33">Ann Lee</a></span>',
        "<h1>Old bridge to reopen in spring</h1><p>By</p><p>Ann Lee</p>",
        "<h1>Old bridge to reopen in spring</h1><small>02.03.2026 | 13:10 Uhr | Ann Lee</small>",
        '<p><a rel="author">Ann Lee</a></p><section><h3>More</h3><p><a rel="author">Tom Ellery</a></p></section>',
        '<p class="byline">By Ann Lee</p><div class="related"><p class="byline">By Tom Ellery</p></div>',
    ],
)
def test_a_byline_is_found_in_the_markup(body):
    assert read("", body).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comments"><span class="author">Angry Reader</span></div>',
        '<aside class="sidebar"><p class="byline">By Ann Lee</p></aside>',
        '<div class="author">Follow us Share View all posts</div>',
        '<p class="byline">Updated 2 March 2026</p>',
    ],
)
def test_what_is_no_byline_names_nobody(body):
    assert read("", body).authors == ()


def test_one_element_a_name_is_one_byline():
    body = (
        '<li class="byline-name">Ann Lee</li><li class="byline-name">Tom Ellery</li><li class="x">Share</li>'
    )
    assert read("", f"<div>{body}</div>").authors == ("Ann Lee", "Tom Ellery")


def test_the_signature_at_the_end_of_the_story_is_read():
    article = read("", lang="ko", story=(*KOREAN, "최윤호 기자 uknow@news.example"))
    assert article.authors == ("최윤호",)
    assert article.author_emails == ("uknow@news.example",)


def test_the_signature_of_a_long_story_is_read_though_its_body_is_cut():
    article = read(
        "", lang="ko", story=(*(f"{n}번째 문단이다. {KOREAN[0]}" for n in range(40)), "최윤호 기자")
    )
    assert article.authors == ("최윤호",)
    assert len(article.body.split("\n\n")) == 20


def test_the_dateline_names_the_reporter_of_a_story_without_signature():
    assert read("", lang="ko", story=("(세종=한빛뉴스) 이서윤 기자 = " + KOREAN[0], *KOREAN)).authors == (
        "이서윤",
    )


def test_arc_pages_name_the_reporter_in_their_store():
    store = """<script>Fusion.globalContent={"credits":{"by":[{"name":"상은 권","additional_properties":
        {"original":{"byline":"권상은 기자"}}}]},"content_elements":[{"type":"text","content":"%s"}]};Fusion.x=1</script>"""
    article = read(store % (KOREAN[0] * 5), lang="ko", story=())
    assert article.authors == ("권상은",)
    assert article.body.startswith(KOREAN[0])


def test_an_address_of_a_profile_is_the_last_resort():
    assert read('<meta name="author" content="https://ledger.example/people/ann-lee">').authors == (
        "Ann Lee",
    )
    body = '<p class="byline">By Ann-Marie Lee</p>'
    assert read('<meta name="author" content="https://ledger.example/people/ann-lee">', body).authors == (
        "Ann-Marie Lee",
    )


def test_no_name_is_made_up():
    assert read("", story=ENGLISH).authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "(군산=김해온 기자)",
        "[김해온 기자]",
        "김해온 기자(=군산)",
        "김 해 온 기자",
        "취재 김해온",
        "글 : 김해온",
        "기자 김해온",
    ],
)
def test_a_signature_is_known_in_brackets_with_a_place_or_alone(line):
    assert signature(line).people == ("김해온",)


@pytest.mark.parametrize("line", ["취재 결과", "글 수정", "기자 회견", "(사진=연합)", "취재 열기 뜨거워"])
def test_what_only_begins_like_a_signature_names_nobody(line):
    assert signature(line).people == ()


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ('{"@type":"Person","givenName":"Ada","familyName":"Moss"}', ("Ada Moss",)),
        ('{"@type":"Person","url":"https://ledger.example/author/ada-moss"}', ("Ada Moss",)),
        ('{"@type":"Person","url":"https://ledger.example/author/7"}', ()),
        ('["https://social.example/ada"]', ()),
    ],
)
def test_an_author_without_a_name_is_named_by_its_parts_or_its_profile(author, people):
    block = ld(f'{{"@type":"NewsArticle","headline":"Old bridge to reopen","author":{author}}}')
    assert read_page(html(block, "<h1>Old bridge to reopen</h1>")).authors == people

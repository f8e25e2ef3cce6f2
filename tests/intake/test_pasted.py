"""What a person copies becomes an Article."""

import json
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake.pasted import read_pasted
from tests.costs import at_most
from tests.intake.fixtures.pages import ENGLISH, KOREAN
from tests.shared import SHARED, needs_shared

FIXTURES = Path(__file__).parent / "fixtures" / "pages" / "pasted"


@needs_shared
def test_the_acceptance_sample_is_read_as_a_person_reads_it():
    folder = SHARED / "data" / "articles"
    expected = json.loads((folder / "korea-times-2019-08-22.expected.json").read_text())
    read = read_pasted((folder / "korea-times-2019-08-22.txt").read_text())
    found = read.public()
    named = expected["article"]
    assert {name: found[name] for name in named} == named
    rest = {name: value for name, value in found.items() if name not in named and name != "status"}
    assert not any(rest.values()), rest
    assert len(read.body.split("\n\n")) == expected["notes"]["body_paragraphs"]


@pytest.mark.parametrize("name", sorted(file.stem for file in FIXTURES.glob("*.txt")))
def test_pages_of_all_kinds_are_read_when_pasted_whole(name):
    expected = json.loads((FIXTURES / f"{name}.json").read_text())
    paragraphs = expected.pop("paragraphs", None)
    article = read_pasted((FIXTURES / f"{name}.txt").read_text())
    found = article.public()
    assert {key: found[key] for key in expected} == expected
    for absent in {"caption", "credit", "published_at", "modified_at"} - expected.keys():
        assert found[absent] is None
    if paragraphs:
        assert len(article.body.split("\n\n")) == paragraphs


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pasted.empty"),
        (" \n\u200b\n\t", "pasted.empty"),
        ("정부, 내년 예산안 확정", "pasted.not_an_article"),
        ("Old bridge to reopen in spring", "pasted.not_an_article"),
        ("https://news.example/a/1", "pasted.not_an_article"),
        ("홈\n정치\n경제\n사회\n로그인\n구독\n", "pasted.not_an_article"),
        (
            "봄꽃 축제 올해는 일주일 빨라진다\n지하철 막차 시간 늦춘다\n버스 노선 개편안 다음 달 나온다",
            "pasted.not_an_article",
        ),
        ('{"a": 1,\n "b": [1, 2, 3]}', "pasted.not_an_article"),
        ("def double(x):\n    return x + x\n\nprint(double(2))", "pasted.not_an_article"),
        ("milk\neggs\nbread\n2 lemons", "pasted.not_an_article"),
        ("\n".join(ENGLISH), "pasted.no_headline"),
        ("\n\n".join(KOREAN), "pasted.no_headline"),
        ("제목 \ud800\n본문이 여기에 있다. 충분히 긴 문장이다.", "unicode.surrogate"),
    ],
)
def test_what_is_no_article_is_refused(text, code):
    with pytest.raises(Refusal) as caught:
        read_pasted(text)
    assert caught.value.code == code


def test_a_sentence_may_be_the_headline_where_it_stands_alone_on_top():
    article = read_pasted("Mayor resigns after audit.\n" + "\n".join(ENGLISH))
    assert (article.headline, article.summary) == ("Mayor resigns after audit.", ENGLISH[0])


def test_a_question_may_be_the_headline():
    article = read_pasted("Why did the bridge take two years?\n\n" + "\n\n".join(ENGLISH))
    assert (article.headline, article.summary) == ("Why did the bridge take two years?", ENGLISH[0])


def test_the_address_is_given_or_the_first_line():
    text = "Old bridge to reopen\n" + "\n".join(ENGLISH)
    assert read_pasted(text, url="https://ledger.example/a/1").address == "https://ledger.example/a/1"
    assert read_pasted("https://ledger.example/a/2\n" + text).address == "https://ledger.example/a/2"
    assert read_pasted(text).address is None


@pytest.mark.parametrize(
    ("line", "url", "published"),
    [
        ("입력 2026.03.02. 오후 8:30", None, "2026-03-02T20:30:00+09:00"),
        ("2026-03-02 08:30", None, "2026-03-02T08:30:00+09:00"),
        ("기사입력 2026-03-02 08:30:00 기사수정 2026-03-02 09:00:00", None, "2026-03-02T08:30:00+09:00"),
    ],
)
def test_a_korean_date_line_is_korean_time(line, url, published):
    article = read_pasted("동네 서점이 다시 문을 연다\n" + line + "\n" + "\n".join(KOREAN), url=url)
    assert article.published_at.isoformat() == published


def test_an_english_time_without_zone_is_the_countrys_or_the_desks():
    text = "Old bridge to reopen\nPosted : 2026-03-02 08:30\n" + "\n".join(ENGLISH)
    assert read_pasted(text).published_at is None
    desk = read_pasted(text, zone=ZoneInfo("America/New_York"))
    assert desk.published_at.isoformat() == "2026-03-02T08:30:00-05:00"
    assert (
        read_pasted(text, url="https://ledger.co.kr/1").published_at.isoformat()
        == "2026-03-02T08:30:00+09:00"
    )


def test_who_filmed_it_has_not_written_it():
    text = (
        "동네 서점이 다시 문을 연다\n"
        + "\n".join(KOREAN)
        + "\nOBC 뉴스 박하늘입니다.\n영상취재: 안동균 기자\n"
    )
    assert read_pasted(text).authors == ("박하늘",)


def test_a_sentence_about_rights_or_subscriptions_stays_in_the_story():
    middle = "무단 전재를 금지한 약관도 논란이다. 구독 취소를 어렵게 한 것도 마찬가지다."
    text = "동네 서점이 다시 문을 연다\n" + "\n".join([KOREAN[0], middle, KOREAN[1]])
    assert middle in read_pasted(text).body


def test_a_credited_sentence_at_the_end_of_the_story_stays():
    last = "The city declined to comment on Tuesday, citing the trial. (Yonhap)"
    assert read_pasted("Old bridge to reopen\n" + "\n".join([*ENGLISH, last])).body.endswith(last)


FURNITURE = (
    "공유하기", "페이스북", "글자 크기", "가", "가", "댓글 12", "좋아요 3", "구독", "• Facebook share button", "Settings", "-2", "+1",
    "Advertisement", "Share", "Log In", "Skip to main content", "4 min read", "Copy link",
)  # fmt: skip
TALES = {
    "en": ("Old stone bridge to reopen in spring", ENGLISH),
    "ko": ("문 닫은 동네 서점 5월 다시 문 연다", KOREAN),
}


@given(
    st.sampled_from(sorted(TALES)),
    st.lists(st.sampled_from(FURNITURE), max_size=12),
    st.lists(st.sampled_from(FURNITURE), max_size=8),
    st.lists(st.sampled_from(FURNITURE), max_size=12),
    st.sampled_from(["\n", "\n\n", "\r\n", " \n\u00a0\n"]),
)
@settings(max_examples=120, deadline=None)
def test_furniture_around_a_story_changes_nothing(language, before, between, behind, gap):
    headline, story = TALES[language]
    article = read_pasted(gap.join([*before, headline, *between, *story, *behind]))
    assert article.headline == headline
    assert article.body == "\n\n".join(story)
    assert (article.authors, article.caption, article.language) == ((), None, language)


@given(st.text(max_size=400), st.one_of(st.none(), st.text(max_size=60)))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_article_or_a_refusal(text, url):
    try:
        outcome = read_pasted(text, url=url)
    except Refusal as refusal:
        outcome = refusal
    assert isinstance(outcome, Article | Refusal)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_900_000,
        "a\n" * 900_000,
        "/a" * 900_000,
        ". (" * 600_000,
        "2026.01.01 " * 150_000,
        ("가" * 50 + "다.\n") * 30_000,
        ("홍길동 기자 " * 10 + "\n") * 20_000,
        ("By " + "Ann Lee, " * 15 + "\n") * 12_000,
        "".join(f"Headline number {n} of many here\n" for n in range(50_000)),
        "(사진=" * 300_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_hostile_text_costs_little(text):
    with at_most(5), suppress(Refusal):
        read_pasted(text)


def test_a_text_beyond_the_gate_is_refused():
    with pytest.raises(Refusal, match=r"text\.too_long"):
        read_pasted("a" * 2_000_001)


def test_a_korean_caption_that_is_no_sentence_and_stands_twice_is_one():
    above = (
        "동네 서점 세 곳, 5월에 다시 문 연다\n입력 2026.11.24. 오후 3:05\n"
        + 2 * "불 켜진 동네 서점. 연합뉴스\n"
    )
    text = above + "\n".join(KOREAN)
    article = read_pasted(text)
    assert (article.caption, article.credit) == ("불 켜진 동네 서점.", "연합뉴스")
    assert article.summary.startswith("지난해")

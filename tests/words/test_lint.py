import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.words import numbers
from sharing.words.lint import CODES, Level
from tests.words.ours import lint

LINK = "https://news.mulbit.com/s/7kq2mx23ab"
RIVER = Article(
    headline="강변 도시 17곳, 하천 수위 5분마다 공개한다",
    summary="강변 도시 17곳이 하천 수위를 공개한다.",
    body="강변 도시 17곳이 하천 수위를 5분마다 공개한다. 예산은 1조2000억원이다. 김철수 장관은 환영했다.",
    language="ko",
    image_url="https://mulbit.com/i.jpg",
    image_alt="수위표",
)
STORM = Article(
    headline="Storm kills four along Gulf Coast",
    body="A storm killed four people and cut power to 180,000 homes. The damage is put at $1.2 billion. Gov. Alan Pruitt of Texas spoke.",
    language="en",
)


def codes(article, channel, text, **options):
    options.setdefault("words_are_own", True)
    return [warning.code for warning in lint(article, channel, text, **options)]


def test_good_words_get_no_warning():
    assert codes(RIVER, "x", f"도시 17곳이 수위를 5분마다 공개한다.\n{LINK}", domains=["mulbit.com"]) == []
    assert codes(STORM, "x", f"A storm has killed 4 people, Gov. Alan Pruitt said.\n{LINK}") == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("same_as_headline", "강변 도시 17곳, 하천 수위 5분마다 공개한다"),
        ("same_as_headline", "[속보] 강변 도시 17곳 하천 수위 5분마다 공개한다."),
        ("all_caps", "RIVERS WILL BE WATCHED"),
        ("unbalanced_quotes", "장관은 “환영한다고 했다"),
        ("placeholder", "오늘의 기사: {headline}"),
        ("placeholder", "%s 건이 나갔다"),
        ("placeholder", "TK: 숫자 확인"),
        ("placeholder", "장관은 &quot;환영&quot;했다"),
        ("number_not_in_article", "도시 18곳이 공개한다"),
        ("number_not_in_article", "예산은 1조3000억원"),
        ("name_not_in_article", "김철호 장관이 환영했다"),
        ("mojibake", "ê°•ë³€ ë„ì‹œ"),
        ("mojibake", "占쏙옙占쏙옙"),
        ("mojibake", "Mexicoâ€™s economy"),
        ("mojibake", "°­º¯ µµ½Ã"),
        ("mojibake", "도시 \ufffd곳"),
    ],
)
def test_what_a_desk_wants_to_be_told(code, text):
    assert code in codes(RIVER, "facebook", text)


def test_names_and_numbers_in_english():
    assert codes(STORM, "facebook", "Gov. Alan Prewitt spoke") == ["name_not_in_article"]
    assert codes(STORM, "facebook", "Power was cut to 180 thousand homes; damage is $1.2 billion") == []
    assert codes(STORM, "facebook", "Power was cut to 190,000 homes") == ["number_not_in_article"]


def test_our_own_words_come_from_the_article_and_are_not_compared_with_it():
    assert codes(RIVER, "facebook", "도시 18곳", words_are_own=False) == []


def test_without_a_body_nobody_knows_what_is_in_the_article():
    assert codes(Article(headline="강변 도시 17곳"), "facebook", "도시 18곳, 김철호 장관") == []


def test_a_bare_domain_is_told_on_x_where_it_becomes_a_link():
    text = f"자세한 것은 mulbit.com에서 {LINK}"
    assert codes(RIVER, "x", text) == ["bare_domain"]
    assert codes(RIVER, "facebook", text) == []


def test_a_link_that_leads_elsewhere_is_told():
    assert codes(RIVER, "x", f"수위\n{LINK}", domains=["mulbit.com"]) == []
    assert codes(RIVER, "x", "수위\nhttps://mulbit.com.evil.net/a", domains=["mulbit.com"]) == [
        "foreign_link"
    ]
    assert codes(RIVER, "x", "수위\nhttps://notmulbit.com/a", domains=["mulbit.com"]) == ["foreign_link"]


def test_banned_words_block_as_whole_words_in_english_and_anywhere_in_korean():
    assert codes(STORM, "x", "An ass of a storm", banned=["ass"]) == ["banned_word"]
    assert codes(STORM, "x", "A massive storm", banned=["ass"]) == []
    assert codes(RIVER, "x", "충격적인 수위", banned=["충격"]) == ["banned_word"]


def test_a_picture_without_description_is_told_where_it_is_shown():
    picture = Article.load({**RIVER.stored(), "image_alt": None})
    assert codes(picture, "facebook", "수위가 보인다") == ["alt_missing"]
    assert codes(picture, "link", LINK) == []


def test_a_headline_that_changed_since_approval_blocks():
    assert codes(RIVER, "x", "수위", approved_headline=f" {RIVER.headline}") == []
    (warning,) = lint(RIVER, "x", "수위", words_are_own=True, approved_headline="강변 도시 16곳")
    assert (warning.code, warning.level, warning.facts["now"]) == (
        "headline_changed",
        Level.BLOCK,
        RIVER.headline,
    )


def test_kakao_and_mail_are_asked_about_what_stands_below_their_title():
    same = f"{RIVER.headline}\n{RIVER.headline}"
    assert codes(RIVER, "kakao", same) == ["same_as_headline"]
    assert codes(RIVER, "kakao", f"{RIVER.headline}\n도시 17곳이 함께한다") == []


def test_blocks_come_first():
    found = lint(RIVER, "x", "RIVERS WILL BE WATCHED {headline}", words_are_own=True)
    assert [warning.level for warning in found] == sorted(
        (warning.level for warning in found), key=lambda level: level != Level.BLOCK
    )
    assert found[0].code == "placeholder"


@given(st.text(max_size=200), st.sampled_from(["x", "mail", "kakao", "facebook", "link"]))
def test_every_finding_is_listed_and_nothing_raises(text, channel):
    for warning in lint(RIVER, channel, text, words_are_own=True, banned=["가"], domains=["a.kr"]):
        assert warning.level == CODES[warning.code]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("12,000", "12000명"),
        ("1만2000", "12,000명"),
        ("1조2000억", "1조 2천억 원"),
        ("3만", "30,000"),
        ("1.2 million", "1,200,000"),
        ("3", "three people"),
        ("5", "the fifth"),
        ("2.25%", "2.25 percent"),
        ("2026", "2026년 11월"),
    ],
)
def test_the_same_number_in_other_words(text, source):
    assert list(numbers.unknown(text, source)) == []


@pytest.mark.parametrize(
    ("text", "source"),
    [("18", "17곳"), ("1만3000", "12,000"), ("2.5%", "2.25%"), ("1.2 billion", "1.2 million")],
)
def test_another_number(text, source):
    assert list(numbers.unknown(text, source)) == [text.rstrip("%")]


def test_a_link_that_is_none_leads_nowhere_and_breaks_nothing():
    found = lint(
        Article(headline="River"), "x", "See https://[river now", words_are_own=True, domains=["news.example"]
    )
    assert [each.code for each in found] == ["foreign_link"]

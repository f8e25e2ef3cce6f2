import pytest

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.words.corrections import ROOM, correction, follow_up
from sharing.words.count import x_weight

RIVER = Article(
    headline="강변 도시 18곳, 하천 수위 5분마다 공개한다",
    language="ko",
    summary="강변 도시 18곳이 다음 달부터 하천 수위를 5분마다 공개한다.",
)
PACT = Article(
    headline="Storm kills 5, cuts power to 180,000",
    language="en",
    summary="Five people were killed in the storm, officials said.",
)


def test_a_notice_names_what_was_wrong_where_that_is_sure():
    words = correction(
        RIVER,
        "강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다.\nhttps://example.com/s/2345678923",
        "notice",
    )
    assert words == (
        "[바로잡습니다] 강변 도시 18곳이 다음 달부터 하천 수위를 5분마다 공개한다.\n‘17곳’을 ‘18곳’으로 바로잡습니다."
    )


def test_the_label_of_the_first_post_is_no_difference():
    words = correction(RIVER, "[속보] 강변 도시 17곳, 하천 수위 5분마다 공개한다", "notice")
    assert words.endswith("‘17곳’을 ‘18곳’으로 바로잡습니다.")


def test_where_more_has_changed_it_says_so_and_guesses_nothing():
    words = correction(RIVER, "수위를 10분마다 공개하는 도시가 늘어난다", "notice")
    assert (
        words
        == "[바로잡습니다] 강변 도시 18곳, 하천 수위 5분마다 공개한다\n앞서 올린 글의 내용을 바로잡습니다."
    )


def test_two_mistakes_are_not_told_as_one():
    words = correction(RIVER, "강변 도시 17곳, 하천 수위 9분마다 공개한다", "notice")
    assert words.endswith("앞서 올린 글의 내용을 바로잡습니다.")


def test_wire_desks_mark_and_say_no_more():
    assert correction(RIVER, "강변 도시 17곳", "wire") == "[고침] 강변 도시 18곳, 하천 수위 5분마다 공개한다"


def test_english_says_corrected():
    assert correction(PACT, "Storm kills 4, cuts power to 180,000", "notice") == (
        "CORRECTED: Storm kills 5, cuts power to 180,000\nAn earlier post said “4”; it should have said “5.”"
    )
    assert correction(PACT, "A storm hit the coast", "notice").endswith("This post corrects an earlier one.")


@pytest.mark.parametrize(("style", "mark"), [("remedy", "[정정보도]"), ("reply", "[반론보도]")])
def test_a_legal_remedy_has_its_case_number_or_is_refused(style, mark):
    assert correction(RIVER, "무엇이든", style, case="2026서울조정123").startswith(mark)
    assert correction(RIVER, "무엇이든", style, case="2026서울조정123").endswith("사건번호 2026서울조정123")
    with pytest.raises(Refusal) as refused:
        correction(RIVER, "무엇이든", style, case=" ")
    assert (refused.value.code, refused.value.field) == ("correction.case_needed", "case")


def test_no_remedy_is_named_without_a_case():
    for style in ("notice", "wire"):
        words = correction(RIVER, "무엇이든", style)
        assert "정정보도" not in words
        assert "반론보도" not in words


def test_a_correction_fits_beside_a_link_on_x():
    long = Article(headline="가나다 " * 100, language="ko")
    assert x_weight(correction(long, "가나다 " * 99, "notice")) <= ROOM
    assert x_weight(follow_up(long)) <= ROOM


def test_a_follow_up_says_that_it_is_one():
    assert follow_up(RIVER) == f"[후속] {RIVER.summary}"
    assert follow_up(Article.load({**RIVER.stored(), "label": "종합"})).startswith("[종합] ")
    assert follow_up(PACT).startswith("UPDATE: Five people")

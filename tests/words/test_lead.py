import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.words.lead import Place, StoryParts
from sharing.words.overlap import overlap, repeats, says_again
from sharing.words.standing import is_quotation, joins, stands

STORM = StoryParts(
    headline="Storm kills 4, cuts power to 180,000 along Gulf Coast",
    lead="A slow-moving storm dumped more than 15 inches of rain on the Gulf Coast, killing four people, flooding "
    "hundreds of homes and leaving 180,000 customers without power, officials said Monday.",
    after=(
        '"We had 10 minutes between the first water in the street and the water in the living room," a woman said.',
        "He had warned of it. Gov. Alan Pruitt declared an emergency in 22 counties. More rain was expected.",
    ),
)
COURT = StoryParts(
    headline="헌재, 지방의원 겸직 금지 조항 위헌 결정",
    lead="헌법재판소가 24일 지방의원의 모든 겸직을 금지한 지방자치법 조항에 대해 재판관 7대 2 의견으로 위헌 결정을 내렸다.",
    after=("이는 1988년 이후 처음이다.", "국회는 내년 6월까지 법을 고쳐야 한다."),
)


def test_under_a_headline_stands_the_lead_where_it_fits_and_is_new():
    lead = "환경부는 수위표 412곳에 무선 센서를 달았다. 통신이 끊기면 위성으로 보낸다."
    story = StoryParts(headline="하천 수위 5분마다 공개한다", lead=lead)
    assert story.under(Place(200)) == lead
    assert story.under(Place(30)) == lead  # its first sentence does


def test_under_a_headline_no_fact_stands_again():
    assert STORM.under(Place(100)).startswith("Gov. Alan Pruitt declared")  # the lead has the 180,000 again
    assert COURT.under(Place(60)) == "국회는 내년 6월까지 법을 고쳐야 한다."


def test_the_next_sentence_may_lean_on_the_headline_but_not_by_a_conjunction():
    first = "강변 도시 17곳이 하천 수위를 5분마다 공개한다."
    headline = "강변 도시 17곳, 하천 수위 5분마다 공개한다"
    after = ("환경부는 예산 3조원을 쓴다.",)
    told = StoryParts(headline=headline, lead=f"{first} 지금까지는 한 시간에 한 번이었다.", after=after)
    assert told.under(Place(60)) == "지금까지는 한 시간에 한 번이었다."
    told = StoryParts(headline=headline, lead=f"{first} 하지만 세 곳은 빠졌다고 한다.", after=after)
    assert told.under(Place(60)) == "환경부는 예산 3조원을 쓴다."


def test_two_halves_of_a_quotation_are_not_parted_under_a_headline():
    said = '"I closed my eyes," Okafor said. "When I heard the noise, I knew it was in."'
    story = StoryParts(
        headline="Okafor's late header lifts Rovers past City, 2-1",
        lead="Okafor headed home a corner to give Rovers a 2-1 win over City.",
        after=(said, "Rovers meet Harbour Town on May 16."),
    )
    assert story.under(Place(100)) == said
    assert story.under(Place(50)) == "Rovers meet Harbour Town on May 16."


def test_without_anything_better_the_lead_is_cut():
    story = StoryParts(headline="Storm kills 4", lead=STORM.lead)
    assert story.under(Place(60)) == story.lead
    assert StoryParts(headline="제목", lead="").under(Place(60)) == ""


def test_a_dek_is_cut_rather_than_left_for_the_story():
    lead = "Cities that cut night buses to save money are quietly moving the cost onto nurses and cooks."
    story = StoryParts(
        headline="Fund the night bus", lead=lead, after=("Every seat is taken at four.",), is_dek=True
    )
    assert story.under(Place(50)) == lead


def test_over_a_card_stands_what_needs_nothing_before_it():
    headline = "도시 17곳, 하천 수위 5분마다 공개한다"
    again = "도시 17곳이 하천 수위를 5분마다 공개한다."
    standing = "환경부는 예산 3조원을 쓴다."
    assert StoryParts(headline=headline, lead=f"{again} {standing}").over() == standing
    leaning = StoryParts(
        headline=headline, lead=f"{again} 지금까지는 한 시간에 한 번이었다.", after=(standing,)
    )
    assert leaning.over() == standing
    alone = StoryParts(headline=headline, lead=f"{again} 지금까지는 한 시간에 한 번이었다.")
    assert alone.over() == alone.lead
    assert COURT.over() == COURT.lead  # it says more than the headline


@pytest.mark.parametrize(
    "sentence",
    [
        "Gov. Alan Pruitt declared an emergency.",
        "When Kim arrived on Monday, nobody was there.",
        '"We had ten minutes," said Marisol Greene.',
        "환경부는 예산 3조원을 쓴다.",
        "WHO는 성명을 냈다.",
        "“물이 불어나면 늦는다”고 장관이 말했다.",
        "이 당선인은 안동에서 태어났다.",
    ],
)
def test_a_sentence_that_is_understood_by_itself(sentence):
    assert stands(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "He declined to comment.",
        "But nobody was there.",
        "In a later post, he took another tone.",
        "“It is in no hurry.”",
        '"It was in," she said.',
        "Downing Street on Monday",
        "그는 답하지 않았다.",
        "하지만 환경부는 예산을 썼다.",
        "지난해보다 두 배 늘었습니다.",
        "지금까지는 한 시간에 한 번이었다.",
        "“물이 불어나면 늦습니다.”",
        "",
    ],
)
def test_a_sentence_that_leans_on_another(sentence):
    assert not stands(sentence)


def test_a_conjunction_is_worse_than_a_pronoun():
    assert joins("But he left.")
    assert joins("그러나 떠났다.")
    assert not joins("He left.")
    assert not joins("그는 떠났다.")


@pytest.mark.parametrize(
    ("headline", "sentence"),
    [
        ("BOK holds key rate at 2.25%", "The central bank left borrowing costs at 2.25 percent."),
        ("남북 통신선 종일 불통…정부 “상황 지켜볼 것”", "오늘 종일 남북을 연결하는 통신선이 끊어졌습니다."),
        (
            "새벽 배송 차량 4대 중 1대, 정비 기한 넘겼다",
            "새벽에 달리는 배송 차량 네 대 가운데 한 대가 정비 기한을 넘긴 것으로 드러났습니다.",
        ),
    ],
)
def test_a_fact_told_twice(headline, sentence):
    assert repeats(headline, sentence)


@pytest.mark.parametrize(
    ("headline", "sentence"),
    [
        ("BOK holds key rate at 2.25%", "Two of the seven board members called for a cut of 0.25 points."),
        (
            "해솔·다온 합병 초읽기…세계 3위 조선사",
            "해솔과 다온이 이르면 다음 주 이사회를 열어 합병을 의결한다.",
        ),
        ("", "Anything."),
    ],
)
def test_a_fact_that_is_new(headline, sentence):
    assert not repeats(headline, sentence)
    assert not says_again(headline, sentence)


def test_words_are_compared_by_their_beginnings():
    assert overlap("수위 공개", "수위를 공개한다") == 1
    assert overlap("Novelist dies", "whose novels made her famous, died") == 1
    assert overlap("the of to", "anything") == 0


def test_a_quotation_has_a_speaker():
    assert is_quotation("장관은 “물이 불어나는 속도를 볼 수 있어야 한다”고 말했다.")
    assert not is_quotation("“물이 불어나는 속도를 볼 수 있어야 한다.”")
    assert not is_quotation("이른바 ‘물 폭탄’이 쏟아졌다.")


@given(st.text(), st.text(), st.lists(st.text(), max_size=4), st.integers(min_value=0, max_value=80))
def test_whatever_was_told_stands_beside_the_headline(headline, lead, after, limit):
    story = StoryParts(headline=headline, lead=lead, after=tuple(after))
    under = story.under(Place(limit))
    assert under == lead or any(under in part for part in (lead, *after))
    assert story.over() in {lead, *after} or story.over() in lead

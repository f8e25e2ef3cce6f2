import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.words import quotes
from sharing.words.sentences import ends, first, split
from tests.shared import SHARED, needs_shared

# Collected by us: each row is one text, taken apart by hand.
SPACED = [
    ["정부가 대책을 내놨다.", "야당은 반발했다."],
    ["지수는 3.5% 오른 2,500.12에 마감했다.", "5일 만의 반등이다."],
    ["그는 “좋다.”라고 말했다.", "회의는 그렇게 끝났다."],
    ['"이번 일은 유감입니다." 라고 그녀는 말했다.', "회의는 끝났다."],
    ['"모르겠습니다." 라며 고개를 저었다.', "그뿐이었다."],
    ["“왜 지금인가?”라는 물음이 나온다.", "답은 없다."],
    ["“가겠다. 꼭 가겠다”고 했다.", "그러나 오지 않았다."],
    ["“끝이 아니다. 시작이다.”", "그의 말은 짧았다."],
    ["2024. 11. 5. 서울중앙지법은 징역 3년을 선고했다.", "피고인은 항소했다."],
    ["1963년 가을.", "그는 안동에서 태어났다."],
    ["정말 끝난 것일까?", "아니다!", "이제 시작이다…", "그는 그렇게 말했다."],
    ["대상은 초·중·고 412곳이다.", "내년 3월 시작한다."],
    ["WHO는 21일(현지시간) 밝혔다.", "U.S. 정부도 같은 뜻이다."],
    ["㈜해솔(www.haesol.example).", "2대째 이어 온 회사다."],
    ["그는 말했다.", "“끝이 없다.", "그리고 떠났다."],  # a mark without a partner is no quotation
    ["그는 ‘통합’을 말했다.", "‘분열’은 없다고도 했다."],
    ["(그는 없었다. 아무도 없었다.)", "그래도 문은 열려 있었다."],
    ["He met Gen. Park, Dr. J.K. Lee and Mr. T. in the U.S.", "They talked for 3.5 hours."],
    ["Hanbit Electronics Co. said Wednesday it will expand.", "Shares of Hanbit Inc. rose 3 percent."],
    ["Apple Inc. CEO Tim Cook spoke.", "iPhone sales fell.", "eBay followed."],
    ["The meeting starts at 9 a.m. Monday in Washington, D.C., and ends at 5 p.m. KST."],
    ["The plan takes effect Aug. 15.", "No. 1 on the list is rent.", "See No. 4, too."],
    ["She was born in Sept. 1988 in St. Louis.", "Her father, George W. Osei Jr., was a docker."],
    ['"Why now?" Kim Min-ji asked.', "Nobody answered."],
    ['"Stop!" she said.', "He did."],
    ['"I closed my eyes," Okafor said.', '"When I heard the noise, I knew it was in."', "It was."],
    ["“People tell me I invented those women,” she said in 2011.", "“I only wrote it down.”"],
    ['"We must act. We must act now," the minister said.', "The House agreed."],
    ["Rep. Mike Gallagher, R-Wis., wrote to Sen. Lee.", "Gov. Pruitt, of Calif., did not."],
    ["The ministers' meeting ended.", "'90s music played.", "It's over."],
    ["Well... that is that.", "The rest is silence."],
    ["The vote was 7-2.", "10 Downing Street declined to comment.", "So did the U.N."],
    ["Visit news.example.com for more.", "Or call."],
    ["He scored in the 89th minute vs. City.", "Rovers won."],
    ["[China's] schemes target citizens.", "They must stop."],
    ["He said: “It was ‘odd.’ Very odd.”", "Then he left."],
    ["그는 “가지 않겠다”라고 말했다.", "회의장은 조용했다."],
    ["“안 갑니다.”라며 손을 저었다.", "기자들이 웃었다."],
    ["“왜 이제 왔나.”면서 그를 안았다.", "모두 울었다."],
    ["“이제 그만!”하고 외쳤다.", "아무도 멈추지 않았다."],
    ["“그렇다.” 그가 말했다.", "“아니다.” 그녀가 되물었다."],
    ["“모른다.”는 답만 돌아왔다.", "회의는 끝났다."],
    ["“끝내 못 간다.”란 말을 남겼다.", "그뿐이다."],
    ["그는 ‘이제 됐다.’라고 적었다.", "글은 지워졌다."],
    ["그는 “올해는 어렵다. 내년도 어렵다”며 “그래도 간다”고 했다.", "표정은 밝았다."],
    ["장관은 “‘빨리’가 아니라 ‘바로’다”라고 했다.", "차관은 말이 없었다."],
    ["그는 \"나는 '아니다'라고 했다\"고 말했다.", "그게 전부다."],
    ["책 『강의 시간. 그 뒤』를 냈다.", "초판은 3천 부다."],
    ["영화 「끝. 그리고 시작」이 개봉했다.", "관객은 10만 명이다."],
    ["㈜해솔은 1.5% 올랐다.", "㈜다온은 내렸다."],
    ["2026. 11. 24. 오후 3시에 시작한다.", "문은 2시에 연다."],
    ["11.24 합의는 유지된다.", "6.15 선언도 그렇다."],
    ["정부는 “1. 예산 2. 인력”을 약속했다.", "지켜지지 않았다."],
    ["그는 “떠난다고 했다.", "아무도 믿지 않았다."],
    ["...그는 말이 없었다.", "문이 닫혔다."],
    ["정부는 발표했다(사진).", "국회는 반발했다."],
    ["시속 4.5㎞로 걷는다.", "멈추지 않는다."],
    ["국회의원(물빛당. 서울 강남)이 왔다.", "말은 없었다."],
    ["The ROK-U.S. Combined Command said so.", "It gave no date."],
    ["Lt. Gen. Mark A. Hale met Gen. Kim.", "They spoke for an hour."],
    ["She lives in the U.S.", "Her son does not."],
    ["The U.S. Senate voted 51-49.", "The U.S. will leave."],
    ["The doors close at 9 p.m.", "Police arrived later."],
    ["At 9 p.m. Mr. Lee left.", "By 10 a.m. he was back."],
    ["Is he No. 1?", "No.", "He is No. 2."],
    ["“Will you go?” she asked.", "“No,” he said."],
    ["He works at Yahoo! Inc. in Seoul.", "Shares fell."],
    ["Wait ... there is more.", "Much more."],
    ["The case is Osei v. Jones.", "The court ruled on Friday."],
    ["1. Open the door.", "2. Close it."],
    ["1. 문을 연다.", "2. 닫는다."],
    ["The bill, H.R. 1234, passed.", "The Senate will vote."],
    ["Hanbit Co., Ltd. grew.", "It hired 40 for its plant in L.A. and one in Seoul."],
    ["“Go home!” the crowd shouted.", "Police moved in."],
    ["He said he'd go.", "'Tis the season.", "The '90s are back."],
    ["It was 5 ft. 9 in. tall.", "It weighed 90 kg."],
    ["Is this the end?!", "Not yet."],
    ["He asked, “Is this the end?” and left.", "Nobody spoke."],
    ["The U.N.-backed talks failed.", "The U.N. was silent."],
    ["The app (v2.0.1) crashed.", "Users left."],
    ["See Fig. 3 and pp. 4-9 of Vol. 2.", "The rest is proof."],
]
GLUED = [
    ["정부가 발표했다.", "국회는 반발했다.", "IBM은 웃었다.", "“끝이다.”"],
    ["그는 “간다.”라고 했다.", "1999년이다.", "㈜해솔은 그대로다."],
    ["“배웠습니다. 많이 배웠습니다.”", "㈜해솔의 하루는 길다."],
    ["보조금을 삭감했습니다.", "대구시는 24.7% 줄였습니다.", "3.5%는 유지했다.", "“인용”도 그렇다."],
    ["서울.경기.인천 지역에 비가 온다.", "우산을 챙겨야 한다."],
    ["The pact ended.", "The talks failed."],
    ["매출은 3.5조원이다.", "영업이익은 1.2조원이다.", "2026년이다."],
    ["“간다”고 했다.", "그러나 가지 않았다.", "ABC는 침묵했다."],
    ["했어요.", "그랬죠.", "맞나요?", "네."],
    ["지난해였다.", "(관련기사 3면)"],
    ["그는 ‘끝’이라 했다.", "‘시작’이라고도 했다.", "『백서』는 3월 나온다."],
    ["Turnout fell.", "Nobody knows why."],
]


@needs_shared
def test_the_gold_is_split_as_people_split_it():
    gold = json.loads((SHARED / "data/text/sentences_gold.json").read_text(encoding="utf-8"))
    assert len(gold) > 150
    wrong = []
    for case in gold:
        text, starts = case["text"], [0, *case["hard"], len(case["text"])]
        wanted = [text[start:end].strip() for start, end in pairwise(starts)]
        if split(text) != wanted:
            wrong.append((case["doc"], case["i"]))
    assert wrong == []


@pytest.mark.parametrize("sentences", SPACED, ids=lambda row: row[0][:40])
def test_sentences_parted_by_spaces(sentences):
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize("sentences", GLUED, ids=lambda row: row[0][:40])
def test_sentences_glued_together_as_korean_feeds_have_them(sentences):
    assert split("".join(sentences)) == sentences


def test_an_initial_ends_a_sentence_only_where_the_next_word_can_begin_one():
    assert split("Plan B. It failed.") == ["Plan B.", "It failed."]
    assert split("J. Edgar Hoover left.") == ["J. Edgar Hoover left."]


def test_a_line_break_ends_a_sentence_unless_the_line_was_wrapped():
    assert split("하루 손님 30명\n주말 4천 명") == ["하루 손님 30명", "주말 4천 명"]
    assert split("The vote was\nheld on Monday.\n\nand then") == ["The vote was\nheld on Monday.", "and then"]


def test_the_first_sentence_of_nothing_is_nothing():
    assert first("") == ""
    assert first("  \n ") == ""
    assert first("  한 문장. 두 문장.") == "한 문장."


@given(st.text(alphabet="가다. \n\"'“”‘’()?!…aA1,라고며U.S"))
def test_nothing_is_lost_and_nothing_is_added(text):
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(st.text(alphabet="가다. “”‘’()?!…aA1라고"))
def test_no_sentence_begins_inside_a_quotation(text):
    outer = quotes.read(text).outer()
    for end in ends(text):
        assert not any(pair.start < end <= pair.end for pair in outer)


@pytest.mark.parametrize(
    "text",
    [
        "a. " * 300000,
        "“" * 500000,
        "(" * 300000 + ")" * 300000,
        '"a ' * 300000,
        "'a " * 300000,
        "했다." * 250000,
        "x" * 1000000,
        "('“" * 200000 + "]" * 200000,
        "." * 1000000,
        "." + ")" * 1000000,
        "U." * 300000,
        "a\n" * 300000,
    ],
    ids=lambda text: text[:8],
)
def test_a_hostile_text_is_split_in_one_pass(text):
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("“가나다”라고", True),
        ("“가나다라고", False),
        ("가나다”라고", False),
        ('"가나다"라고', True),
        ('"가나다라고', False),
        ("it’s the ministers’ plan", True),
        ("'통합'이 아니라 '분열'", True),
        ("“‘겹친’ 따옴표”", True),
        ("“‘겹친 따옴표”", False),
        ("『책』과 《글》", True),
        ("『책", False),
        ("(괄호는 세지 않는다", True),
    ],
)
def test_whether_quotation_marks_are_balanced(text, even):
    assert quotes.balanced(text) is even

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.words import clean_up, markup, unicode
from tests.shared import SHARED, needs_shared

BODY = "도시 17곳이 하천 수위를 5분마다 공개한다. 지금까지는 한 시간에 한 번이었다."
ENGLISH = "The pact was scrapped on Tuesday. Tokyo has yet to respond."

DATELINES = [
    "(서울=한빛통신) 서지우 기자 = ",
    "(서울=한빛통신) 서지우 이도현 박하늘 기자 = ",
    "[서울=새벽뉴스] 오세린 기자 = ",
    "[피닉스(미국)=김재호 스포츠물빛 특파원] ",
    "[물빛스포츠=이인환 기자] ",
    "(평양 노동신문=한빛1) = ",
    "광주=이영희 기자 = ",
    "권영전 특파원 = ",
    "[물빛일보 강재우 기자] ",
    "[앵커]\n",
    "【 앵커멘트 】\n",
    "[물빛경제] ",
    "SEOUL, Aug. 20 (Hanbit) -- ",
    "MEXICO CITY (AP) — ",
    "WASHINGTON (Reuters) - ",
    "GENEVA, Switzerland (CNN) ",
    "PORT ELLIS, Texas (AP) — ",
    "LONDON — ",
    "SEOUL, Nov. 24, 2026 (Hanbit) -- ",
    "(Bloomberg) -- ",
    "BHOPAL: ",
    "NEW DELHI: ",
    "(세종=한빛통신) 서지우·이도현 기자 = ",
    "(서울·부산=한빛통신) 서지우 기자 = ",
    "【물빛뉴스 부산=서지우 기자】 ",
    "[물빛스포츠=잠실, 이인환 기자] ",
    "(MBD 강재우 기자) ",
    "Nov 24 (Reuters) - ",
    "LONDON, Nov 24 (Reuters) - ",
    "NEW YORK/LONDON, Nov 24 (Reuters) - ",
    "Seoul (dpa) - ",
    "ST. LOUIS (AP) — ",
    "UNITED NATIONS (AP) — ",
    "RIO DE JANEIRO (AP) _ ",
    "JERUSALEM, Nov. 24, 2026 /NewsRelay/ -- ",
    "[Exclusive] ",
]
TAILS = [
    "[ⓒ 물빛일보 & Mulbit.example, 무단전재 및 재배포 금지]",
    "Copyright © 한빛1. All rights reserved. 무단 전재 및 재배포 금지.",
    "☞공감언론 새벽뉴스 plain@saebyeok.example <저작권자ⓒ 새벽뉴스통신사. 무단전재-재배포 금지.>",
    "- Copyrights ⓒ 물빛일보 & mulbit.example, 무단 전재 및 재배포 금지 -",
    "Copyright 2026 The Mulbit Times. All rights reserved.",
    "도쿄/정수진 특파원",
    "한소라 온라인 뉴스 기자 news1701@mulbit.example",
    "[장미래 기자]",
    "(하늘방송 디지털뉴스편집부)",
    "전주 신동해·봉화 임하늘 기자",
    "박민수 기자 5news@mulbit.example, 정수진 기자 desk@mulbit.example",
    "“ 이영희 기자",
    "Do Hae-jin hjdo@mulbit.example",
    "<사진=권익위원회 제공>photo@mulbit.example사진영상부",
    "(사진=한빛통신 TV 제공, 게티이미지)",
    "[한빛통신]",
    "※ 말하기 어려운 고민이 있으면 상담 전화 1393",
    "제보는 카카오톡 okmulbit",
    "2026/11/24 10:12 송고",
    "▶관련기사 17면",
    "궁금한 점이 있으면 전화(☎:02-000-3655) 또는 이메일(desk@mulbit.example)로 문의하기 바랍니다.",
    "#하천 #수위 #재난",
    "하늘방송 뉴스 나예린입니다.",
    "촬영기자:배도윤/영상편집:신가온",
    "(끝)",
    "더 보기",
    "Read more: How the deal was made",
    "(Reporting by Priya Nair; Editing by Tom Beale)",
    "The post Seoul ends pact appeared first on Tribune.",
    "사진=한빛통신",
    "/사진=한빛1",
    "/장미래 기자 mirae@mulbit.example",
    "장미래기자 mirae@mulbit.example",
    "글=장미래 기자, 사진=배도윤 기자",
    "HNB 나예린입니다.",
    "HNB 나예린 (yerin@hnb.example)입니다.",
    "지금까지 국회에서 전해드렸습니다.",
    "입력 2026-11-24 10:12:33 | 수정 2026-11-24 11:00",
    "mirae@mulbit.example",
    "Read next: What the pact meant",
    "Watch: The moment it fell",
    "Most read",
    "Recommended Stories",
    "Sign up for our evening newsletter.",
    "Get the latest news in your inbox.",
    "Follow us on X",
    "Already a subscriber? Log in",
    "You can read the full story here.",
    "Contact the writer at kim@tribune.example",
    "This story has been updated.",
    "This article was originally published by Hanbit.",
    "— AFP",
    "With files from Hanbit",
    "Photo: Mulbit Images",
    "5 min read",
    "Copyright 2026 Hanbit. All rights reserved. This material may not be published or rewritten without permission.",
    "Reporting by Kim Yoo-na in Seoul; additional reporting by Lee; Editing by Tom Beale",
    "Our Standards: The Tribune Principles.",
]
# Sentences of a story, whatever words are in them.
KEPT = [
    "해킹으로 추정되는 무단 접속 공격을 받았다.",
    "무단 전재를 금지한 약관도 논란이다.",
    "이번 행사를 기획한 사람은 신동해 기자",
    "그는 “제보는 언제든 받겠다”고 말했다.",
    "기자들은 모두 자리를 떴다.",
    "사진은 지난해 찍은 것이다.",
    "전화로 문의하는 시민이 늘었다.",
    "그는 ©표시를 지웠다고 했다.",
    "회견에는 기자 200명이 몰렸다.",
    "Copyright law protects authors.",
    "She reads more than 100 books a year.",
    "Read receipts are on by default.",
    "NATO (North Atlantic Treaty Organization) said no.",
    "The rise of #MeToo changed the law.",
    "By Tuesday the water had gone.",
    "시민 제보를 전화로 받아 수사했다.",
    "더 보기 좋은 나라를 만들겠다고 했다.",
    "Posted on doors, the notices told people to leave.",
    "Watch more than a game and you will see.",
    "(The company declined to comment.)",
    "WARNING: Some readers may find this story distressing.",
    "기사를 쓴 장미래 기자는 상을 받았다.",
    "제보를 받은 경찰이 수사에 나섰다.",
    "무단 복제를 막는 법이 통과됐다.",
    "관련 기사를 본 시민들이 모였다.",
    "지금까지 3명이 숨졌다.",
    "한빛 뉴스는 이를 보도했다.",
    "서울=수도라는 등식이 깨졌다.",
    "▲수출 10% ▲수입 5% 늘었다.",
    "Reporting by the council led to the inquiry.",
    "Writing by hand is back.",
    "Editing by software costs jobs.",
    "Related costs rose by half.",
    "Follow the money, the lawyer said.",
    "Sign up for school ended on Monday.",
    "Subscribe to nothing, she wrote.",
    "Click here, a sign at the door says.",
    "Continue reading aloud, teachers say.",
    "Story continues to move readers.",
    "Please log in, the site told him.",
    "More from the storm is expected.",
    "All rights reserved for members were sold.",
    "Comments by the minister angered Tokyo.",
    "Published in 1960, the novel sold millions.",
    "With Hanbit, the firm signed a deal.",
    "A.I. — the next wave — is here.",
    "NATO — the alliance — said no.",
    "Kim is a staff writer who was fired on Monday.",
]


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_goes(dateline):
    assert clean_up.story(dateline + BODY) == BODY
    assert clean_up.story(dateline + ENGLISH) == ENGLISH


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("gap", [" ", "\n", "\n\n"], ids=["space", "line", "paragraph"])
def test_what_stands_behind_the_story_goes(tail, gap):
    assert clean_up.story(BODY + gap + tail) == BODY


@pytest.mark.parametrize("sentence", KEPT)
def test_a_sentence_of_the_story_stays(sentence):
    assert clean_up.story(sentence) == sentence
    assert clean_up.story(f"{BODY} {sentence}") == f"{BODY} {sentence}"
    assert clean_up.story(f"{sentence}\n\n{BODY}") == f"{sentence}\n\n{BODY}"


@needs_shared
def test_the_collected_cases_leave_the_story_alone():
    cases = json.loads((SHARED / "data/text/ko_boilerplate_cases.json").read_text(encoding="utf-8"))
    body = cases["body"]
    for kind in ("copyright_tail", "signature_tail", "credit_tail", "notice"):
        for tail in cases[kind]:
            for gap in (" ", "", "\n", "\n\n"):
                assert clean_up.story(unicode.clean(f"{body}{gap}{tail}", "body")) == body, (kind, gap, tail)
    for dateline in cases["datelines_real"]:
        assert clean_up.story(dateline + body) == body, dateline
    for kept in cases["must_keep"]:
        assert clean_up.story(f"{body} {kept}") == f"{body} {kept}"
        assert clean_up.story(kept) == kept


@needs_shared
def test_the_gold_sentences_keep_every_word_but_their_datelines():
    gold = json.loads((SHARED / "data/text/sentences_gold.json").read_text(encoding="utf-8"))
    changed = [case["text"] for case in gold if clean_up.story(case["text"]) != case["text"]]
    assert len(changed) == 4
    assert changed[0].startswith("SEOUL, Aug. 20 (Yonhap) -- ")
    assert changed[1].startswith("MEXICO CITY (AP) — ")
    assert changed[2] == "More from NBC’s TODAY:"
    assert changed[3].endswith("기자 uknow@donga.com")


def test_a_paragraph_loses_the_mark_in_front_of_it():
    assert clean_up.story("◆ 그는 서울에서 태어났다.") == "그는 서울에서 태어났다."


def test_captions_and_bylines_before_the_story_go():
    page = f"▲ 수위표를 읽는 직원 (사진=환경부 제공)\n\n다리 밑 수위표가 보인다. 한빛통신\n\n정하늘 기자\n\n{BODY}"
    assert clean_up.story(page) == BODY
    page = f"Minister Seo Young-mi signs the pact in Hanoi, Thursday. Yonhap\n\nBy Do Hae-jin, Kim Yoo-na\n\n{ENGLISH}"
    assert clean_up.story(page) == ENGLISH


def test_a_caption_goes_only_where_a_story_follows():
    caption = "다리 밑 수위표를 읽는 직원이다."
    for credit in ("(사진=환경부 제공)", "/사진=한빛1", "한빛통신"):
        assert clean_up.story(f"{caption} {credit}\n\n{BODY}") == BODY
        assert clean_up.story(f"{caption} {credit}") == caption
        assert clean_up.story(f"{BODY}\n\n{caption} (사진=환경부 제공)") == f"{BODY}\n\n{caption}"


def test_what_stands_behind_a_story_takes_no_sentence_with_it():
    for tail in (
        "desk@mulbit.example",
        "Related Stories",
        "With files from Hanbit",
        "— AFP",
        "desk@mulbit.example\n(END)",
    ):
        assert clean_up.story(f"{ENGLISH} {tail}") == ENGLISH


def test_a_broadcast_script_becomes_a_story():
    script = (
        "[앵커] 도시 17곳이 수위를 공개합니다.\n나예린 기자가 보도합니다.\n\n[리포트] 전광판이 켜집니다.\n\n"
        "하늘방송 뉴스 나예린입니다.\n촬영기자:배도윤/영상편집:신가온/그래픽:정수진"
    )
    assert clean_up.story(script) == "도시 17곳이 수위를 공개합니다.\n\n전광판이 켜집니다."


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("A&amp;B", "A&B"),
        ("A&amp;amp;B", "A&B"),
        ("amp;#39;기각amp;#39;", "'기각'"),
        ("apos;냉장고apos; quot;인용quot;", "'냉장고' \"인용\""),
        ("&ldquo;끝&rdquo;", "“끝”"),
        ("<p>하나</p><p>둘</p>", "하나\n\n둘"),
        ("하나<br/>둘", "하나\n둘"),
        ("굵은 <strong>글</strong>", "굵은 글"),
        ("<img alt=\"a > b\" src='i.jpg'>글", "글"),
        ("<a title='b > \"c\"' href=x>글</a>", "글"),
        ('<img alt="열린 채> 글 "인용"', '글 "인용"'),
        ("&lt;b&gt;두 번&lt;/b&gt; 감쌌다", "두 번 감쌌다"),
        ("<사진=환경부 제공>", "<사진=환경부 제공>"),
        ("3 < 5 이고 5 > 3", "3 < 5 이고 5 > 3"),
        ("<script>alert(1)</script>본문", "본문"),
        ("<!-- 지움 -->본문<!-- 안 닫음", "본문"),
        ("[caption id='1']설명[/caption] 본문", "설명 본문"),
        ("  두  칸\t띄움\u3000\u00a0 ", "두 칸 띄움"),
        ("&amp;amp;amp;lt;", "<"),
        ("salt; and pepper", "salt; and pepper"),
    ],
)
def test_markup_and_entities(raw, text):
    assert markup.plain(raw) == text


def test_a_headline_loses_its_row_of_hashtags_but_not_its_last_word():
    assert clean_up.line("수위 5분마다 공개 #하천 #수위") == "수위 5분마다 공개"
    assert clean_up.line("The long road of #MeToo") == "The long road of #MeToo"
    assert clean_up.line("두 줄\n제목") == "두 줄 제목"


@given(st.text())
def test_no_entity_and_no_tag_is_left(text):
    cleaned = markup.plain(text)
    assert "<script" not in cleaned.lower()
    assert "&amp;" not in cleaned
    assert "&#39;" not in cleaned


@given(
    st.lists(st.sampled_from([*DATELINES, *TAILS, *KEPT, BODY, ENGLISH, "\n", "\n\n", " "]), max_size=12).map(
        "".join
    )
)
def test_cleaning_twice_takes_nothing_more_than_edges(text):
    once = clean_up.story(text)
    assert len(clean_up.story(once)) <= len(once)
    assert all(word in text or "…" in word for word in once.split())


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200000,
        "<!--" * 50000,
        "&amp;" * 50000,
        "amp;" * 50000,
        "[" * 200000,
        " #a" * 60000,
        "[가]" * 60000,
        "다.[" * 60000,
        "<script" * 30000,
        '<a b="' * 50000,
        "<a b='\"" * 50000,
        " " * 300000,
        "홍길동 기자\n" * 10000,
        "A " * 100000,
        " ⓒ." * 60000,
        "가나=다라 " * 40000,
        "a@" * 100000,
        "가" * 300000,
        "홍길동 " * 60000 + "기자",
        "\n" * 300000,
    ],
    ids=lambda text: text[:8],
)
def test_a_hostile_text_is_cleaned_in_one_pass(text):
    assert len(clean_up.story(text)) <= len(text)

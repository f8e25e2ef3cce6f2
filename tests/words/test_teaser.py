import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.domain.refusal import Refusal
from sharing.words import labels, quotes, teaser
from sharing.words.count import x_weight

LINK = "https://example.com/s/7kq2mx23ab"
AUTOMATIC = Teaser()
HEADLINE = "강변 도시 17곳, 하천 수위 5분마다 공개한다"
LEAD = "강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다."
MORE = "지금까지는 한 시간에 한 번이었다. 지하차도 앞 전광판도 같은 숫자를 쓴다."
SAID = "환경부는 “물이 불어나는 속도를 시민이 직접 볼 수 있어야 대피가 빨라진다”고 24일 밝혔다."

RIVER = Article(
    headline=HEADLINE,
    summary=LEAD,
    language="ko",
    body=f"(서울=한빛통신) 정하늘 기자 = {LEAD} {MORE}\n\n{SAID}\n\nsky@mulbit.example\n\n<저작권자 ⓒ 물빛일보, 무단전재 금지>",
    url="https://mulbit.example/river",
)
PACT = Article(
    headline="Seoul, Hanoi agree to share typhoon data",
    summary="In a step that could save lives, South Korea and Vietnam agreed Thursday to share raw storm data.",
    body="In a step that could save lives, South Korea and Vietnam agreed Thursday to share raw storm data.\n\n"
    '"A typhoon does not stop at a border, and neither should the numbers," Minister Seo Young-mi said in Hanoi.',
    language="en",
)


def own(words):
    return Teaser(words=words)


def changed(article, **values):
    return Article.load({**article.stored(), **values})


# Facebook


def test_facebook_gets_what_the_card_does_not_show():
    assert teaser.facebook(RIVER, AUTOMATIC) == SAID
    assert teaser.facebook(PACT, AUTOMATIC) == PACT.summary


def test_facebook_gets_the_headline_only_where_there_is_nothing_else():
    bare = Article(headline=HEADLINE, language="ko")
    assert teaser.facebook(bare, AUTOMATIC) == HEADLINE


def test_a_label_announces_the_news_itself():
    assert teaser.facebook(changed(RIVER, label="속보"), AUTOMATIC).startswith(f"[속보] {LEAD}")


def test_facebook_takes_a_persons_words_up_to_its_limit():
    assert teaser.facebook(RIVER, own("  그대로 \n둔다 ")) == "  그대로 \n둔다 "
    with pytest.raises(Refusal) as refused:
        teaser.facebook(RIVER, own("가" * 63_210))
    assert (refused.value.code, refused.value.facts) == ("facebook.too_long", {"over": 4, "limit": 63_206})


# X


def test_x_gets_the_lead_alone_when_it_says_all_the_headline_says():
    assert teaser.x(RIVER, AUTOMATIC, LINK) == f"{LEAD} {MORE}\n{LINK}"


def test_x_gets_both_when_they_fit_and_differ():
    assert teaser.x(PACT, AUTOMATIC, LINK) == f"{PACT.headline}\n{PACT.summary}\n{LINK}"


def test_x_gets_the_headline_when_the_lead_would_have_to_be_cut():
    long = changed(PACT, summary=None, body="Storm data " + "and more storm data " * 20 + "will be shared.")
    assert teaser.x(long, AUTOMATIC, LINK) == f"{PACT.headline}\n{LINK}"


def test_x_shows_the_label_in_front_of_whatever_it_shows():
    assert teaser.x(changed(PACT, label="breaking"), Teaser(variant="headline"), LINK).startswith(
        "BREAKING: Seoul"
    )
    assert teaser.x(changed(RIVER, label="단독"), AUTOMATIC, LINK).startswith("[단독] 강변")


def test_a_persons_words_are_used_as_they_are_with_the_link_below():
    assert teaser.x(RIVER, own("딱 이 글."), LINK) == f"딱 이 글.\n{LINK}"
    assert teaser.x(RIVER, own("딱 이 글. "), LINK) == f"딱 이 글. {LINK}"


@pytest.mark.parametrize(
    "link",
    [LINK, LINK.replace("https://", ""), f"{LINK}?utm_source=x&utm_medium=social&utm_content=7kq2mx23ab"],
)
def test_a_link_that_a_person_wrote_is_not_put_in_twice(link):
    words = f"여기: {link} 보기"
    assert teaser.x(RIVER, own(words), LINK) == words


def test_words_too_long_for_x_are_refused_with_how_much_they_are_over():
    assert teaser.x(RIVER, own("가" * 128), LINK)
    with pytest.raises(Refusal) as refused:
        teaser.x(RIVER, own("가" * 130), LINK)
    assert (refused.value.code, refused.value.field) == ("x.too_long", "words")
    assert refused.value.facts == {"over": 4, "limit": 280}


def test_a_longer_limit_lets_longer_words_through():
    assert teaser.x(RIVER, own("가" * 130), LINK, limit=25_000)


def test_x_gets_a_sentence_beside_the_headline_where_the_lead_does_not_fit():
    body = f"Storm data {'and more storm data ' * 20}will be shared.\n\nFishing fleets will see the numbers from May."
    long = changed(PACT, summary=None, body=body)
    assert teaser.x(long, AUTOMATIC, LINK) == (
        f"{PACT.headline}\nFishing fleets will see the numbers from May.\n{LINK}"
    )


def test_x_says_no_fact_twice():
    article = Article(
        headline="한은, 기준금리 연 2.25% 동결…“환율·가계빚 더 지켜봐야”",
        body="한국은행 금융통화위원회가 24일 기준금리를 연 2.25%로 유지했다. 네 번 연속 동결이다.",
        language="ko",
    )
    assert teaser.x(article, AUTOMATIC, LINK) == f"{article.headline}\n네 번 연속 동결이다.\n{LINK}"


# KakaoTalk


def test_kakao_shows_the_headline_and_beside_it_something_new():
    words = teaser.kakao(RIVER, AUTOMATIC)
    assert words.title == HEADLINE
    assert words.description == "지금까지는 한 시간에 한 번이었다."


def test_kakao_skips_a_first_sentence_that_would_be_cut_and_says_the_headline_again():
    article = Article(
        headline="Hanbit Electronics to invest $14.2 billion in Texas chip plant",
        summary="Hanbit Electronics Co. said Wednesday it will spend $14.2 billion to build a second chip plant in Texas, "
        "its largest investment abroad. The U.S. government will cover part of the cost.",
        language="en",
    )
    assert teaser.kakao(article, AUTOMATIC).description == "The U.S. government will cover part of the cost."


def test_what_a_title_does_not_hold_stands_below_it():
    article = changed(
        PACT, headline="Prime Minister Hollis resigns after losing confidence vote", label="breaking"
    )
    words = teaser.kakao(article, AUTOMATIC)
    assert words.title == "BREAKING: Prime Minister Hollis resigns…"
    assert words.description.startswith("…after losing confidence vote")
    article = changed(
        RIVER, headline="“좌파 판사들이 권한을 침해했다”…뿔난 대통령, 항소법원 향해 “판결 뒤집어야”"
    )
    words = teaser.mail(article, AUTOMATIC)
    assert (words.subject, words.preheader) == (
        "“좌파 판사들이 권한을 침해했다”…",
        "…뿔난 대통령, 항소법원 향해 “판결 뒤집어야”",
    )


def test_one_word_alone_is_no_rest_of_a_title():
    article = changed(RIVER, headline="장동혁, 한동훈 제명했지만…‘윤 어게인’ 절연 ·외연 확장 부담 커졌다")
    words = teaser.kakao(article, AUTOMATIC)
    assert words.title == "장동혁, 한동훈 제명했지만…"
    assert words.description.startswith("…‘윤 어게인’ 절연 ·외연 확장 부담 커졌다")


def test_the_lines_of_a_korean_dek_are_parted_by_dots_and_never_cut():
    market = Article(
        headline="다시 불 켜진 달빛시장",
        summary="하루 손님 30명 남짓하던 시장\n청년 상인 모이자 주말 방문객 4천 명\n“문 닫는 날보다 여는 날이 많아졌다”",
        language="ko",
    )
    assert (
        teaser.kakao(market, AUTOMATIC).description
        == "하루 손님 30명 남짓하던 시장 · 청년 상인 모이자 주말 방문객 4천 명"
    )
    assert teaser.facebook(market, AUTOMATIC) == market.summary


def test_a_persons_first_line_is_the_title_and_the_rest_the_description():
    words = teaser.kakao(RIVER, own("제목 줄\n설명 줄\n또 한 줄"))
    assert (words.title, words.description) == ("제목 줄", "설명 줄\n또 한 줄")
    assert teaser.kakao(RIVER, own("제목만")).description == ""


@pytest.mark.parametrize("compose", [teaser.kakao, teaser.mail])
@pytest.mark.parametrize("words", ["", " \n\n "])
def test_words_without_a_first_line_are_refused(compose, words):
    with pytest.raises(Refusal) as refused:
        compose(RIVER, own(words))
    assert refused.value.code == "words.no_first_line"


# Mail


def test_a_mail_has_a_subject_a_preheader_that_does_not_repeat_it_and_the_lead():
    words = teaser.mail(RIVER, AUTOMATIC)
    assert words.subject == HEADLINE
    assert words.preheader == MORE
    assert words.lead == f"{LEAD} {MORE}"


def test_a_long_headline_is_cut_to_what_inboxes_show():
    long = changed(
        RIVER,
        headline="해오름구청, 낡은 물탱크 녹물 민원 314건 2년간 방치…주민들 “아기 목욕물도 누렇다” 분통",
    )
    assert len(teaser.mail(long, AUTOMATIC).subject) <= 40
    english = changed(PACT, headline="Seoul and Hanoi agree " + "to share data " * 8, label="breaking")
    subject = teaser.mail(english, AUTOMATIC).subject
    assert len(subject) <= 78
    assert subject.startswith("BREAKING: Seoul")


def test_a_persons_mail_is_the_first_line_and_after_a_blank_line_the_lead():
    words = teaser.mail(RIVER, own("내 제목\n\n내 첫 문장. 둘째 문장."))
    assert (words.subject, words.lead, words.preheader) == (
        "내 제목",
        "내 첫 문장. 둘째 문장.",
        "내 첫 문장. 둘째 문장.",
    )


def test_a_paragraph_in_place_of_a_subject_is_refused():
    assert teaser.mail(RIVER, own("가" * 255)).subject == "가" * 255
    with pytest.raises(Refusal) as refused:
        teaser.mail(RIVER, own("가" * 300))
    assert (refused.value.code, refused.value.facts) == ("mail.subject_too_long", {"over": 45, "limit": 255})


def test_a_mail_of_the_cms_is_a_subject_or_a_subject_and_a_lead():
    alone = teaser.mail(changed(RIVER, channel_words={"mail": "CMS 제목"}), AUTOMATIC)
    assert (alone.subject, alone.lead) == ("CMS 제목", f"{LEAD} {MORE}")
    both = teaser.mail(changed(RIVER, channel_words={"mail": "CMS 제목\n\nCMS 본문."}), AUTOMATIC)
    assert (both.subject, both.lead, both.preheader) == ("CMS 제목", "CMS 본문.", "CMS 본문.")


@pytest.mark.parametrize("headline", ["<b></b>", "<img src='a.jpg' alt='a > b'>", "<br>\n<br/>"])
def test_a_headline_of_markup_alone_leaves_no_empty_title(headline):
    article = changed(RIVER, headline=headline)
    assert teaser.kakao(article, AUTOMATIC).title == LEAD
    assert teaser.mail(article, AUTOMATIC).subject == LEAD
    assert teaser.kakao(Article(headline=headline), AUTOMATIC).title != ""


def test_a_headline_of_hashtags_alone_keeps_them():
    assert teaser.kakao(changed(RIVER, headline="#하천 #수위"), AUTOMATIC).title == "#하천 #수위"


def test_a_persons_subject_alone_keeps_our_lead():
    words = teaser.mail(RIVER, own("내 제목"))
    assert (words.subject, words.lead) == ("내 제목", f"{LEAD} {MORE}")


@given(st.text(max_size=60))
def test_no_subject_can_break_out_of_its_header(text):
    for article_teaser in (Teaser(words=f"가{text}"), AUTOMATIC):
        subject = teaser.mail(changed(RIVER, headline=f"가{text}"), article_teaser).subject
        assert not any(mark in subject for mark in "\r\n\0\v\f\x85\u2028\u2029")
        assert subject == subject.strip() != ""


# Link


def test_the_clipboard_gets_the_link_alone():
    assert teaser.clipboard(RIVER, AUTOMATIC, LINK) == LINK
    assert teaser.clipboard(RIVER, own("읽어 보세요"), LINK) == f"읽어 보세요\n{LINK}"
    assert teaser.clipboard(RIVER, own(""), LINK) == LINK


# What the CMS holds


def test_words_that_the_cms_holds_for_a_channel_win_over_ours():
    words = {
        "facebook": "<p>CMS가 쓴 글</p>",
        "x": "CMS의 X 글",
        "kakao": "CMS 제목\nCMS 설명",
        "mail": "CMS 메일 제목",
    }
    article = changed(RIVER, channel_words=words)
    assert teaser.facebook(article, AUTOMATIC) == "CMS가 쓴 글"
    assert teaser.x(article, AUTOMATIC, LINK) == f"CMS의 X 글\n{LINK}"
    assert teaser.kakao(article, AUTOMATIC) == teaser.KakaoWords(title="CMS 제목", description="CMS 설명")
    assert teaser.mail(article, AUTOMATIC).subject == "CMS 메일 제목"
    assert teaser.facebook(article, own("사람이 쓴 글")) == "사람이 쓴 글"


def test_words_of_the_cms_must_fit():
    article = changed(RIVER, channel_words={"x": f"{LEAD} {MORE} {SAID} {SAID}"})
    post = teaser.x(article, AUTOMATIC, LINK)
    assert x_weight(post) <= 280
    assert post.startswith(f"{LEAD} {MORE}")


# What deks are made of


@pytest.mark.parametrize(
    "summary",
    [
        f"{LEAD} 지금까지는 한 시간에 …",
        f"{LEAD} 지금까지는 한 시간에 한",
        f"(서울=한빛통신) 정하늘 기자 = {LEAD}",
        "하천 | 수위 | 재난",
        HEADLINE,
        "",
        None,
    ],
)
def test_a_dek_that_is_cut_or_none_gives_way_to_the_story(summary):
    assert teaser.mail(changed(RIVER, summary=summary), AUTOMATIC).lead == f"{LEAD} {MORE}"


def test_lines_of_a_dek_that_were_run_together_give_way_to_the_story():
    together = "오락가락 하천 공개 항소법원 “일시 복원” 통상법원 맹비난 “권한 침해” 대안 찾는 환경부 “영향 없다” 우회 조항 만지작 거려"
    assert teaser.mail(changed(RIVER, summary=together), AUTOMATIC).lead == f"{LEAD} {MORE}"


def test_the_sites_motto_is_no_dek():
    article = changed(PACT, summary="Bringing the Wide World to Every Reader")
    assert teaser.mail(article, AUTOMATIC).lead == PACT.summary


def test_a_dek_that_breaks_off_without_a_story_keeps_its_whole_sentences():
    cut = changed(RIVER, body=None, summary=f"{LEAD} 지금까지는 한 시간에 한 번이었다. 지하차도 앞 전광")
    assert teaser.mail(cut, AUTOMATIC).lead == f"{LEAD} 지금까지는 한 시간에 한 번이었다."


def test_the_caption_is_not_the_lead():
    article = changed(
        RIVER, summary=None, caption="다리 밑 수위표다.", body=f"다리 밑 수위표다.\n\n{LEAD} {MORE}"
    )
    assert teaser.mail(article, AUTOMATIC).lead == f"{LEAD} {MORE}"


# Variants


def test_a_quotation_is_a_whole_sentence_of_the_story_with_its_speaker():
    assert teaser.x(RIVER, Teaser(variant="quote"), LINK) == f"{SAID}\n{LINK}"
    assert "Seo Young-mi said in Hanoi." in teaser.facebook(PACT, Teaser(variant="quote"))


@pytest.mark.parametrize(
    "body",
    [
        "그는 “물이 불어나는 속도를 시민이 볼 수 있어야 한다”고 말했다.",
        "이른바 ‘물 폭탄’이 쏟아졌다.",
        '"It is what we have always wanted to do here," he said.',
        "“I only wrote down what they said in those years.”",
    ],
)
def test_without_a_usable_quotation_the_lead_stands_in(body):
    article = changed(RIVER, body=f"{LEAD} {MORE}\n\n{body}")
    assert teaser.x(article, Teaser(variant="quote"), LINK) == teaser.x(article, AUTOMATIC, LINK)


def test_two_halves_of_one_quotation_stay_together():
    body = 'Rovers won 2-1.\n\n"I closed my eyes," Okafor said. "When I heard the noise, I knew it was in."\n\nThey meet again in May.'
    article = Article(headline="Okafor lifts Rovers", body=body, language="en")
    assert '"When I heard the noise, I knew it was in."\n' in teaser.x(article, Teaser(variant="quote"), LINK)


# Labels and hashtags


@pytest.mark.parametrize(
    ("given_label", "language", "shown"),
    [
        ("속보", "ko", "[속보]"),
        ("[속보]", "ko", "[속보]"),
        ("breaking", "ko", "[속보]"),
        ("Breaking News", "en", "BREAKING:"),
        ("속보", "en", "BREAKING:"),
        ("opinion", "en", "OPINION:"),
        ("사설", "ko", "[사설]"),
        ("현장 24시", "ko", "[현장 24시]"),
        ("Special: the long read about rivers", "en", ""),
        ("사회", "ko", ""),  # that is the section
        ("", "ko", ""),
        (None, "en", ""),
    ],
)
def test_a_label_is_what_the_cms_says_dressed_as_the_language_does(given_label, language, shown):
    article = Article(headline="제목", label=given_label, language=language, section="사회")
    assert labels.label(article) == shown


@pytest.mark.parametrize("headline", ["[속보] 위헌 결정", "<속보> 위헌 결정", "속보: 위헌 결정", "위헌 결정"])
def test_a_headline_wears_its_label_once(headline):
    assert labels.labelled("[속보]", headline) == "[속보] 위헌 결정"


def test_hashtags_come_from_the_desks_list_alone():
    article = Article(headline="제목", tags=("하천 수위", "재난", "속보", "수위"))
    assert labels.hashtags(article, ["하천수위", "수위", "재난"]) == ["#하천수위", "#재난"]
    assert labels.hashtags(article, []) == []


# Everything at once

WORDS = st.text(max_size=400)


@given(
    headline=WORDS.filter(str.strip),
    summary=WORDS,
    body=WORDS,
    label=st.sampled_from([None, "속보", "breaking", "!"]),
)
def test_whatever_the_article_says_every_channel_gets_words_that_fit(headline, summary, body, label):
    article = Article(headline=headline, summary=summary, body=body, label=label)
    for variant in ("lead", "headline", "quote"):
        choice = Teaser(variant=variant)
        assert len(teaser.facebook(article, choice)) <= 410
        assert x_weight(teaser.x(article, choice, LINK)) <= 280
        assert teaser.x(article, choice, LINK).endswith(LINK)
        mail = teaser.mail(article, choice)
        assert len(mail.subject) <= 78
        assert len(mail.preheader) <= 100
        kakao = teaser.kakao(article, choice)
        assert len(kakao.title) <= 110
        if quotes.balanced(headline) and not label:
            assert quotes.balanced(kakao.title)


def test_the_same_article_always_gets_the_same_words():
    assert teaser.x(RIVER, AUTOMATIC, LINK) == teaser.x(changed(RIVER), AUTOMATIC, LINK)

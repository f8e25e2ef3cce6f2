import unicodedata

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sharing.words import quotes
from sharing.words.count import two_lines, urls_in, x_weight
from sharing.words.cut import ELLIPSIS, fit

ENGLISH = (
    "In a step that could give coastal towns hours of extra warning, South Korea and Vietnam agreed Thursday to "
    "share raw typhoon data from 12 satellites, said Environment Minister Seo Young-mi of the U.S.-backed council."
)
KOREAN = (
    "해오름구청이 낡은 물탱크에서 녹물이 나온다는 주민 민원 314건을 2년 넘게 처리하지 않은 것으로 23일 확인됐다. "
    "구청은 “교체 예산을 세 번 올렸지만 번번이 깎였다”며 뒤늦게 전수조사에 나섰다."
)

PIECES = st.sampled_from(
    [
        *"가는을의 \n.,?!…“”‘’\"'()[]·-—",
        "정부가 ",
        "회의를 열어 ",
        "밝혔다. ",
        "“그렇다”고 ",
        "the ",
        "of ",
        "Kim You-geun ",
        "U.S. ",
        "1조 2000억 원 ",
        "$1.2 billion ",
        "https://news.example/a/1 ",
        "[속보] ",
        "BREAKING: ",
        "👨‍👩‍👧‍👦",
        "e\u0301",
        "韓美 ",
        "メキシコ",
        "Aug. 15 ",
        "said.",
        "don't ",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))
MEASURES = st.sampled_from([len, x_weight, lambda text: two_lines(text, 160)])


@given(TEXTS, st.integers(min_value=-5, max_value=400), MEASURES)
@example("\ud7a4" * 3, 2, len)
def test_the_result_fits_whatever_the_text_and_the_limit(text, limit, measure):
    result = fit(text, limit, measure)
    assert result == "" or measure(result) <= limit


@given(TEXTS, st.integers(min_value=0, max_value=300), MEASURES)
def test_fitting_twice_changes_nothing(text, limit, measure):
    once = fit(text, limit, measure)
    assert fit(once, limit, measure) == once


@given(TEXTS, st.integers(min_value=0, max_value=300), MEASURES)
@example("e\u0301" * 9, 5, len)
@example("👨‍👩‍👧‍👦" * 9, 9, x_weight)
@example("👍🏽🇰🇷" * 9, 4, len)
@example("\u1112\u1161\u11ab " * 9, 5, len)
def test_the_result_is_valid_unicode_in_whole_characters(text, limit, measure):
    result = fit(text, limit, measure)
    assert result.encode("utf-8").decode("utf-8") == result
    assert unicodedata.is_normalized("NFC", result)
    kept = regex.sub(rf"{ELLIPSIS}?[\p{{Pe}}\p{{Pf}}\"'{ELLIPSIS}]*$", "", result)
    text = unicodedata.normalize("NFC", text).strip()
    if text.startswith(kept) and not kept.endswith(tuple(" \n")):
        whole = {0, *(character.end() for character in regex.finditer(r"\X", text))}
        assert len(kept) in whole


@given(TEXTS, st.integers(min_value=0, max_value=300), MEASURES)
def test_quotes_that_were_paired_stay_paired(text, limit, measure):
    if quotes.balanced(unicodedata.normalize("NFC", text).strip()):
        assert quotes.balanced(fit(text, limit, measure))


@given(TEXTS, st.integers(min_value=0, max_value=300))
def test_the_result_is_a_beginning_of_the_text_and_ends_where_a_word_ends(text, limit):
    text = unicodedata.normalize("NFC", text).strip()
    result = fit(text, limit)
    if result in {text, ""}:
        return
    marks = '"“”‘’「」『』《》〈〉«»'
    kept = regex.sub(rf"{ELLIPSIS}?[{regex.escape(marks)})\]}}】）'…]*$", "", result)
    if not text.startswith(kept):  # quotation marks are dropped where they cannot be closed
        kept = "".join(mark for mark in kept if mark not in marks)
        text = "".join(mark for mark in text if mark not in marks)
    assert text.startswith(kept)
    rest = text[len(kept) :]
    inside_a_word = kept[-1:].isalnum() and rest[:1].isalnum()
    first_word = regex.match(r"[^\s…]*", text)[0]
    unspaced = regex.search(r"[\p{Han}\p{Hiragana}\p{Katakana}]", kept[-1:] + rest[:1])
    assert not inside_a_word or len(first_word) >= limit or unspaced


@given(TEXTS, st.integers(min_value=0, max_value=300))
def test_no_link_is_cut(text, limit):
    text = unicodedata.normalize("NFC", text).strip()
    result = fit(text, limit)
    whole = {text[span.start : span.end] for span in urls_in(text)}
    for span in urls_in(result):
        link = result[span.start : span.end]
        assert link in whole or "://" not in link


@given(st.lists(PIECES, max_size=60).map("".join), st.integers(min_value=12, max_value=300))
def test_what_is_cut_ends_on_no_particle_and_no_article(text, limit):
    text = unicodedata.normalize("NFC", text).strip()
    result = fit(text, limit)
    if result != text and result.endswith(ELLIPSIS) and " " in result:
        last = result[:-1].split()[-1].strip("“”‘’\"'()[]")
        assert last[-1:] not in {*"은는이가을를의"} or last in text.split()[0]
        assert last.lower() not in {"the", "of", "to", "a"}


@pytest.mark.parametrize("limit", range(10, 210, 5))
def test_english_is_never_left_hanging(limit):
    result = fit(ENGLISH, limit)
    assert len(result) <= limit
    last = result.rstrip(ELLIPSIS + ".").split()[-1]
    assert last not in {
        "the",
        "of",
        "to",
        "and",
        "that",
        "a",
        "from",
        "said",
        "South",
        "Minister",
        "Seo",
        "12",
        "U.S",
    }


@pytest.mark.parametrize("limit", range(16, 110, 3))
def test_korean_is_never_left_hanging(limit):
    result = fit(KOREAN, limit)
    assert len(result) <= limit
    last = result.rstrip(ELLIPSIS + ".").split()[-1]
    assert last[-1] not in "은는이가을를의"
    assert last not in {"처리하지", "2년", "23일", "것으로", "낡은", "세", "않은"}
    assert quotes.balanced(result)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("비가 온다. 바람도 분다. 눈은 오지 않는다.", 16, "비가 온다. 바람도 분다."),
        ("Rain fell. Wind blew. No snow came.", 22, "Rain fell. Wind blew."),
        ("당이 대표를 제명했지만, 어깨는 한층 무거워졌다.", 20, "당이 대표를 제명했지만…"),
        ("[단독] 검찰, ‘공천 의혹’ 前장관 소환…“사실관계 부인”", 28, "[단독] 검찰, ‘공천 의혹’ 前장관 소환…"),
        (
            "Oldest known tree in Asia is 4,200 years old, and it still grows",
            50,
            "Oldest known tree in Asia is 4,200 years old…",
        ),
        ("The plant will cost $14.2 billion and open in 2029, the firm said", 27, "The plant will cost…"),
        ("정부는 추경 3조 2000억 원을 편성했다고 밝혔다고 한다", 17, "정부는 추경…"),
        (
            '"We twice sent envoys, but nobody answered us at all that day," Kim said.',
            40,
            '"We twice sent envoys…"',
        ),
        (
            "대통령은 “통합의 차원에서 국력을 모아 위기를 이겨내야 한다”고 말했다고 대변인이 전했다",
            24,
            "대통령은 “통합의 차원에서 국력을 모아…”",
        ),
        ("해당 사안을 처리하지 않은 것으로 드러났다", 14, "해당…"),
        (
            "メキシコ国立統計地理情報院は28日、第1四半期の国内総生産が増えたと発表",
            22,
            "メキシコ国立統計地理情報院は28日…",
        ),
        ("https://news.example/a/very/long/address/that/does/not/fit 보기", 20, ""),
        ("Donaudampfschifffahrtsgesellschaft", 12, "Donaudampfs…"),
        ("“Donaudampfschiff”", 16, "Donaudampfschiff"),
        ("SCANDAL! Speaker of the House accused of blackmail", 40, "SCANDAL! Speaker of the House…"),
        (
            "Kelce calls Swift’s ‘The Tortured Poets’ her best",
            44,
            "Kelce calls Swift’s ‘The Tortured Poets’…",
        ),
        ("Keegan Medrano, a queer, Native advocate, said so", 26, "Keegan Medrano…"),
        ("[속보]", 3, ""),
        ("가나다", 0, ""),
        ("", 10, ""),
        ("  둘러싼 빈칸은 뺀다  ", 20, "둘러싼 빈칸은 뺀다"),
    ],
)
def test_cuts_an_editor_would_make(text, limit, expected):
    assert fit(text, limit) == expected


@pytest.mark.parametrize("limit", range(4, 40))
def test_the_mark_that_closes_a_quotation_is_counted(limit):
    text = "“가나 다라 마바 사아 자차 카타 파하 거너 더러 머버 서어 저처 커터 퍼허”고 그가 말했다"
    assert len(fit(text, limit)) <= limit
    assert quotes.balanced(fit(text, limit))


def test_a_quotation_whose_end_is_far_away_is_still_one():
    said = "Nobody asked us before the water came and nobody came after it had gone " * 12
    cut = fit(f'"{said.strip()}," Kim said. "We waited."', 60)
    assert cut == '"Nobody asked us before the water came and nobody came…"'
    said = (
        "Nobody came before the water. Nobody came after it. We waited for a day and a night and then another day. "
        * 5
    )
    assert quotes.balanced(fit(f'"{said.strip()}" Kim said.', 100))


def test_a_label_never_stands_alone():
    for limit in range(4, 20):
        assert fit("[속보] 헌법재판소가 위헌 결정을 내렸다", limit) not in {"[속보]", "[속보]…"}
        assert not regex.fullmatch("BREAKING:?…?", fit("BREAKING: Hollis resigns after vote", limit))


@pytest.mark.parametrize(
    "text",
    [
        "한" * 200_000,
        "한 " * 100_000,
        "정부는 그렇게 말했고 " * 20_000,
        "“" * 80_000,
        "“가 ” " * 200_000,
        '"a ' * 80_000,
        "'a ' " * 200_000,
        "(" * 100_000,
        "a.b " * 60_000,
        "https://a.example/b " * 50_000,
        "👨‍👩‍👧‍👦" * 50_000,
        "다." * 80_000,
    ],
    ids=lambda text: text[:8],
)
@pytest.mark.parametrize(("limit", "measure"), [(280, x_weight), (63_206, len)], ids=["x", "facebook"])
def test_a_hostile_text_is_cut_in_one_pass(text, limit, measure):
    assert measure(fit(text, limit, measure)) <= limit


@settings(max_examples=25)
@given(st.lists(PIECES, min_size=150, max_size=400).map("".join).map(lambda text: f"“{text}” 말했다"))
def test_a_long_text_is_cut_as_a_short_one(text):
    cut = fit(text, 300)
    assert len(cut) <= 300
    if quotes.balanced(unicodedata.normalize("NFC", text).strip()):
        assert quotes.balanced(cut)

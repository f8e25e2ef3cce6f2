import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.words.particles import PAIRS, fill, particle


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("기자", "이/가", "기자가"),
        ("서울", "이/가", "서울이"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("대구", "으로/로", "대구로"),
        ("X", "이/가", "X가"),
        ("X", "은/는", "X는"),
        ("KBS", "이/가", "KBS가"),
        ("YTN", "을/를", "YTN을"),
        ("JTBC", "과/와", "JTBC와"),
        ("IMF", "이/가", "IMF가"),
        ("NATO", "은/는", "NATO는"),
        ("UN", "이/가", "UN이"),
        ("VR", "으로/로", "VR로"),
        ("OpenAI", "이/가", "OpenAI가"),
        ("Google", "은/는", "Google은"),
        ("Google", "으로/로", "Google로"),
        ("Facebook", "이/가", "Facebook이"),
        ("Netflix", "을/를", "Netflix를"),
        ("Instagram", "으로/로", "Instagram으로"),
        ("TikTok", "이/가", "TikTok이"),
        ("WhatsApp", "을/를", "WhatsApp을"),
        ("Café", "이/가", "Café가"),
        ("3", "이/가", "3이"),
        ("2", "을/를", "2를"),
        ("7", "으로/로", "7로"),
        ("10", "으로/로", "10으로"),
        ("1,000", "이/가", "1,000이"),
        ("1000000000000", "이/가", "1000000000000가"),
        ("3.0", "은/는", "3.0은"),
        ("15%", "을/를", "15%를"),
        ("5kg", "이/가", "5kg이"),
        ("20km", "이/가", "20km가"),
        ("5G", "이/가", "5G가"),
        ("“끝”", "이라/라", "“끝”이라"),
        ("‘시작이다’", "이라/라", "‘시작이다’라"),
        ("국제통화기금(IMF)", "은/는", "국제통화기금(IMF)은"),
        ("세계보건기구(WHO)", "이/가", "세계보건기구(WHO)가"),
        ("(UN)", "이/가", "(UN)이"),
        ("민수", "아/야", "민수야"),
        ("지은", "아/야", "지은아"),
        ("美", "은/는", "美는"),
        ("尹", "이/가", "尹이"),
        ("日", "으로/로", "日로"),
        ("기사.", "을/를", "기사.를"),
        ("Москва", "이/가", "Москва이(가)"),
        ("", "이/가", ""),
        ("서울", "가/이", "서울이"),
    ],
)
def test_the_particle_follows_the_last_sound(word, pair, expected):
    assert word + particle(word, pair) == expected


def test_a_template_is_filled_and_its_particles_fit():
    filled = fill("{auto}{은/는} 바로 나간다. {hand}{은/는} 준비만 한다.", auto="X", hand="카카오톡")
    assert filled == "X는 바로 나간다. 카카오톡은 준비만 한다."
    assert fill("{n}건{을/를} {place}{으로/로}", n=3, place="서울") == "3건을 서울로"


def test_a_value_is_never_read_as_a_template():
    assert fill("{q}{이/가} 없다", q="{은/는} {n}건") == "{은/는} {n}건이 없다"
    assert "{n}" in fill("“{q}”에 맞는 것이 없다", q="{n}")


def test_a_missing_value_or_an_unknown_pair_is_the_programmers_mistake():
    with pytest.raises(KeyError):
        fill("{name}{이/가}")
    with pytest.raises(KeyError):
        particle("서울", "에/에서")


@given(st.text(), st.sampled_from(sorted(PAIRS)))
def test_every_word_gets_one_form_or_both(word, pair):
    closed, opened = PAIRS[pair]
    rest = particle(word, pair)
    assert rest in {closed, opened, f"{closed}({opened})", ""}
    assert rest or not word.strip()


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1))
def test_hangul_is_always_certain(word):
    closed = (ord(word[-1]) - 0xAC00) % 28 != 0
    assert particle(word, "이/가") == ("이" if closed else "가")

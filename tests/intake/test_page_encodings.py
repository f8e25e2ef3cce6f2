"""Pages that do not say how they are written are read all the same, and ordinary ones cost nothing more."""

import subprocess
import sys

import pytest

from sharing.intake.page.decoding import decode
from tests.costs import at_most

TEXTS = {
    "ja": "東京都は二十五日、来年度の予算案を発表した。一般会計の総額は八兆四千億円で、前年度を三パーセント上回る。",
    "ja headline": "サッカー日本代表、アジアカップ決勝へ　イランに二対一で勝利",
    "zh": "北京市政府25日公布了明年的预算草案。总额达到八千四百亿元，比上年增长百分之三。市长在记者会上表示。",
    "zh headline": "北京公布明年预算草案",
    "tw": "臺北市政府二十五日公布明年度預算案。總額達到八百四十億元，較去年增加百分之三。市長在記者會上表示。",
    "tw headline": "臺北公布明年預算案",
    "ko": "서울시는 25일 내년도 예산안을 발표했다. 총액은 사십칠조 원으로 지난해보다 삼 퍼센트 늘었다.",
    "ko headline": "국회, 예산안 처리 또 미뤄",
    "fr": "Le maire a présenté mercredi le budget de l’année à venir. « Nous protégeons les Parisiens », a-t-il dit.",
    "de": "Der Bürgermeister stellte den Haushalt vor. „Wir schützen die Bürger“, sagte er. Größere Straßen folgen.",
    "ru": "Мэр Москвы представил в среду бюджет на следующий год. Расходы вырастут на три процента.",
    "el": "Ο δήμαρχος παρουσίασε την Τετάρτη τον προϋπολογισμό του επόμενου έτους.",
}
WRITTEN = [
    ("ja", "shift_jis"), ("ja headline", "shift_jis"), ("ja", "euc_jp"), ("ja headline", "euc_jp"),
    ("zh", "gb18030"), ("zh headline", "gb18030"), ("zh", "gbk"), ("tw", "big5"), ("tw headline", "big5"),
    ("ko", "cp949"), ("ko headline", "cp949"), ("fr", "cp1252"), ("de", "cp1252"), ("ru", "cp1251"),
    ("ru", "koi8_r"), ("el", "cp1253"),
]  # fmt: skip


def page(text, declared="", around=200):
    links = "<a href='/menu'>menu</a>" * around
    return f"<html><head>{declared}<title>{text[:30]}</title></head><body>{links}<h1>{text[:30]}</h1><p>{text}</p>{links}"


@pytest.mark.parametrize(("name", "codec"), WRITTEN)
@pytest.mark.parametrize("declared", ["", "<meta charset=iso-8859-1>"])
def test_a_page_that_does_not_say_its_encoding_is_read(name, codec, declared):
    text = page(TEXTS[name], declared)
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize(("name", "codec"), WRITTEN)
def test_a_page_that_says_its_encoding_is_believed(name, codec):
    text = page(TEXTS[name], f"<meta charset={codec.replace('_', '-').replace('cp949', 'euc-kr')}>")
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("kind", ["utf-8", "cp949", "cp1252"])
def test_ordinary_pages_never_ask_for_a_guess(kind):
    text = page(TEXTS["fr" if kind == "cp1252" else "ko"])
    code = (
        "import sys; from sharing.intake.page.decoding import decode;"
        f"decode({text.encode(kind)!r}); assert 'charset_normalizer' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    "body",
    [
        b"\xff" * 1_000_000,
        b"\xa4\xa2" * 500_000,
        b"\x81 " * 500_000,
        b"a" * 999_990 + b"\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9",
        b"<\xb0\xa1\xb0" * 250_000,
        bytes(range(256)) * 4_000,
    ],
)
def test_hostile_bytes_cost_little(body):
    with at_most(6):
        assert decode(body)

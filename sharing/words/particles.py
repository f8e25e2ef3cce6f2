"""Korean particles that fit the word before them: X가, KBS가, 3이, 서울로, “끝”이라고, 유엔(UN)은."""

from __future__ import annotations

import unicodedata
from typing import Any

import regex

# The last sound of a word: vowel, consonant, or ㄹ, which differs from other consonants only for 으로.
_OPEN, _CLOSED, _RIEUL = "open", "closed", "rieul"

#: Pair as templates write it (either order): form after a consonant, form after a vowel.
PAIRS = {
    "이/가": ("이", "가"),
    "은/는": ("은", "는"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "아/야": ("아", "야"),
    "으로/로": ("으로", "로"),
    "이라/라": ("이라", "라"),
    "이라고/라고": ("이라고", "라고"),
    "이며/며": ("이며", "며"),
    "이나/나": ("이나", "나"),
    "이다/다": ("이다", "다"),
    "이었다/였다": ("이었다", "였다"),
}
_BY_NAME = PAIRS | {"/".join(reversed(name.split("/"))): forms for name, forms in PAIRS.items()}

_DIGITS = dict(zip("0123456789", "CRVCVVCRRV", strict=True))
_LETTERS = dict.fromkeys("ABCDEFGHIJKOPQSTUVWXYZ", "V") | {"L": "R", "R": "R", "M": "C", "N": "C"}
_KINDS = {"C": _CLOSED, "R": _RIEUL, "V": _OPEN}
# After a number, a unit is read in Korean: kg as "킬로그램", km as "킬로미터".
_CLOSED_UNITS = frozenset({"g", "kg", "mg", "t"})
_OPEN_UNIT = regex.compile(
    r"[kcmnµ]?m|[kMGT]?[Bb](?:ps)?|[kMG]?(?:W|Wh|Hz|V)|mA|m?[lL]|k?cal|ha|ft|in|oz|lb|mph"
)
_SIGNS = dict.fromkeys("%％℃㎞㎝㎜㎡+&$", _OPEN) | dict.fromkeys("㎏㎎", _CLOSED)
# Hanja in Korean headlines, by the last sound of their Korean reading.
_HANJA = (
    dict.fromkeys(
        "韓中獨印英北軍檢靑尹金朴文安黨南山新男前現權潘任沈洪江黃林東間年人銀賢京淸側重黑白閔丁鄭張宋申孔梁敵上",
        _CLOSED,
    )
    | dict.fromkeys("日佛發一月七八達率說薛", _RIEUL)
    | dict.fromkeys("美露加濠伊泰與野李故株女車許高呂馬社者對後大小下道市區比以五四二九盧曺趙崔", _OPEN)
)

_OUTER = regex.compile(r"[\s\"'“”‘’「」『』《》〈〉\[\]【】.,!?…:;~·]+$")
_BRACKETED = regex.compile(r"(?<=\S)\s*\([^()]*\)$")
_LATIN_WORD = regex.compile(r"[\p{Latin}]+$")
_NUMBER_AND_UNIT = regex.compile(r"\d\s?([A-Za-z]{1,4})$")
_SLOT = regex.compile(r"\{(\w+)\}|\{(\p{Hangul}+/\p{Hangul}+)\}")


def particle(word: str, pair: str) -> str:
    """Return the form of `pair` ("이/가", "으로/로", ... in either order) that fits the last sound of `word`.

    Punctuation at the end is ignored, and so is a bracket after a word: in 국제통화기금(IMF)은 the particle follows
    기금. If the sound is unknown (other scripts), the result has both forms: "이(가)". An empty word gives "".

    Raises:
        KeyError: the pair is not in `PAIRS`.
    """
    closed, opened = _BY_NAME[pair]
    sound = _last_sound(word)
    if sound is None:
        return f"{closed}({opened})" if word.strip() else ""
    if sound == _RIEUL and closed == "으로":
        return opened
    return opened if sound == _OPEN else closed


def fill(template: str, **values: Any) -> str:
    """Fill each `{name}` of `template`, and replace each `{이/가}` by the form that fits the word before it.

    Braces inside values have no meaning. Example: fill("{name}{이/가} 전합니다", name="서울") gives "서울이 전합니다".

    Raises:
        KeyError: the template names a value that was not given, or a pair that does not exist.
    """
    done: list[str] = []
    past = 0
    for slot in _SLOT.finditer(template):
        done.append(template[past : slot.start()])
        name, pair = slot.groups()
        done.append(str(values[name]) if name else particle("".join(done)[-80:], pair))
        past = slot.end()
    return "".join(done) + template[past:]


def _last_sound(word: str) -> str | None:
    word = unicodedata.normalize("NFC", word)[-200:]
    bare = _OUTER.sub("", word)
    while (without := _BRACKETED.sub("", bare)) != bare:
        bare = _OUTER.sub("", without)
    bare = bare.rstrip("()") or word.strip()
    if not bare:
        return None
    last = bare[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return _OPEN if final == 0 else _RIEUL if final == 8 else _CLOSED
    if last.isdecimal():
        return _number(bare)
    if last in _SIGNS:
        return _SIGNS[last]
    if (last.isascii() and last.isalpha()) or _LATIN_WORD.search(bare):
        return _latin(bare)
    return _HANJA.get(last)


def _number(bare: str) -> str:
    """Return the last sound of a number: by its last digit. 12 to 15 zeros are read as 조, which ends in a vowel."""
    digits = regex.search(r"[\d,.]+$", bare)
    written = digits[0].replace(",", "") if digits else bare
    zeros = 0 if "." in written else len(written) - len(written.rstrip("0"))
    if zeros and len(written) > zeros and 12 <= zeros < 16:
        return _OPEN
    return _KINDS[_DIGITS[str(int(written[-1]))]]


def _latin(bare: str) -> str:
    unit = _NUMBER_AND_UNIT.search(bare)
    if unit and unit[1] in _CLOSED_UNITS:
        return _CLOSED
    if unit and _OPEN_UNIT.fullmatch(unit[1]):
        return _OPEN
    match = _LATIN_WORD.search(bare)
    word = "".join(c for c in unicodedata.normalize("NFD", match[0] if match else bare[-1]) if c.isascii())
    if not word:
        return _OPEN
    spelled = regex.search(r"[A-Z]+$", word)
    if spelled and not _is_read_as_a_word(spelled[0], word):
        return _KINDS[_LETTERS[word[-1]]]
    return _KINDS[_sound(word.lower())]


def _is_read_as_a_word(capitals: str, word: str) -> bool:
    """Tell whether capitals are read as a word (NATO, UNICEF, SAMSUNG: four or more) or spelled (KBS, JTBC, IMF)."""
    if capitals != word or len(word) < 4 or not regex.search(r"[AEIOUY]", word[1:-1]):
        return False
    return not regex.search(r"[^AEIOUY]{3}|[BCDFGJKPQTVZ]{2}$|^[^AEIOU][^AEIOUHLRY]", word)


def _sound(word: str) -> str:
    """Return the last sound of an English word as Hangul writes it: Google 구글, Netflix 넷플릭스."""
    if regex.search(r"le?$", word):
        return "R"
    if regex.search(r"(?:m|me|mb|n|ne|gn|ng|mn)$", word):
        return "C"
    if regex.search(r"(?:^|[^aeiou])(?:[aeiouy]|oo)(?:pp?|tt?|c?k)$|[^aeiou]ic$", word):
        return "C"
    return "V"

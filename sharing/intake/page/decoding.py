"""Decode the bytes of a page: as strict UTF-8, else as declared, else by the script of the text, else by a guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

#: Most bytes of a page that are read. The largest news page found had 1.6 MB.
LIMIT = 4_000_000

#: Python's codec -> the labels for which browsers use this encoding
#: (encoding.spec.whatwg.org, "Names and labels": each legacy label means its widest superset).
_CODECS = {
    "cp949": (
        "euc-kr",
        "euckr",
        "ks_c_5601-1987",
        "ksc5601",
        "ksc_5601",
        "cp949",
        "ms949",
        "uhc",
        "windows-949",
    ),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms932", "windows-31j", "cp932"),
    "euc_jp": ("euc-jp", "eucjp", "x-euc-jp"),
    "gb18030": ("gb2312", "gbk", "gb18030", "x-gbk"),
    "big5hkscs": ("big5", "big5-hkscs", "x-x-big5"),
    "cp1252": ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"),
    "iso8859-15": ("iso-8859-15", "latin-9"),
    "cp1250": ("windows-1250",),
    "iso8859-2": ("iso-8859-2", "latin2"),
    "cp1251": ("windows-1251", "cp1251"),
    "koi8-r": ("koi8-r",),
    "cp1253": ("windows-1253",),
    "cp1254": ("iso-8859-9", "latin5", "windows-1254"),
    "cp1255": ("windows-1255",),
    "cp1256": ("windows-1256",),
    "tis-620": ("tis-620", "windows-874"),
}
_BY_LABEL = {label: codec for codec, labels in _CODECS.items() for label in labels}

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_\-]{3,20})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,99}encoding=["']([A-Za-z0-9_\-]{3,20})""")

# For pages with no declaration or a wrong one: a codec is used if it gives text in the script of its language.
_SCRIPTS = (
    ("cp949", re.compile(r"[가-힣]")),
    ("euc_jp", re.compile(r"[ぁ-ヿ]")),
    ("cp932", re.compile(r"[ぁ-ヿ]")),
)
_SAMPLE = 50_000
# Chinese in gb18030 also decodes to Hangul, but to rare syllables. These usual syllables are a third of Korean text.
_USUAL_HANGUL = re.compile(r"[이다는의을에가고로하지한서도기사를은인정]")
# Codecs for a guess. Asian or Cyrillic text has high bytes side by side; accents of European languages stand alone.
_GUESSED = ("cp949", "euc_jp", "cp932", "gb18030", "big5hkscs", "cp1251", "koi8_r", "cp1253", "cp1252")
_FOREIGN = re.compile(rb"[\x80-\xff][^<>]{0,999}")
_HIGH, _SIDE_BY_SIDE = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\x80-\xff](?=[\x80-\xff])")
_GUESS_FROM = 2_000


def decode(data: bytes, content_type: str | None = None) -> str:
    """Decode the bytes of a page. Never fails: a byte that cannot be decoded becomes U+FFFD.

    Args:
        data: the bytes of the page; only the first `LIMIT` bytes are read.
        content_type: the media type in the HTTP answer, with its charset, if there was one.
    """
    data = data[:LIMIT]
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    try:
        return _repaired(codecs.getincrementaldecoder("utf-8")("strict").decode(data), data)
    except UnicodeDecodeError:
        pass
    declared = list(_declared(data, content_type))
    for codec in declared:
        if codec != "cp1252" and _fits(data, codec):
            return data.decode(codec, "replace")
    for codec, script in _SCRIPTS:
        if _reads_as(data, codec, script):
            return data.decode(codec, "replace")
    return data.decode(_likeliest(data, declared), "replace")


def _declared(data: bytes, content_type: str | None) -> Iterator[str]:
    head = data[:4096]
    for found in (
        _DECLARED.search((content_type or "").encode("ascii", "ignore")),
        _XML.search(head),
        *_DECLARED.finditer(head),
    ):
        codec = _BY_LABEL.get(found[1].decode().lower()) if found else None
        if codec:
            yield codec


def _fits(data: bytes, codec: str) -> bool:
    """Tell whether the page can be in its declared encoding: at most one broken character in 200 beyond ASCII."""
    text = data[:_SAMPLE].decode(codec, "replace")
    return text.count("\ufffd") * 200 <= sum(character > "\x7f" for character in text)


def _reads_as(data: bytes, codec: str, script: re.Pattern[str]) -> bool:
    text = data.decode(codec, "replace")
    foreign = [character for character in text if character > "\x7f"][:_SAMPLE]
    letters = len(script.findall("".join(foreign)))
    if codec == "cp949" and len(_USUAL_HANGUL.findall("".join(foreign))) * 20 < letters:
        return False
    return letters >= 10 and letters * 2 > len(foreign) and foreign.count("\ufffd") * 50 < letters


def _likeliest(data: bytes, declared: list[str]) -> str:
    # UTF-8 with a few broken bytes (a cut comment, a Windows quotation mark) is still UTF-8.
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - broken
    if sound > broken * 4:
        return "utf-8"
    return _guess(data) or (declared[0] if declared else "cp1252")


def _guess(data: bytes) -> str | None:
    """Guess the encoding with charset-normalizer from the first text beyond ASCII. None if only accents are found.

    The guess comes last and with few codecs: with all codecs it takes half a second for a page.
    """
    sample = b""
    for found in _FOREIGN.finditer(data):
        sample += found[0] + b"\n"
        if len(sample) > _GUESS_FROM:
            break
    high = len(_HIGH.findall(sample))
    if high < 8 or len(_SIDE_BY_SIDE.findall(sample)) * 3 < high:
        return None
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 90 ms, for one page in thousands

    best = from_bytes(sample, cp_isolation=list(_GUESSED), enable_fallback=False).best()
    return best.encoding if best else None


def _repaired(text: str, data: bytes) -> str:
    """Repair a page that declares EUC-KR, but whose bytes were read as Latin-1 and saved as UTF-8."""
    if _BY_LABEL.get(next((m[1].decode().lower() for m in _DECLARED.finditer(data[:4096])), "")) != "cp949":
        return text
    if re.search(r"[가-힣]", text) or not re.search(r"[À-ÿ][¡-þ]", text):
        return text
    try:
        turned = text.encode("latin-1").decode("cp949")
    except UnicodeError:
        return text
    return turned

"""The Unicode gate: every text from outside passes it once.

The gate removes characters that PostgreSQL cannot store, that reverse a headline, or that nobody can see, the same
way for both databases. Emoji keep their joiners and variation selectors.
"""

from __future__ import annotations

import unicodedata

import regex

from sharing.domain.refusal import Refusal

# Bidirectional controls (UAX 9), which show "exe.fdp" as "pdf.exe"; tag characters and other invisible
# characters; soft hyphens and byte order marks, which typesetting leaves behind.
_UNSEEN = regex.compile(
    r"[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F"
    r"\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFDD0-\uFDEF\uFEFF\uFFA0\uFFF0-\uFFFB\uFFFE\uFFFF\U000E0000-\U000E007F"
    r"\U000E0080-\U000E0FFF]"
)
# Joiners have a meaning between emoji and in scripts that shape letters with them; elsewhere they are invisible.
_STRAY_JOINER = regex.compile(
    r"(?<![\p{Extended_Pictographic}\p{EMod}\uFE0F\p{Arabic}\p{Devanagari}\p{Bengali}\p{Tamil}\p{Sinhala}"
    r"\p{Malayalam}\p{Kannada}\p{Telugu}\p{Gujarati}\p{Gurmukhi}])[\u200C\u200D]|[\u200C\u200D](?=\s|$)"
)
# The flags of England, Scotland and Wales are a black flag and tag characters; these tag characters stay.
_SUBDIVISION_FLAG = regex.compile(r"\U0001F3F4[\U000E0061-\U000E007A\U000E0030-\U000E0039]{2,6}\U000E007F")

# NEL, line and paragraph separators become \n; a vertical tab or form feed becomes a space.
_LINE_BREAK = regex.compile(r"\r\n?|[\u0085\u2028\u2029]")
_OTHER_SPACE = regex.compile(r"[\u000B\u000C]")
# More combining marks on one letter than any script needs: they cover the lines above.
_PILE_OF_MARKS = regex.compile(r"(\p{M}{6})\p{M}+")

_HALF = regex.compile(r"[\uD800-\uDFFF]")

#: Longest text of each kind, in characters. A longer text is an accident or an attack.
LIMITS = {"headline": 1000, "summary": 10_000, "url": 2048, "name": 300, "body": 2_000_000, "words": 70_000}


def clean(text: str, field: str = "words") -> str:
    """Normalise `text` to NFC and remove characters that cannot be seen or stored.

    Args:
        text: any str, even with lone surrogates (from broken JSON escapes).
        field: the kind of text, a key of `LIMITS`.

    Raises:
        Refusal: `unicode.surrogate` for a lone surrogate, `text.too_long` beyond the limit of `field`.
    """
    if len(text) > LIMITS[field]:
        raise Refusal("text.too_long", field=field, limit=LIMITS[field])
    if text.isascii() and text.isprintable():
        return text
    if _HALF.search(text):
        raise Refusal("unicode.surrogate", field=field)
    flags = _SUBDIVISION_FLAG.findall(text)
    if flags:
        pieces = _SUBDIVISION_FLAG.split(text)
        joined = [_clean_piece(pieces[0])]
        for flag, piece in zip(flags, pieces[1:], strict=True):
            joined += [flag, _clean_piece(piece)]
        return "".join(joined)
    return _clean_piece(text)


def _clean_piece(text: str) -> str:
    text = _OTHER_SPACE.sub(" ", _LINE_BREAK.sub("\n", unicodedata.normalize("NFC", text)))
    return _PILE_OF_MARKS.sub(r"\1", _STRAY_JOINER.sub("", _UNSEEN.sub("", text)))


def one_line(text: str, field: str = "words") -> str:
    """Clean `text` as `clean` does, and turn every run of white space into one space. For headlines and names."""
    return " ".join(clean(text, field).split())

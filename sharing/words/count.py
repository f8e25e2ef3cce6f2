"""The weight of a text on X (twitter-text config v3), and its width in two lines of a KakaoTalk bubble."""

from __future__ import annotations

import unicodedata

import regex

from sharing.words.lists import word_list
from sharing.words.urls import Span, urls_in

__all__ = ["X_LIMIT", "X_LINK", "Span", "two_lines", "urls_in", "x_weight"]

#: github.com/twitter/twitter-text config/v3.json (read 2026-11-24): 280, and 23 for a link of any length.
X_LIMIT = 280
X_LINK = 23

# Characters of weight 1; all others weigh 2.
_LIGHT = regex.compile(r"[\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")

# A flag is a pair of regional indicator letters. A pair that is not a flag is shown, and counted, as two
# characters. The codes are the country domains, except four that are not regions, plus the codes of UTS 51 that
# have no domain.
_FLAGS = word_list(
    "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS",
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ",
    "EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW",
    "GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ",
    "LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY",
    "MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU",
    "RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN",
    "TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW",
)


def _regional(code: str) -> str:
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)


def _tags(code: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in code)


# UTS 51: an emoji with its skin tone or presentation selector, and up to three more emoji joined to it. A character
# before U+FE0E is text, not an emoji. A digit is an emoji only as a keycap; the copyright and trade mark signs only
# before U+FE0F.
_ELEMENT = (
    r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|(?![#*0-9])\p{Emoji}\uFE0F"
    r"|(?![\u0000-\u00FF\u2122\u265F])\p{Emoji}(?!\uFE0E))"
)
_EMOJI = regex.compile(
    r"[#*0-9]\uFE0F?\u20E3"
    rf"|(?:{'|'.join(map(_regional, sorted(_FLAGS)))})"
    rf"|\U0001F3F4(?:{'|'.join(map(_tags, ('gbeng', 'gbsct', 'gbwls')))})\U000E007F"
    rf"|{_ELEMENT}(?:\u200D{_ELEMENT}){{0,3}}"
)


def x_weight(text: str) -> int:
    """Return the weighted length of `text` on X. A post may weigh at most 280.

    The text is normalised to NFC first. Weights: a link 23, an emoji sequence 2, a character up to U+10FF (ASCII,
    Latin, Cyrillic, ...), a curly quote or a dash 1, other characters (Hangul, hanja, `…`) 2. Linear in time.

    Example: "속보: rain https://news.example.kr/1" weighs 4 + 7 + 23 = 34.
    """
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    weight, past = 0, 0
    for span in urls_in(text):
        weight += _weight(text[past : span.start]) + X_LINK
        past = span.end
    return weight + _weight(text[past:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    rest, emoji = _EMOJI.subn("", text)
    return 2 * emoji + 2 * len(rest) - len(_LIGHT.findall(rest))


class _Widths(dict[str, int]):
    """The width of each character in sans-serif type, in tenths of a Hangul syllable. Computed once, then kept."""

    def __missing__(self, character: str) -> int:
        wide = character >= "\u1100" and not "\u2010" <= character <= "\u201f"
        self[character] = width = 10 if wide else 6
        return width


_WIDTHS = _Widths(
    dict.fromkeys("abcdeghknopqsuvxyz0123456789$#", 6)
    | dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 7)
    | dict.fromkeys("mwMW@%—―", 9)
    | dict.fromkeys(" fijlrtI.,:;!'|()[]/-·‘’", 3)
)


def two_lines(text: str, line: int) -> int:
    """Return the width that `text` takes in lines of width `line`, wrapped at words. It fits if <= 2 * line.

    The unit is a tenth of a Hangul syllable: 160 is sixteen syllables, or about thirty Latin letters. Kakao
    documents no cut point; the width of a line is observed.
    """
    lines, used = 0, 0
    for word in text.split():
        width = sum(map(_WIDTHS.__getitem__, word))
        if used and used + _WIDTHS[" "] + width > line:
            lines, used = lines + 1, width
        else:
            used += (_WIDTHS[" "] if used else 0) + width
        if used > line:
            lines, used = lines + used // (line + 1), used % (line + 1)
    return lines * line + used

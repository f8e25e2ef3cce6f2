"""Split the text under a picture into caption and credit."""

from __future__ import annotations

import re

from sharing.intake.page.plain import line
from sharing.words.vocabulary import AGENCIES, PICTURES, any_of

_KIND = any_of(
    PICTURES,
    """
    사진_?(?:자료|출처)? 자료_?사진 photos? photographs? images? pictures? credits?
    fotos? bild illustration
    """,
)
_MARK = (
    rf"(?:{_KIND}\s*(?:제공|credit)?\s*[=:：ㅣ|]\s*|{_KIND}\s+(?:by|courtesy of)\s+"
    r"|[ⓒ©]\s*|courtesy (?:of )?)"
)
_OPEN, _WITHIN, _SHUT = r"[(\[<【（]", r"[^()\[\]<>【】（）]", r"[)\]>】）]"

# Patterns of a credit at the end of a caption, and whether the credit must contain a word of agencies or photographers.
_SHAPES = (
    (re.compile(rf"\s*{_OPEN}\s*{_MARK}({_WITHIN}{{2,60}})\s*{_SHUT}\s*\.?$", re.IGNORECASE), False),
    (re.compile(rf"\s*{_OPEN}\s*({_WITHIN}{{2,60}})\s*{_SHUT}\s*\.?$"), True),
    (
        re.compile(rf"(?:(?<=[.!?。])|(?<=[.!?][\"'”’]))\s+(?:{_MARK})?([^.!?]{{2,60}})$", re.IGNORECASE),
        True,
    ),
    (re.compile(rf"(?:^|\s*[-–—/|·,]\s*|\s+){_MARK}([^.]{{2,80}})\.?$", re.IGNORECASE), False),
    (re.compile(r"(?<=[.다”\"\s])\s*[/=]\s*([^\s/=.][^/=.]{1,40})$"), True),
    (re.compile(r"(?:^|(?<=[.다])\s+)([^.]{2,30}?)\s?제공\.?$"), False),
)
_AGENCY = re.compile(
    r"\b"
    + any_of(
        AGENCIES,
        """
        yonhap epa getty newsis news1 bloomberg jiji file handout
        courtesy photo press images? pool times
        """,
    )
    + r"\b|"
    + any_of("연합 뉴시스 뉴스1 로이터 게티 제공 기자 신화 자료사진 캡처 캡쳐 갈무리 공동취재"),
    re.IGNORECASE,
)


def split(text: str) -> tuple[str | None, str | None]:
    """Split `text` into (caption, credit). Each of them may be None.

    Examples: `... Thursday. Yonhap` has the credit Yonhap, and `... 있다. (사진=연합뉴스)` the credit 연합뉴스.
    `사진=뉴스1` has a credit and no caption.
    """
    text = line(text, "summary") or ""
    for shape, needs_agency in _SHAPES:
        found = shape.search(text)
        if found and (not needs_agency or (_AGENCY.search(found[1]) and len(found[1].split()) <= 6)):
            return text[: found.start()].strip(" -–—/|,") or None, line(found[1].strip(" .=/"), "name")
    if len(text) <= 40 and _AGENCY.search(text) and not re.search(r"[.다]$", text):
        return None, text
    return text or None, None

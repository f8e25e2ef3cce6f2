"""Read numbers in texts, to compare them: 12,000, 1만2000, 3조 5천억, 1.2 million, three."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, DecimalException

import regex

_KOREAN = {"십": 10, "백": 100, "천": 1_000, "만": 10_000, "억": 10**8, "조": 10**12}
_ENGLISH = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "bn": 10**9,
}
_ENGLISH |= {"m": 10**6, "k": 1_000, "b": 10**9}
_SPELLED = {
    word: Decimal(value)
    for value, word in enumerate(
        (
            *(
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
            ),
            *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
            "twenty",
        )
    )
}
_SPELLED |= {"thirty": Decimal(30), "forty": Decimal(40), "fifty": Decimal(50), "first": Decimal(1)}
_SPELLED |= {"second": Decimal(2), "third": Decimal(3), "fourth": Decimal(4), "fifth": Decimal(5)}

_PIECE = r"\d[\d,]{0,24}(?:\.\d{1,8})?"
_NUMBER = regex.compile(
    rf"(?<![\p{{L}}\d.])({_PIECE}(?:[십백천]?[만억조](?:\s?{_PIECE})?|[십백천])*+)"
    r"(?:\s?(hundred|thousand|million|billion|trillion|bn|[mkb](?!\p{L})))?",
    regex.IGNORECASE,
)
_PART = regex.compile(rf"({_PIECE})?([십백천]?)([만억조]?)")
_WORD = regex.compile(r"\p{Latin}++")


def unknown(text: str, source: str) -> Iterator[str]:
    """Yield the numbers of `text`, as written, that `source` does not have in any spelling."""
    known = {value for _, value in _numbers(source)}
    known |= {_SPELLED[word] for word in _WORD.findall(source.lower()) if word in _SPELLED}
    # The digits inside a longer number count as known, too: "2026년 11월" and "11월 2026" have the same parts.
    known |= {
        Decimal(piece.replace(",", ""))
        for piece in regex.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", source[:200_000])
        if len(piece) < 25
    }
    for written, value in _numbers(text):
        if value not in known:
            yield written


def _numbers(text: str) -> Iterator[tuple[str, Decimal]]:
    for match in _NUMBER.finditer(text):
        try:
            yield match[0].strip(" ,."), _value(match[1]) * _ENGLISH.get((match[2] or "").lower(), 1)
        except DecimalException:
            continue


def _value(written: str) -> Decimal:
    """Return the value of a number: 1조2000억 is 1,200,000,000,000."""
    total = Decimal(0)
    for piece, small, large in _PART.findall(written.replace(" ", "")):
        if piece or small or large:
            number = Decimal(piece.replace(",", "")) if piece else Decimal(1)
            total += number * _KOREAN.get(small, 1) * _KOREAN.get(large, 1)
    return total

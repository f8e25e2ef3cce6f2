"""Measure how much two texts say the same: by the beginnings of their words, and by their numbers."""

from __future__ import annotations

from functools import lru_cache

import regex

from sharing.words.lists import word_list

#: From this share of the headline's words on, a sentence says mostly the same as the headline.
MOSTLY = 0.5
#: From this share on, a sentence that is not much longer says almost nothing else.
_ALL = 0.85

_TOKEN = regex.compile(r"[\p{L}\p{N}]+")
_HANGUL = regex.compile(r"\p{Hangul}")
#: Numbers of two digits or more: 17곳, 2.25 percent, $14.2 billion. Single digits are too frequent to compare.
_TELLING = regex.compile(r"\d[\d.,]*\d")
_HALVES = regex.compile(r"…|\.\.\.|[:;—]|\s[–-]\s")
_SMALL = word_list(
    "about according after and are been before but for from had has have into its not officials over said says",
    "than that the their this told was were when which while who will with",
)
# Words that say how a fact is known, not the fact: "…한 것으로 드러났다", "가운데", "밝혔다".
_SMALL_KOREAN = regex.compile(
    r"것[은으을이]|드러났|나타났|밝혔|밝혀|전했|말했|확인됐|알려졌|가운데|대해|위해|따르면|관련"
)


def overlap(headline: str, text: str) -> float:
    """Return the share (0 to 1) of the words of `headline` that are in `text`, by the beginnings of words."""
    wanted = _wanted(headline)
    if not wanted:
        return 0.0
    said = " " + " ".join(tokens(text))
    return sum(beginning in said for beginning in wanted) / len(wanted)


def says_again(headline: str, sentence: str) -> bool:
    """Tell whether `sentence` only repeats `headline`: nearly all words of the headline, and few others."""
    return overlap(headline, sentence) >= _ALL and len(tokens(sentence)) <= 1.5 * len(tokens(headline)) + 1


@lru_cache(maxsize=256)  # several places of one article need the same answer
def repeats(headline: str, sentence: str) -> bool:
    """Tell whether `sentence` under `headline` repeats a fact of the headline.

    It does if the two share a number ("2.25%", "180,000"), or if it has most words of the headline, or of one half
    of the headline ("통신선 종일 불통…정부 “지켜볼 것”"), and the headline has most words of the sentence.
    """
    if set(_TELLING.findall(headline)) & set(_TELLING.findall(sentence)):
        return True
    parts = [part for part in _HALVES.split(headline) if len(_wanted(part)) > 2]
    named = max((overlap(part, sentence) for part in (headline, *parts)), default=0)
    return named >= MOSTLY and overlap(sentence, headline) >= MOSTLY


def forget() -> None:
    """Empty the caches, for measuring."""
    repeats.cache_clear()
    _wanted.cache_clear()


def tokens(text: str) -> list[str]:
    """Return the words and numbers of `text`, in lower case."""
    return _TOKEN.findall(text.lower())


def folded(text: str) -> str:
    """Return `text` in lower case without punctuation and spaces, to compare two texts."""
    return "".join(tokens(text))


@lru_cache(maxsize=64)
def _wanted(text: str) -> tuple[str, ...]:
    """Return the beginnings of the words of `text` that carry meaning."""
    return tuple(_beginning(word) for word in {*tokens(text)} if _names_something(word))


def _names_something(word: str) -> bool:
    if _HANGUL.search(word):
        return len(word) > 1 and not _SMALL_KOREAN.match(word)
    return word.isdigit() or (len(word) > 2 and word not in _SMALL)


def _beginning(word: str) -> str:
    """Return the start of a word that inflection does not change: equal for "수위를" and "수위"."""
    if _HANGUL.search(word):
        return word[:2]
    return f" {word}" if word.isdigit() else f" {word[: max(3, min(5, len(word) - 1))]}"

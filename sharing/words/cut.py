"""Shorten a text as an editor does: after a whole sentence, else after a clause, else after a word."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import islice

import regex

from sharing.words import endings, quotes, sentences
from sharing.words.endings import LOOSE_END
from sharing.words.lists import word_list
from sharing.words.quotes import Pair

ELLIPSIS = "…"
Measure = Callable[[str], int]

#: How many cuts of one kind are tried before the next kind. The limit bounds the time for hostile texts.
_TRIES = 40
_TRIES_IN_A_LONG_TEXT = 4
_LONG = 4_000
#: The least that a cut must keep, as shares of the room (`_WHOLE_AT_LEAST`) or of the longest cut that fits: whole
#: sentences, a clause, a word that reads well, any word.
_WHOLE_AT_LEAST = 0.25
_CLAUSE_AT_LEAST = 0.5
_WORD_AT_LEAST = 0.7
_ANY_AT_LEAST = 0.35

# An ellipsis inside a headline separates words as a space does (“소환…“부인””).
_WORDS = regex.compile(r"[^\s…]*+…++|[^\s…]++")
# Chinese and Japanese have no spaces: a text may be cut after each character.
_CHARACTERS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]|[^\s\p{Han}\p{Hiragana}\p{Katakana}ー]++")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_HANGUL = regex.compile(r"\p{Hangul}")
_LONG_WORD = regex.compile(r"\b\p{L}{4,}+")
_SPACE = regex.compile(r"\s")
_WORD_END = regex.compile(r"\S\s")
_GRAPHEME = regex.compile(r"\X")
_COMMA_INSIDE = regex.compile(r"[,;]([\"”’']+)$")
_SAID = word_list("said says told asked added wrote")
_AFTER_SPEECH = frozenset('"”')
_NO_QUOTES = {ord(mark): None for mark in '"“”‘’「」『』《》〈〉«»'}
_LABEL_ALONE = regex.compile(
    r"\s*+(?:[\[【<〈(][^\]】>〉)]{1,16}[\]】>〉)]\s*+|\p{Lu}[\p{Lu} ]{2,24}:?\s*+)+…?"
)


def fit(text: str, limit: int, measure: Measure = len) -> str:
    """Shorten `text` to at most `limit`, as `measure` counts, at a place that an editor would choose.

    A text that fits is only normalised (NFC) and stripped. A longer text keeps the whole sentences that fit. If no
    sentence fits, the first sentence is cut after a clause, else after a word, and ends with `…`. Such a cut is
    outside quotations, brackets, numbers, names and links, and not after a Korean particle or an article. A
    quotation that fills the limit is cut and closed. A word is cut between characters only if it is the first and
    too long alone; a link is never cut. If there is no room for a word and `…`, the result is "". No limit raises.

    Example: fit("Rain fell in Seoul. Roads were closed.", 25) gives "Rain fell in Seoul."

    Args:
        text: a text that passed `unicode.clean`.
        limit: the most that `measure` may return for the result.
        measure: len, `count.x_weight`, ...; a text with more words must not measure less.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if measure(text) <= limit:
        return text
    head = _head(text, limit, measure)
    tries = _TRIES if len(head) < _LONG else _TRIES_IN_A_LONG_TEXT
    for cuts in _kinds(head, limit, measure, goes_on=len(head) < len(text), paired=quotes.balanced(text)):
        for cut in islice(cuts, tries):
            if cut and measure(cut) <= limit:
                return cut
    return ""


def _head(text: str, limit: int, measure: Measure) -> str:
    """Return the start of `text` that decides the cut: a stretch that does not fit, and some characters more."""
    size = 256
    while size < len(text):
        space = _SPACE.search(text, size)
        end = space.start() if space else len(text)
        if measure(text[:end]) > limit:
            more = _WORD_END.search(text, min(len(text), end + 64))
            return text[: more.start() + 1] if more else text
        size = 2 * end
    return text


def _kinds(
    head: str, limit: int, measure: Measure, *, goes_on: bool, paired: bool
) -> Iterator[Iterator[str]]:
    opened = quotes.read(head).open if paired else []
    closed = min(opened, default=len(head))  # after it stands a quotation that ends beyond `head`
    stops = [end for end in sentences.ends(head) if end <= closed and not (goes_on and end == len(head))]
    fitting = bisect_right(stops, limit, key=lambda end: measure(head[:end]))
    if fitting and measure(head[: stops[fitting - 1]]) < limit * _WHOLE_AT_LEAST:
        stops = stops[fitting:]  # "SCANDAL!" alone would waste the room: the cut is in the next sentence
    else:
        yield _whole(head, stops[:fitting])
    sentence = _Sentence(head[: stops[0]] if stops else head, limit, measure, paired=paired)
    yield sentence.clauses(_CLAUSE_AT_LEAST)
    yield sentence.phrases(_WORD_AT_LEAST)
    yield sentence.words(_WORD_AT_LEAST, strict=True)
    yield sentence.words(_ANY_AT_LEAST, strict=True)
    yield sentence.words(_ANY_AT_LEAST, strict=False)
    yield sentence.sentences_in_quotation()
    yield sentence.in_quotation(strict=True)
    yield sentence.in_quotation(strict=False)
    yield sentence.words(0, strict=True)
    yield sentence.words(0, strict=False)
    yield sentence.without_quotation_marks()
    yield sentence.characters()


def _whole(head: str, stops: list[int]) -> Iterator[str]:
    for end in reversed(stops):
        yield "" if _LABEL_ALONE.fullmatch(head[:end]) else head[:end].rstrip()


class _Sentence:
    """A sentence that is too long, and the places where it may be cut."""

    def __init__(self, text: str, limit: int, measure: Measure, *, paired: bool) -> None:
        self.text = text
        marks = quotes.read(text)
        if paired:  # a quotation that is open here is closed beyond `text`
            marks.pairs += [Pair(at, len(text)) for at in marks.open]
        self._pairs, self.outer = marks.pairs, marks.outer()
        self._starts = [pair.start for pair in self.outer]
        unspaced = not _HANGUL.search(text) and len(_UNSPACED.findall(text)) > len(text) // 3
        self.words_at = [(m.start(), m.end()) for m in (_CHARACTERS if unspaced else _WORDS).finditer(text)]
        self._limit, self._measure = limit, measure
        # Number of words after which a cut still fits.
        self._reach = bisect_right(self.words_at, limit, key=lambda word: measure(text[: word[1]] + ELLIPSIS))
        self._titled = self._is_title_case()

    def clauses(self, at_least: float) -> Iterator[str]:
        return self._cuts(at_least, self._ends_clause)

    def phrases(self, at_least: float) -> Iterator[str]:
        return self._cuts(
            at_least, lambda index: self._reads_well(index) and endings.ends_phrase(*self._here(index))
        )

    def words(self, at_least: float, *, strict: bool) -> Iterator[str]:
        return self._cuts(at_least, self._reads_whole if strict else self._may_end)

    def _cuts(self, at_least: float, good: Callable[[int], bool]) -> Iterator[str]:
        return (
            self._cut(end) for index, end in self._candidates(at_least) if good(index) and self._outside(end)
        )

    def sentences_in_quotation(self) -> Iterator[str]:
        """Yield cuts at a full stop inside a quotation that fills the room."""
        reach = self.words_at[self._reach - 1][1] if self._reach else 0
        around = next((pair for pair in self.outer if pair.start < reach <= pair.end), None)
        if around:
            said = self.text[around.start + 1 : around.end]
            stops = [around.start + 1 + end for end in sentences.ends(said)]
            for stop in reversed([stop for stop in stops if reach * _ANY_AT_LEAST <= stop <= reach]):
                yield self.text[:stop] + self._closing(stop)

    def in_quotation(self, *, strict: bool) -> Iterator[str]:
        """Yield cuts inside a quotation that fills the room, with the closing mark after the ellipsis."""
        good = self._reads_well if strict else self._may_end
        for index, end in self._candidates(0):
            if not self._outside(end) and good(index):
                cut = self._cut(end)
                yield cut and cut + self._closing(end)

    def without_quotation_marks(self) -> Iterator[str]:
        for index, end in self._candidates(0):
            if self._may_end(index):
                yield self._cut(end).translate(_NO_QUOTES)

    def characters(self) -> Iterator[str]:
        """Yield cuts between the characters of a first word that alone is too long. A link is never cut."""
        if not self.words_at:
            return
        start, end = self.words_at[0]
        word = self.text[start:end]
        if "://" in word or self._reach or _LABEL_ALONE.fullmatch(word):
            return
        yield word.translate(_NO_QUOTES) + (ELLIPSIS if len(self.words_at) > 1 else "")
        edges = [m.end() for m in _GRAPHEME.finditer(word)]
        count = bisect_right(edges, self._limit, key=lambda edge: self._measure(word[:edge] + ELLIPSIS))
        for edge in reversed(edges[:count]):
            kept = word[:edge].rstrip(LOOSE_END).translate(_NO_QUOTES)
            yield kept + ELLIPSIS if kept else ""

    def _candidates(self, at_least: float) -> Iterator[tuple[int, int]]:
        """Yield the words after which to cut, as (index, end), from the last that fits back to `at_least` of it."""
        reach = self.words_at[: self._reach]
        least = reach[-1][1] * at_least if reach else 0
        for index in range(len(reach) - 1, -1, -1):
            if reach[index][1] < least:
                return
            yield index, reach[index][1]

    def _cut(self, end: int) -> str:
        kept = self.text[:end].rstrip(LOOSE_END)
        if kept.endswith(".") and "." not in kept[-4:-1]:
            kept = kept[:-1]
        kept = _COMMA_INSIDE.sub(r"\1", kept)
        return "" if not kept or _LABEL_ALONE.fullmatch(self.text[:end]) else kept + ELLIPSIS

    def _closing(self, at: int) -> str:
        """Return the marks that close the quotations and brackets open at `at`, the innermost first."""
        opened = sorted(pair.start for pair in self._pairs if pair.start < at <= pair.end)
        return "".join(quotes.closing(self.text[start]) for start in reversed(opened))

    def _outside(self, at: int) -> bool:
        index = bisect_right(self._starts, at - 1) - 1
        return index < 0 or not self.outer[index].start < at <= self.outer[index].end

    def _word(self, index: int) -> str:
        if not 0 <= index < len(self.words_at):
            return ""
        start, end = self.words_at[index]
        return self.text[start:end]

    def _here(self, index: int) -> tuple[str, str]:
        return self._word(index), self._word(index + 1)

    def _ends_clause(self, index: int) -> bool:
        word, after = self._here(index)
        if word in {"、", "，"} or self._names_speaker(index):
            return True
        return endings.ends_clause(word, after) and self._reads_whole(index)

    def _names_speaker(self, index: int) -> bool:
        """Tell whether the word ends the naming of a speaker after a quotation: (“…,”) Hollis said | in Seoul."""
        return self._word(index) in _SAID and any(
            self._word(before)[-1:] in _AFTER_SPEECH for before in range(index - 3, index)
        )

    def _may_end(self, index: int) -> bool:
        return endings.may_end(self._word(index), self._word(index - 1), self._word(index + 1))

    def _reads_well(self, index: int) -> bool:
        before, word, after = self._word(index - 1), *self._here(index)
        return endings.reads_well(word, before, after, title_case=self._titled)

    def _reads_whole(self, index: int) -> bool:
        return self._reads_well(index) and not endings.begins_a_name(self._word(index - 1), self._word(index))

    def _is_title_case(self) -> bool:
        words = _LONG_WORD.findall(self.text)
        return bool(words) and sum(word[0].isupper() for word in words) > 0.6 * len(words)

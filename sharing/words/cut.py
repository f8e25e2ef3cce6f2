"""Shortening as an editor would: whole sentences, else at a clause, else at a word, never inside anything."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import islice

import regex

from sharing.words import quotes, sentences

ELLIPSIS = "…"
Measure = Callable[[str], int]

#: How many cuts of one kind are tried before the next kind: texts in which all fail are hostile.
_TRIES = 40
_TRIES_IN_A_LONG_TEXT = 4
_LONG = 4_000
#: A clause may end this early, as a share of what would fit; a word that reads well, this early.
_CLAUSE_AT_LEAST = 0.5
_WORD_AT_LEAST = 0.7
_ANY_AT_LEAST = 0.35

# An ellipsis inside a headline parts it as a space does (“소환…“부인””).
_WORDS = regex.compile(r"[^\s…]*+…++|[^\s…]++")
# Chinese and Japanese have no spaces; each character may end a line.
_CHARACTERS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]|[^\s\p{Han}\p{Hiragana}\p{Katakana}ー]++")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_HANGUL = regex.compile(r"\p{Hangul}")
_LOOSE_END = " \t\n\u3000,，、;:·ㆍ•|/&+~=-–—―…。" + "([{“‘「『《〈【（«"

_CONNECTIVE = regex.compile(
    r"(?:지만|는데|은데|인데|면서|으나|므로|하며|되며|이며|으며|라며|다며|했고|됐고|였고|었고|았고|겠고|있고|없고|이고|하고|되고|데다|자마자)$"
)
_CLAUSE_BEFORE = frozenset(
    "but which who whose while because although though after before amid despite following when as since unless "
    "until where saying warning citing adding".split()
)
# A word before which a cut leaves a loose end: what stands there points forward.
_FORWARD = frozenset(
    "a about after against all already also among an and any are around as at based be because been before being between "
    "but by can could did do does during each either every few even ever few for from further had has have he her his how i if in "
    "including into is it its just less like many may might more most much must my neither no nor not of on only "
    "onto or other our out over per said says she should since so some such than that the their them then there "
    "these they this those through to too toward towards under until up upon very via was we were what when where "
    "whether which while who whom whose why will with within without would you your "
    "mr mrs ms dr prof gen sen rep gov".split()
)
_KOREAN_PARTICLE = frozenset("은는이가을를의")
_KOREAN_FORWARD = regex.compile(
    r"(?:^.|[과와한된던할될운인로며]|적|에|에서|에게|부터|까지|처럼|보다|위해|대해|따라|관련|대비|이후|이전|이상의|및|또는)$"
)
_NUMBER_OPEN = regex.compile(r"(?:\d|\d[만억조천백십]{1,2})여?$|^[$€£¥₩￦]")
_NO_QUOTES = {ord(mark): None for mark in '"“”‘’「」『』《》〈〉«»'}
_LABEL_ALONE = regex.compile(
    r"\s*+(?:[\[【<〈(][^\]】>〉)]{1,16}[\]】>〉)]\s*+|\p{Lu}[\p{Lu} ]{2,24}:?\s*+)+…?"
)


def fit(text: str, limit: int, measure: Measure = len) -> str:
    """`text`, shortened to at most `limit` as `measure` counts, so that an editor would sign it.

    What fits is only normalised (NFC) and stripped. Else whole sentences while they fit; else the first one up
    to a clause, else up to a word, with `…`: outside quotations, brackets, numbers, names and links, never
    after a Korean particle or an article. A quotation that fills the limit is cut and closed. Only a first
    word that alone is too long is cut between characters (a link never). What leaves no room for a word and
    `…` gives ""; so no limit, however small, raises.

    Args:
        text: one text that passed `gate.clean`.
        limit: the most that `measure` may return for the result.
        measure: len, `count.x_weight`, ...; must not shrink as a text grows by whole words.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if measure(text) <= limit:
        return text
    head = _head(text, limit, measure)
    must_pair = quotes.balanced(text)
    tries = _TRIES if len(head) < _LONG else _TRIES_IN_A_LONG_TEXT
    for cuts in _kinds(head, len(head) < len(text), limit, measure):
        for cut in islice(cuts, tries):
            if cut and measure(cut) <= limit and not (must_pair and not quotes.balanced(cut)):
                return cut
    return ""


def _head(text: str, limit: int, measure: Measure) -> str:
    """As much of `text` as could matter: the first stretch of doubled length that does not fit, and a word."""
    size = 256
    while size < len(text):
        space = regex.search(r"\s", text, pos=size)
        end = space.start() if space else len(text)
        if measure(text[:end]) > limit:
            more = regex.search(r"\S\s", text, pos=min(len(text), end + 64))
            return text[: more.start() + 1] if more else text
        size = 2 * end
    return text


def _kinds(head: str, goes_on: bool, limit: int, measure: Measure) -> Iterator[Iterator[str]]:
    stops = [end for end in sentences.ends(head) if not (goes_on and end == len(head))]
    yield _whole(head, stops, limit, measure)
    sentence = _Sentence(head[: stops[0]] if stops else head, limit, measure)
    yield sentence.clauses(_CLAUSE_AT_LEAST)
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


def _whole(head: str, stops: list[int], limit: int, measure: Measure) -> Iterator[str]:
    count = bisect_right(stops, limit, key=lambda end: measure(head[:end]))
    for end in reversed(stops[:count]):
        yield "" if _LABEL_ALONE.fullmatch(head[:end]) else head[:end].rstrip()


class _Sentence:
    """One sentence that is too long, and the places where it may be cut."""

    def __init__(self, text: str, limit: int, measure: Measure) -> None:
        self.text = text
        marks = quotes.read(text)
        self._pairs, self.outer = marks.pairs, marks.outer()
        self._starts = [pair.start for pair in self.outer]
        unspaced = not _HANGUL.search(text) and len(_UNSPACED.findall(text)) > len(text) // 3
        self.words_at = [(m.start(), m.end()) for m in (_CHARACTERS if unspaced else _WORDS).finditer(text)]
        self._limit, self._measure = limit, measure
        # The last word after which a cut still fits.
        self._reach = bisect_right(self.words_at, limit, key=lambda word: measure(text[: word[1]] + ELLIPSIS))
        self._titled = self._is_title_case()

    def clauses(self, at_least: float) -> Iterator[str]:
        for index, end in self._candidates(at_least):
            if self._ends_clause(index) and self._outside(end):
                yield self._cut(end)

    def words(self, at_least: float, *, strict: bool) -> Iterator[str]:
        for index, end in self._candidates(at_least):
            if self._outside(end) and self._may_end(index, strict=strict):
                yield self._cut(end)

    def sentences_in_quotation(self) -> Iterator[str]:
        """Up to a full stop inside a quotation that fills the room."""
        for index, end in self._candidates(_ANY_AT_LEAST):
            if (
                not self._outside(end)
                and self._word(index).endswith((".", "?", "!"))
                and len(self._word(index)) > 3
            ):
                yield self.text[:end] + self._closing(end)

    def in_quotation(self, *, strict: bool) -> Iterator[str]:
        """Inside a quotation that fills the room, with its closing mark after the ellipsis."""
        for index, end in self._candidates(0):
            if not self._outside(end) and self._may_end(index, strict=strict):
                cut = self._cut(end)
                yield cut and cut + self._closing(end)

    def without_quotation_marks(self) -> Iterator[str]:
        for index, end in self._candidates(0):
            if self._may_end(index, strict=False):
                yield self._cut(end).translate(_NO_QUOTES)

    def characters(self) -> Iterator[str]:
        """Inside a first word that alone is too long; never inside a link."""
        if not self.words_at:
            return
        start, end = self.words_at[0]
        word = self.text[start:end]
        if "://" in word or self._reach:
            return
        edges = [m.end() for m in regex.finditer(r"\X", word)]
        count = bisect_right(edges, self._limit, key=lambda edge: self._measure(word[:edge] + ELLIPSIS))
        for edge in reversed(edges[:count]):
            kept = word[:edge].rstrip(_LOOSE_END).translate(_NO_QUOTES)
            yield kept + ELLIPSIS if kept else ""

    def _candidates(self, at_least: float) -> Iterator[tuple[int, int]]:
        """Words to cut after, and their ends, from the last that fits back to `at_least` of the way."""
        reach = self.words_at[: self._reach]
        least = reach[-1][1] * at_least if reach else 0
        for index in range(len(reach) - 1, -1, -1):
            if reach[index][1] < least:
                return
            yield index, reach[index][1]

    def _cut(self, end: int) -> str:
        kept = self.text[:end].rstrip(_LOOSE_END)
        if kept.endswith(".") and "." not in kept[-4:-1]:
            kept = kept[:-1]
        return "" if not kept or _LABEL_ALONE.fullmatch(self.text[:end]) else kept + ELLIPSIS

    def _closing(self, at: int) -> str:
        """The marks that close what is open at `at`, the innermost first."""
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

    def _ends_clause(self, index: int) -> bool:
        word, after = self._word(index), self._word(index + 1)
        if not self._may_end(index, strict=True):
            return False
        if word.endswith((",", "，", "、")):
            return not after[:1].isdigit()
        if word.endswith((";", "…", "..", "—", "―")) or after in {"—", "–", "-", "―"}:
            return True
        if word.endswith(":"):
            return not word[:-1].isupper()
        return after.lower() in _CLAUSE_BEFORE or bool(_CONNECTIVE.search(word))

    def _may_end(self, index: int, *, strict: bool) -> bool:
        """Whether the text reads well with this word as its last; if not `strict`, whether it is no shame."""
        word = self._word(index).rstrip(_LOOSE_END)
        bare = word.strip("\"'“”‘’()[]")
        last = bare[-1:]
        if not bare or (last in _KOREAN_PARTICLE):
            return False
        if bare.lower().rstrip(".") in _FORWARD or self._splits_number(word, index):
            return False
        if _HANGUL.match(last) and (len(bare) == 1 or (strict and self._points_forward(bare, word))):
            return False
        return not (strict and self._splits_name(word, index))

    @staticmethod
    def _points_forward(bare: str, word: str) -> bool:
        return word == bare and bool(_KOREAN_FORWARD.search(bare)) and not _CONNECTIVE.search(bare)

    def _splits_number(self, word: str, index: int) -> bool:
        after = self._word(index + 1)
        return bool(_NUMBER_OPEN.search(word)) and (after[:1].isalnum() or after[:1] in "%％")

    def _splits_name(self, word: str, index: int) -> bool:
        """Two words in capitals that no mark parts are one name: "Kim | You-geun", "South | Korea"."""
        if self._titled or word != self._word(index):
            return False
        after = self._word(index + 1).lstrip("\"'“‘(")
        bare = word.lstrip("\"'“‘(")
        return bare[:1].isupper() and (after[:1].isupper() or after[:1].isdigit())

    def _is_title_case(self) -> bool:
        words = regex.findall(r"\b\p{L}\p{L}{3,}", self.text)
        return bool(words) and sum(word[0].isupper() for word in words) > 0.6 * len(words)

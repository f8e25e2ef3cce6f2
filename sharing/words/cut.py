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
    "but that which who whose while because although though after before amid despite following when as since unless "
    "until where saying warning citing adding".split()
)
# A word before which a cut leaves a loose end: what stands there points forward.
_FORWARD = frozenset(
    "a about after against all already also among an and any are around as at based be because been before being between "
    "but by can could did do does during each either every few even ever few for from further had has have he her his how i if in "
    "including into is it its just least less like many may might more most much must my neither no nor not of on only "
    "onto or other our out over per said says she should since so some such than that the their them then there "
    "these they this those through to too toward towards under until up upon very via was we were what when where "
    "whether which while who whom whose why will with within without would you your "
    "mr mrs ms dr prof gen sen rep gov".split()
)
_PHRASE_BEFORE = frozenset(
    "about across against along among and around as at behind below beneath beside between beyond by during for from "
    "in inside into near off on onto or over past per plus through to toward towards under up upon via with within".split()
)
# "hours after", "a day before": what is counted belongs to what it is counted from.
_TIMES = frozenset(
    "second seconds minute minutes hour hours day days week weeks month months year years decades moments shortly soon long just".split()
)
# What a verb takes: it may not be cut from it.
_OBJECT = frozenset("of a an the his her its their our my your him them it this these those one".split())
_ADVERB = regex.compile(r"(?!family|supply|assembly|rally|reply|monopoly|anomaly)[a-z]{3,}ly")
_TIMED = frozenset("after before since ago later earlier into".split())
# What hangs on the word before it: it may not begin what is cut off.
_KOREAN_HANGS_ON = regex.compile(
    r"(?:채|것|뒤|후|적|바|점|수|줄|만큼|대로|듯|때|데|등|중|가운데|동안|이상|이하|이내|넘게|만에|째|여|가량|정도|안팎|남짓|전|이후|이전|"
    r"현재|기준|대해|대한|관해|관한|따라|따르|따른|의해|의하|의한|위해|위한|비해|이어|걸쳐|달하|달해|이르|불과|그치|그쳤|속하|올랐|"
    r"않|못|말[고라아]|없|있|아니|했|한다|하기|하는|하지|하고|됐|된다|밝혔|말했|전했|확인|드러났|알려|전해|보인|보이|보고|나타났|나섰|"
    r"밝혀|분석|풀이|집계|조사|추정)"
)
_KOREAN_PARTICLE = frozenset("은는이가을를의")
# Modifiers and words that lead on; besides, whatever ends in ㄴ may be a modifier ("터진", "않은", "심각한").
_KOREAN_FORWARD = regex.compile(
    r"(?:[과와던할될낼볼며]|적|위해|대해|따라|관련|대비|것으로|및|또는|가운데|동안)$"
)
_KOREAN_ADVERBIAL = regex.compile(
    r"\p{Hangul}(?:으로|에서|에게|에|께|까지|부터|마다|처럼|두고|통해|앞두고|맞아)$"
)
_NUMBER_OPEN = regex.compile(r"(?:\d|\d[만억조천백십]{1,2})여?$|^[$€£¥₩￦]")
#: "1.8초 전", "3년 만": of the words of one syllable, these may end a text after a number.
_COUNTED = frozenset("전후뒤만")
_NIEUN = 4
_DATE_OR_COUNT = regex.compile(r"\d+\p{Hangul}{0,2}")
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

    def phrases(self, at_least: float) -> Iterator[str]:
        """Before a preposition; in Korean after a word that says where, when or how."""
        for index, end in self._candidates(at_least):
            if self._ends_phrase(index) and self._outside(end) and self._may_end(index, strict=True):
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
        if "://" in word or self._reach or _LABEL_ALONE.fullmatch(word):
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
        if word in {"、", "，"}:
            return True
        if not self._may_end(index, strict=True):
            return False
        if word.endswith((",", "，", "、")):
            return not after[:1].isdigit()
        if word.endswith((";", "…", "..", "—", "―")) or after in {"—", "–", "-", "―", "·"}:
            return True
        if word.endswith(":"):
            return not word[:-1].isupper()
        return after.lower() in _CLAUSE_BEFORE or bool(_CONNECTIVE.search(word))

    def _ends_phrase(self, index: int) -> bool:
        after = self._word(index + 1).lower()
        return (
            after in _PHRASE_BEFORE
            or after in _CLAUSE_BEFORE
            or bool(_KOREAN_ADVERBIAL.search(self._word(index)))
        )

    def _may_end(self, index: int, *, strict: bool) -> bool:
        """Whether the text reads well with this word as its last; if not `strict`, whether it is no shame."""
        word, after = self._word(index).rstrip(_LOOSE_END), self._word(index + 1)
        bare = word.strip("\"'“”‘’()[]")
        last = bare[-1:]
        if not bare or last in _KOREAN_PARTICLE:
            return False
        if len(bare) == 1 and _HANGUL.match(last):
            return bare in _COUNTED and any(digit.isdigit() for digit in self._word(index - 1))
        if bare.lower().rstrip(".") in _FORWARD or self._splits_number(word, index):
            return False
        if bare.endswith("지") and _KOREAN_HANGS_ON.match(after):
            return False  # "하지 | 않은" would say the opposite
        if not strict or word != self._word(index):
            return True
        if (
            after.lower() in _OBJECT
            or _ADVERB.fullmatch(bare)
            or (bare.lower() in _TIMES and after.lower() in _TIMED)
        ):
            return False
        if _HANGUL.match(last) and not _CONNECTIVE.search(bare):
            return not (
                _KOREAN_FORWARD.search(bare)
                or _KOREAN_HANGS_ON.match(after)
                or _DATE_OR_COUNT.fullmatch(bare)
            )
        return not self._splits_name(word, index)

    def _splits_number(self, word: str, index: int) -> bool:
        after = self._word(index + 1)
        return bool(_NUMBER_OPEN.search(word)) and (after[:1].isalnum() or after[:1] in "%％")

    def _splits_name(self, word: str, index: int) -> bool:
        """Two words in capitals that no mark parts are one name: "Kim | You-geun", "South | Korea"."""
        if self._titled:
            return False
        after = self._word(index + 1).lstrip("\"'“‘(")
        bare = word.lstrip("\"'“‘(")
        return bare[:1].isupper() and (after[:1].isupper() or after[:1].isdigit())

    def _is_title_case(self) -> bool:
        words = regex.findall(r"\b\p{L}\p{L}{3,}", self.text)
        return bool(words) and sum(word[0].isupper() for word in words) > 0.6 * len(words)

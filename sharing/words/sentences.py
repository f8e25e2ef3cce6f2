"""Find the ends of sentences in Korean and English. A quotation is never split."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

import regex

from sharing.words import quotes
from sharing.words.lists import word_list
from sharing.words.tlds import TLDS

_STOP = regex.compile(r"[.?!…。！？．]++")
_LINE = regex.compile(r"[^\S\n]*+\n\s*+")
_CLOSERS = frozenset("\"'”’)]」』》〉】）»}")
_QUOTES = frozenset("\"'”’」』»")
_OPENERS = "\"'“‘([「『《〈【（«{"
_SPACE = regex.compile(r"\s*+")
_WORD = regex.compile(r"[\p{Latin}]+(?:['’]\p{Latin}+)*+")
_BEFORE = regex.compile(r"[^\s(\[\"“‘'”’]+$")

# Syllables that end a Korean sentence. After such a syllable and a full stop, the next may begin without a space.
_KOREAN_END = frozenset("다요까죠")
# Words after a quotation that continue the sentence around it ("...습니다." 라고 그는 말했다).
_GOES_ON = regex.compile(
    r"(?:이?라(?:고|며|면서|는|던|서)|[고며]|면서|하[고며]|했|말했|말하)(?!\p{Hangul}{4})"
    r"|\p{Hangul}{1,8}\s(?:되?물었|(?:대?답|말)했|외쳤|소리쳤)"
)
_CLINGS = regex.compile(
    r"(?:이?라|고|며|면서|[은는이가을를의도에와과로만]|에[서게]|으로|하[고며는]|이?란|까지|부터|보다|처럼|등|식|조차|뿐|인|였|이[었다며])"
)

# Titles and abbreviations that never end a sentence.
_TITLES = word_list(
    "mr mrs ms mx dr prof gen sen rep gov lt col capt cmdr cpl sgt maj adm rev hon pres sec supt det insp",
    "pvt messrs mmes fr sr. vs v ft mt dept est fig approx al eds ed art cf e.g i.e eg ie ph",
)
# Abbreviations that may end a sentence: the next word decides.
_MAYBE = word_list(
    "inc corp co ltd llc plc bros jr sr st ave blvd rd jan feb mar apr jun jul aug sept sep oct nov dec",
    "mon tue wed thu fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich",
    "minn miss mo mont neb nev okla ore pa tenn tex vt va wash wis wyo etc no pt vol pp",
)
_STARTERS = word_list(
    "a about according after all also although among an and another as at authorities both but by critics",
    "during earlier each even every experts few for from he her here his how however i if in",
    "investigators it its last later lawmakers many meanwhile more most my neither no nor not now of",
    "officials on once one only or other others our over police prosecutors shares she since so some",
    "still such than that the their then there these they this those though three to two under until we",
    "what when where which while who why with within without yet you your analysts",
)
_SAID = regex.compile(
    r"(?:[\p{Lu}][\p{L}.'’-]*+,?\s+){1,5}(?:said|says|asked|asks|added|adds|told|wrote|writes|tweeted|posted|"
    r"replied|shouted|recalled|continued|yelled|cried|explained|noted|joked|wondered)\b"
)
_DATE_GOES_ON = regex.compile(r"(?:^|[\s(])\d{4}$|(?:^|[\s(])\d{4}\.\s?\d{1,2}(?:\.\s?\d{1,2})?$")
# The number of a list item, at the beginning of a line or after a sentence; not a date, not "No. 4".
_NUMBERED = regex.compile(r"(?:^|\n|(?:\p{Ll}{4}|[다요])[.?!]\s)\s*\d{1,2}$")
#: "Yahoo! Inc." is one name.
_FIRM = frozenset({"inc", "corp", "co", "ltd"})
#: Longest text in characters whose ends are cached.
_PARAGRAPH = 1_000
_BRAND = regex.compile(r"\p{Ll}{1,2}\p{Lu}")


def split(text: str) -> list[str]:
    """Split `text` into its sentences, without the white space between them.

    No sentence ends inside a quotation or a bracket that is closed later in its line. A line break ends a
    sentence, unless the next line begins with a small letter. Linear in time.

    Example: 'Mr. Kim left. "Why? Who knows?" he said.' gives ['Mr. Kim left.', '"Why? Who knows?" he said.'].
    """
    found, start = [], 0
    for end in ends(text):
        sentence = text[start:end].strip()
        if sentence:
            found.append(sentence)
        start = end
    return found


def first(text: str) -> str:
    """Return the first sentence of `text`; empty if there is none."""
    text = text.lstrip()
    return text[: next(ends(text), 0)].strip()


def ends(text: str) -> Iterator[int]:
    """Yield the position of each sentence end, after the full stop and closing marks. The last is the text's end.

    In a text of more than 1,000 characters the ends are found one by one, so the first is found quickly.
    """
    return iter(_paragraph(text)) if len(text) <= _PARAGRAPH else _ends(text)


@lru_cache(maxsize=256)  # each paragraph of an article is read several times
def _paragraph(text: str) -> tuple[int, ...]:
    return tuple(_ends(text))


def forget() -> None:
    """Empty the cache, for measuring."""
    _paragraph.cache_clear()


def _ends(text: str) -> Iterator[int]:
    reader = _Ends(text)
    past = -1
    for end in heapq.merge(reader.stops(), reader.lines()):
        if end > past:
            yield end
        past = end
    if len(text.rstrip()) > past:
        yield len(text.rstrip())


class _Ends:
    def __init__(self, text: str) -> None:
        self.text = text
        marks = quotes.read(text)
        self.outer = marks.outer()
        self.starts = [pair.start for pair in self.outer]
        self.openers = {pair.start for pair in marks.pairs}

    def lines(self) -> Iterator[int]:
        text = self.text
        for line in _LINE.finditer(text):
            after = text[line.end() : line.end() + 1]
            blank = line[0].count("\n") > 1
            before = text[line.start() - 1 : line.start()]
            if blank or not after.islower() or before in ".?!":
                yield line.start()

    def stops(self) -> Iterator[int]:
        text = self.text
        for stop in _STOP.finditer(text):
            end = stop.end()
            while end < len(text) and text[end] in _CLOSERS and end not in self.openers:
                end += 1
            if self._inside(end):
                continue
            after = _SPACE.match(text, end)
            start = after.end() if after else end
            if start == len(text) or self._is_end(stop.start(), stop.end(), end, start):
                yield end

    def _inside(self, at: int) -> bool:
        index = bisect_left(self.starts, at) - 1
        return index >= 0 and self.outer[index].start < at <= self.outer[index].end

    def _is_end(self, stop: int, stop_end: int, end: int, start: int) -> bool:
        """Tell whether a sentence ends at `end`. `stop:stop_end` is the mark; the next word begins at `start`."""
        text = self.text
        if "\n" in text[end:start]:
            return False  # `lines` decides at a line break
        closed = text[stop_end:end]
        if any(mark in _QUOTES for mark in closed) and self._goes_on(stop, end, start):
            return False
        if end == start:
            return self._glued(stop, closed, start)
        following = self._next_word(start)
        if (following[:1].islower() and not _BRAND.match(following)) or following.lower() in _FIRM:
            return False
        if not following and text[start] in ",;:)-–—―~/&=%·":
            return False
        mark = text[stop:stop_end]
        if mark != "." or closed:
            return not self._is_ellipsis(mark) or self._ends_on_ellipsis(stop, following)
        return self._full_stop(stop, start, following)

    def _goes_on(self, stop: int, end: int, start: int) -> bool:
        text = self.text
        if end == start:
            return bool(_CLINGS.match(text, start))
        if _GOES_ON.match(text, start):
            return True
        return text[stop] in "?!" and bool(_SAID.match(text, start))

    def _glued(self, stop: int, closed: str, start: int) -> bool:
        """Tell whether a sentence ends although no space follows, as in Korean feeds and in some English ones."""
        before, after = self.text[stop - 1 : stop], self.text[start]
        if after in ",;:.-–—~/%":
            return False
        opens = after in _OPENERS and start in self.openers
        if before in _KOREAN_END:
            return after.isupper() or after.isdigit() or after >= "\u1100" or opens
        if any(mark in _QUOTES for mark in closed):
            return after.isupper() or after.isdigit() or after >= "\u1100" or opens
        word = self._next_word(start)
        ended = _BEFORE.search(self.text, max(0, stop - 24), stop)
        if not (
            ended and ended[0].isascii() and ended[0].isalpha() and ended[0].islower() and len(ended[0]) > 2
        ):
            return False
        if len(word) < 2 or not word.istitle():
            return False
        return word.lower() in _STARTERS or word.lower() not in TLDS

    def _next_word(self, start: int) -> str:
        while start < len(self.text) and self.text[start] in _OPENERS:
            start += 1
        word = _WORD.match(self.text, start)
        return word[0] if word else ""

    @staticmethod
    def _is_ellipsis(mark: str) -> bool:
        return mark.endswith(("…", ".."))

    def _ends_on_ellipsis(self, stop: int, following: str) -> bool:
        return self.text[stop - 1 : stop] in _KOREAN_END or following.lower() in _STARTERS

    def _full_stop(self, stop: int, start: int, following: str) -> bool:
        text = self.text
        if text[stop - 1 : stop].isdigit():
            before = text[max(0, stop - 14) : stop]
            if _NUMBERED.search(before) or (_DATE_GOES_ON.search(before) and not following):
                return not (_NUMBERED.search(before) or self._date_goes_on(before, start))
            return True
        word = _BEFORE.search(text, max(0, stop - 24), stop)
        ended = word[0].lower().rpartition("-")[2] if word else ""  # the ROK-U.S. Combined Forces
        if not ended or not ended[-1].isascii():
            return True
        if ended in _TITLES:
            return False
        initial = len(ended) == 1 or (
            len(ended) < 8 and "." in ended and regex.fullmatch(r"(?:\w{1,2}\.)+\w", ended)
        )
        if initial or ended in _MAYBE:
            opens = text[start] in _OPENERS and following[:1].isupper()
            return opens or following.lower() in _STARTERS
        return True

    def _date_goes_on(self, before: str, start: int) -> bool:
        """Tell whether the stop is inside a date: 2024. 11. 5. 서울 is one date of three numbers."""
        if regex.search(r"\d{4}\.\s?\d{1,2}\.\s?\d{1,2}$", before):
            return self.text[start] >= "\u1100"
        return bool(regex.match(r"\d{1,2}(?:\.|$|\s)", self.text[start : start + 3]))

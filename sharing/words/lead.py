"""What an article says, as far as a teaser needs it: headline, lead, quotations. Taken, never invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

import regex

from sharing.domain.article import Article
from sharing.words import clean_up, sentences
from sharing.words.cut import Measure, fit
from sharing.words.labels import language
from sharing.words.markup import one_line
from sharing.words.overlap import MOSTLY, folded, overlap, repeats, says_again
from sharing.words.standing import SPEECH, is_quotation, is_understood, joins, stands

#: How far into a body the lead and the quotations are looked for.
_FAR = 20_000
_PARAGRAPHS = 14
#: A first paragraph shorter than this only opens the door ("시작부터 ‘통합’이었다."): the next one belongs to
# it.
_SHORT = {"ko": 30, "en": 60}
#: What may stand beside a headline: so many paragraphs after the lead, and sentences of each.
_NEAR = 3
_NEAR_SENTENCES = 3
#: A lead that keeps as much of its first sentence still says what it is about.
_MUCH = 0.4
#: No line of a Korean dek is longer.
_DEK_LINE = 60
_OF_THE_STORY = 0.4
_SAYS_SOMETHING = 12

_KEYWORDS = regex.compile(r"[^|,/·.?!]{1,20}(?:\s*[|,/·#]\s*[^|,/·.?!]{1,20}){2,}")
_HANGUL = regex.compile(r"\p{Hangul}")
_STATED = regex.compile(r"[.?!。][\"'”’)\]]*(?:\s|$)")
_ENDED = regex.compile(r"[.?!。！？][\"'”’)\]]*$")
_CUT = regex.compile(r"\s*(?:…|\.\.\.+)\s*$")
#: A machine's summary speaks of the article instead of the news.
_ABOUT_THE_TEXT = regex.compile(r"(?:[다라]는|관한|대한) (?:내용|기사|소식)(?:입니다|이다)\.?$")


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere words are shown: at most `limit`, as `measure` counts."""

    limit: int
    measure: Measure = len

    def fits(self, text: str) -> bool:
        """Whether `text` does not have to be cut."""
        return self.measure(text) <= self.limit

    def cut(self, text: str) -> str:
        """`text` as it is shown here."""
        return _cut(text, self)


@dataclass(frozen=True, slots=True)
class StoryParts:
    """The parts of a story: `lead` is the dek or the first paragraph, `after` are paragraphs that follow it."""

    headline: str
    lead: str
    after: tuple[str, ...] = ()
    is_dek: bool = False

    def over(self) -> str:
        """What stands by itself above a card that shows the headline.

        The lead, unless its first sentence only says the headline again: then the rest of it, or the next
        paragraph, where those need nothing before them.
        """
        first, rest = _parted(self.lead)
        if not says_again(self.headline, first):
            return self.lead
        others = (text for text in (rest, *self.after) if len(text) >= _SAYS_SOMETHING and stands(text))
        return next(others, self.lead)

    def under(self, place: Place) -> str:
        """What goes on under the headline in `place`; not cut yet.

        The lead, unless its first sentence has the headline's fact again or would lose its greater part: then
        the next sentence that fits, is new, and is understood after the headline alone.
        """
        first, rest = _parted(self.lead)
        again = repeats(self.headline, first)
        names_the_same = again or overlap(self.headline, first) >= MOSTLY
        if not again and place.fits(first):
            return self.lead
        # A dek was written for this place: it may lose more.
        if not again and ((not names_the_same and _keeps(place, first, MOSTLY)) or self._is_dek_for(place)):
            return self.lead
        runs = [run for part in (rest, *self.after) for run in _runs(part)]
        for run, opening in runs:
            leads_on = names_the_same and run == rest and not joins(opening)
            if place.fits(opening) and (leads_on or is_understood(opening)) and self._is_new(opening):
                return run
        if _keeps(place, first, _MUCH) and self._is_new(place.cut(first)):
            return self.lead
        return next((run for run, opening in runs if self._is_worth_a_cut(opening, place)), self.lead)

    def _is_dek_for(self, place: Place) -> bool:
        return self.is_dek and _keeps(place, _parted(self.lead)[0], _MUCH)

    def _is_worth_a_cut(self, opening: str, place: Place) -> bool:
        return is_understood(opening) and _keeps(place, opening, MOSTLY) and self._is_new(place.cut(opening))

    def _is_new(self, sentence: str) -> bool:
        return len(sentence) >= _SAYS_SOMETHING and not repeats(self.headline, sentence)


@lru_cache(maxsize=64)
def _cut(text: str, place: Place) -> str:
    return fit(text, place.limit, place.measure)


def _keeps(place: Place, text: str, least: float) -> bool:
    return len(place.cut(text)) >= least * len(text)


@lru_cache(maxsize=64)
def _parted(lead: str) -> tuple[str, str]:
    """The first sentence, and the rest."""
    first = sentences.first(lead)
    return first, lead[lead.find(first) + len(first) :].strip()


@lru_cache(maxsize=128)
def _runs(text: str) -> tuple[tuple[str, str], ...]:
    """`text` from each of its first sentences on, with that sentence.

    With the one after it, too, where a quotation goes on in it ("…," Okafor said. "…").
    """
    ends = [0, *islice(sentences.ends(text), _NEAR_SENTENCES + 1)]
    parts = [text[start:end].strip() for start, end in pairwise(ends)]
    found = []
    for start, first, second in zip(ends, parts, [*parts[1:], ""], strict=False):
        goes_on = SPEECH & set(first) and _is_speech_alone(second) and not _is_speech_alone(first)
        found.append((text[start:].strip(), f"{first} {second}" if goes_on else first))
    return tuple(found[:_NEAR_SENTENCES])


def _is_speech_alone(sentence: str) -> bool:
    return sentence[:1] in SPEECH and sentence[-1:] in SPEECH


def told(article: Article) -> StoryParts:
    """What `article` says. Linear, and only the first 20,000 characters of a body are read."""
    return _told(
        article.headline,
        article.summary or "",
        (article.body or "")[:_FAR],
        article.caption or "",
        language(article),
    )


def quotations(article: Article) -> tuple[str, ...]:
    """The sentences of `article` in which somebody is quoted at length and named, in order."""
    return _quotations((article.body or article.summary or "")[:_FAR])


def forget() -> None:
    """Forget the articles that were read: for measuring."""
    for kept in (_told, _quotations, _cut, _parted, _runs):
        kept.cache_clear()
    sentences.forget()


@lru_cache(maxsize=64)  # five channels ask for the same article
def _told(headline: str, summary: str, body: str, caption: str, spoken: str) -> StoryParts:
    raw, headline = headline, clean_up.line(headline) or one_line(headline)
    known = {folded(headline), folded(clean_up.line(caption))}
    story = _Story(paragraph for paragraph in clean_up.paragraphs(body) if folded(paragraph) not in known)
    opening, after = story.opening(_SHORT.get(spoken, 60))
    dek = _dek(summary)
    if not dek or folded(dek) == folded(headline) or (opening and not _stands(dek, opening, body)):
        lead, is_dek = opening, False
    else:
        lead, is_dek, after = _whole(dek), True, (opening, *after) if opening else ()
    # A headline of nothing but markup says nothing; a title must.
    return StoryParts(headline or sentences.first(lead) or raw.strip(), lead, after, is_dek)


def _whole(dek: str) -> str:
    """The dek without a last sentence that breaks off, as where the CMS cuts after so many characters."""
    *whole, last = sentences.split(dek) or [""]
    breaks_off = "\n" not in dek and (_CUT.search(last) or not _ENDED.search(last))
    return " ".join(whole) if whole and breaks_off else dek


class _Story:
    """Paragraphs that are cleaned only as far as somebody reads."""

    def __init__(self, paragraphs: Iterator[str]) -> None:
        self._paragraphs = islice(paragraphs, _PARAGRAPHS)

    def opening(self, short: int) -> tuple[str, tuple[str, ...]]:
        """The first paragraph that states something, with the next where it is short; and those after it."""
        opening = unstated = ""
        for paragraph in self._paragraphs:
            line = paragraph.replace("\n", " ")
            if not _STATED.search(line):
                unstated = unstated or line
            elif opening and len(opening) >= short:
                following = (each.replace("\n", " ") for each in islice(self._paragraphs, _NEAR - 1))
                return opening, (line, *following)
            else:
                opening = f"{opening} {line}".strip()
        return opening or unstated, ()


def _dek(summary: str) -> str:
    """The summary: sentences in one line, the lines of a Korean dek each in its own; keywords are none."""
    lines = [
        line
        for paragraph in clean_up.paragraphs(summary[:_FAR], captions=True)
        for line in paragraph.split("\n")
        if line
    ]
    lines = [line.strip(" ·|/") for line in lines if not _KEYWORDS.fullmatch(line)]
    ended = all(_ENDED.search(line) for line in lines[:-1])
    return (" " if ended else "\n").join(lines)


def _stands(dek: str, opening: str, body: str) -> bool:
    """Whether the dek is better than the story's opening.

    It is not where it is that opening, where it breaks off, where the lines of a Korean dek were run together,
    and where it is the site's motto: in no sentence, and in words that the story does not use.
    """
    if _CUT.search(dek) or folded(opening[: 2 * len(dek) + 40]).startswith(folded(dek)):
        return False
    if _ABOUT_THE_TEXT.search(dek):
        return False
    if "\n" in dek or _STATED.search(dek):
        return True
    if _HANGUL.search(dek):
        return len(dek) <= _DEK_LINE
    return overlap(dek, body) >= _OF_THE_STORY


@lru_cache(maxsize=64)
def _quotations(body: str) -> tuple[str, ...]:
    return tuple(_said_in(islice(clean_up.paragraphs(body), _PARAGRAPHS)))


def _said_in(paragraphs: Iterator[str]) -> Iterator[str]:
    """Sentences with something said in them and who said it, which stand without the one before."""
    for paragraph in paragraphs:
        if "“" not in paragraph and '"' not in paragraph:
            continue
        said = sentences.split(paragraph.replace("\n", " "))
        for at, sentence in enumerate(said):
            following = said[at + 1] if at + 1 < len(said) else ""
            if (
                following[:1] in SPEECH
                and following[-1:] in SPEECH
                and is_quotation(f"{sentence} {following}")
            ):
                yield f"{sentence} {following}"
            if is_quotation(sentence):
                yield sentence

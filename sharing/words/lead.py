"""The parts of an article that a teaser needs: headline, lead, quotations. All words are the article's own."""

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

#: How many characters, and how many paragraphs, of a body are read for the lead and the quotations.
_FAR = 20_000
_PARAGRAPHS = 14
#: A first paragraph with fewer characters is only an opening ("시작부터 ‘통합’이었다."): the lead is this paragraph
#: and the next.
_SHORT = {"ko": 30, "en": 60}
#: How many paragraphs after the lead, and how many sentences of each, may stand beside a headline.
_NEAR = 3
_NEAR_SENTENCES = 3
#: The share of its first sentence that a cut lead must keep to say what the article is about.
_MUCH = 0.4
#: Longest line of a Korean dek, in characters.
_DEK_LINE = 60
_OF_THE_STORY = 0.4
_SAYS_SOMETHING = 12

_KEYWORDS = regex.compile(r"[^|,/·.?!]{1,20}(?:\s*[|,/·#]\s*[^|,/·.?!]{1,20}){2,}")
_HANGUL = regex.compile(r"\p{Hangul}")
_STATED = regex.compile(r"[.?!。][\"'”’)\]]*(?:\s|$)")
_ENDED = regex.compile(r"[.?!。！？][\"'”’)\]]*$")
_CUT = regex.compile(r"\s*(?:…|\.\.\.+)\s*$")
#: A machine-written summary speaks of the article ("…라는 내용입니다") instead of the news.
_ABOUT_THE_TEXT = regex.compile(r"(?:[다라]는|관한|대한) (?:내용|기사|소식)(?:입니다|이다)\.?$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that shows words: at most `limit`, as `measure` counts."""

    limit: int
    measure: Measure = len

    def fits(self, text: str) -> bool:
        """Tell whether `text` fits without a cut."""
        return self.measure(text) <= self.limit

    def cut(self, text: str) -> str:
        """Cut `text` for this place."""
        return _cut(text, self)


@dataclass(frozen=True, slots=True)
class StoryParts:
    """The parts of a story. `lead` is the dek or the first paragraph; `after` are the paragraphs after the lead."""

    headline: str
    lead: str
    after: tuple[str, ...] = ()
    is_dek: bool = False

    def over(self) -> str:
        """Return the text to show above a card that shows the headline.

        This is the lead. If its first sentence only repeats the headline, it is the rest of the lead or a later
        paragraph, whichever is first understood by itself.
        """
        first, rest = _parted(self.lead)
        if not says_again(self.headline, first):
            return self.lead
        others = (text for text in (rest, *self.after) if len(text) >= _SAYS_SOMETHING and stands(text))
        return next(others, self.lead)

    def under(self, place: Place) -> str:
        """Return the text to show under the headline in `place`. The text is not cut yet.

        This is the lead. If its first sentence repeats a fact of the headline, or would lose too much by the cut, it
        is the text from the next sentence on that fits, is new, and is understood after the headline alone.
        """
        first, rest = _parted(self.lead)
        again = repeats(self.headline, first)
        names_the_same = again or overlap(self.headline, first) >= MOSTLY
        if not again and place.fits(first):
            return self.lead
        # A dek was written to stand under a headline: it may lose more.
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
    """Split `lead` into its first sentence and the rest."""
    first = sentences.first(lead)
    return first, lead[lead.find(first) + len(first) :].strip()


@lru_cache(maxsize=128)
def _runs(text: str) -> tuple[tuple[str, str], ...]:
    """For each of the first sentences: return `text` from that sentence on, and the sentence.

    If the quotation goes on in the next sentence ("…," Okafor said. "…"), the two are returned as one.
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
    """Return the parts of `article`. Linear in time; only the first 20,000 characters of a body are read."""
    return _told(
        article.headline,
        article.summary or "",
        (article.body or "")[:_FAR],
        article.caption or "",
        language(article),
    )


def quotations(article: Article) -> tuple[str, ...]:
    """Return the sentences of `article` with a long quotation and the name of its speaker, in order."""
    return _quotations((article.body or article.summary or "")[:_FAR])


def forget() -> None:
    """Empty the caches, for measuring."""
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
    # A headline of markup alone is empty, but a title is needed: the lead's first sentence, else the raw headline.
    return StoryParts(headline or sentences.first(lead) or raw.strip(), lead, after, is_dek)


def _whole(dek: str) -> str:
    """Remove the last sentence of a dek if it breaks off, as when the CMS cuts after a number of characters."""
    *whole, last = sentences.split(dek) or [""]
    breaks_off = "\n" not in dek and (_CUT.search(last) or not _ENDED.search(last))
    return " ".join(whole) if whole and breaks_off else dek


class _Story:
    """The paragraphs of a story. A paragraph is cleaned only when it is read."""

    def __init__(self, paragraphs: Iterator[str]) -> None:
        self._paragraphs = islice(paragraphs, _PARAGRAPHS)

    def opening(self, short: int) -> tuple[str, tuple[str, ...]]:
        """Return the first paragraph with a whole sentence (and the next if it is short), and the ones after it."""
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
    """Clean the summary: sentences in one line, each line of a Korean dek on its own. Lines of keywords are dropped."""
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
    """Tell whether the dek is a better lead than the story's opening.

    It is not, if it is the start of the opening, breaks off, speaks of the article instead of the news, is a Korean
    dek whose lines were joined, or is the site's motto: not a sentence, and in words that the story does not use.
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
    """Yield the sentences with a quotation and its speaker that are understood without the sentence before."""
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

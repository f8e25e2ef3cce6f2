"""What an article says, as far as a teaser needs it: headline, lead, quotations. Taken, never invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

import regex

from sharing.domain.article import Article
from sharing.words import clean_up, quotes, sentences
from sharing.words.labels import language
from sharing.words.lists import word_list

#: How far into a body the lead and the quotations are looked for.
_FAR = 20_000
_LEAD_FAR = 4_000
_PARAGRAPHS = 14
#: A first paragraph shorter than this only opens the door ("시작부터 ‘통합’이었다."): the next one belongs to
# it.
_SHORT = {"ko": 30, "en": 60}
_MOSTLY = 0.5
#: No line of a Korean dek is longer.
_DEK_LINE = 60
_OF_THE_STORY = 0.4
_SAYS_SOMETHING = 12

# Sentences that begin so lean on the one before them.
_LEANS = regex.compile(
    r"[“\"‘']?(?:(?:he|she|they|it|this|that|these|those|his|her|their|its|but|and|also|however|meanwhile|still|"
    r"instead|so|then|such|yet|both|another)\b"
    r"|(?:그|그는|그녀는|그들은|이는|이에|이를|이로|이어|이어서|또|또한|하지만|그러나|그러면서|그러자|그래서|따라서|한편|반면|다만|특히|"
    r"이날|이들은|이\s?같은|이런|이처럼|아울러|그런데|그럼에도|앞서)(?=[\s,]))",
    regex.IGNORECASE,
)
_SAID = regex.compile(
    r"\b(?:said|says|told|added|asked|wrote|warned|argued|insisted|stressed|explained|noted|announced)\b"
    r"|[”\"](?:이?라)?(?:고|며|면서|는)\s.*(?:말했|말한|밝혔|했다|했습니다|강조|전했|지적|주장|설명|비판|당부|호소|토로|촉구|덧붙|웃었|"
    r"웃음|털어놨|전망|분석|평가|경고|반박|약속|다짐|되물|적었|썼)",
    regex.IGNORECASE,
)
_BY_PRONOUN = regex.compile(
    r"[,.?!][”\"]\s(?:he|she|they|the \w+)\s\w+|[”\"]\s(?:said|added)\s(?:he|she|they)\b", regex.IGNORECASE
)
_KEYWORDS = regex.compile(r"[^|,/·.?!]{1,20}(?:\s*[|,/·#]\s*[^|,/·.?!]{1,20}){2,}")
_TOKEN = regex.compile(r"[\p{L}\p{N}]+")
_SMALL = word_list(
    "and are but for from has have into its not over that the this was were will with",
)
_MARKS = frozenset('“”"')
_HANGUL = regex.compile(r"\p{Hangul}")
_STATED = regex.compile(r"[.?!。][\"'”’)\]]*(?:\s|$)")
_ENDED = regex.compile(r"[.?!。！？][\"'”’)\]]*$")
_CUT = regex.compile(r"\s*(?:…|\.\.\.+)\s*$")


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of a story: `lead` is the dek or the first paragraph.

    `more` goes on beside the headline: the lead too, unless its first sentence only says the headline again;
    then what follows it.
    """

    headline: str
    lead: str
    more: str

    def beside(self, fits: Callable[[str], bool]) -> str:
        """What stands best under the headline in a small place.

        `more`, unless its first sentence does not fit and tells mostly what the headline does: then what
        follows it, from the first sentence that fits and leans on none before it.
        """
        first, *others = sentences.split(self.more)[:6] or [""]
        if not fits(first) and overlap(self.headline, first) >= _MOSTLY:
            for at, sentence in enumerate(others):
                if len(sentence) >= _SAYS_SOMETHING and not _LEANS.match(sentence) and fits(sentence):
                    return " ".join(others[at:])
        return self.more


def told(article: Article) -> Told:
    """What `article` says. Linear, and only the first 4,000 characters of a body are read."""
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
    _told.cache_clear()
    _quotations.cache_clear()


@lru_cache(maxsize=64)  # five channels ask for the same article
def _told(headline: str, summary: str, body: str, caption: str, spoken: str) -> Told:
    headline = clean_up.line(headline)
    known = {_folded(headline), _folded(clean_up.line(caption))}
    story = _Story(paragraph for paragraph in clean_up.paragraphs(body) if _folded(paragraph) not in known)
    opening, following = story.opening(_SHORT.get(spoken, 60))
    dek = _dek(summary)
    if not dek or _folded(dek) == _folded(headline) or (opening and not _stands(dek, opening, body)):
        lead = opening
    else:
        lead, following = _whole(dek), opening
    return Told(headline, lead, _more(headline, lead, following, _SHORT.get(spoken, 60)))


def _more(headline: str, lead: str, following: str, short: int) -> str:
    first = sentences.first(lead)
    if not says_again(headline, first):
        return lead
    rest = lead[lead.find(first) + len(first) :].strip()
    if len(rest) < short and following and not _LEANS.match(following):
        rest = f"{rest} {following}".strip()
    return lead if not rest or _LEANS.match(rest) else rest


def _whole(dek: str) -> str:
    """The dek without a last sentence that breaks off, as where the CMS cuts after so many characters."""
    *whole, last = sentences.split(dek) or [""]
    breaks_off = "\n" not in dek and (_CUT.search(last) or not _ENDED.search(last))
    return " ".join(whole) if whole and breaks_off else dek


class _Story:
    """Paragraphs that are cleaned only as far as somebody reads."""

    def __init__(self, paragraphs: Iterator[str]) -> None:
        self._paragraphs = islice(paragraphs, _PARAGRAPHS)

    def opening(self, short: int) -> tuple[str, str]:
        """The first paragraph that states something, with the next where it is short; and the one after."""
        opening = unstated = ""
        for paragraph in self._paragraphs:
            line = paragraph.replace("\n", " ")
            if not _STATED.search(line):
                unstated = unstated or line
            elif opening and len(opening) >= short:
                return opening, line
            else:
                opening = f"{opening} {line}".strip()
        return opening or unstated, ""


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
    if _CUT.search(dek) or _folded(opening[: 2 * len(dek) + 40]).startswith(_folded(dek)):
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
                following[:1] in _MARKS
                and following[-1:] in _MARKS
                and _is_quotation(f"{sentence} {following}")
            ):
                yield f"{sentence} {following}"
            if _is_quotation(sentence):
                yield sentence


def _is_quotation(sentence: str) -> bool:
    marks = quotes.read(sentence)
    said = [pair for pair in marks.outer() if sentence[pair.start] in _MARKS]
    leans = sentence[0] not in _MARKS and _LEANS.match(sentence)
    if not said or marks.strays or leans or _BY_PRONOUN.search(sentence):
        return False
    length = sum(pair.end - pair.start for pair in said)
    around = "".join(sentence[left.end : right.start + 1] for left, right in pairwise(said))
    around = sentence[: said[0].start + 1] + around + sentence[said[-1].end :]
    return bool(_SAID.search(around)) and length >= (15 if _HANGUL.search(sentence) else 30)


def says_again(headline: str, sentence: str) -> bool:
    """Whether `sentence` tells hardly more than `headline`: nearly all its words, and few others."""
    return overlap(headline, sentence) >= 0.85 and len(_tokens(sentence)) <= 1.5 * len(_tokens(headline)) + 1


def overlap(headline: str, text: str) -> float:
    """How much of what `headline` names is in `text`, from 0 to 1; by the beginnings of words."""
    wanted = {word for word in _tokens(headline) if _names_something(word)}
    if not wanted:
        return 0.0
    said = " " + " ".join(_tokens(text))
    return sum(_beginning(word) in said for word in wanted) / len(wanted)


def _names_something(word: str) -> bool:
    return word.isdigit() or (len(word) > (1 if _HANGUL.search(word) else 2) and word not in _SMALL)


def _beginning(word: str) -> str:
    """What a word keeps when it is inflected: "novelist" and "novels", "수위를" and "수위"."""
    if _HANGUL.search(word):
        return word[:2]
    return f" {word}" if word.isdigit() else f" {word[: max(3, min(5, len(word) - 1))]}"


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def _folded(text: str) -> str:
    return "".join(_tokens(text))

"""Tell whether a sentence is understood by itself, without the sentence before it."""

from __future__ import annotations

from itertools import pairwise

import regex

from sharing.words import quotes, sentences

#: Quotation marks around speech. Single marks only stress a word.
SPEECH = frozenset('“”"')

# First words of a sentence that needs the sentence before it: a pronoun, or a conjunction.
_PRONOUN = (
    r"(?:he|she|they|it|this|that|these|those|his|her|their|its)\b"
    r"|(?:그는|그가|그녀는|그들은|이는|이를|이들은|지금까지는?|그동안은?|당시에?는?|이곳은?|같은)(?=\s)"
)
_JOINT = (
    r"(?:but|and|or|nor|so|yet|also|then|still|such|both|another|however|meanwhile|instead|moreover|earlier|later|"
    r"as\sa\sresult|in\s(?:response|addition|contrast)|for\s(?:example|instance)|that[’']s)\b"
    r"|(?:그|이에|이로|이어|이어서|또|또한|하지만|그러나|그러면서|그러자|그래서|그리고|따라서|한편|반면|다만|특히|이날|이\s?같은|이런|"
    r"이처럼|이와|아울러|그런데|그럼에도|앞서|예컨대)(?=[\s,])"
)
_AFTER_A_PHRASE = r"[^,.”\"]{1,40},\s(?:he|she|they|it|his|her|their|its)\b"
_LEANS = regex.compile(rf"[“\"‘']?(?:{_PRONOUN}|{_JOINT}|{_AFTER_A_PHRASE})", regex.IGNORECASE)
_JOINED = regex.compile(rf"[“\"‘']?(?:{_JOINT})", regex.IGNORECASE)
# The subject of a Korean sentence. A sentence without a subject takes it from the sentence before.
_SUBJECT = regex.compile(r"(?:[\p{Hangul}A-Z\d)][은는이가도]|께서)[”’)\]]?[\s,]")
_HANGUL = regex.compile(r"\p{Hangul}")
_ENDED = regex.compile(r"[.?!。！？][\"'”’)\]]*$")
_BY_PRONOUN = regex.compile(
    r"[,.?!][”\"]\s(?:he|she|they|the \w+)\s\w+|[”\"]\s(?:said|added)\s(?:he|she|they)\b", regex.IGNORECASE
)
_SAID = regex.compile(
    r"\b(?:said|says|told|added|asked|wrote|warned|argued|insisted|stressed|explained|noted|announced)\b"
    r"|[”\"](?:이?라)?(?:고|며|면서|는)\s.*(?:말했|말한|밝혔|했다|했습니다|강조|전했|지적|주장|설명|비판|당부|호소|토로|촉구|덧붙|웃었|"
    r"웃음|털어놨|전망|분석|평가|경고|반박|약속|다짐|되물|적었|썼)",
    regex.IGNORECASE,
)
#: Fewest characters outside the quotation marks that can name a speaker.
_NAMED = 4


def stands(text: str) -> bool:
    """Tell whether the first sentence of `text` is understood without the text before it."""
    return is_understood(sentences.first(text))


def is_understood(sentence: str) -> bool:
    """Tell whether a sentence is understood by itself.

    It is not, if it begins with a pronoun or a conjunction, has no full stop, has no subject (Korean), or is a
    quotation without its speaker.
    """
    if leans(sentence) or not _ENDED.search(sentence):
        return False
    outside = outside_speech(sentence)
    if sentence[:1] in SPEECH and (len(outside.strip(" .,")) < _NAMED or _BY_PRONOUN.search(sentence)):
        return False
    return not _HANGUL.search(sentence) or bool(_SUBJECT.search(outside))


def leans(sentence: str) -> bool:
    """Tell whether `sentence` begins with a pronoun or a conjunction."""
    return bool(_LEANS.match(sentence))


def joins(sentence: str) -> bool:
    """Tell whether `sentence` begins with a conjunction. A headline above it does not make it understood."""
    return bool(_JOINED.match(sentence))


def is_quotation(sentence: str) -> bool:
    """Tell whether `sentence` has a long quotation and names its speaker."""
    marks = quotes.read(sentence)
    said = [pair for pair in marks.outer() if sentence[pair.start] in SPEECH]
    leant = sentence[0] not in SPEECH and leans(sentence)
    if not said or marks.strays or leant or _BY_PRONOUN.search(sentence):
        return False
    length = sum(pair.end - pair.start for pair in said)
    around = "".join(sentence[left.end : right.start + 1] for left, right in pairwise(said))
    around = sentence[: said[0].start + 1] + around + sentence[said[-1].end :]
    return bool(_SAID.search(around)) and length >= (15 if _HANGUL.search(sentence) else 30)


def outside_speech(sentence: str) -> str:
    """Return `sentence` without the quotations in it."""
    if SPEECH.isdisjoint(sentence):
        return sentence
    said = [pair for pair in quotes.read(sentence).outer() if sentence[pair.start] in SPEECH]
    edges = [0, *(edge for pair in said for edge in (pair.start, pair.end + 1)), len(sentence)]
    return "".join(sentence[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))

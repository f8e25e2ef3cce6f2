"""Rules that say after which word a text may be cut, in Korean and English.

The rules use word lists and endings, not a dictionary. If a rule is unsure it says no, and the cut moves one word
to the left. In the examples `|` marks the cut.
"""

from __future__ import annotations

import regex

from sharing.words.lists import word_list

#: Characters that are stripped from the end of a cut before the ellipsis.
LOOSE_END = " \t\n\u3000,，、;:·ㆍ•|/&+~=-–—―…。" + "([{“‘「『《〈【（«"

_CLOSERS = frozenset("\"”’')]")
_HANGUL = regex.compile(r"\p{Hangul}")
_NIEUN = 4


# English: words that need the next word, and words that belong to the word before them.
_FORWARD = word_list(
    "a about according across after against ahead all along alongside already also amid amidst among an and",
    "any are around as at based be because been before behind being below beneath beside besides between",
    "beyond but by can cannot col could despite did do does dr due during each eight either even ever every extra",
    "few fifth first five for former four fourth from further gen gov had has have he her here his how i if",
    "in including inside instead into is it its just last least less like lt many may might more most mr mrs",
    "ms much must my near neither never new next nine no nor not of on only onto or other our out outside over own",
    "past per plus prof rather rep said same say says second sen seven several she should since six so some",
    "such ten than that the their them then there these they third this those three through throughout to too",
    "toward towards two u.k u.n u.s under unlike until up upon very via was we were what when where whether",
    "which while who whole whom whose why will with within without would you your",
)
_HANGS_ON = word_list(
    "of than a an the his her its their our my your him them it this these those one not",
)
_OWNS = ("'s", "’s")
#: Short verbs: "it's | still" is as bad a cut as "it | is still".
_SHORT_VERB = regex.compile(r"['’](?:s|re|ll|ve|d|m)$")
_ADJECTIVE = regex.compile(r"[a-z]+(?:ous|ful|less|able|ible|ional|ical|ntial|ensive)|\d+-year-old")
_ADVERB = regex.compile(r"(?!family|supply|assembly|rally|reply|monopoly|anomaly)[a-z]{3,}ly")
# "hours | after", "a day | before": a time and its preposition belong together.
_TIMES = word_list(
    "second seconds minute minutes hour hours day days week weeks month months year years decades moments",
)
_TIMES |= {"shortly", "soon", "long", "just"}
_TIMED = word_list(
    "after before since ago later earlier into",
)
_OPENS_A_CLAUSE = word_list(
    "whether that if because what how who which when while although though unless until and or but",
)
_CLAUSE_BEFORE = word_list(
    "but that which who whose while because although though after before amid despite following when as",
    "since unless until where saying warning citing adding",
)
_PHRASE_BEFORE = _CLAUSE_BEFORE | word_list(
    "about across against along among and around at behind below beneath beside between beyond by during",
    "for from in inside into near on onto or over past per plus through to toward towards under up",
    "upon via with within",
)

# Korean: particles that need a predicate, modifiers, and words that belong to the word before them.
_PARTICLE = frozenset("은는이가을를의")
_KOREAN_FORWARD = regex.compile(
    r"(?:[과와던할될낼볼며]|적|위해|대해|따라|관련|대비|것으로|및|또는|가운데|동안|조금|가장|매우|더욱|다시|곧장|항상|"
    r"별다른|아직|이미|거듭|전면|결국|마침내|모두|\p{Hangul}히)$"
)
_KOREAN_HANGS_ON = regex.compile(
    r"(?:채|것|뒤|후|적|바|점|수|줄|만큼|대로|듯|때|데|등|중|가운데|동안|이상|이하|이내|넘게|만에|째|여|가량|정도|안팎|남짓|전|"
    r"이후|이전|현재|기준|대해|대한|관해|관한|따라|따르|따른|의해|의하|의한|위해|위한|비해|이어|걸쳐|달하|달해|이르|불과|"
    r"그치|그쳤|속하|올랐|않|못|말[고라아]|없|있|아니|했|한다|하기|하는|하지|하고|됐|된다|밝혔|말했|전했|확인|드러났|알려|"
    r"전해|보인|보이|보고|나타났|나섰|밝혀|분석|풀이|집계|조사|추정)"
)
_CONNECTIVE = regex.compile(
    r"(?:지만|는데|은데|인데|면서|으나|므로|하며|되며|이며|으며|라며|다며|했고|됐고|였고|었고|았고|겠고|있고|없고|이고|하고|되고|"
    r"데다|자마자)$"
)
_ADVERBIAL = regex.compile(r"\p{Hangul}(?:으로|에서|에게|께|까지|부터|마다|처럼|두고|통해|앞두고|맞아)$")
#: The words of one syllable that may end a text after a number: "1.8초 전", "3년 만".
_COUNTED = frozenset("전후뒤만")
_DATE_OR_COUNT = regex.compile(r"\d+\p{Hangul}{0,2}")
_NUMBER_OPEN = regex.compile(r"(?:\d|\d[만억조천백십]{1,2})여?$|^[$€£¥₩￦]")


def may_end(word: str, before: str, after: str) -> bool:
    """Tell whether a text may end on `word`: not a particle, an article, or a number without its unit.

    Args:
        word: the last word of the cut text, with its punctuation.
        before: the word before `word`; empty at the beginning of the text.
        after: the first word that is cut off; empty at the end of the text.
    """
    bare = _bare(word)
    last = bare[-1:]
    if not bare or last in _PARTICLE:
        return False
    if len(bare) == 1 and _HANGUL.match(last):
        return bare in _COUNTED and any(character.isdigit() for character in before)
    plain = bare.lower().rstrip(".")
    if plain in _FORWARD or plain.endswith(("n't", "n’t")) or _SHORT_VERB.sub("", plain) in _FORWARD:
        return False
    if bare.endswith("지") and _KOREAN_HANGS_ON.match(after):
        return False  # a cut in "하지 | 않은" would say the opposite
    return not (_NUMBER_OPEN.search(_kept(word)) and (after[:1].isalnum() or after[:1] in "%％"))


def reads_well(word: str, before: str, after: str, *, title_case: bool) -> bool:
    """Tell whether a text that ends on `word` reads as complete. Stricter than `may_end`."""
    if not may_end(word, before, after):
        return False
    if _kept(word) != word:
        return True  # a punctuation mark separates it from the next word
    bare = _bare(word)
    if _HANGUL.match(bare[-1]):
        return bool(_CONNECTIVE.search(bare)) or not _leads_on(bare, after)
    following = after.lower()
    if bare.endswith(_OWNS) or (after.endswith(_OWNS) and bare[0].isupper() and after[0].isupper()):
        return False  # whose? "Taylor | Swift’s | new book"
    if word[-1] in _CLOSERS:
        return following not in {"of", "than"}
    if following in _HANGS_ON or following.endswith(("n't", "n’t")):
        return False
    if _ADVERB.fullmatch(bare) or _ADJECTIVE.fullmatch(bare):
        return False
    if before.lower() in _OPENS_A_CLAUSE or (bare.lower() in _TIMES and following in _TIMED):
        return False
    return title_case or not _splits_name(word, after)


def ends_clause(word: str, after: str) -> bool:
    """Tell whether a clause ends with `word`, by its punctuation, its ending or the next word."""
    if word.endswith((",", "，", "、")):
        bare = _bare(word)
        if _HANGUL.match(bare[-1:]):
            return bool(_CONNECTIVE.search(bare))  # after a noun, a comma separates a list or an apposition
        return not after[:1].isdigit()
    if word.endswith((";", "…", "..", "—", "―")) or after in {"—", "–", "-", "―", "·"}:
        return True
    if word.endswith(":"):
        return not word[:-1].isupper()
    return after.lower() in _CLAUSE_BEFORE or bool(_CONNECTIVE.search(word))


def ends_phrase(word: str, after: str) -> bool:
    """Tell whether a phrase ends with `word`: before a preposition, or after a Korean adverbial (where, when, how)."""
    return after.lower() in _PHRASE_BEFORE or bool(_ADVERBIAL.search(word))


def begins_a_name(before: str, word: str) -> bool:
    """Tell whether `word` follows "a" or "an", as in "a record | year": the noun may still be missing."""
    return before.lower() in {"a", "an"} and _bare(word).isalpha()


def _kept(word: str) -> str:
    return word.rstrip(LOOSE_END)


def _bare(word: str) -> str:
    return _kept(word).strip("\"'“”‘’()[]")


def _leads_on(bare: str, after: str) -> bool:
    """Tell whether a Korean word needs the next one: a modifier in ㄴ ("터진", "않은"), or "징역" before "1년"."""
    ends_in_nieun = (ord(bare[-1]) - ord("가")) % 28 == _NIEUN and bare[-1] != "만"
    forward = ends_in_nieun or _KOREAN_FORWARD.search(bare) or _DATE_OR_COUNT.fullmatch(bare)
    counted = after[:1].isdigit() and not _ADVERBIAL.search(bare)
    return bool(forward or counted or _KOREAN_HANGS_ON.match(after))


def _splits_name(word: str, after: str) -> bool:
    """Tell whether a cut would split a name, two capitalised words in a row: "Kim | You-geun", "South | Korea"."""
    following = after.lstrip("\"'“‘(")
    return word.lstrip("\"'“‘(")[:1].isupper() and (following[:1].isupper() or following[:1].isdigit())

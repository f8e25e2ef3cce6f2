"""The language of a page: the declared language, unless the text contradicts it."""

from __future__ import annotations

import re
from collections import Counter

from sharing.intake.page import json_ld
from sharing.intake.page.document import Page

_CODE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_;,\s]|$)")
_LONG = {
    "kor": "ko",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "jpn": "ja",
    "zho": "zh",
    "chi": "zh",
    "spa": "es",
    "kr": "ko",
    "jp": "ja",
    "cn": "zh",
}

#: ISO 639-1.
_CODES = frozenset(
    "aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da"
    " de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy"
    " hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg"
    " li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or"
    " os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta"
    " te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)

_SCRIPTS = (
    ("ko", re.compile(r"[가-힣]")),
    ("ja", re.compile(r"[ぁ-ヺ]")),
    ("zh", re.compile(r"[一-鿿]")),
    ("ar", re.compile(r"[\u0621-\u064a]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("th", re.compile(r"[\u0e01-\u0e2e]")),
    ("el", re.compile(r"[α-ω]")),
    ("hi", re.compile(r"[\u0905-\u0939]")),
)
_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
_LATIN = re.compile(r"[a-zà-ÿ]", re.IGNORECASE)

#: Language -> words that are frequent in this language and rare in the others.
_WORDS = {
    "en": "the of and to is that for was with on are this have from it as by be at not",
    "de": "der die und das den von ist mit des auf für dem nicht ein eine sich im auch werden zu",
    "fr": "le les des et la est une dans du qui pour que par sur pas au avec plus sont ce",
    "es": "el los las y que del en una por con para su como más pero se al lo ha fue",
    "it": "il di che la per un è con della del gli nel non una sono anche dei alla più si",
    "pt": "o os que de do da em um para com não uma por mais dos das no na foi ao",
    "nl": "de het een van en is dat op te in met voor niet zijn aan er door om ook bij",
    "da": "og det er til af en på at med for den som der ikke har de et jeg til var",
    "no": "og det er til av en på at med for den som ikke har de et jeg var seg om",
    "sv": "och det är att av en på som för den med till inte har de ett om jag var sig",
    "fi": "ja on ei että se oli hän mutta myös kun ovat joka niin mukaan vuoden tai ole kuin",
    "pl": "i w nie na się z do to że jest o jak po od ale przez są dla tym za",
    "cs": "a se v na je že to s z do i o jako za si ale by pro po jsou",
    "tr": "ve bir bu için da de ile olarak çok daha olan gibi ise sonra kadar en olduğu var",
    "id": "yang dan di untuk dengan dari pada ini dalam itu tidak akan oleh juga adalah ke para telah",
    "lt": "ir kad yra į su iš tai bet buvo dėl apie jis jau ne kaip per tik nuo apie už",
    "is": "og að í er á sem til við um ekki það en hann var af því með eru fyrir hafa",
    "hu": "a az és hogy nem egy is meg volt ez de ha már csak mint van azt",
    "ro": "și în de la cu pe care nu din este pentru o un mai ca au fost sunt prin",
    "zu": "ukuthi futhi uma kanye ngoba lapho kodwa ngesikhathi leli lokhu khona nje kakhulu",
    "xh": "ukuba kwaye xa ngoku kunye kodwa apho ngexesha lo oko kakhulu nje ukuze",
}
_FREQUENT = {language: frozenset(words.split()) for language, words in _WORDS.items()}


def language(page: Page, text: str) -> str | None:
    """Return the language (two letters): the declared one, or else the one of `text`, whose script can overrule it."""
    declared = _declared(page)
    script, certain = script_of(text)
    if certain and script and script != declared and not (script == "zh" and declared == "ja"):
        return script
    if declared:
        return declared
    return script or detected(text)


def _declared(page: Page) -> str | None:
    candidates = [
        page.root.get("lang"),
        page.root.get("xml:lang"),
        json_ld.first_text(page.node.get("inLanguage"), "alternateName", "name"),
        *page.metas_of(
            "og:locale", "content-language", "language", "dc.language", "inlanguage", "itemprop:inlanguage"
        ),
    ]
    body = page.root.find("body")
    candidates.append(body.get("lang") if body is not None else None)
    headers = (element for element in page.root.iter("meta") if element.get("http-equiv"))
    candidates += [
        each.get("content") for each in headers if each.get("http-equiv", "").lower() == "content-language"
    ]
    for each in candidates:
        found = _CODE.match(each or "")
        if found:
            code = _LONG.get(found[1].lower(), found[1].lower())
            if code in _CODES:
                return code
    return None


def script_of(text: str) -> tuple[str | None, bool]:
    """Return the language by the script of `text` alone, and whether another language is almost impossible."""
    sample = text[:4000]
    letters = sum(map(str.isalpha, sample))
    if letters < 8:
        return None, False
    counts = {name: len(letter.findall(sample)) for name, letter in _SCRIPTS}
    if counts["ko"] * 3 > letters:
        return "ko", letters >= 20
    if counts["ja"] * 8 > letters and counts["zh"] + counts["ja"] > letters // 2:
        return "ja", letters >= 20
    for name in ("zh", "ar", "he", "th", "el", "hi"):
        if counts[name] * 2 > letters:
            return name, False
    if len(_CYRILLIC.findall(sample)) * 2 > letters:
        return ("uk" if len(re.findall(r"[іїєґ]", sample)) * 50 > letters else "ru"), False
    return None, False


def detected(text: str) -> str | None:
    """Return the language of `text` in Latin letters by its frequent short words; None if they do not decide."""
    counted = Counter(re.findall(r"[^\W\d_]+", text[:6000].lower()))
    total = sum(counted.values())
    scores = {name: sum(counted[word] for word in frequent) for name, frequent in _FREQUENT.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= 2 and scores[best] * 25 >= total else None

"""Read names of people from bylines and signatures, without roles, outlets, places and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sharing.intake.page import korean
from sharing.intake.page.plain import any_of, fold, line
from sharing.words.vocabulary import AGENCIES

EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
)
#: Most names that are kept from one byline.
_MOST = 12

_AND_OTHERS = re.compile(r"\s*외\s?\d{1,2}\s?(?:명|인).*$|\s+et al\.?$|\s*ほか.*$")
_BRACKETED = re.compile(r"\([^()]{0,80}\)|（[^（）]{0,80}）")
_LEAD_IN = re.compile(
    "^(?:"
    + any_of("""
        view_all_posts (?:zeige_)?alle_beiträge beiträge voir_tous_les_articles posts? more written
        reported posted published edited words story text analysis opinion review interview
        """)
    + r"\s+)?"
    + any_of("by von par por door av af di de_la od från przez")
    + r"\s*[:\s]\s*|^"
    + any_of("""
        texto? author autor fotos? written reporter byline 글 취재 기자 文 著者 作者 执笔 執筆 编辑 責編
        责编 责任编辑 記者 记者 撰文 来源
        """)
    + r"\s*[:：=]\s*",
    re.IGNORECASE,
)
_APART = re.compile(
    rf"\s*(?:[,;|/、，；·ㆍ∙•&\n\t・]|\s{any_of('and und et y e og och en i и a with mit')}\s|\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_ROLES = any_of(
    "editors? reporters? correspondents? writers? staff columnists? contributors? contributing producers?"
    " photographers? bureau journalists? chief director analysts? critics? professor fellow anchor"
    " freelancer? specialist associate manager senior redakteur(?:in)? redaktor(?:in)? korrespondent(?:in)?"
    " reporterin autor(?:in)? ressortleiter(?:in)? chefredakteur(?:in)? journalistin volont[äa]r(?:in)?"
    " journaliste rédact(?:eur|rice) correspondante? periodista redactora? corresponsal md ma phd"
    " ph\\.d\\.? m\\.?d\\.? mph rd esq jr sr"
)
_ROLE_PART = re.compile(rf"^(?:.*\s)?{_ROLES}(?:\s.*)?$", re.IGNORECASE)
_BEATS = any_of(
    "senior chief staff deputy managing executive associate contributing political politics business"
    " technology science sports? news national foreign health features? digital white_house special"
    " freelance u\\.?s\\.? washington city"
)
_JOBS = any_of("""
    editor reporter correspondent staff_writer senior_writer columnist contributor producer photographer
    """)
_BEAT = re.compile(rf"(?:{_BEATS}\s?)+", re.IGNORECASE)
_ROLE_TAIL = re.compile(rf"(?<=\w\s)(?:{_BEATS}\s+){{0,4}}{_JOBS}\b.*$", re.IGNORECASE)
_AFTER_NAME = re.compile(
    r"\s+(?:(?:illustration|foto|photo|photograph)\w*\b.*|for (?:the )?\w.*|at|in|is|has|on \w+day.*"
    r"|updated.*|published.*|posted.*|last .*)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|[@{}<>\[\]=#$%^*_]|\d{2}|^\W*$|^"
    + any_of("""
        posted updated? published by admin(?:istrator)? webmaster root null none undefined unknown n/?a
        author anonymous guest user default test true false no_author comments? share facebook twitter more
        follow
        """)
    + "$|^"
    + any_of("january february march april may june july august september october november december")
    + r"\b",
    re.IGNORECASE,
)
_SLUG = re.compile(r"[a-z]{2,20}(?:-[a-z]{2,20}){1,3}")

_ORGANISATION = re.compile(
    "\\b"
    + any_of(
        "news newsroom newsdesk staff desk editors? editorial team agency press media redaktion redaction"
        " rédaction redacción redazione tv radio magazine times post wire network group inc ltd gmbh e\\.v"
        " foundation institute university association online bureau department ministry council committee"
        " company corporation submissions contributors? tribune herald gazette journal digital today daily"
        " weekly zeitung nachrichten rundschau presse verlag agencias? agences?"
    )
    + "\\b|\\.(?:com|net|org|de|at|ch|is|tr|kr|jp|be|uk|fr|it|es|se|no|dk|nl|io|tv|co)\\b|"
    + any_of(
        "뉴스 신문 일보 방송 통신 편집국 편집부 취재팀 디지털 온라인 미디어 닷컴 新聞 通信 デジタル 編集部"
        " オンライン ニュース 日刊 社$"
    ),
    re.IGNORECASE,
)
_KOREAN_OUTLET = re.compile(
    "[가-힣A-Za-z]{2,12}" + any_of("부 팀 국 실 센터 본부 경제 매거진 타임스 투데이 저널 데일리 랩")
)
# News agencies, folded. A story by an agency has no author on the site that publishes it.
_AGENCIES = frozenset(
    AGENCIES.lower().split()
    + "apa ansa efe jiji bloomberg anp ntb tt ritzau belga"
    " lusa pap ctk sid epd kna ani pti pa associatedpress theassociatedpress agencefrancepresse"
    " pressassociation thomsonreuters canadianpress thecanadianpress afpbb dpaafx 연합뉴스 연합"
    " 뉴시스 뉴스1 공동취재단 공동취재 共同 共同通信 時事 時事通信 新华社 新華社".split()
)

_INTERFACE = re.compile(
    "\\b"
    + any_of(
        "follow e-?mail contact click here share view read more about photos? illustration subscribe"
        " instagram facebook twitter linkedin whatsapp telegram youtube website bio biography profile"
        " posts? comments? stories articles? updated published minutes? min save print log_in sign menu"
        " home search latest breaking exclusive getty images listen watch autor author play close open skip"
        " advertisement sponsored"
    )
    + "\\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "de da do dos das del della di du la le van von der den ter ten zu bin ibn al el y e af av of st".split()
)
_EASTERN = re.compile(
    r"[一-鿿々]{2,5}|[一-鿿々]{1,4}[\s　][一-鿿々ぁ-ヿ]{1,5}|[ァ-ヿ]{2,}[・=＝\s][ァ-ヿ・=＝\s]{2,}"
)
_NAME_AND_MAIL = re.compile(rf"(?:^|\s)([가-힣]{{2,4}})\s*[(\[<]?\s*({EMAIL.pattern})\s*[)\]>]?$")


@dataclass(frozen=True, slots=True)
class Byline:
    """The names in a byline: people, and organisations (outlets, desks, agencies) that stand in their place."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    #: True if the byline has more people than names: `외 2명`, `et al.`.
    and_others: bool = False


def byline(texts: Iterable[object], sites: AbstractSet[str] = frozenset()) -> Byline:
    """Read the names in `texts`, in order. Each text is a name or a whole byline.

    Example: "By Ann Lee and Bob Cho, Daily Herald" has two people, and the organisation Daily Herald.

    Args:
        texts: the declared values; a value that is not a text is ignored.
        sites: the names of the site, folded by `fold`.
    """
    people: dict[str, str] = {}
    organisations: dict[str, str] = {}
    emails: dict[str, None] = {}
    and_others = False
    for text in texts:
        clean = line(text, "name")
        if clean is None:
            continue
        emails |= dict.fromkeys(address.lower() for address in EMAIL.findall(clean))
        if "://" in clean or re.fullmatch(r"/\S*", clean):
            continue
        shorter = _AND_OTHERS.sub("", clean)
        and_others = and_others or shorter != clean
        of_outlet = False
        for name in _parts(shorter, sites):
            # After an outlet, a name that is not clearly a person is a portal or a desk: `outlet | portal`.
            of_outlet = is_organisation(name, sites) or (of_outlet and not is_person(name))
            (organisations if of_outlet else people).setdefault(fold(name), name)
    named, instead = tuple(people.values())[:_MOST], tuple(organisations.values())[:_MOST]
    return Byline(named, instead, tuple(emails)[:_MOST], and_others)


def is_organisation(name: str, sites: AbstractSet[str]) -> bool:
    """Tell whether `name` is an outlet, a desk or an agency, not a person."""
    if _is_site(name, sites) or fold(name) in _AGENCIES or _ORGANISATION.search(name):
        return True
    return bool(_KOREAN_OUTLET.fullmatch(name)) and not korean.is_name(name)


def is_person(name: str) -> bool:
    """Tell whether `name`, found in markup, looks like a person's: capitalised, or Korean, Japanese or Chinese."""
    if korean.is_name(name):
        return True
    if _EASTERN.fullmatch(name):
        return not name.endswith(("部", "局", "社", "版", "者", "網", "网", "報", "报"))
    words = name.split()
    if not 2 <= len(words) <= 6 or _INTERFACE.search(name) or not words[-1][0].isupper():
        return False
    return all(word[0].isupper() or word.lower() in _PARTICLES or word[1:2] in {"'", "’"} for word in words)


def signature(text: str) -> Byline:
    """Read the people in a signature line of a Korean story. The result is empty if the line is not a signature.

    `홍길동 기자 hong@news.example`, `[도쿄/김철수 특파원]`, `OBC 뉴스 이영희입니다.`, `홍길동 (hong@...)`.
    """
    text = korean.unadorned(text.strip())
    if len(text) > 100 or not re.search(r"[가-힣]", text):
        return Byline()
    speaker = korean.spoken(text)
    if speaker:
        return Byline(people=(speaker,))
    bare = EMAIL.sub(" ", text).strip(" ()<>[]“”\"'.")
    if korean.ROLE_AT_END.search(bare) and korean.REPORTER.search(bare) and len(bare) <= 60:
        found = byline([text])
        return Byline(people=tuple(filter(korean.is_name, found.people)), emails=found.emails)
    lone = korean.lone(bare)
    if lone:
        return Byline(people=(lone,))
    mailed = _NAME_AND_MAIL.search(text)
    if mailed and korean.is_name(mailed[1]) and len(text) <= 60:
        return Byline(people=(mailed[1],), emails=(mailed[2].lower(),))
    return Byline()


def _is_site(text: str, sites: AbstractSet[str]) -> bool:
    folded = fold(text)
    begins_so = any(len(site) >= 4 and folded.startswith(site) for site in sites)
    return folded in sites or (begins_so and len(text) < 60)


def _parts(text: str, sites: AbstractSet[str]) -> list[str]:
    text = _BRACKETED.sub(" ", EMAIL.sub(" ", text)).strip()
    if _is_site(text, sites):
        return [] if _NO_NAME.search(text) else [text.partition("|")[0].strip()]
    text = _LEAD_IN.sub("", text.strip(" \u3000|,;:·"))
    if _SLUG.fullmatch(text):
        return [name for name in [text.replace("-", " ").title()] if not _NO_NAME.search(name)]
    if re.search(r"[가-힣]", text):
        return [name for name in korean.names(text) if not _NO_NAME.search(name)]
    parts = [part for part in map(_tidied, _APART.split(text)) if part]
    if len(parts) == 2 and text.count(",") == 1 and all(part.isalpha() for part in parts):
        surname, given = parts
        return parts if {fold(surname), fold(given)} & _AGENCIES else [f"{given} {surname}"]
    return [part for number, part in enumerate(parts) if number == 0 or not _ROLE_PART.match(part)]


def _tidied(part: str) -> str | None:
    name = _AFTER_NAME.sub("", _ROLE_TAIL.sub("", _LEAD_IN.sub("", part.strip())))
    name = name.strip(" \u3000.,:;|'\"“”‘’《》<>「」-–—")
    if not 2 <= len(name) <= 60 or _NO_NAME.search(name) or len(name.split()) > 6 or _BEAT.fullmatch(name):
        return None
    return name

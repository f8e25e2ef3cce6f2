"""Names of people out of bylines and signatures: roles, outlets, places and addresses taken off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sharing.intake.page.plain import fold, line

EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
)

#: What Korean bylines put behind a name.
KOREAN_ROLE = (
    r"(?:(?:수습|인턴|객원|시민|명예|선임|전문|대학생|온라인|디지털|여행|의학전문|의학|사진|영상|취재|교육|문화|스포츠|경제|정치)\s?){0,2}"
    r"(?:기자|특파원|논설위원|논설실장|해설위원|편집위원|전문위원|칼럼니스트|에디터|앵커|아나운서|리포터|통신원|PD|피디|작가"
    r"|편집장|편집국장|부장|차장|팀장|국장|데스크|위원|교수|변호사|대표|연구원|평론가|시인)"
)
_KOREAN_REPORTER = re.compile(r"(?:기자|특파원|논설위원|인턴|리포터|통신원|에디터|앵커)")
_KOREAN_ROLE_END = re.compile(rf"\s?{KOREAN_ROLE}(?:입니다|이다)?$")
_AND_OTHERS = re.compile(r"\s*외\s?\d{1,2}\s?(?:명|인).*$|\s+et al\.?$|\s*ほか.*$")
_SURNAME = (
    "가간갈감강개견경계고곡공곽구국군궁권근금기길김나남노뇌누단당대도독동두라란랑려로류리마만매맹명모목묘문미민박반방배백범변복봉부빈빙사"
    "삼상서석선설섭성소손송수순승시신심아안애야양어엄여연염엽영예오옥온옹왕요용우운원위유육윤은음이인임자장전점정제조종좌주준지진차"
    "창채천초최추탁탄탕태판팽편평포표피필하학한함해허현형호홍화환황후"
)
_KOREAN_NAME = re.compile(
    rf"[{_SURNAME}][가-힣]{{1,2}}|(?:남궁|황보|제갈|사공|선우|서문|독고|동방)[가-힣]{{1,2}}"
)
_KOREAN_DESK = re.compile(
    r"[가-힣A-Za-z]{2,12}(?:부|팀|국|실|센터|본부|뉴스|일보|신문|닷컴|방송|통신|미디어|경제|매거진|타임스|투데이|저널|데일리|랩)"
)

_ROLES = (
    r"editors?|reporters?|correspondents?|writers?|staff|columnists?|contributors?|contributing|producers?|photographers?|bureau"
    r"|journalists?|chief|director|analysts?|critics?|professor|fellow|anchor|freelancer?|specialist|associate|manager|senior"
    r"|redakteur(?:in)?|redaktor(?:in)?|korrespondent(?:in)?|reporterin|autor(?:in)?|ressortleiter(?:in)?|chefredakteur(?:in)?"
    r"|journalistin|volont[äa]r(?:in)?|journaliste|rédact(?:eur|rice)|correspondante?|periodista|redactora?|corresponsal"
    r"|md|ma|phd|ph\.d\.?|m\.?d\.?|mph|rd|esq|jr|sr"
)
_ROLE_PART = re.compile(rf"^(?:.*\s)?(?:{_ROLES})(?:\s.*)?$", re.IGNORECASE)
_ROLE_TAIL = re.compile(
    r"(?<=\w\s)(?:(?:senior|chief|staff|deputy|managing|executive|associate|contributing|political|politics|business|technology|science"
    r"|sports?|news|national|foreign|health|features?|digital|white house|special|freelance|u\.?s\.?|washington|city)\s+)*"
    r"(?:editor|reporter|correspondent|(?:staff |senior )writer|columnist|contributor|producer|photographer|redakteur(?:in)?)\b.*$",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:view all posts|alle beiträge|zeige alle beiträge|beiträge|voir tous les articles|posts?|more|written|reported|posted|published|edited|words|story|text|analysis|opinion|review|interview)\s+)?(?:by|von|par|por|door|av|af|di|de la|od|från|przez)\s*[:\s]\s*"
    r"|^(?:text|texto?|author|autor|fotos?|written|reporter|byline|글|취재|기자|文|著者|作者|执笔|執筆|编辑|責編|责编|责任编辑|記者|记者|撰文|来源)\s*[:：=]\s*",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\s*(?:[,;|/、，；·ㆍ∙•&\n\t\u30fb]|\s(?:and|und|et|y|e|og|och|en|i|и|a|with|mit)\s|\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s+(?:illustrations?\b.*|fotos?\b.*|photos?\b.*|photograph\w*\b.*|for (?:the )?\w.*|at|in|is|has|on \w+day.*|updated.*|published.*|posted.*|last .*)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|[@{}<>\[\]=#$%^*_]|\d{2}|^\W*$|^(?:posted|updated?|published|by|admin(?:istrator)?|webmaster|root|null|none|undefined"
    r"|unknown|n/?a|author|anonymous|guest|user|default|test|true|false|no author|comments?|share|facebook|twitter|more|follow|제공|네이버)$"
    r"|^(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_SLUG = re.compile(r"[a-z]{2,20}(?:-[a-z]{2,20}){1,3}")

_ORGANISATION = re.compile(
    r"\b(?:news|newsroom|staff|desk|editors|editorial|team|agency|press|media|redaktion|redaction|rédaction|redacción|redazione|tv|radio"
    r"|magazine|times|post|wire|network|group|inc|ltd|gmbh|e\.v|foundation|institute|university|association|online|newsdesk|bureau"
    r"|department|ministry|council|committee|company|corporation|editor|submissions|contributors?|post|tribune|herald|gazette|journal"
    r"|digital|today|daily|weekly|zeitung|nachrichten|rundschau|presse|verlag|agencias?|agences?)\b"
    r"|\.(?:com|net|org|de|at|ch|is|tr|kr|jp|be|uk|fr|it|es|se|no|dk|nl|io|tv|co)\b"
    r"|뉴스|신문|일보|방송|통신|편집국|편집부|취재팀|디지털|온라인|미디어|닷컴|新聞|通信|デジタル|編集部|オンライン|ニュース|日刊|社$|人民网|新华",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    "ap afp reuters dpa apa ansa efe tass upi xinhua jiji kyodo bloomberg anp ntb tt ritzau belga lusa pap ctk sid epd kna ani pti osen"
    " associatedpress theassociatedpress agencefrancepresse pressassociation pa thomsonreuters canadianpress thecanadianpress"
    " 연합뉴스 연합 뉴시스 뉴스1 뉴스원 공동취재단 공동취재 共同 共同通信 時事 時事通信 新华社 新華社 dpaafx afpbb mtv bbc cnn".split()
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The names in a byline: people, and outlets, desks and agencies that stand there in their place."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    #: `외 2명`, `et al.`: more people than are named.
    and_others: bool = False


def byline(texts: Iterable[object], sites: set[str] = frozenset()) -> Byline:  # type: ignore[assignment]
    """The names in `texts`, each a name or a whole byline, in their order.

    Args:
        texts: as declared; what is no text is left out.
        sites: what the site calls itself, folded as in `fold`.
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
        if "://" in clean or clean.startswith("/"):
            continue
        shorter = _AND_OTHERS.sub("", clean)
        and_others = and_others or shorter != clean
        for name in _parts(shorter, sites):
            found = organisations if is_organisation(name, sites) else people
            found.setdefault(fold(name), name)
    return Byline(
        tuple(people.values())[:12], tuple(organisations.values())[:12], tuple(emails)[:12], and_others
    )


def is_organisation(name: str, sites: set[str]) -> bool:
    """Whether `name` is an outlet, a desk or an agency, and nobody."""
    if _is_site(name, sites) or fold(name) in _AGENCIES or _ORGANISATION.search(name):
        return True
    return bool(_KOREAN_DESK.fullmatch(name)) and not _KOREAN_NAME.fullmatch(name)


def _is_site(text: str, sites: set[str]) -> bool:
    folded = fold(text)
    return folded in sites or any(
        len(site) >= 4 and folded.startswith(site) and len(text) < 60 for site in sites
    )


_INTERFACE = re.compile(
    r"\b(?:follow|e-?mail|contact|click|here|share|view|read|more|about|photos?|illustration|subscribe|instagram|facebook|twitter|linkedin"
    r"|whatsapp|telegram|youtube|website|bio|biography|profile|posts?|comments?|stories|articles?|updated|published|minutes?|min|save|print"
    r"|log in|sign|menu|home|search|latest|breaking|exclusive|getty|images|listen|watch|autor|author|play|close|open|skip|advertisement|sponsored)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "de da do dos das del della di du la le van von der den ter ten zu bin ibn al el y e af av of st".split()
)
_EASTERN = re.compile(
    r"[一-鿿々]{2,5}|[一-鿿々]{1,4}[\s　][一-鿿々ぁ-ヿ]{1,5}|[ァ-ヿ]{2,}[・=＝\s][ァ-ヿ・=＝\s]{2,}"
)


def is_person(name: str) -> bool:
    """Whether `name`, found in running markup, looks like somebody's: two to five capitalised words, or an Eastern name."""
    if _KOREAN_NAME.fullmatch(name):
        return True
    if _EASTERN.fullmatch(name):
        return not name.endswith(("部", "局", "社", "版", "者", "網", "网", "報", "报"))
    words = name.split()
    if not 2 <= len(words) <= 6 or _INTERFACE.search(name):
        return False
    return (
        all(word[0].isupper() or word.lower() in _PARTICLES or word[1:2] in {"'", "’"} for word in words)
        and words[-1][0].isupper()
    )


def _parts(text: str, sites: set[str]) -> list[str]:
    text = re.sub(r"\([^()]{0,80}\)|（[^（）]{0,80}）", " ", EMAIL.sub(" ", text)).strip()
    if _is_site(text, sites):
        return [] if _NO_NAME.search(text) else [text.partition("|")[0].strip()]
    text = _LEAD_IN.sub("", text.strip(" \u3000|,;:·"))
    if _SLUG.fullmatch(text):
        return [text.replace("-", " ").title()]
    if re.search(r"[가-힣]", text):
        return korean_names(text)
    parts = [part for part in (_tidied(part) for part in _APART.split(text)) if part]
    if len(parts) == 2 and text.count(",") == 1 and all(re.fullmatch(r"[^\W\d]+", part) for part in parts):  # noqa: PLR2004
        surname, given = parts
        return parts if {fold(surname), fold(given)} & _AGENCIES else [f"{given} {surname}"]
    return [part for number, part in enumerate(parts) if number == 0 or not _ROLE_PART.match(part)]


def _tidied(part: str) -> str | None:
    part = _LEAD_IN.sub("", part.strip())
    part = _AFTER_NAME.sub("", _ROLE_TAIL.sub("", part)).strip(" \u3000.,:;|'\"“”‘’《》<>「」-–—")
    if not 2 <= len(part) <= 60 or _NO_NAME.search(part) or len(part.split()) > 6:
        return None
    return part


def korean_names(text: str) -> list[str]:
    """The names in a Korean byline: `전주 신동해·봉화 임하늘 기자` is two people and no place."""
    names: list[str] = []
    for part in re.split(r"\s*(?:[,;|/·ㆍ∙•&\n]|\s[-–—]\s|=)\s*", re.sub(r"[\[\]<>()【】]", " ", text)):
        part = part.strip(" .:※▶☞-–—“”\"'")
        bare = _KOREAN_ROLE_END.sub("", part).strip()
        words = [word for word in bare.split() if not re.fullmatch(KOREAN_ROLE, word)]
        if not words:
            continue
        people = [word for word in words if _KOREAN_NAME.fullmatch(word) and not _is_desk(word)]
        three = [word for word in people if len(word) >= 3]
        if len(words) > 1 and three:
            names += three
        elif people and (len(words) == 1 or bare != part):
            names.append(people[-1])
        elif not _NO_NAME.search(bare) and len(bare) <= 30 and not re.search(r"(?:다|요|까)[.?!]?$", bare):
            names.append(bare)
    return names


_NO_KOREAN_NAME = frozenset(
    "이메일 이미지 정보 제보 문의 구독 공지 사진 기사 기자 신문 방송 한국 서울 전화 전체 제공 조회 추천 공유 최신 인기 이슈 주요 지난 오늘 내일 어제 정치 경제 사회 문화 국제".split()
)


def _is_desk(word: str) -> bool:
    return word in _NO_KOREAN_NAME or bool(
        re.fullmatch(
            r"(?:정치|경제|사회|문화|국제|산업|체육|스포츠|편집|사진|전국|지역|생활|과학|연예|금융|증권|디지털|온라인|뉴스|미래|정책|법조|외교|통일|사건)"
            r"[가-힣]{0,4}(?:부|팀|국|실|센터)|워싱턴|베이징|제네바|방콕|하노이|전북|전남|경북|경남|충북|충남|강원|제주|인천|대전|대구|광주|부산|울산|수원|전주|성남|안산|안양",
            word,
        )
    )


_SIGNED = re.compile(
    rf"(?P<who>(?:[가-힣A-Za-z/·ㆍ,=\[(]+\s?){{1,6}}?)\s?(?:{KOREAN_ROLE})\s*[=\])]*\s*[(<\[]?\s*(?P<mail>{EMAIL.pattern})?\s*[)>\]]?\s*$"
)
_SPOKEN = re.compile(r"(?:뉴스|[A-Z]{2,5})\s?([가-힣]{2,4})(?:입니다|이었습니다)\.?$")
_NAME_AND_MAIL = re.compile(rf"(?:^|\s)([가-힣]{{2,4}})\s*[(\[<]?\s*({EMAIL.pattern})\s*[)\]>]?$")


def signature(text: str) -> Byline:
    """The people that a line of a Korean story is signed by; nobody where it is no signature.

    `홍길동 기자 hong@news.example`, `[도쿄/김철수 특파원]`, `KBS 뉴스 이영희입니다.`, `홍길동 (hong@news.example)`.
    """
    text = text.strip()
    if len(text) > 100 or not re.search(r"[가-힣]", text):
        return Byline()
    spoken = _SPOKEN.search(text)
    if spoken and _KOREAN_NAME.fullmatch(spoken[1]):
        return Byline(people=(spoken[1],))
    bare = EMAIL.sub(" ", text).strip(" ()<>[]“”\"'.")
    if _KOREAN_ROLE_END.search(bare) and _KOREAN_REPORTER.search(bare) and len(bare) <= 60:
        found = byline([text])
        people = tuple(name for name in found.people if _KOREAN_NAME.fullmatch(name))
        return Byline(people=people, emails=found.emails)
    mailed = _NAME_AND_MAIL.search(text)
    if mailed and _KOREAN_NAME.fullmatch(mailed[1]) and len(text) <= 60:
        return Byline(people=(mailed[1],), emails=(mailed[2].lower(),))
    return Byline()


_DATELINE = re.compile(
    r"^\s*(?:[(\[](?P<inside>[^()\[\]]{2,60})[)\]]\s*(?P<names>[^=.]{2,60}?(?:기자|특파원)\s*=)?|(?P<open>[가-힣]{2,6}[=/][^=.]{2,40}?(?:기자|특파원)\s*=))"
)


def dateline(text: str) -> Byline:
    """The people named before a Korean lead: `(서울=연합뉴스) 홍길동 기자 =`, `[대전, 홍길동 기자]`, `광주=홍길동 기자 =`."""
    found = _DATELINE.match(text[:200])
    named = found and (found["names"] or found["open"] or found["inside"])
    if not named or not _KOREAN_REPORTER.search(named):
        return Byline()
    people = (name for name in korean_names(named) if _KOREAN_NAME.fullmatch(name))
    return Byline(people=tuple(people))

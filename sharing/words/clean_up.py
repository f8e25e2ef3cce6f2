"""The story alone: without datelines, bylines, captions, credits, signatures, copyright lines and notices.

The rules know shapes, not outlets: what stands where, between which marks. A whole sentence of the story is
never taken: a line that states something (…다.) stays, whatever words are in it.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from sharing.words import sentences
from sharing.words.markup import one_line, plain

#: No tail is longer: where to look for its beginning, in characters.
_TAIL = 600
#: No article has more of them.
_TAILS = 40

_ROLE = (
    r"(?:\p{Hangul}{0,6}(?:기자|특파원|통신원|리포터|앵커|아나운서|논설위원|편집위원|칼럼니스트|에디터)|PD)"
)
_A_ROLE = regex.compile(_ROLE)
_SEPARATORS = regex.compile(r"[\s·/,=ㆍ“”()\[\]<>【】☞]+")
_NAMES = rf"\p{{Hangul}}{{2,5}}(?:[\s·,]+\p{{Hangul}}{{2,5}}){{0,5}}\s*{_ROLE}"
_KOREAN_DATELINE = regex.compile(
    rf"""\s*+(?:
        [(\[【<〈][^()\[\]【】<>〈〉=]{{0,30}}(?:\([^()]{{1,20}}\))?[^()\[\]【】<>〈〉=]{{0,10}}=[^()\[\]【】<>〈〉]{{1,40}}[)\]】>〉]
        (?:\s*+{_NAMES})?+(?:\s*+=)?+
      | \p{{Hangul}}{{2,6}}=(?:{_NAMES})(?:\s*+=)?+
      | {_NAMES}\s*+=
      | [\[【](?=[^\[\]【】]*\p{{Hangul}})[^\[\]【】]{{1,30}}[\]】]
      )\s*+""",
    regex.VERBOSE,
)
_PLACE = r"\p{Lu}[\p{Lu}.'’-]+(?:[ /]\p{Lu}[\p{Lu}.'’-]+){0,3}(?:, \p{Lu}[\p{L}.'’ -]{1,24}?)?"
_DATE = r"(?:, (?:Jan|Feb|March|Mar|April|Apr|May|June|Jun|July|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\p{L}*\.? \d{1,2}(?:, \d{4})?)?"
_AGENCY = r"\([A-Z][\p{L}./&’' -]{1,28}\)"
_DASH = r"(?:\s*+(?:--|—|–|―)\s*+|\s+-\s+)"
_ENGLISH_DATELINE = regex.compile(
    rf"\s*+(?:{_PLACE}{_DATE}\s*+{_AGENCY}{_DASH}|{_PLACE}{_DATE}{_DASH}|{_AGENCY}{_DASH}"
    rf"|(?:{_PLACE}, \p{{Lu}}\p{{Ll}}[\p{{L}} ]{{1,20}}\s|\s*+)\([A-Z]{{2,6}}\)\s+(?=[\p{{Lu}}“\"\p{{Hangul}}]))"
)

_EMAIL = regex.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_CLAIM = regex.compile(
    r"[ⓒ©]|\((?:c|C)\)\s|저작권자|(?:Copyrights?|COPYRIGHT)\s*(?:\(|\d{4}|by\b)|[Aa]ll [Rr]ights [Rr]eserved|"
    r"무단\s?(?:전재|복제|배포).{0,30}(?:금지|불허|금합니다)"
)
_STATES = regex.compile(r"[다요까죠][.?!][\"”’')\]]*$")
_SOURCE_TAIL = regex.compile(
    r"[(\[<〈【]\s*(?:사진|영상|그래픽|자료|출처|글|이미지|Photo|Image|Credit|Source)[^()\[\]<>]{0,80}[)\]>〉】]\s*$"
)
_NOTICE = regex.compile(
    r"^\s*[※▶▷☞◀◁■□◆◇☎►]|제보(?:는|를|하기|하려면)?\s.{0,30}(?:카카오톡|카톡|전화|메일|라인|@)|"
    r"^(?:기사)?(?:입력|수정|등록|송고|발행)?\s*:?\s*\d{4}[-/.년]\s?\d{1,2}[-/.월]\s?\d{1,2}[일.]?\s*\(?.{0,4}\)?\s*\d{1,2}:\d{2}(?::\d{2})?\s*(?:송고|입력|수정|등록)?$|"
    r"(?:전화|이메일|메일|☎).{0,80}(?:문의|제보).{0,16}(?:바랍니다|주세요|주시기 바랍니다)\.?$|"
    r"^\(?(?:끝|계속|END)\)?$|^(?:기사\s?)?더\s?보기|^관련\s?기사|^(?:구독|뉴스레터).{0,30}(?:하기|신청)$"
)
_READ_MORE = regex.compile(
    r"(?i)^[\s>*•▶→-]*(?:(?:read|see|watch|listen|more)(?: (?:more|also|next|the full (?:story|article)|on this(?: story| topic)?))\b"
    r"|read the (?:full|whole|rest)|also read|related(?: stories?| articles?| news)?\s*:|recommended(?: for you)?\s*:"
    r"|continue reading|click here|sign up (?:for|to)|subscribe (?:to|now)|follow (?:us|\S+ on )|advertisement$"
    r"|(?:story|article) continues|(?:the post|this article) .{1,300} (?:appeared|was) (?:first )?(?:on|published))"
)
_WRITERS = regex.compile(
    r"^\(?(?:Additional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting) by .{2,200}\)?$"
    r"|^(?:AP |Associated Press )?(?:writers?|journalists?|reporters?) .{2,160} contributed(?: to this report)?\.?$"
)
_NAME = r"(?:(?:and|de|da|der|van|von|al|bin|la|le|for|of|the) )?\p{Lu}[\p{L}.'’-]*"
_BYLINE = regex.compile(rf"(?:By|BY|Story by|Words by|Text by)(?:,? {_NAME}){{1,12}}")
_DATED = regex.compile(r"(?i)^(?:published|updated|posted|last (?:updated|modified))\b.{0,60}$")
_SIGN_OFF = regex.compile(
    r"^(?:[A-Z]{2,4}|\p{Hangul}{2,6})\s?뉴스,?\s\p{Hangul}{2,5}(?:이었|입니)[^.]{0,6}\.$"
)
_HANDOFF = regex.compile(
    r"^\p{Hangul}{2,5}\s(?:기자|특파원|리포터)[가이]\s.{0,24}(?:보도|취재|전)(?:합니다|했습니다|해 ?드립니다)\.$"
)
_CREW = regex.compile(
    r"^(?:[(\[]?\s*(?:촬영|영상|그래픽|편집|취재|자막|자료|디자인|제작|CG)[\p{Hangul}]{0,4}\s*[:：].{1,60}){1}$"
)
_BROADCAST = regex.compile(r"[\[【]\s*(?:앵커\s?멘트|앵커|리포트|기자|인터뷰|녹취|VCR)\s*[\]】]\s*")
_HASHTAGS = regex.compile(
    r"(?:^|(?<=[.?!…\n”\"’)])\s*|\s)#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*(?:[\s,]*#[\p{L}\p{N}_]+)*\s*$"
)
_CUT_OFF = regex.compile(r"\s*[\[(](?:…|\.\.\.)[\])]\s*$")
_BRACKET_TAIL = regex.compile(
    r"(?:\[[^\[\]]{1,200}\]|<[^<>]{1,200}>|〈[^〈〉]{1,200}〉|【[^【】]{1,200}】|\([^()]{1,80}\))\s*$"
)
_GLUED_TAIL = regex.compile(r"[다요까죠][.?!][”\"’]?\s*+(?=[<“‘\[(a-z-])")
_CREDIT_DATE = regex.compile(r"\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s*[/ⓒ@|]?\s*[\p{L}\d .=-]{0,24}$")
_MODIFIER = regex.compile(r"(?:[은는을를의]|[가-힣]{2,}(?:이|가|에|에서|에게|로|와|과|한|된|던|할|며|고))$")


def line(text: str) -> str:
    """A headline or dek in one line: without markup, doubled spaces and the CMS's hashtags."""
    return _without_hashtags(one_line(text))


def story(text: str) -> str:
    """The paragraphs of the story, a blank line apart: what `lead` and `quote` may be taken from.

    Takes away what stands around it: see the module. Linear in time.
    """
    return "\n\n".join(paragraphs(text))


def paragraphs(text: str, *, captions: bool = False) -> Iterator[str]:
    """The paragraphs of the story, one by one; each is only looked at when it is asked for.

    `captions` keeps what looks like one: in a dek it is a sentence that breaks off.
    """
    for paragraph in plain(text).split("\n\n"):
        lines = [each for each in paragraph.split("\n") if not _is_furniture(each.strip())]
        kept = "\n".join(lines)
        if "[" in kept or "【" in kept:
            kept = _BROADCAST.sub(" ", kept).replace("\n ", "\n").strip()
        kept = without_tail(without_dateline(kept))
        if kept and (captions or not _is_caption(kept)) and not _is_furniture(kept):
            yield kept


def without_dateline(text: str) -> str:
    """`text` without "(서울=연합뉴스) 홍길동 기자 = ", "SEOUL, Aug. 22 (Yonhap) -- " and their like in front."""
    for _ in range(3):
        found = _KOREAN_DATELINE.match(text) or _ENGLISH_DATELINE.match(text)
        if not found or found.end() == len(text):
            break
        text = text[found.end() :]
    return text


def without_tail(text: str) -> str:
    """`text` without signatures, credits, copyright lines, notices and hashtags at its end."""
    end = len(text)
    for _ in range(_TAILS):
        window = text[max(0, end - _TAIL) : end].rstrip()
        kept = _without_last_tail(window, whole=end <= _TAIL)
        if kept is None:
            break
        end = max(0, end - _TAIL) + len(kept)
    kept = text[:end].rstrip()
    return _CUT_OFF.sub("…", kept) if kept.endswith(("]", ")")) else kept


def _without_last_tail(window: str, *, whole: bool) -> str | None:
    """`window`, the end of a text, without its last tail; None when it has none."""
    untagged = _without_hashtags(window)
    if untagged != window:
        return untagged
    bracket = _BRACKET_TAIL.search(window)
    if bracket and _is_bracket_tail(bracket[0].strip(), window[: bracket.start()]):
        return window[: bracket.start()]
    start = _last_fragment(window)
    if _is_tail(window[start:].strip(), alone=whole and not start):
        return window[:start]
    return None


def _last_fragment(window: str) -> int:
    """Where the last sentence, or what follows it without being one, begins."""
    stops = [0, *list(sentences.ends(window))[:-1]]
    stops += [match.end() for match in _GLUED_TAIL.finditer(window)]
    return max(stops)


def _is_bracket_tail(bracket: str, before: str) -> bool:
    if _CLAIM.search(bracket) or _SOURCE_TAIL.match(bracket) or is_signature(bracket):
        return True
    stands_alone = (
        not before.strip()
        or before.rstrip(" ").endswith((".", "\n", ")", "]", ">"))
        or _STATES.search(before)
    )
    return bool(stands_alone) and len(bracket) <= 42 and not _STATES.search(bracket[:-1])


def _is_tail(fragment: str, *, alone: bool) -> bool:
    if not fragment or len(fragment) > 300:
        return False
    if _NOTICE.search(fragment) or _READ_MORE.match(fragment) or _WRITERS.match(fragment):
        return True
    if _SIGN_OFF.match(fragment) or _HANDOFF.match(fragment) or _CREW.match(fragment):
        return True
    if _STATES.search(fragment):
        return False
    if _CLAIM.search(fragment) or is_signature(fragment):
        return True
    return not alone and bool(_EMAIL.search(fragment)) and len(fragment.split()) <= 12


def _is_furniture(line_: str) -> bool:
    """A line that is no part of the story: byline, time stamp, signature, "read more", a row of hashtags."""
    if not line_:
        return True
    if len(line_) > 300:
        return False
    if _BYLINE.fullmatch(line_) or _DATED.match(line_) or is_signature(line_):
        return True
    bracket = _BRACKET_TAIL.match(line_)
    if bracket and _is_bracket_tail(bracket[0], ""):
        return True
    if _last_fragment(line_):
        return False  # several sentences: its tail is looked at later
    return _is_tail(line_, alone=True) or not _without_hashtags(line_).strip()


def _is_caption(paragraph: str) -> bool:
    """▲ in front, or a credit behind: a date, a source, or a last word that is no sentence."""
    if len(paragraph) > 400:
        return False
    if paragraph[0] in "▲△▼" or _CREDIT_DATE.search(paragraph) or _SOURCE_TAIL.search(paragraph):
        return True
    parts = sentences.split(paragraph)
    last = parts[-1]
    if not 2 <= len(parts) <= 3 or last[-1] in '.?!…”"’)' or len(last) > 30:
        return False
    words = len(last.split())
    return (words <= 4 and (last[:1].isupper() or last[0] in "/|=")) or (words <= 2 and len(last) <= 12)


def is_signature(text: str) -> bool:
    """Whether `text` is a reporter's signature: names, roles, places, desks, addresses, and no verb.

    "도쿄/정수진 특파원", "[장미래 기자]", "전주 신동해·봉화 임하늘 기자", "Do Je-hae jhdo@news.example".
    """
    if len(text) > 120:
        return False
    address = _EMAIL.search(text)
    words = _SEPARATORS.split(_EMAIL.sub(" ", text) if address else text)
    words = [word for word in words if word]
    if len(words) > 9 or any(word[-1] in ".?!" for word in words):
        return False
    roles = [at for at, word in enumerate(words) if _A_ROLE.fullmatch(word)]
    names = {at - 1 for at in roles}
    if any(_MODIFIER.search(word) for at, word in enumerate(words) if at not in names and at not in roles):
        return False
    if roles and (roles[-1] == len(words) - 1 or address or text.rstrip().endswith(")")):
        return len(words) > 1
    return bool(address) and len(words) <= 5 and all(word[0].isupper() or word >= "가" for word in words)


def _without_hashtags(text: str) -> str:
    """Without the row of hashtags that a CMS puts at the end; one that a sentence ends on is a word of it."""
    tags = _HASHTAGS.search(text[-_TAIL:]) if "#" in text else None
    if not tags:
        return text
    at = max(0, len(text) - _TAIL) + tags.start()
    before = text[:at].rstrip()
    if (
        tags[0].count("#") < 2
        and before
        and before[-1] not in '.?!…\n”"’)'
        and "\n" not in text[len(before) : at + 1]
    ):
        return text
    return before

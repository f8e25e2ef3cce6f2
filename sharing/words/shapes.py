"""Patterns of what stands around a story: datelines, bylines, signatures, credits, notices, broadcast scripts.

The patterns describe positions and marks, not single news sites. White space in the patterns has no meaning.
"""

from __future__ import annotations

import regex

from sharing.words.vocabulary import (
    AGENCIES,
    COMMENTATORS,
    COPYING,
    COPYRIGHT_SIGNS,
    HOLDER,
    IN_DATELINES,
    PICTURES,
    REPORTERS,
    any_of,
)


def _shape(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.VERBOSE)


_ROLE = rf"(?:\p{{Hangul}}{{0,6}}{any_of(REPORTERS, COMMENTATORS)}|PD)"
_NAMES = rf"\p{{Hangul}}{{2,5}}(?:[\s·,]+\p{{Hangul}}{{2,5}}){{0,5}}\s*{_ROLE}"
_INNER = r"[^()\[\]【】<>〈〉=]"

#: (서울=한빛통신) 홍길동 기자 =   [피닉스(미국)=김재호 특파원]   광주=이영희 기자   권영전 특파원 =   [앵커]
KOREAN_DATELINE = _shape(
    rf"""\s*+(?:
      [(\[【<〈]{_INNER}{{0,30}}(?:\([^()]{{1,20}}\))?{_INNER}{{0,10}}=[^()\[\]【】<>〈〉]{{1,40}}[)\]】>〉]
        (?:\s*+{_NAMES})?+(?:\s*+=)?+
    | \p{{Hangul}}{{2,6}}=(?:{_NAMES})(?:\s*+=)?+
    | {_NAMES}\s*+=
    | [\[【](?=[^\[\]【】]*\p{{Hangul}})[^\[\]【】]{{1,30}}[\]】]
    | \(\p{{Lu}}[\p{{L}}\d&. -]{{1,20}}\s{_NAMES}\)
    )\s*+"""
)

# Two capitals that no full stop parts: "ST. LOUIS", but no "A.I. — the next wave".
_PLACE = r"(?=\S*\p{Lu}{2})\p{Lu}[\p{Lu}.'’-]+(?:[ /]\p{Lu}[\p{Lu}.'’-]+){0,3}"
# Words before a colon that are a label, not a place.
_NO_PLACE = (
    "ALERT|ANALYSIS|BREAK|CORRECT|EXCLUSIVE|EXPLAIN|LIVE|NOTE|OPINION|REVIEW|SPOILER|UPDATE|VIDEO|WARN|WATCH"
)
_COUNTRY = r"(?:,[ ]\p{Lu}[\p{L}.'’ -]{1,24}?)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\p{L}*\.?"
_DAY = rf"{_MONTH}[ ]\d{{1,2}}(?:,[ ]\d{{4}})?"
_AGENCY = r"(?:\([A-Z][\p{L}./&’' -]{1,28}\)|/[A-Z][\p{L}]{3,20}/)"
_WIRE = rf"\({any_of(AGENCIES, 'Yonhap DPA EFE ANSA CNN')}\)"
_DASH = r"(?:\s*+(?:--|—|–|―|_)\s*+|\s+-\s+)"
_STORY = r"(?=[\p{Lu}\p{Hangul}\d“\"‘'$€£])"

#: SEOUL, Aug. 20 (Hanbit) --   PORT ELLIS, Texas (AP) —   LONDON —   BHOPAL:   (CNN) --   GENEVA, Switzerland (CNN)
#: Nov 24 (Reuters) -   Seoul (dpa) -   After a place alone, the story must begin as a sentence does: "NATO — the
#: alliance — said" is not a dateline.
ENGLISH_DATELINE = _shape(
    rf"""\s*+(?:
      {_PLACE}{_COUNTRY}(?:,[ ]{_DAY})?\s*+(?:{_AGENCY}{_DASH}|{_DASH}{_STORY})
    | (?!{_NO_PLACE})(?=\p{{Lu}}{{3}}[\p{{Lu}} ])\p{{Lu}}{{3,}}(?:[ ]\p{{Lu}}{{3,}})?:\s+(?=[\p{{Lu}}\p{{Hangul}}“"])
    | (?:{_DAY}\s)?{_AGENCY}{_DASH}
    | \[(?i:exclusive|breaking(?:[ ]news)?|updated?|lead|editorial|opinion|analysis|interview|photos?|video)\]\s*+
    | \p{{Lu}}\p{{Ll}}[\p{{L}}.'’-]*+(?:[ ]\p{{Lu}}[\p{{L}}.'’-]*+){{0,2}}{_COUNTRY}\s{_WIRE}{_DASH}
    | (?:{_PLACE},[ ]\p{{Lu}}\p{{Ll}}[\p{{L}} ]{{1,20}}\s)?\([A-Z]{{2,6}}\)\s+(?=[\p{{Lu}}\p{{Hangul}}“"])
    )"""
)

EMAIL = _shape(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
ROLE = _shape(_ROLE)
#: The separators between the words of a signature.
BETWEEN_NAMES = _shape(r"[\s·/,=ㆍ“”()\[\]<>【】☞]+")
#: A word with a particle or an ending is part of a sentence, not of a signature.
INFLECTED = _shape(r"(?:[은는을를의]|[가-힣]{2,}(?:이|가|에|에서|에게|로|와|과|한|된|던|할|며|고))$")

#: Copyright, by its sign or its words.
CLAIM = _shape(
    rf"""{any_of(COPYRIGHT_SIGNS)} | \([cC]\)\s | {HOLDER} | (?:Copyrights?|COPYRIGHT)\s*(?:\(|\d{{4}}|by\b)
    | [Aa]ll[ ][Rr]ights[ ][Rr]eserved(?=\W*$|[.,;])
    | 무단\s?{any_of("전재", COPYING)}.{{0,30}}(?:금지|불허|금합니다)"""
)
#: The end of a Korean sentence that states, asks or invites: it is part of the story, whatever words are in it.
STATES = _shape(r"""[다요까죠][.?!]["”’')\]]*$""")

#: (사진=환경부 제공)   <그래픽=…>   [Photo: …]
SOURCE = _shape(
    rf"""(?:/|^)\s?{any_of("사진 영상 자료", PICTURES)}(?:\s?제공)?\s?[=:]\s?\P{{P}}{{1,30}}(?:/\P{{P}}{{1,30}})?$
    | [(\[<〈【]\s*{any_of("사진 영상 자료 글 Photo Image Credit Source", PICTURES)}
    [^()\[\]<>]{{0,80}}[)\]>〉】]\s*$"""
)
#: A caption's end: 2026.11.24/한빛통신
CREDIT_DATE = _shape(r"\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s*[/ⓒ@|]?\s*[\p{L}\d .=-]{0,24}$")
BRACKET_AT_END = _shape(
    r"""(?:\[[^\[\]]{1,200}\] | <[^<>]{1,200}>
    | 〈[^〈〉]{1,200}〉 | 【[^【】]{1,200}】 | \([^()]{1,80}\))\s*$"""
)

#: Notices, even if they are whole sentences: ※ …, ☞ …, "문의하기 바랍니다."
NOTICE = _shape(
    r"""^\s*[※☞] | (?:전화|이메일|메일|☎|카카오톡).{0,80}(?:문의|제보).{0,16}(?:바랍니다|주세요)\.?$
    | 제보.{0,60}(?:기다립니다|받습니다|바랍니다|주세요)\.?$
    | (?:브라우저|버튼|클릭|로그인|회원가입|방송[ ]?내용|콘텐츠|쿠키).{0,80}(?:바랍니다|주세요)\.?$
    | 브라우저.{0,40}(?:않습니다|있습니다)\.?$
    | ^(?i:this[ ]material[ ](?:may|must|cannot)[ ]not[ ]be[ ]published)
    | ^This[ ](?:article|story|report)[ ]
      (?:was[ ](?:originally|first)|has[ ]been[ ]updated|(?:originally|first)[ ]appeared)"""
)
#: Notices that are not whole sentences: "제보는 카카오톡 …", "2026/11/24 10:12 송고", "▶관련기사 17면", "(끝)".
LOOSE_NOTICE = _shape(
    r"""^\s*[▶▷◀◁■□◆◇☎►]
    | 제보(?:는|를|하기)?\s.{0,30}(?:카카오톡|카톡|전화|메일|라인|@)
    | ^(?:기사)?(?:입력|수정|등록|송고|발행)?\s*:?\s*\d{4}[-/.년]\s?\d{1,2}[-/.월]\s?\d{1,2}[일.]?
      \s*\(?.{0,4}\)?\s*\d{1,2}:\d{2}(?::\d{2})?\s*(?:송고|입력|수정|등록|[|/].{0,40})?$
    | ^\(?(?:끝|계속|END)\)?$ | ^(?:기사\s?)?더\s?보기
    | ^관련\s?기사 | ^(?:구독|뉴스레터).{0,30}(?:하기|신청)$"""
)
#: "Read more: …", "Sign up for our newsletter". A line that ends on a full stop may be a sentence of the story
#: ("Continue reading aloud, teachers say."): such a line must match one of the more exact patterns.
READ_MORE = _shape(
    r"""(?i)^[\s>*•▶→-]*(?:
      (?:read|see|watch|listen)[ ](?:more|also|next)(?:\s*[:>»→–-]|\s+(?:about|on|at|here|from)\b|\s*$)
    | also[ ]read | related(?:[ ](?:stories|story|articles?|news))?\s*: | recommended(?:[ ]for[ ]you)?\s*:
    | (?:read[ ]the[ ](?:full|whole|rest)|more[ ](?:on[ ]this|from)|continue[ ]reading|click[ ]here|sign[ ]up|
      subscribe|follow)\b.*[^.?!]$
    | (?:most[ ]read|listen[ ]to[ ]this[ ](?:story|article)|share[ ]this(?:[ ](?:story|article))?|comments?|
      advertisement|\d+[ ]min(?:ute)?s?[ ]read|[_=*-]{3,})$
    | read[ ]the[ ](?:full|whole|rest[ ]of[ ](?:the|this))[ ](?:story|article)
    | click[ ]here[ ](?:to|for)\b[^,]*$ | (?:sign[ ]up|subscribe)\b.*\b(?:newsletters?|alerts|briefing|inbox)\b
    | get[ ]the[ ](?:latest|day[’']s)\b.*\binbox\b | follow[ ](?:us|\S+[ ]on[ ](?:x|twitter|facebook|instagram))\b
    | (?:more|watch|listen|video|tags|topics|filed[ ]under|photos?|images?|credit|source)\s*:[^.?!]*$
    | recommended[ ]stories$ | (?:log|sign)[ ]in$ | for[ ]more\b.*\b(?:go[ ]to|visit)\b
    | do[ ]you[ ]have[ ]a[ ](?:story|tip)\b
    | you[ ]can[ ]read[ ]the[ ](?:full|whole)[ ]story | follow[ ]\S+[ ](?:full[ ])?coverage\b
    | already[ ]a[ ]subscriber | our[ ]standards:
    | (?:your|this)[ ]browser[ ] | please[ ](?:enable|turn[ ]on|log[ ]in)\b[^,]*$
    | (?:we|this[ ]site)[ ]uses?[ ]cookies | (?:story|article)[ ]continues[ ](?:below|after)
    | contact[ ]the[ ](?:writer|reporter|author)s?\b | the[ ]post[ ].{1,300}[ ]appeared[ ]first[ ]on )"""
)
WRITERS = _shape(
    r"""^\(?(?:(?:Additional[ ])?(?:[Rr]eporting|[Ww]riting|[Ee]diting)|[Cc]ompiled|[Cc]ontributed)[ ]by[ ]
      (?:(?:and|in|by|from|for|the|additional|reporting|writing|editing|contributed|to|this|report|de|van|von|bin)\b
      |\p{Lu}[\p{L}.'’-]*+|[;,.()&\s])++$
    | ^(?:AP[ ]|Associated[ ]Press[ ])?(?:writers?|journalists?|reporters?)[ ].{2,160}[ ]contributed
      (?:[ ]to[ ]this[ ]report)?\.?$
    | ^[—–-]\s?\p{Lu}[\p{L}\s]{1,20}$ | ^With[ ](?:files[ ]from[ ])?\p{Lu}[\p{L}\s]{1,30}$"""
)

_NAME = r"(?:(?:and|de|da|der|van|von|al|bin|la|le|for|of|the)[ ])?\p{Lu}[\p{L}.'’-]*"
#: By Do Hae-jin, Kim Yoo-na   DO HAE-JIN
BYLINE = _shape(
    rf"""(?:By|BY|Story[ ]by|Words[ ]by|Text[ ]by)(?:,?[ ]{_NAME}){{1,12}}
    | \p{{Lu}}[\p{{Lu}}'’.-]+(?:[ ]\p{{Lu}}[\p{{Lu}}'’.-]+){{1,2}}"""
)
DATED = _shape(
    r"(?i)(?:published|updated|posted|last[ ](?:updated|modified))\b(?=.*\d).{0,59}(?:[^.]|[ap]\.m\.)$"
)

#: Scripts: [앵커], "나예린 기자가 보도합니다.", "하늘방송 뉴스 나예린입니다.", "촬영기자:배도윤"
CUE = _shape(r"[\[【]\s*(?:앵커\s?멘트|앵커|리포트|기자|인터뷰|녹취|VCR)\s*[\]】]\s*")
SIGN_OFF = _shape(
    r"""^(?:[A-Z]{2,4}(?:\s?뉴스)?|\p{Hangul}{2,6}\s?뉴스),?\s\p{Hangul}{2,5}(?:\s?\([^()]{3,40}\))?(?:이었|입니)[^.]{0,6}\.$
    | ^지금까지\s.{1,30}(?:에서\s)?(?:전해\s?드렸|였|이었)습니다\.$
    | ^\p{Hangul}{2,5}\s"""
    + any_of(IN_DATELINES, "리포터")
    + r"""[가이]\s.{0,24}(?:보도|취재|전)
      (?:합니다|했습니다|해[ ]?드립니다)\.$
    | ^\p{Hangul}.{2,50}\s(?:속보|소식)입니다\.$"""
)
CREW = _shape(
    r"^[(\[]?\s*(?:촬영|영상|그래픽|편집|취재|자막|자료|디자인|제작|CG)\p{Hangul}{0,4}\s*[:：].{1,80}$"
)

#: Hashtags at the end of a text. After a word of a sentence, `clean_up` requires at least two.
HASHTAGS = _shape(
    r"""(?:^ | (?<=[.?!…\n”"’)])\s* | \s)\#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*(?:[\s,]*\#[\p{L}\p{N}_]+)*\s*$"""
)
#: The mark in front of a paragraph of a list or an interview.
BULLET = _shape(r"^[◇◆■□●○▷▶※*•·-]\s+(?=\S)")
#: […] or (...) where the CMS broke off.
CUT_OFF = _shape(r"\s*[\[(](?:…|\.\.\.)[\])]\s*$")
#: The end of a sentence before a piece that is not a sentence: a bracket, an address, "/사진=…", "— AFP".
GLUED = _shape(
    r"""[다요까죠][.?!][”\"’]?\s*+(?=[<“‘\[(a-z-])
    | [.?!][”\"’)]?\s++(?=[\w.+-]{1,64}@ | / | [—–]\s?\p{Lu}[\p{L}\s]{1,20}$)"""
)

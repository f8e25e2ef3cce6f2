"""Find Korean names in bylines, signatures and datelines. Korean has no capital letters to mark names."""

from __future__ import annotations

import re

from sharing.words.vocabulary import COMMENTATORS, IN_DATELINES, REPORTERS, any_of

_KIND = any_of(
    "수습 인턴 객원 시민 명예 선임 전문 대학생 온라인 디지털 여행 의학전문 의학 사진 영상 취재 교육 문화"
    " 스포츠 경제 정치"
)
_REPORTER = any_of(REPORTERS, "인턴")
_OTHER = any_of(
    COMMENTATORS,
    "논설실장 해설위원 전문위원 PD 피디 작가 편집장 편집국장 부장 차장 팀장"
    " 국장 데스크 위원 교수 변호사 대표 연구원 평론가 시인",
)
#: The role after a name: `기자`, `선임기자`, `온라인 뉴스 기자`.
ROLE = rf"(?:{_KIND}\s?){{0,2}}(?:{_REPORTER}|{_OTHER})"
REPORTER = re.compile(_REPORTER)
ROLE_AT_END = re.compile(rf"\s?{ROLE}(?:입니다|이다)?$")
_ROLE = re.compile(ROLE)

_SURNAMES = (
    "가간갈감강개견경계고곡공곽구국군궁권근금기길김나남노뇌누단당대도독동두라란랑려로류리마만매맹명모목묘문미민박반방배백범변"
    "복봉부빈빙사삼상서석선설섭성소손송수순승시신심아안애야양어엄여연염엽영예오옥온옹왕요용우운원위유육윤은음이인임자장전점정"
    "제조종좌주준지진차창채천초최추탁탄탕태판팽편평포표피필하학한함해허현형호홍화환황후"
)
NAME = re.compile(rf"[{_SURNAMES}][가-힣]{{1,2}}|(?:남궁|황보|제갈|사공|선우|서문|독고|동방)[가-힣]{{1,2}}")

# Words that look like a name (the first syllable is a surname) but are not names.
_NOBODY = frozenset(
    "수정 입력 등록 승인 작성 발행 송고 게시 이메일 이미지 정보 제보 문의 구독 공지 사진 기사 기자"
    " 신문 방송 한국 서울 전화 전체 제공 조회 추천 공유 최신 인기 이슈 주요 지난 오늘 내일 어제"
    " 정치 경제 사회 문화 국제 포털 제네바 방콕 하노이 전북 전남 경북 경남 강원 제주 인천 대전 대구 광주"
    " 부산 수원 전주 성남 안산 안양 도쿄".split()
)
_DESK = re.compile(
    any_of(
        "정치 경제 사회 문화 국제 산업 체육 스포츠 편집 사진 전국 지역 생활 과학 연예 금융 증권 디지털"
        " 온라인 뉴스 미래 정책 법조 외교 통일 사건"
    )
    + "[가-힣]{0,4}(?:부|팀|국|실|센터)"
)
_APART = re.compile(r"\s*(?:[,;|/·ㆍ∙•&\n]|\s[-–—]\s|=)\s*")
_BRACKETS = re.compile(r"[\[\]<>()【】]")
_SENTENCE = re.compile(r"(?:다|요|까)[.?!]?$")

# The work of a person, before the name: `글=홍길동·사진=김철수 기자`.
_DID = re.compile(any_of("글 취재 사진 영상 정리 그래픽 편집 기획 구성") + r"\s?[=:]\s?")
_LONE = re.compile(r"(?:취재|글|정리|취재기자|기자)\s?[:=]?\s?(?P<name>[가-힣]{2,4})")
# A place after the role, `홍길동 기자(=부산)`, and a name with spaces between its syllables, from a print layout.
_PLACE_BEHIND = re.compile(r"\s?\(=?\s?[가-힣]{1,8}\)$")
_SPREAD = re.compile(r"^([가-힣]) ([가-힣]) ([가-힣])(?=\s?" + any_of(IN_DATELINES) + ")")

_SPOKEN = re.compile(r"(?:뉴스|[A-Z]{2,5})\s?([가-힣]{2,4})(?:입니다|이었습니다)\.?$")
_DATELINE = re.compile(
    rf"^\s*(?:[(\[](?P<inside>[^()\[\]]{{2,60}})[)\]]\s*(?P<behind>[^=.]{{2,60}}?{any_of(IN_DATELINES)}\s*=)?"
    rf"|(?P<open>[가-힣]{{2,6}}[=/][^=.]{{2,40}}?{any_of(IN_DATELINES)}\s*=))"
)


def is_name(word: str) -> bool:
    """Tell whether `word` is spelled like a Korean name, and is not one of the words that only look like a name."""
    return bool(NAME.fullmatch(word)) and word not in _NOBODY and not _DESK.fullmatch(word)


def names(text: str) -> list[str]:
    """Return the names in a byline, without places: two people for `전주 신동해·봉화 임하늘 기자`."""
    found: list[str] = []
    text = _DID.sub(", ", text)
    # The place or the outlet stands before the sign: `서울=홍길동 기자`.
    place, _, behind = _BRACKETS.sub(" ", text).rstrip(" =").rpartition("=")
    for part in _APART.split(behind or place):
        whole = part.strip(" .:※▶☞-–—“”\"'")
        bare = ROLE_AT_END.sub("", whole).strip()
        words = [word for word in bare.split() if not _ROLE.fullmatch(word)]
        people = [word for word in words if is_name(word)]
        full = [word for word in people if len(word) >= 3]
        if len(words) > 1 and full:
            found += full
        elif people and (len(words) == 1 or bare != whole):
            found.append(people[-1])
        elif words and bare not in _NOBODY and len(bare) <= 30 and not _SENTENCE.search(bare):
            found.append(bare)
    return found


def unadorned(text: str) -> str:
    """Remove the brackets and the place from a signature, and the spaces inside the name."""
    if text[:1] in {"(", "[", "<", "【"} and text[-1:] in {")", "]", ">", "】"}:
        text = text[1:-1].strip()
    return _SPREAD.sub(r"\1\2\3", _PLACE_BEHIND.sub("", text))


def lone(text: str) -> str | None:
    """Return the name in a line that has only a role and a name: `취재 홍길동`."""
    found = _LONE.fullmatch(text)
    return found["name"] if found and is_name(found["name"]) else None


def spoken(text: str) -> str | None:
    """Return the name in the last sentence of a broadcast: `OBC 뉴스 박하늘입니다.`."""
    found = _SPOKEN.search(text)
    return found[1] if found and is_name(found[1]) else None


def dateline(text: str) -> list[str]:
    """Return the names in a dateline: `(서울=한빛뉴스) 홍길동 기자 =`, `[대전, 홍길동 기자]`."""
    found = _DATELINE.match(text[:200])
    named = found and (found["behind"] or found["open"] or found["inside"])
    if not named or not REPORTER.search(named):
        return []
    return [name for name in names(named) if is_name(name)]

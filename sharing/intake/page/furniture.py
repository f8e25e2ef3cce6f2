"""Recognise lines of a page that are not part of the story: buttons, counters, notices, rankings, copyright."""

from __future__ import annotations

import re

from sharing.words.vocabulary import COPYING, COPYRIGHT_SIGNS, HOLDER, RESERVED, any_of

_BULLET = re.compile(r"^[\s•·▪■□◆◇▶▷►▸※☞*\-–—|>»›]+")

# A whole line that is a control, in Korean or English, optionally followed by a counter or its action.
_CONTROL = re.compile(
    any_of("""
        settings? ⓕ aa? 가 x close open menu search home login log_?in log_?out sign_?in sign_?up register
        subscribe my_account print e-?mail save share listen play pause mute copy(?:_link|_url)?
        link_copied bookmark follow like comments? reply report more read_more see_more view_all show_more
        next prev(?:ious)? back top go_top go_top_letter letter scroll_to_top back_to_top advertisement ad
        sponsored skip_to_(?:main_)?content font[-_]?size text_size small medium large default
        accept(?:_all)? facebook twitter x\\.com kakao(?:talk|story)? instagram youtube linkedin telegram
        whatsapp reddit line band naver pinterest threads messenger url
        """)
    + "|"
    + any_of("""
        설정 닫기 열기 메뉴 전체_?메뉴 검색 홈 로그인 로그아웃 회원가입 구독(?:하기|중|신청|취소)?
        공유(?:하기)? 인쇄(?:하기)? 프린트 스크랩 북마크 저장 좋아요 싫어요 추천(?:해요)? 훈훈해요 슬퍼요
        화나요 후속기사_원해요 응원(?:하기)? 댓글(?:쓰기|_보기)? 더_?보기 접기 펼치기 이전 다음 목록
        맨_?위로 위로 본문 (?:본문_)?요약(?:봇|보기)? 기사_?듣기 음성(?:으로_듣기|재생|_듣기)?
        텍스트_음성_변환_서비스(?:_사용하기)? [글씨]+자?_?크기(?:_설정|_조절|_변경)? 작게 보통 크게
        아주_크게 가장_크게 페이스북 트위터 카카오톡 카카오스토리 카톡 밴드 네이버(?:_?블로그|밴드)? 라인
        텔레그램 (?:링크|주소|url)_?복사 sns 메일 이메일 이미지_?(?:크게_?)?보기 이미지_확대(?:하기)?
        사진_크게보기 기사_?저장 기사_?공유 기사원문 본문_?바로가기 번역(?:beta)? 언어선택 광고 팔로우
        제보(?:하기)? 기자_?구독 구독자 알림 클린뷰 지면
        """)
    + "|"
    + any_of("""
        (?:많이_?본|인기)_?(?:뉴스|기사) 실시간 랭킹 속보 단독 오피니언 뉴스 기사 정치 경제 사회 국제 문화
        스포츠 연예 it/?과학 생활/?문화 세계 지역 포토 영상 동영상 사설 칼럼
        """),
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:\s*"
    + any_of("""
        share buttons? icon link link_copied 하기 버튼 공유(?:하기)? (?:으?로|에)_공유(?:하기)?
        (?:로_)?보내기 복사 변경하기 열기 닫기 선택됨 \\(?\\d[\\d,.]*[KkMm만천]?\\)?[개건명면]? \\+ -
        """)
    + "){0,4}",
    re.IGNORECASE,
)
_PLACE = any_of("""
    facebook twitter kakao\\w* e-?mail link x line band whatsapp telegram linkedin reddit copy 페이스북
    트위터 카카오\\w* 밴드 라인 네이버\\w* 메일 url 링크
    """)
_SHARE = re.compile(
    rf"{_PLACE}[\s\w]{{0,12}}(?:share|공유|보내기|복사|button|버튼)[\s\w]{{0,12}}"
    r"|(?:share|공유|send)\s(?:on|to|via|by|this|article|with)\b.{0,30}",
    re.IGNORECASE,
)
# Lines that begin like a control and continue with other text.
_LINK = re.compile(
    any_of("""
        skip_to follow_us subscribe_(?:to|now) do_not_sell sign_up log_in please_upgrade
        download_(?:the|our) click_here accept_all manage_(?:my|your) your_privacy
        privacy_(?:policy|notice) terms_(?:of|and) cookies?
        """)
    + r"\b.*|.*\bopens? (?:in )?(?:a )?new (?:tab|window)\b.*",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"[\d\s.,:/+\-–%()•|]*(?:[KkMm]|분 ?읽기|min(?:ute)?s? read|분|views?|회|조회(?:수)?)?|\d+ of \d+"
)

# Titles of the boxes after a story.
_END = re.compile(
    any_of("""
        (?:the_)?most_(?:read|popular|viewed|commented|shared) top_\\d{1,2}_(?:stories|news) top_stories
        trending(?:_now)? you_(?:may|might)_(?:also_)?like recommended(?:_for_you|_stories)?
        editor'?s'?_picks? more_(?:from|in|on|stories|news|headlines)\\b.{0,30}
        latest_(?:news|stories|headlines) read_next up_next around_the_web
        related_(?:articles?|stories|news|topics?|content|links) also_read comments?(?:_\\(?\\d+\\)?)?
        leave_a_(?:comment|reply) copyright\\b.* about_the_author tags?:.* \\(?end\\)? ad_?choices
        """)
    + "|"
    + any_of("""
        (?:(?:실시간|오늘의?|이_?시각|주간|가장)_?)?(?:많이_?본|인기|핫|주요|추천|최신|관련|이슈|화제의?|헤드라인|랭킹)_?(?:뉴스|기사|클릭|이슈|글|콘텐츠|영상|포토|검색어|순위)\\b.{0,20}
        이_?기사[를의와에는].{0,40} .{0,20}기자의?_(?:주요|최신|다른)_?(?:뉴스|기사).{0,10}
        .{0,20}기자_다른_?기사.{0,10} 댓글_?(?:\\d[\\d,]*개?|쓰기|창|작성|정책|\\(\\d+\\))? 당신이?_관심.*
        함께_(?:본|볼만한|보면_좋은).* .{0,12}(?:언론사_?)(?:주요|홈|페이지|구독|편집).* .{1,12}_주요뉴스
        섹션별.* 기사_섹션_분류.* 이슈_?pick.* 오늘의_(?:핫뉴스|주요뉴스|추천).* 제보하기
        """),
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    rf"(?:{any_of(COPYRIGHT_SIGNS, HOLDER, 'copyrights? 저작권')}|\(c\)).{{0,80}}"
    rf"(?:{RESERVED}|무단|금지|전재|배포|학습)"
    rf"|^[<\[(\s-]*{any_of(COPYRIGHT_SIGNS, HOLDER, 'copyright')}.{{0,120}}$|all {RESERVED}"
    rf"|무단\s?전재\s?(?:및|-|·|,|/)?\s?{any_of('수집 재배포', COPYING)}.{{0,30}}금지",
    re.IGNORECASE,
)
_SPEAKS_OF_RIGHTS = re.compile(r"[가-힣]다\.$|\b(?:said|says)\b")
_NOTICE = re.compile(
    any_of("""
        cookies?\\b privacy_policy terms_of_(?:use|service) newsletter subscrib sign_up log_in javascript
        your_browser ad_?block download_(?:the|our)_app follow_us click_here contact_us we_value_your
        support_(?:our|independent)_journalism all_comments report_(?:a_)?(?:typo|error) 쿠키 개인정보
        이용약관 구독 로그인 회원가입 앱(?:을|에서)?_(?:다운|설치) 제보(?:는|를|하기) 카카오톡에서
        채널(?:을)?_추가 자동_인식으로_제공 문의하기_바랍니다 자세한_내용은 음성으로_들어 요약_기술 ai_요약
        댓글(?:을|은|에) 섹션으로_분류 언론사는_개별_기사 자살_?예방 핫라인 도움말 글자_크기 확대·축소 ⓒ ©
        브라우저 익스플로러 (?:바랍니다|주세요|주십시오|[하보]세요)[.!]?$
        ^\\W*(?:전화|이메일|e-?mail|카카오톡|카톡|제보)\\s*:
        """),
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """Remove the bullet at the start of `text`."""
    return _BULLET.sub("", text).strip()


def is_control(text: str) -> bool:
    """Tell whether the line is only a button, a menu entry, a counter or a share link."""
    text = bare(text)
    if len(text) > 60:
        return False
    found = _CONTROL.match(text)
    is_button = found is not None and _BEHIND.fullmatch(text, found.end()) is not None
    return not text or is_button or any(shape.fullmatch(text) for shape in (_NUMBERS, _SHARE, _LINK))


def ends_story(text: str) -> bool:
    """Tell whether the line is the title of a box after the story: most read, related, comments, copyright."""
    text = bare(text).strip("[]<>()【】 :")
    return (len(text) <= 60 and bool(_END.fullmatch(text))) or is_rights(text)


def is_rights(text: str) -> bool:
    """Tell whether the line is a copyright line, such as `ⓒ ... 무단전재 금지`, not a sentence about copyright."""
    return len(text) <= 160 and bool(_RIGHTS.search(text)) and not _SPEAKS_OF_RIGHTS.search(text)


def is_notice(text: str) -> bool:
    """Tell whether the paragraph is a notice to the site's readers: cookies, newsletters, comments, tip lines."""
    return len(text) <= 400 and bool(_NOTICE.search(text))

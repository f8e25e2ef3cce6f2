"""Lines of a page that are no story: buttons, counters, notices, rankings, rights."""

from __future__ import annotations

import re

_BULLET = re.compile(r"^[\s•·▪■□◆◇▶▷►▸※☞*\-–—|>»›]+")

# A whole line that is a control, in either language, with or without a counter.
_CONTROL = re.compile(
    r"(?:settings?|ⓕ|aa?|가|x|close|open|menu|search|home|login|log ?in|log ?out|sign ?in|sign ?up|register|subscribe|my account|print|email|e-mail|save|share"
    r"|listen|play|pause|mute|copy(?: link| url)?|link copied|bookmark|follow|like|comments?|reply|report|more|read more|see more|view all|show more|next|prev(?:ious)?|back|top|go top"
    r"|go top letter|letter|scroll to top|back to top|advertisement|ad|sponsored|skip to (?:main )?content|font[- ]?size|text size|small|medium|large|default"
    r"|facebook|twitter|x\.com|kakao(?:talk|story)?|instagram|youtube|linkedin|telegram|whatsapp|reddit|line|band|naver|pinterest|threads|messenger|url"
    r"|설정|닫기|열기|메뉴|전체\s?메뉴|검색|홈|로그인|로그아웃|회원가입|구독(?:하기|중|신청|취소)?|공유(?:하기)?|인쇄(?:하기)?|프린트|스크랩|북마크|저장|좋아요|싫어요|추천(?:해요)?|훈훈해요|슬퍼요|화나요|후속기사 원해요|응원(?:하기)?"
    r"|댓글(?:쓰기| 보기)?|더\s?보기|접기|펼치기|이전|다음|목록|맨\s?위로|위로|본문|요약(?:봇|보기)?|기사\s?듣기|음성(?:으로 듣기|재생| 듣기)?|글자\s?크기(?: 설정| 조절| 변경)?|글씨\s?크기(?: 조절)?|작게|보통|크게|아주 크게|가장 크게"
    r"|페이스북|트위터|카카오톡|카카오스토리|카톡|밴드|네이버(?:블로그| 블로그|밴드)?|라인|텔레그램|링크\s?복사|주소\s?복사|url\s?복사|메일|이메일|이미지(?:크게| 크게)?\s?보기|이미지 확대(?:하기)?|사진 크게보기|기사\s?저장|기사\s?공유|기사원문|본문\s?바로가기|번역(?:beta)?|언어선택|광고|팔로우|제보하기|제보|기자\s?구독|구독자|알림"
    r"|많이\s?본\s?(?:뉴스|기사)|인기\s?(?:뉴스|기사)|실시간|속보|단독|오피니언|뉴스|기사|정치|경제|사회|국제|문화|스포츠|연예|it/?과학|생활/?문화|세계|지역|포토|영상|동영상)",
    re.IGNORECASE,
)
_CONTROL_TAIL = re.compile(
    r"(?:\s*(?:share|button|buttons|icon|link|link copied|하기|버튼|공유(?:하기)?|으로 공유(?:하기)?|로 공유(?:하기)?|에 공유(?:하기)?|보내기|로 보내기|복사|열기|닫기|선택됨|\(?\d[\d,.]*[KkMm만천]?\)?개?건?명?|\+|-))*",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:facebook|twitter|kakao\w*|mail|e-?mail|link|x|line|band|whatsapp|telegram|linkedin|reddit|copy|페이스북|트위터|카카오\w*|밴드|라인|네이버\w*|메일|url|링크)"
    r"[\s\w]{0,12}(?:share|공유|보내기|복사|button|버튼)[\s\w]{0,12}|(?:share|공유|send)\s(?:on|to|via|by|this|article|with)\b.{0,30}",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[\d\s.,:/+\-–%()•|]*(?:[KkMm]|분 ?읽기|min(?:ute)?s? read|분|views?|회|조회(?:수)?)?")

# What stands over the boxes after a story.
_END = re.compile(
    r"(?:the )?(?:most (?:read|popular|viewed|commented|shared)|top \d{1,2} (?:stories|news)|top stories|trending(?: now)?|you (?:may|might) (?:also )?like|recommended(?: for you| stories)?|editor'?s'? picks?"
    r"|more (?:from|in|on|stories|news|headlines)\b.{0,30}|latest (?:news|stories|headlines)|read next|up next|around the web|related (?:articles?|stories|news|topics?|content|links)|also read|comments?(?: \(?\d+\)?)?|leave a (?:comment|reply)|copyright\b.*|about the author|tags?:.*"
    r"|(?:실시간\s?|오늘의?\s?|이\s?시각\s?|주간\s?|가장\s?)?(?:많이\s?본|인기|핫|주요|추천|최신|관련|이슈|화제의?|헤드라인|랭킹|베스트)\s?(?:뉴스|기사|클릭|이슈|글|콘텐츠|영상|포토|검색어|순위|top ?\d*)\b.{0,20}|이\s?기사(?:를|의|와|에).{0,25}|기자의? 다른 (?:기사|뉴스).{0,10}|.{0,12}기자의? (?:주요|최신|다른) ?(?:뉴스|기사).{0,10}|댓글\s?(?:\d[\d,]*개?|쓰기|창|작성|정책|\(\d+\))?|당신이? 관심.*|함께 (?:본|볼만한|보면 좋은).*|언론사 ?(?:주요|홈|페이지|구독|편집).*|섹션별.*|.{0,20}(?:저작권자|무단\s?전재|재배포\s?금지).{0,60}|ad ?choices|이슈 ?pick.*|오늘의 (?:핫뉴스|주요뉴스|추천).*)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:copyrights?|저작권자?|ⓒ|©|\(c\)).{0,80}(?:rights reserved|무단|금지|전재|배포|학습)|^[<\[(\s-]*(?:ⓒ|©|저작권자|copyright).{0,120}$|all rights reserved|무단\s?전재\s?(?:및|-|·|,|/)?\s?(?:수집|재배포|배포|복제).{0,30}금지",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"cookies?\b|privacy policy|terms of (?:use|service)|newsletter|subscrib|sign up|log in|javascript|your browser|ad ?block|download (?:the|our) app|follow us|click here|contact us|we value your|support (?:our|independent) journalism"
    r"|all comments|report (?:a )?(?:typo|error)|쿠키|개인정보|이용약관|구독|로그인|회원가입|앱(?:을|에서)? (?:다운|설치)|제보(?:는|를|하기)|카카오톡에서|채널(?:을)? 추가|자동 인식으로 제공|문의하기 바랍니다|자세한 내용은|음성으로 들어|요약 기술|ai 요약|댓글(?:을|은|에)|기사 섹션 분류|언론사는 개별 기사|자살 ?예방|핫라인|도움말|글자 크기|확대·축소|ⓒ|©",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """`text` without the bullet before it."""
    return _BULLET.sub("", text).strip()


def is_control(text: str) -> bool:
    """Whether the line is a button, a menu entry, a counter or a share link, and nothing more."""
    text = bare(text)
    if not text or _NUMBERS.fullmatch(text):
        return True
    if len(text) > 60:
        return False
    found = _CONTROL.match(text)
    return bool(found and _CONTROL_TAIL.fullmatch(text, found.end())) or bool(_SHARE.fullmatch(text))


def ends_story(text: str) -> bool:
    """Whether the line is the head of a box that stands after stories: most read, related, comments, rights."""
    text = bare(text).strip("[]<>()【】 :")
    return (len(text) <= 60 and bool(_END.fullmatch(text))) or is_rights(text)


def is_rights(text: str) -> bool:
    """Whether the line claims rights: `ⓒ ..., 무단전재 및 재배포 금지`. Not a sentence that speaks of them."""
    return (
        len(text) <= 160
        and bool(_RIGHTS.search(text))
        and not re.search(r"[가-힣]다\.$|\b(?:said|says)\b", text)
    )


def is_notice(text: str) -> bool:
    """Whether the paragraph speaks to the reader of the site: cookies, newsletters, comments, tip lines."""
    return len(text) <= 400 and bool(_NOTICE.search(text))

"""The words by which page furniture is known, in one list each: for the stories of `words` and the pages of `intake`.

Where they stand, and between which marks, is told by `shapes` here, and by `furniture`, `caption` and `korean` there.
"""

from __future__ import annotations


def any_of(*lists: str) -> str:
    """A pattern for any of the words of `lists`: separated by spaces, each a pattern itself, `_` for a space in it."""
    return f"(?:{'|'.join(' '.join(lists).split()).replace('_', ' ')})"


#: Bylines and datelines: what stands behind the name of somebody who reports, and of somebody who comments.
REPORTERS = "기자 특파원 논설위원 리포터 통신원 에디터 앵커"
COMMENTATORS = "아나운서 편집위원 칼럼니스트"
#: The two who are named before a lead: (서울=한빛뉴스) 홍길동 기자 =
IN_DATELINES = "기자 특파원"
#: Captions: what a credit calls the picture, and agencies as they write themselves.
PICTURES = "그래픽 출처 이미지"
AGENCIES = "AP AFP dpa TASS Reuters Kyodo Xinhua UPI"
#: Rights: the signs, the holder, the sentence of the trade, and what is forbidden without leave.
COPYRIGHT_SIGNS = "ⓒ ©"
HOLDER = "저작권자"
RESERVED = "rights reserved"
COPYING = "복제 배포"

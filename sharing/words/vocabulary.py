"""Lists of words that identify page furniture, for the stories of `words` and the pages of `intake`.

The patterns that use them are in `shapes` of `words`, and in `furniture`, `caption` and `korean` of `intake.page`.
"""

from __future__ import annotations


def any_of(*lists: str) -> str:
    """Return a pattern for any word of `lists`. Words are separated by spaces; `_` in a word stands for a space."""
    return f"(?:{'|'.join(' '.join(lists).split()).replace('_', ' ')})"


#: Bylines and datelines: the role after the name of a reporter, and of a commentator.
REPORTERS = "기자 특파원 논설위원 리포터 통신원 에디터 앵커"
COMMENTATORS = "아나운서 편집위원 칼럼니스트"
#: The two roles in a dateline: (서울=한빛뉴스) 홍길동 기자 =
IN_DATELINES = "기자 특파원"
#: Captions: words for the picture in a credit, and the names of agencies.
PICTURES = "그래픽 출처 이미지"
AGENCIES = "AP AFP dpa TASS Reuters Kyodo Xinhua UPI"
#: Copyright: the signs, the holder, the usual sentence, and the forbidden actions.
COPYRIGHT_SIGNS = "ⓒ ©"
HOLDER = "저작권자"
RESERVED = "rights reserved"
COPYING = "복제 배포"

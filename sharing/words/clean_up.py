"""Remove the furniture of a story: datelines, bylines, captions, credits, signatures, copyright lines, notices.

The patterns are in `shapes`. A whole sentence of the story is never removed: a sentence that states something
(…다.) stays, whatever words are in it. A "tail" is one piece of furniture at the end of a text.
"""

from __future__ import annotations

from collections.abc import Iterator

from sharing.words import sentences, shapes
from sharing.words.markup import one_line, plain

#: Longest tail in characters: how far from the end its beginning is looked for.
_TAIL = 600
#: Most tails that are removed from one text.
_TAILS = 40
#: Longest line in characters that can be furniture; `_BRACKET` is the same for a bracket.
_LINE = 300
#: A first paragraph of this length in characters, or longer, is the story, even with a picture credit at its end.
_CAPTION = 200
_BRACKET = 42
#: One of these marks in front shows a caption. Several in one paragraph separate a list ("▲수출 10% ▲수입 5%").
_CAPTION_MARKS = "▲△▼"
_BETWEEN_CREDITS = frozenset({"of", "by", "and", "via", "for", "photo", "file"})


def line(text: str) -> str:
    """Put a headline or dek in one line, without markup, double spaces and the hashtags of the CMS."""
    return _without_hashtags(one_line(text))


def story(text: str) -> str:
    """Return the paragraphs of the story, a blank line apart. The teaser takes its lead and quotation from them.

    Removes the furniture that the module lists. Linear in time.

    Example: "(서울=한빛통신) 홍길동 기자 = 비가 왔다. hong@news.example" gives "비가 왔다."
    """
    return "\n\n".join(paragraphs(text))


def paragraphs(text: str, *, captions: bool = False) -> Iterator[str]:
    """Yield the paragraphs of the story. A paragraph is cleaned only when the caller asks for it.

    `captions=True` keeps paragraphs that look like captions: in a dek such a paragraph is a sentence that breaks
    off. If the text has only captions, the first caption is the story, without its credit.
    """
    caption, told = "", False
    for paragraph in plain(text).split("\n\n"):
        lines = [each for each in paragraph.split("\n") if not _is_furniture(each.strip())]
        joined = "\n".join(lines)
        if "[" in joined or "【" in joined:
            joined = shapes.CUE.sub(" ", joined).replace("\n ", "\n").strip()
        kept = without_tail(without_dateline(joined))
        if not kept or (kept != joined and _is_furniture(kept)):
            continue
        credited = not told and bool(shapes.SOURCE.search(joined)) and len(kept) < _CAPTION
        if captions or not (credited or _is_caption(kept)):
            told = True
            yield shapes.BULLET.sub("", kept)
        elif kept[0] not in _CAPTION_MARKS:
            caption = caption or (kept if credited else kept[: _last_fragment(kept)].strip() or kept)
    if caption and not told:
        yield caption


def without_dateline(text: str) -> str:
    """Remove the dateline from the start: "(서울=한빛통신) 홍길동 기자 = ", "SEOUL, Aug. 22 (Hanbit) -- "."""
    for _ in range(3):
        found = shapes.KOREAN_DATELINE.match(text) or shapes.ENGLISH_DATELINE.match(text)
        if not found or found.end() == len(text):
            break
        text = text[found.end() :]
    return text


def without_tail(text: str) -> str:
    """Remove signatures, credits, copyright lines, notices and hashtags from the end of `text`."""
    end = len(text)
    for _ in range(_TAILS):
        window = text[max(0, end - _TAIL) : end].rstrip()
        kept = _without_last_tail(window, whole=end <= _TAIL)
        if kept is None:
            break
        end = max(0, end - _TAIL) + len(kept)
    kept = text[:end].rstrip()
    return shapes.CUT_OFF.sub("…", kept) if kept.endswith(("]", ")")) else kept


def _without_last_tail(window: str, *, whole: bool) -> str | None:
    """Remove the last tail from `window`, the end of a text. Returns None if there is no tail."""
    untagged = _without_hashtags(window)
    if untagged != window:
        return untagged
    bracket = shapes.BRACKET_AT_END.search(window)
    if bracket and _is_bracket_tail(bracket[0].strip(), window[: bracket.start()]):
        return window[: bracket.start()]
    start = _last_fragment(window)
    if _is_tail(window[start:].strip(), alone=whole and not start):
        return window[:start]
    return None


def _last_fragment(window: str) -> int:
    """Return the position where the last sentence begins, or the fragment after the last sentence."""
    stops = [0, *list(sentences.ends(window))[:-1]]
    stops += [match.end() for match in shapes.GLUED.finditer(window)]
    return max(stops)


def _is_bracket_tail(bracket: str, before: str) -> bool:
    if shapes.CLAIM.search(bracket) or shapes.SOURCE.match(bracket) or is_signature(bracket):
        return True
    if len(bracket) > _BRACKET or bracket[:-1].rstrip()[-1:] in ".?!":
        return False
    before = before.rstrip(" ")
    return not before or before.endswith((".", "\n", ")", "]", ">")) or bool(shapes.STATES.search(before))


def _is_tail(fragment: str, *, alone: bool) -> bool:
    """Tell whether the last piece of a text is furniture. `alone` means that no text stands before it."""
    if not fragment or len(fragment) > _LINE:
        return False
    if shapes.NOTICE.search(fragment) or shapes.SIGN_OFF.match(fragment):
        return True
    if shapes.STATES.search(fragment):
        return False
    if (
        shapes.LOOSE_NOTICE.search(fragment)
        or shapes.READ_MORE.match(fragment)
        or shapes.WRITERS.match(fragment)
        or shapes.SOURCE.match(fragment)
    ):
        return True
    if shapes.CREW.match(fragment) or shapes.CLAIM.search(fragment) or is_signature(fragment):
        return True
    return not alone and bool(shapes.EMAIL.search(fragment)) and len(fragment.split()) <= 12


def _is_furniture(line_: str) -> bool:
    """Tell whether a line is furniture: byline, time stamp, signature, "read more", a row of hashtags."""
    if not line_:
        return True
    if len(line_) > _LINE:
        return False
    if shapes.BYLINE.fullmatch(line_) or shapes.DATED.match(line_) or is_signature(line_):
        return True
    bracket = shapes.BRACKET_AT_END.match(line_)
    if bracket and _is_bracket_tail(bracket[0], ""):
        return True
    if _is_tail(line_, alone=True):
        return not _last_fragment(line_)  # of several sentences, only the last may be a tail: the line stays
    return not _without_hashtags(line_).strip()


def _is_caption(paragraph: str) -> bool:
    """Tell whether a paragraph is a caption: one ▲ in front, or a credit (date, source, name) at its end."""
    if len(paragraph) > 400:
        return False
    if (
        (paragraph[0] in _CAPTION_MARKS and paragraph.count(paragraph[0]) == 1)
        or shapes.CREDIT_DATE.search(paragraph)
        or shapes.SOURCE.search(paragraph)
    ):
        return True
    if paragraph[-1] in '.?!…”"’)':
        return False
    parts = sentences.split(paragraph)
    last = parts[-1]
    if not 2 <= len(parts) <= 3 or len(last) > 30:
        return False
    words = [word for word in last.split() if word not in _BETWEEN_CREDITS]
    if last[0] in "/|=" or any(word[0].islower() for word in words):
        return last[0] in "/|="
    return len(words) <= (4 if last.isascii() else 2) and (last.isascii() or len(last) <= 12)


def is_signature(text: str) -> bool:
    """Tell whether `text` is a reporter's signature: names, roles, places, desks, addresses, and no verb.

    "도쿄/정수진 특파원", "[장미래 기자]", "전주 신동해·봉화 임하늘 기자", "Do Je-hae jhdo@news.example".
    """
    if len(text) > 120:
        return False
    address = shapes.EMAIL.search(text)
    words = shapes.BETWEEN_NAMES.split(shapes.EMAIL.sub(" ", text) if address else text)
    words = [word for word in words if word]
    if len(words) > 9 or any(word[-1] in ".?!" for word in words):
        return False
    roles = [at for at, word in enumerate(words) if shapes.ROLE.fullmatch(word)]
    names = {at - 1 for at in roles}
    if any(
        shapes.INFLECTED.search(word) for at, word in enumerate(words) if at not in names and at not in roles
    ):
        return False
    if roles and (roles[-1] == len(words) - 1 or address or text.rstrip().endswith(")")):
        return len(words) > 1 or bool(address)
    return bool(address) and len(words) <= 5 and all(word[0].isupper() or word >= "가" for word in words)


def _without_hashtags(text: str) -> str:
    """Remove the row of hashtags that a CMS puts at the end. A single hashtag inside the last sentence stays."""
    tags = shapes.HASHTAGS.search(text[-_TAIL:]) if "#" in text else None
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

"""Where the story lies among the lines, and which of them is its headline."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sharing.intake.page.furniture import bare
from sharing.intake.page.plain import fold
from sharing.intake.pasted.lines import EASTERN, Kind, Line, size

#: Lines before the story that may be its headline, and paragraphs of it that are compared with them.
_BEFORE, _COMPARED = 60, 8
#: Other texts between headlines that stand together.
_GAP = 4
_QUESTION = re.compile(r"[^.!?◇◆▷▶]{8,120}\?")
#: How near to the best candidate the first must come, and what its score must be to count from afar.
_NEARLY, _SURE = 0.4, 1.5
# The first four letters of words that are in every story.
_SMALL = frozenset(
    "this that with from have will your abou more news over afte thei what when says said been were they than"
    " into also just like some most year time new".split()
)
#: The size up to which a sentence on top may be the headline.
_SENTENCE = 70
#: Noise that may stand between a headline and the story.
_NOISE = 240


def densest(lines: Sequence[Line]) -> tuple[int, int]:
    """The stretch of lines that has most of a story in it, as (start, end); the largest sum of weights."""
    best, best_start, best_end = 0, 0, 0
    total, start = 0, 0
    for number, line in enumerate(lines):
        if total <= 0:
            total, start = 0, number
        total += line.weight
        if total > best:
            best, best_start, best_end = total, start, number + 1
    return best_start, best_end


def headline_and_story(lines: Sequence[Line]) -> tuple[Line | None, list[Line], int]:
    """The headline's line, those of the story, and where the story ends.

    The headline is the first line before the story that shares its words.
    """
    start, end = densest(lines)
    stretch = lines[start:end]
    told = [line for line in stretch if line.kind in {Kind.STORY, Kind.CREDITED}]
    headline = _headline(lines, start, end, told)
    if headline is None and len(told) > 1 and size(told[0].text) <= min(_SENTENCE, size(told[1].text) * 0.75):
        headline = told[0]
    if headline is None:
        return None, told, end
    story = [line for line in stretch if line.number > headline.number]
    return headline, _without_edges(headline, story), end


def _headline(lines: Sequence[Line], start: int, end: int, told: list[Line]) -> Line | None:
    """The first headline above the story that shares its words; without any such words, the nearest one."""
    above = lines[max(start - _BEFORE, 0) : start]
    asks = [line for line in told[:1] if _QUESTION.fullmatch(line.text)]
    words = _words(" ".join(line.text for line in told[:_COMPARED] if line not in asks))
    long = list(filter(_is_long, above))
    if max((_score(line, words) for line in long), default=0.0) < _SURE:
        long = _block(above, _is_long) or asks or _block(_among_noise(lines[start:end]), _is_long)
    texts = long or _block(above, _is_text)
    scores = [_score(line, words) for line in texts]
    enough = max(scores, default=0.0) * _NEARLY
    best = next((line for line, score in zip(texts, scores, strict=True) if score >= enough), None)
    # A document's title repeats the headline and puts the site's name behind it.
    shorter = (line for line in above if best and line.kind is Kind.TEXT and best.text.startswith(line.text))
    return next((line for line in shorter if best is not line and size(line.text) > 20), best)


def _block(lines: Sequence[Line], counts: Callable[[Line], bool]) -> list[Line]:
    """The lines that count and stand nearest to the end, together with those not far above them."""
    found: list[Line] = []
    gap = 0
    for line in reversed(lines):
        if counts(line):
            found.insert(0, line)
            gap = 0
        elif found:
            gap += line.kind is not Kind.ASIDE
            if gap > _GAP:
                break
    return found


def _is_text(line: Line) -> bool:
    return line.kind is Kind.TEXT and 8 <= size(bare(line.text)) <= 300


def _is_long(line: Line) -> bool:
    """Whether the line is as long as headlines are, and menu entries are not."""
    words = len(line.text.split())
    many = words >= 4 or (words >= 2 and EASTERN.search(line.text))
    return _is_text(line) and bool(many) and size(bare(line.text)) >= 24


def _among_noise(stretch: Sequence[Line]) -> list[Line]:
    """The lines at the head of a stretch before which there is no more than noise."""
    noise, found = 0, []
    for line in stretch:
        noise += max(line.weight, 0)
        if noise > _NOISE:
            break
        found.append(line)
    return found


def _without_edges(headline: Line, lines: list[Line]) -> list[Line]:
    """The paragraphs, without captions before the first and notices to readers before and behind them."""
    first = next((number for number, line in enumerate(lines) if _is_lead(headline, line)), len(lines))
    last = max((number for number, line in enumerate(lines) if line.kind is Kind.STORY), default=-1)
    kept = {Kind.STORY, Kind.CREDITED, Kind.NOTICE}
    behind = [line for line in lines[last + 1 :] if line.kind is Kind.CREDITED]
    return [line for line in lines[first : last + 1] if line.kind in kept] + behind


def _is_lead(headline: Line, line: Line) -> bool:
    if line.kind is Kind.NOTICE:
        words = _words(bare(headline.text))
        return len(words & _words(line.text)) >= max(2, len(words) // 3)
    return line.kind is Kind.STORY and not line.repeated


def _words(text: str) -> frozenset[str]:
    """What its words begin with, four letters of each, two of Korean ones; small words are left out."""
    folded = (fold(word) for word in re.split(r"[\s·…“”‘’\"'(),—–-]+", text))
    starts = (
        word[:2] if EASTERN.match(word) else word[:4]
        for word in folded
        if len(word) > 3 or EASTERN.match(word)
    )
    return frozenset(start for start in starts if len(start) >= 2 and start not in _SMALL)


def _score(line: Line, told: frozenset[str]) -> float:
    """How much of a line the story tells: how many words, times their share; twice where it stands twice."""
    words = _words(bare(line.text))
    common = len(words & told)
    return common * common * (2 if line.again else 1) / len(words) if words else 0.0

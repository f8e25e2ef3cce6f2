"""Find the story and its headline among the lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sharing.intake.page.furniture import bare
from sharing.intake.page.plain import fold
from sharing.intake.pasted.lines import EASTERN, Kind, Line, size

#: Number of lines before the story that may be its headline, and of paragraphs that are compared with them.
_BEFORE, _COMPARED = 60, 8
#: Most other texts between two headlines of one group.
_GAP = 4
_QUESTION = re.compile(r"[^.!?◇◆▷▶]{8,120}\?")
#: The share of the best score that the chosen line must reach, and the score that allows a line far above the story.
_NEARLY, _SURE = 0.4, 1.5
# The first four letters of words that occur in every story.
_SMALL = frozenset(
    "this that with from have will your abou more news over afte thei what when says said been were they than"
    " into also just like some most year time new".split()
)
#: Largest size of a sentence at the top that may be the headline.
_SENTENCE = 70
#: Largest sum of weights of other lines between a headline and the story.
_NOISE = 240


def densest(lines: Sequence[Line]) -> tuple[int, int]:
    """Return the range of lines (start, end) with the largest sum of weights: the story."""
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
    """Return the line of the headline (or None), the lines of the story, and the end of the story.

    The headline is the first line before the story that shares enough words with it.
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
    """Return the first headline above the story that shares words with it; without shared words, one close to it."""
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
    # The title of a page repeats the headline and adds the name of the site.
    shorter = (line for line in above if best and line.kind is Kind.TEXT and best.text.startswith(line.text))
    return next((line for line in shorter if best is not line and size(line.text) > 20), best)


def _block(lines: Sequence[Line], counts: Callable[[Line], bool]) -> list[Line]:
    """Return the last group of lines for which `counts` is true, with at most `_GAP` other texts between them."""
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
    """Tell whether the line is as long as a headline and longer than a menu entry."""
    words = len(line.text.split())
    many = words >= 4 or (words >= 2 and EASTERN.search(line.text))
    return _is_text(line) and bool(many) and size(bare(line.text)) >= 24


def _among_noise(stretch: Sequence[Line]) -> list[Line]:
    """Return the first lines of a stretch, until the sum of their positive weights is above `_NOISE`."""
    noise, found = 0, []
    for line in stretch:
        noise += max(line.weight, 0)
        if noise > _NOISE:
            break
        found.append(line)
    return found


def _without_edges(headline: Line, lines: list[Line]) -> list[Line]:
    """Return the paragraphs, without captions before the first one and notices before and after them."""
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
    """Return the beginnings of the words: four letters, or two if Korean, Japanese or Chinese; no small words."""
    folded = (fold(word) for word in re.split(r"[\s·…“”‘’\"'(),—–-]+", text))
    starts = (
        word[:2] if EASTERN.match(word) else word[:4]
        for word in folded
        if len(word) > 3 or EASTERN.match(word)
    )
    return frozenset(start for start in starts if len(start) >= 2 and start not in _SMALL)


def _score(line: Line, told: frozenset[str]) -> float:
    """Score a line: its words in common with the story, times their share; doubled if the line occurs twice."""
    words = _words(bare(line.text))
    common = len(words & told)
    return common * common * (2 if line.again else 1) / len(words) if words else 0.0

"""Find the pairs of quotation marks and brackets in texts as people type them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import regex

_CLOSER_OF = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "«": "»",
    "(": ")",
    "[": "]",
    "{": "}",
    "（": "）",
    "【": "】",
}
_OPENER_OF = {closer: opener for opener, closer in _CLOSER_OF.items()}
_BRACKETS = frozenset("()[]{}（）【】")
_MARKS = regex.compile(rf"[\n\"'{regex.escape(''.join(_CLOSER_OF) + ''.join(_OPENER_OF))}]")
#: Largest distance in characters of two straight single quotes that form a pair: others are apostrophes.
_NEAR = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of marks: `text[start]` opens, `text[end]` closes."""

    start: int
    end: int


@dataclass(slots=True)
class Marks:
    """The marks of a text: pairs in the order in which they close, and `strays`, marks without a partner.

    `open` are the openers that are still open at the end: they could find a partner if the text went on.
    """

    pairs: list[Pair] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)

    def outer(self) -> list[Pair]:
        """Return the pairs that are inside no other pair, from left to right."""
        kept: list[Pair] = []
        for pair in sorted(self.pairs, key=lambda each: each.start):
            if not kept or pair.start > kept[-1].end:
                kept.append(pair)
        return kept


def read(text: str) -> Marks:
    """Find the quotation marks and brackets of `text`. No pair crosses a line break. Linear in time.

    Example: `"a" (b` gives the pair (0, 2), and 4 in both `strays` and `open`.
    """
    if not _MARKS.search(text):
        return Marks()
    reader = _Reader(text)
    for mark in _MARKS.finditer(text):
        reader.take(mark[0], mark.start())
    reader.end_text()
    return reader.found


def balanced(text: str) -> bool:
    """Tell whether every quotation mark has its partner. Brackets and apostrophes do not count."""
    return not any(text[at] not in _BRACKETS for at in read(text).strays)


def closing(mark: str) -> str:
    """Return the closing mark for the opening mark `mark`."""
    return _CLOSER_OF.get(mark, mark)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Marks()
        self._open: list[tuple[str, int]] = []
        self._count: Counter[str] = Counter()

    def take(self, mark: str, at: int) -> None:
        if mark == "\n":
            self.end_line()
        elif mark == '"':
            self._straight_double(at)
        elif mark == "'":
            self._straight_single(at)
        elif mark in _CLOSER_OF:
            self._push(mark, at)
        elif not (mark == "’" and self._is_apostrophe(at)):
            self._close(_OPENER_OF[mark], at)

    def end_line(self) -> None:
        """Record the marks that are still open as strays, except straight single quotes: they are apostrophes."""
        self.found.strays += [at for mark, at in self._open if mark != "'"]
        self._open.clear()
        self._count.clear()

    def end_text(self) -> None:
        self.found.open = [at for _, at in self._open]
        self.end_line()

    def _push(self, mark: str, at: int) -> None:
        self._open.append((mark, at))
        self._count[mark] += 1

    def _close(self, opener: str, at: int) -> None:
        if not self._count[opener]:
            self.found.strays.append(at)
            return
        while self._open:
            mark, start = self._open.pop()
            self._count[mark] -= 1
            if mark == opener:
                self.found.pairs.append(Pair(start, at))
                return
            if mark != "'":
                self.found.strays.append(start)

    def _straight_double(self, at: int) -> None:
        before, after = self._around(at)
        starts = (before.isspace() or before in _CLOSER_OF) and not after.isspace()
        ends = not before.isspace() and (after.isspace() or after in ".,;:?!)]}”’")
        if self._count['"'] and not (starts and after.isalnum()):
            self._close('"', at)
        elif self._count['"']:
            self._forget('"')
            self._push('"', at)
        elif ends:
            self.found.strays.append(at)
        else:
            self._push('"', at)

    def _straight_single(self, at: int) -> None:
        before, after = self._around(at)
        if self._is_apostrophe(at):
            return
        if self._count["'"]:
            start = next(start for mark, start in reversed(self._open) if mark == "'")
            if at - start > _NEAR:
                self._forget("'")
            elif not before.isspace():
                self._close("'", at)
                return
        if not after.isspace() and not (before.isascii() and before.isalnum()) and after not in ".,;:?!":
            self._push("'", at)

    def _forget(self, mark: str) -> None:
        """Record the last opener `mark`, and the openers after it, as strays: the next `mark` opens a new pair."""
        while self._open:
            opener, start = self._open.pop()
            self._count[opener] -= 1
            if opener != "'":
                self.found.strays.append(start)
            if opener == mark:
                return

    def _around(self, at: int) -> tuple[str, str]:
        before = self.text[at - 1] if at else " "
        after = self.text[at + 1] if at + 1 < len(self.text) else " "
        return before, after

    def _is_apostrophe(self, at: int) -> bool:
        """Tell whether the mark is an apostrophe: don't, Korea's, and ministers' if no quotation is open."""
        before, after = self._around(at)
        latin_before = before.isalnum() and before < "\u1100"
        latin_after = after.isalnum() and after < "\u1100"
        opener = "‘" if self.text[at] == "’" else "'"
        return (latin_before and latin_after) or (not self._count[opener] and latin_before)

"""Lists of words, written as words."""

from __future__ import annotations


def word_list(*lines: str) -> frozenset[str]:
    """The words of `lines`."""
    return frozenset(word for line in lines for word in line.split())

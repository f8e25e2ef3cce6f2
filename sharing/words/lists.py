"""Lists of words, written as words."""

from __future__ import annotations


def word_list(*lines: str) -> frozenset[str]:
    """Return the words of `lines`, which are separated by spaces."""
    return frozenset(word for line in lines for word in line.split())

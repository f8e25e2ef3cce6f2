"""Drafts: a share that a person still writes. It takes no account's place, and nothing leaves before it is sent."""

from sharing.services.drafts.ending import discard, rewrite, send
from sharing.services.drafts.opening import LEFT_OUT, find_draft, first_accounts, firsts, make, rows
from sharing.services.drafts.writing import (
    Fit,
    choose,
    reset,
    reword,
    try_words,
    words_of,
    write,
)

__all__ = [
    "LEFT_OUT", "Fit", "choose", "discard", "find_draft", "first_accounts", "firsts",
    "make", "reset", "reword", "rewrite", "rows", "send", "try_words", "words_of", "write",
]  # fmt: skip

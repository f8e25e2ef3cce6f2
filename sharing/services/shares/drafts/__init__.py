"""Drafts: shares that a person still writes.

A draft does not reserve its accounts, and nothing of it goes out before it is sent.
"""

from sharing.services.shares.drafts.ending import Changed, discard, opens_at, rewrite, send
from sharing.services.shares.drafts.opening import (
    find_draft,
    first_accounts,
    firsts,
    make,
    rows,
)
from sharing.services.shares.drafts.saving import (
    Saved,
    Screen,
    Seen,
    reset,
    reword,
    save,
)
from sharing.services.shares.drafts.timing import WHEN, Timed, Timing, set_time, timed
from sharing.services.shares.drafts.versions import Standing, mark_of, standings
from sharing.services.shares.drafts.writing import (
    Fit,
    choose,
    try_words,
    words_of,
    write,
)

__all__ = [
    "WHEN", "Changed", "Fit", "Saved", "Screen", "Seen", "Standing", "Timed", "Timing", "choose", "discard",
    "find_draft", "first_accounts", "firsts", "make", "mark_of", "opens_at", "reset", "reword", "rewrite",
    "rows", "save", "send", "set_time", "standings", "timed", "try_words", "words_of", "write",
]  # fmt: skip

"""Lanes and freshness: whose turn comes first, and until when news is news."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum, StrEnum


class Lane(IntEnum):
    """The order in which an account's deliveries leave; lower goes first."""

    BREAKING = 0
    CORRECTION = 1
    NORMAL = 2
    DIGEST = 3


class Purpose(StrEnum):
    """One article, one account, one purpose: one delivery."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    CORRECTION = "correction"
    RETRACTION = "retraction"


#: How long after its time a delivery is still news. Later, a person is asked.
FRESH_FOR = {
    Lane.BREAKING: timedelta(minutes=15),
    Lane.CORRECTION: timedelta(hours=24),
    Lane.NORMAL: timedelta(hours=6),
    Lane.DIGEST: timedelta(hours=24),
}

#: Breaking news waits for its page no longer than this (design promise 9).
BREAKING_PAGE_WAIT = timedelta(seconds=5)

"""Lanes and freshness: which delivery goes first, and how long it is still news."""

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
    """Why a post is made. An article has one delivery per account and purpose."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    CORRECTION = "correction"
    RETRACTION = "retraction"


#: How long a delivery is still news after its due time. Later it expires, and a person decides.
FRESH_FOR = {
    Lane.BREAKING: timedelta(minutes=15),
    Lane.CORRECTION: timedelta(hours=24),
    Lane.NORMAL: timedelta(hours=6),
    Lane.DIGEST: timedelta(hours=24),
}

#: The longest time that breaking news waits for its page (promise 9 of design.md).
BREAKING_PAGE_WAIT = timedelta(seconds=5)

"""A memory of the cards that Facebook has just read, so that each further Page need not ask for them again."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

from sharing.domain.links import marker_in, untagged
from sharing.domain.message import Message

#: Seconds. Short, because an article's picture may change while its headline stays the same.
FRESH = 60.0
_MOST = 1000


class Cards:
    """The cards that Facebook has read. The key is article and headline, so a new headline is read again at once."""

    def __init__(self) -> None:
        self._read_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def has(self, message: Message) -> bool:
        """Return whether Facebook read the card of this message's link within the last `FRESH` seconds."""
        return time.monotonic() - self._read_at.get(_key(message), -FRESH) < FRESH

    def keep(self, message: Message, read: dict[str, Any]) -> None:
        """Remember that Facebook has read the link. `read` is its answer; `url` in it is the page's `og:url`.

        Only a card whose `url` has no marker is remembered, because only such a card serves every link to the article.
        """
        address = read.get("url")
        if isinstance(address, str) and address and marker_in(address) is None:
            self._read_at[_key(message)] = time.monotonic()
            while len(self._read_at) > _MOST:
                self._read_at.popitem(last=False)


def _key(message: Message) -> tuple[str, str]:
    return untagged(message.link or ""), message.card.get("title", "")

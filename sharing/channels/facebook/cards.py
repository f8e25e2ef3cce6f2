"""Which articles' cards Facebook has in its cache: what it has just read for one Page it need not read for the next."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

from sharing.domain.links import marker_in, untagged
from sharing.domain.message import Message

#: Seconds. Short: an article's picture may change without a word.
FRESH = 60.0
_MOST = 1000


class Cards:
    """Remembered by article and headline, so that one with a new headline is read again at once."""

    def __init__(self) -> None:
        self._read_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def has(self, message: Message) -> bool:
        """Whether the card of this message's link was read a moment ago."""
        return time.monotonic() - self._read_at.get(_key(message), -FRESH) < FRESH

    def keep(self, message: Message, read: dict[str, Any]) -> None:
        """Facebook has read the link and says of which address it is the card (`url`, the page's `og:url`).

        Only a card without our marker is that of every link to the article.
        """
        address = read.get("url")
        if isinstance(address, str) and address and marker_in(address) is None:
            self._read_at[_key(message)] = time.monotonic()
            while len(self._read_at) > _MOST:
                self._read_at.popitem(last=False)


def _key(message: Message) -> tuple[str, str]:
    return untagged(message.link or ""), message.card.get("title", "")

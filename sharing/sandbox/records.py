"""The truth: what readers can see as the effect of requests, in order, whatever the answers said."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST_RECORDS = 200_000
#: The most characters of all texts together.
MOST_CHARACTERS = 50_000_000

Record = dict[str, Any]


class Records:
    """One record for each visible effect. Beyond the limits, the oldest records are dropped and counted."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque()
        self._lock = threading.Lock()
        self._size = 0
        self.dropped = 0

    def add(
        self,
        channel: str,
        account: str,
        *,
        text: str,
        link: str | None,
        remote_id: str,
        at: float,
        **more: Any,
    ) -> Record:
        """Record one visible effect. `at` is in seconds since 1970; `more` are extra keys of the record."""
        record: Record = {
            "channel": channel,
            "account": account,
            "text": text,
            "link": link,
            "remote_id": remote_id,
            "at": iso(at),
            "marker": marker_in(link),
            **more,
        }
        with self._lock:
            self._records.append(record)
            self._size += len(text)
            while len(self._records) > MOST_RECORDS or self._size > MOST_CHARACTERS:
                self._size -= len(self._records.popleft()["text"])
                self.dropped += 1
        return record

    @property
    def count(self) -> int:
        """Return the number of all records so far, including dropped ones."""
        return self.dropped + len(self._records)

    def records(self, channel: str | None = None, account: str | None = None, after: int = 0) -> list[Record]:
        """Return the records, oldest first, without the first `after`; only of `channel` and `account` if given."""
        with self._lock:
            found = list(itertools.islice(self._records, max(0, after - self.dropped), None))
        return [
            each
            for each in found
            if channel in (None, each["channel"]) and account in (None, each["account"])
        ]

    def move(self, channel: str, old: str, new: str) -> None:
        """Move the records of a stopgap id to the account's real id."""
        with self._lock:
            for each in self._records:
                if each["channel"] == channel and each["account"] == old:
                    each["account"] = new

    def clear(self) -> None:
        with self._lock:
            self._records.clear()
            self._size = self.dropped = 0


def iso(at: float | None = None) -> str:
    """Return a time (seconds since 1970, default now) in UTC, ISO 8601 with milliseconds."""
    moment = datetime.fromtimestamp(time.time() if at is None else at, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def marker_in(link: str | None) -> str | None:
    """Return the marker in a link: its utm_content, or the code of a short link /s/{code} or /k/{code}; else None."""
    if not link:
        return None
    try:
        parts = urlsplit(link)
        named = parse_qs(parts.query, max_num_fields=100).get("utm_content")
    except ValueError:
        return None
    if named:
        return named[-1]
    pieces = parts.path.split("/")
    return pieces[-1] or None if len(pieces) > 2 and pieces[-2] in {"s", "k"} else None


def without_campaign(link: str) -> str:
    """Return a link without its utm parameters, as in a page's canonical address."""
    head, mark, query = link.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not pair.startswith("utm_"))
    return head + mark * bool(kept) + kept

"""The truth: what readers can see because of somebody's request, in order, whatever the answer said."""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST_RECORDS = 200_000

Record = dict[str, Any]


class Truth:
    """One record for each visible effect; the oldest give way after MOST_RECORDS, and are counted."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque(maxlen=MOST_RECORDS)
        self._lock = threading.Lock()
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
        """Writes one visible effect down. `at` is seconds since 1970; `more` are extra keys of the record."""
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
            self.dropped += len(self._records) == MOST_RECORDS
            self._records.append(record)
        return record

    def records(self, channel: str | None = None, account: str | None = None) -> list[Record]:
        """The records, oldest first; of one channel or account where named."""
        with self._lock:
            found = list(self._records)
        return [
            each
            for each in found
            if channel in (None, each["channel"]) and account in (None, each["account"])
        ]

    def move(self, channel: str, old: str, new: str) -> None:
        """Gives the records of an account that was known by a stopgap id its own id."""
        with self._lock:
            for each in self._records:
                if each["channel"] == channel and each["account"] == old:
                    each["account"] = new

    def clear(self) -> None:
        with self._lock:
            self._records.clear()
            self.dropped = 0


def iso(at: float | None = None) -> str:
    """A moment in UTC, ISO 8601 with milliseconds."""
    moment = datetime.fromtimestamp(time.time() if at is None else at, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def marker_in(link: str | None) -> str | None:
    """The marker in a link: its utm_content, or the code of a short link /s/{code} or /k/{code}."""
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

"""Read an address: the guarded fetcher fetches it, then `source.read` reads the bytes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake.reading import Reading
from sharing.intake.source import read
from sharing.net.addresses import Allowed
from sharing.net.fetch import fetch


def read_url(
    url: str,
    *,
    allowed: Allowed,
    zone: ZoneInfo,
    now: datetime,
    format: str | None = None,
) -> list[Reading]:
    """Fetch `url` and read the answer.

    Raises:
        Refusal: the address cannot be fetched (`fetch.*`, `url.*`), its answer is not 200 (`page.answered`), or the
            answer cannot be read (the codes of `source.read`).
    """
    page = fetch(url, allowed=allowed)
    if page.status != 200:
        raise Refusal("page.answered", field="source", answer=page.status, url=page.url[:300])
    return read(page.body, url=page.url, content_type=page.content_type, format=format, zone=zone, now=now)


def one_article(readings: list[Reading]) -> Article:
    """Return the article of a source that must have exactly one.

    Raises:
        Refusal: the reason why the article cannot be read; `source.several` if there are several.
    """
    if len(readings) > 1:
        raise Refusal("source.several", field="source", number=len(readings))
    reading = readings[0]
    if reading.article is None:
        raise reading.why_not or Refusal("source.empty", field="source")
    return reading.article

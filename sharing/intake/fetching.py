"""An address becomes Articles: fetched by the guarded fetcher, then read like anything else."""

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
    """Fetch `url` and read what is there.

    Raises:
        Refusal: it is not fetched (`fetch.*`, `url.*`), it answers that it is not there (`page.answered`), or
            it cannot be read.
    """
    page = fetch(url, allowed=allowed)
    if page.status != 200:
        raise Refusal("page.answered", field="source", answer=page.status, url=page.url[:300])
    return read(page.body, url=page.url, content_type=page.content_type, format=format, zone=zone, now=now)


def one_article(readings: list[Reading]) -> Article:
    """The one article of a source that should have one.

    Raises:
        Refusal: why it cannot be shared; `source.several` when there are more.
    """
    if len(readings) > 1:
        raise Refusal("source.several", field="source", number=len(readings))
    reading = readings[0]
    if reading.article is None:
        raise reading.why_not or Refusal("source.empty", field="source")
    return reading.article

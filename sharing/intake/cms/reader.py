"""The reader of CMS payloads: it makes Readings by a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake import times, values
from sharing.intake.cms.record import Record, site_of
from sharing.intake.cms.steps import open_envelope
from sharing.intake.cms.table import NAMES, Table, check_address, table
from sharing.intake.reading import GONE, Event, Proof, Reading, read_as, unreadable

#: Most records in one payload. A hook has one; a page of an API about a hundred.
MOST_RECORDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The context of a payload: zone for times without one, present time, headers, its URL, the site's address."""

    zone: times.Zone
    now: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    address: str | None = None

    def with_address(self, article: Article) -> Article:
        """Return the article; without an address of its own it gets the URL of the payload."""
        if article.address or not self.url:
            return article
        return dataclasses.replace(article, url=self.url)


def read_cms(body: Any, context: Context, known: Table | None) -> list[Reading]:
    """Read a parsed payload. `known` is its table; None means that the payload decides which table fits.

    Raises:
        Refusal: `source.not_recognised`, `source.wrong_format`, `source.no_article`, `source.too_many`,
            `source.bad_address`.
    """
    body, headers = open_envelope(body, context.headers)
    seen = {**body, "_headers": headers} if isinstance(body, dict) else body
    found = known or next((table(name) for name in NAMES if table(name).knows(seen)), None)
    if found is None:
        raise Refusal("source.not_recognised", what="JSON")
    address = context.address or found.address
    if address:
        check_address(address)
    records = at_most([each for each in found.records(body) if isinstance(each, dict)])
    if not records:
        raise Refusal("source.no_article", label=found.label)
    alone = len(records) == 1
    context = dataclasses.replace(context, address=address)
    readings = [
        _read_record(Record(found, _with(each, body, headers), context.zone), context, alone=alone)
        for each in records
    ]
    if known is not None and known.detect and not known.knows(seen) and not any(map(_says, readings)):
        raise Refusal("source.wrong_format", label=known.label)
    return readings


def _says(reading: Reading) -> bool:
    """Tell whether a Reading has an article, or says that an article is gone."""
    return reading.article is not None or (reading.event in GONE and reading.source_id is not None)


def at_most(records: list[Any]) -> list[Any]:
    """Return the records, unless there are too many.

    Raises:
        Refusal: `source.too_many`.
    """
    if len(records) > MOST_RECORDS:
        raise Refusal("source.too_many", limit=MOST_RECORDS)
    return records


def _with(record: dict[str, Any], body: Any, headers: dict[str, str]) -> dict[str, Any]:
    """Add the payload (`_body`) and the headers (`_headers`) to the record, for paths that need them."""
    return {**record, "_body": body, "_headers": headers}


def _read_record(record: Record, context: Context, *, alone: bool) -> Reading:
    event, proof = record.table.happened(record.data)
    if event is Event.PUBLISHED and proof is Proof.STATUS and not alone:
        # Articles are published one at a time: a payload of several articles without an event is a batch.
        event = Event.IMPORTED
    source_id = at = None
    what = ""
    try:
        source_id, what = record.identity(), record.line("what") or ""
        at = record.time("at") or record.time("modified_at") or record.time("published_at")
        _object(record)
        if event is Event.OTHER:
            return unreadable(Refusal("event.other"), event, source_id=source_id, at=at, what=what)
        article, no_site = _article(record, context, source_id, alone=alone)
        if event is Event.SCHEDULED:
            article = dataclasses.replace(article, published_at=record.waits_until("published_at"))
    except Refusal as refusal:
        return unreadable(refusal, event, source_id=source_id, at=at, what=what)
    reading = read_as(
        article,
        event,
        now=context.now,
        proof=proof,
        dated=record.time("published_at") is not None,
        what=what,
        at=at,
        unclear=None if record.time("at") or record.time("modified_at") else _unclear(record),
    )
    if no_site and reading.why_not and reading.why_not.code == "article.no_url":
        return dataclasses.replace(reading, why_not=no_site)
    return reading


def _unclear(record: Record) -> Refusal | None:
    """Return the refusal of a time of the event that cannot be read; None if all can be read."""
    for name in ("at", "modified_at"):
        if value := record.unclear(name):
            return values.bad_time(value, name)
    return None


def _object(record: Record) -> None:
    for when, why in record.table.objections:
        if found := when.search(record.data):
            names = found if isinstance(found, list) else []
            what = ", ".join(values.clean_fact(name) for name in names[:5] if isinstance(name, str))
            raise Refusal(why, what=what)


def _article(
    record: Record, context: Context, source_id: str | None, *, alone: bool
) -> tuple[Article, Refusal | None]:
    headline = record.line("headline", "headline")
    if not headline:
        raise Refusal("article.no_headline", field="headline")
    url, canonical, no_site = _addresses(record, context, alone=alone)
    site = site_of(context.address) or record.line("site", "url") or url or context.url
    article = Article(
        url=url,
        canonical_url=canonical,
        headline=headline,
        summary=record.summary(),
        image_url=record.picture(site),
        image_alt=record.paragraph("image_alt"),
        caption=record.paragraph("caption"),
        credit=record.line("credit"),
        authors=record.people(),
        author_emails=record.emails(),
        section=record.line("section"),
        tags=record.tags(),
        language=record.language(),
        published_at=record.time("published_at") or record.time("created_at"),
        modified_at=record.time("modified_at"),
        embargo_until=record.waits_until("embargo_until"),
        site_name=record.line("site_name"),
        source=record.line("source"),
        source_id=source_id,
        body=record.body(),
        label=record.line("label"),
        channel_words=record.words(),
    )
    return article, no_site


def _addresses(
    record: Record, context: Context, *, alone: bool
) -> tuple[str | None, str | None, Refusal | None]:
    """Return url, canonical_url, and the refusal of a path if its site is unknown."""
    address = context.address
    site = site_of(address) or record.line("site", "url")
    url = record.fill(address) if address and "{" in address else None
    no_site = None
    canonical = None
    try:
        url = url or record.address("url", site, context.url)
    except Refusal as refusal:
        if refusal.code != "article.no_site":
            raise
        no_site = refusal
    try:
        canonical = record.address("canonical_url", site, context.url)
    except Refusal as refusal:
        if refusal.code != "article.no_site":
            raise
    if not url and alone:
        url = context.url
    return url, canonical, no_site

"""The times of publication and change: declared, or else shown, and checked against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from sharing.intake import times
from sharing.intake.page import json_ld, markup
from sharing.intake.page.document import Element, Page, found_by, text_of

_PUBLISHED = (
    "article:published_time article:published og:article:published_time datepublished"
    " date.published itemprop:datepublished parsely-pub-date sailthru.date pubdate publishdate"
    " publish_date publish-date published_time published article_date_original date_published"
    " cxenseparse:recs:publishtime originalpublicationdate dcterms.created dc.date.issued"
    " dcterms.issued citation_publication_date citation_online_date article.published"
    " article.created itemprop:datecreated datecreated release_date dc.date dcterms.date date"
    " dc.created displaydate timestamp".split()
)
_MODIFIED = (
    "article:modified_time article:modified og:updated_time datemodified itemprop:datemodified"
    " date_modified lastmod last-modified dcterms.modified dc.date.modified article:updated_time"
    " article.updated modified_time".split()
)
_NAMED = re.compile(
    r"(?:publish|pub|create|regist?|issue|release|input|write|posted)(?:ed|er)?[-_.:]?(?:d?ate|time|at|on)",
    re.IGNORECASE,
)
_IN_SCRIPT = re.compile(
    r"(?:publish|deploy|release|service|regist|reg|create|issue|input|first|display)[a-z]{0,9}_?(?:dt|date|at|time|on)"
    r"""\\?["']\s?:\s?\\?["'](20\d\d[-./]?\d\d[-./]?\d\d[^"'\\]{0,20})""",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"(?<!\d)(20[0-3]\d|199\d)([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)", re.ASCII
)
#: How many characters of a script are searched.
_SCRIPT = 200_000

_DATED = frozenset(
    "date dates dateline time times timestamp published publish posted pubdate datum fecha day"
    " datetime created info meta byline details".split()
)
_CHANGED = frozenset("update updated modified modify edited event archive".split())


def published(page: Page, address: str | None, zone: tzinfo, headline: str) -> datetime | None:
    """Return the time of publication: declared, or else shown and checked against the day in the address.

    Args:
        page: the page.
        address: the address of the article, which may contain the day.
        zone: the zone of a time without a zone.
        headline: the headline; times near it are read.
    """
    declared = next((found for text in _declared(page) if (found := times.find(text, zone))), None)
    if declared:
        return _as_shown(declared, page, zone, headline)
    by_address = in_address(address, zone)
    for found in _shown(page, zone, headline):
        if by_address is None or abs(found - by_address) < timedelta(days=2):
            return found
    return by_address or _in_scripts(page, zone, headline)


def modified(page: Page, zone: tzinfo) -> datetime | None:
    """Return the declared time of the last change."""
    texts = [json_ld.first_text(page.node.get("dateModified")), *page.metas_of(*_MODIFIED)]
    return next((found for text in texts if (found := times.find(text, zone))), None)


def in_address(address: str | None, zone: tzinfo) -> datetime | None:
    """Return the day in an article's address: `/2026/03/02/`, `20260302`."""
    found = _IN_ADDRESS.search(address or "")
    return times.find("-".join(found.group(1, 3, 4)), zone) if found else None


def _declared(page: Page) -> Iterator[object]:
    yield page.node.get("datePublished")
    yield from page.metas_of(*_PUBLISHED)
    for name in page.metas:
        if _NAMED.search(name):
            yield from page.metas_of(name)
    for key in ("dateCreated", "uploadDate"):
        yield page.node.get(key)
    for node in page.nodes:
        yield node.get("datePublished")


def _as_shown(declared: datetime, page: Page, zone: tzinfo, headline: str) -> datetime:
    """Correct a declared time in UTC to the page's zone, if the page shows the same clock time to its readers.

    Some sites write their local time and add a wrong Z.
    """
    if declared.utcoffset() or not declared.replace(tzinfo=zone).utcoffset():
        return declared
    clock = declared.replace(tzinfo=None, second=0, microsecond=0)
    for text in markup.near_headline(page, headline):
        shown = times.find(text, zone)
        if shown and shown.tzinfo is zone and shown.replace(tzinfo=None, second=0) == clock:
            return declared.replace(tzinfo=zone)
    return declared


def _shown(page: Page, zone: tzinfo, headline: str) -> Iterator[datetime]:
    """Yield the dates in the markup: microdata, `<time>`, elements with a class for dates, texts near the headline."""
    micro = found_by(
        page.root, "//*[contains(@itemprop,'datePublished') or contains(@itemprop,'dateCreated')]", 10
    )
    timed = (
        element for element in found_by(page.root, "//time | //abbr[@title]", 20) if not _is_other(element)
    )
    for element in (*micro, *timed):
        attributes = (element.get("datetime"), element.get("content"), element.get("title"))
        texts = (*attributes, text_of(element))
        yield from [found for text in texts if (found := times.find(text, zone))][:1]
    for element in markup.called(page, _DATED, limit=60):
        text = " ".join(markup.texts(element)[:12])
        if len(text) < 300 and not _is_other(element) and (found := times.find(text, zone)):
            yield found
    for text in markup.near_headline(page, headline):
        if found := times.find(text, zone):
            yield found


def _is_other(element: Element) -> bool:
    return bool(markup.names(element) & _CHANGED) or markup.beside(element)


def _in_scripts(page: Page, zone: tzinfo, headline: str) -> datetime | None:
    """Return a date from the data in the page's scripts, first searched after the headline."""
    for script in page.scripts(headline[:12]):
        place = script.find(headline[:12])
        found = _IN_SCRIPT.search(script[place : place + _SCRIPT]) or _IN_SCRIPT.search(script[:_SCRIPT])
        if found:
            return times.find(found[1], zone)
    return None

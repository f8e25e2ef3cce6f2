"""When it was published and changed, with a zone, from whatever a page writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from sharing.intake.page import json_ld, markup
from sharing.intake.page.document import Element, Page, text_of

_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time", "datepublished", "date.published",
    "itemprop:datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date",
    "published_time", "published", "article_date_original", "date_published", "cxenseparse:recs:publishtime", "originalpublicationdate",
    "dcterms.created", "dc.date.issued", "dcterms.issued", "citation_publication_date", "citation_online_date", "article.published",
    "article.created", "itemprop:datecreated", "datecreated", "release_date", "dc.date", "dcterms.date", "date", "dc.created", "displaydate", "timestamp",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "og:updated_time", "datemodified", "itemprop:datemodified", "date_modified",
    "lastmod", "last-modified", "dcterms.modified", "dc.date.modified", "article:updated_time", "article.updated", "modified_time",
)  # fmt: skip
_NAMED = re.compile(
    r"(?:publish|pub|create|regist?|issue|release|input|write|posted)(?:ed|er)?[-_.:]?(?:d?ate|time|at|on)",
    re.IGNORECASE,
)

_CLOCKS = {
    "UTC": ("z", "utc", "gmt"), "Asia/Seoul": ("kst",), "Asia/Tokyo": ("jst",), "Europe/London": ("bst",),
    "Europe/Berlin": ("cet", "cest", "mez", "mesz"), "America/New_York": ("et", "est", "edt"), "America/Chicago": ("ct", "cdt"),
    "America/Denver": ("mst", "mdt"), "America/Los_Angeles": ("pt", "pst", "pdt"), "Australia/Sydney": ("aest", "aedt"),
}  # fmt: skip
_ZONES = {mark: ZoneInfo(name) for name, marks in _CLOCKS.items() for mark in marks}
_ZONE = rf"(?P<zone>(?:{'|'.join(sorted(_ZONES, key=len, reverse=True))})\b|[+-]\d\d:?\d\d)"

_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\.?"
    r"(?:(?:\s*[T,(]?\s*|\s{1,3}\D{1,12}\s)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?\s*"
    + _ZONE
    + r"?)?",
    re.IGNORECASE,
)
_PACKED = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_EAST = re.compile(
    r"(?P<year>20\d\d|19\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]?"
    r"(?:\s?[(（][^()（）]{1,5}[)）])?(?:\s{0,3}(?P<half>오전|오후|午前|午後|上午|下午)?\s?(?P<hour>\d{1,2})\s?[:時시时点]\s?(?P<minute>\d{1,2})?)?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero ene gennaio gen janeiro januari januari januar stycznia ledna января ocak",
            "february feb februar feber février fevrier febrero febbraio fevereiro fev februari lutego února февраля şubat",
            "march mar mär märz mars marzo março maart mrt marts marca března марта mart",
            "april apr avril avr abril abr aprile april kwietnia dubna апреля nisan",
            "may mai mayo maggio mag maio mei maj maja května мая mayıs",
            "june jun juni juin junio giugno giu junho juni czerwca června июня haziran",
            "july jul juli juillet juil julio luglio lug julho lipca července июля temmuz",
            "august aug août aout agosto ago augustus sierpnia srpna августа ağustos",
            "september sep sept septembre septiembre settembre set setembro september września září сентября eylül",
            "october oct oktober okt octobre octubre ottobre ott outubro out října października октября ekim",
            "november nov novembre noviembre novembro listopada listopadu ноября kasım",
            "december dec dezember dez décembre diciembre dic dicembre dezembro desember grudnia prosince декабря aralık",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = (
    r"(?:(?:\s*[,|•·–-]?\s*(?:at|um|à|om|kl\.?|ore)?\s*)(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[ap]\.?m\.?)?\s*"
    + _ZONE
    + r"?)?"
)
_DAY_FIRST = re.compile(
    rf"(?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?\s{{1,3}}(?:de\s|of\s)?(?P<month>{_MONTH})\.?,?\s{{1,3}}(?:de\s|del\s)?(?P<year>20\d\d|19\d\d){_CLOCK}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})\.?\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<year>20\d\d|19\d\d){_CLOCK}",
    re.IGNORECASE,
)
# Day first, unless it cannot be or the clock has twelve hours.
_NUMBERS = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})(?P<slash>[./])(?P<month>\d{1,2})(?P=slash)(?P<year>20\d\d|19\d\d)(?!\d)"
    + _CLOCK,
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?<![\d.:])(?P<day>\d{1,2})(?P<slash>\.)(?P<month>\d{1,2})\.(?P<year>\d\d)(?![\d.:])")
_SHAPES = (_ISO, _EAST, _DAY_FIRST, _MONTH_FIRST, _NUMBERS, _PACKED, _SHORT)

_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>20[0-3]\d|199\d)(?P<mark>[/_.-]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)
_EARLIEST = 1995

#: Where a page names no zone: that of its country, then of its language. Countries with one zone only.
_BY_COUNTRY = {
    "kr": "Asia/Seoul", "jp": "Asia/Tokyo", "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "sg": "Asia/Singapore",
    "in": "Asia/Kolkata", "uk": "Europe/London", "ie": "Europe/Dublin", "de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich",
    "fr": "Europe/Paris", "it": "Europe/Rome", "es": "Europe/Madrid", "nl": "Europe/Amsterdam", "be": "Europe/Brussels", "dk": "Europe/Copenhagen",
    "no": "Europe/Oslo", "se": "Europe/Stockholm", "fi": "Europe/Helsinki", "pl": "Europe/Warsaw", "cz": "Europe/Prague", "tr": "Europe/Istanbul",
    "gr": "Europe/Athens", "lt": "Europe/Vilnius", "is": "Atlantic/Reykjavik", "za": "Africa/Johannesburg",
}  # fmt: skip
_BY_LANGUAGE = {
    "ko": "Asia/Seoul",
    "ja": "Asia/Tokyo",
    "de": "Europe/Berlin",
    "it": "Europe/Rome",
    "pl": "Europe/Warsaw",
    "cs": "Europe/Prague",
    "tr": "Europe/Istanbul",
}


def zone_of(host: str, language: str | None) -> tzinfo | None:
    """The zone in which a page of this host and language means a time that names none; None if that is open."""
    name = _BY_COUNTRY.get(host.rpartition(".")[2]) or _BY_LANGUAGE.get(language or "")
    return ZoneInfo(name) if name else None


def moment(text: object, zone: tzinfo) -> datetime | None:
    """The first date in `text`, with its zone, else in `zone`; None where there is none.

    ISO 8601 in its spellings, RFC 5322, seconds or milliseconds since 1970, and dates in the words of twelve
    European languages, Korean, Japanese and Chinese.
    """
    if isinstance(text, int | float):
        text = str(int(text))
    if not isinstance(text, str):
        return None
    text = text.strip()[:200]
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if re.match(r"[A-Z][a-z]{2}, \d", text):
        try:
            parsed = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            parsed = None
        if parsed:
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    found = [
        (match.start(), order, match) for order, shape in enumerate(_SHAPES) if (match := shape.search(text))
    ]
    for _, _, match in sorted(found, key=lambda each: each[:2]):
        result = _built(match.groupdict(), zone)
        if result:
            return result
    return None


def _built(parts: dict[str, str | None], zone: tzinfo) -> datetime | None:
    month, day = parts["month"] or "", parts["day"] or ""
    if (
        "slash" in parts
        and month.isdigit()
        and (int(month) > 12 or (parts["slash"] == "/" and parts.get("half")))
    ):
        month, day = day, month
    hour, half = int(parts.get("hour") or 0), (parts.get("half") or "").lower()
    if half[:1] == "p" or half in {"오후", "午後", "下午"}:
        hour += 12 if hour < 12 else 0
    elif half and hour == 12:
        hour = 0
    year = int(parts["year"] or 0)
    try:
        result = datetime(
            year if year > 99 else 2000 + year,
            int(month) if month.isdigit() else _MONTHS[month.lower()],
            int(day or 0),
            hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=_zone(parts.get("zone")) or zone,
        )
    except (ValueError, KeyError):
        return None
    return result if _EARLIEST <= result.year <= 2100 else None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.lower() in _ZONES:
        return _ZONES[text.lower()]
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))


def published(page: Page, address: str | None, zone: tzinfo, headline: str) -> datetime | None:
    """When the page says it came out: declared, else shown beside the story, checked against its address."""
    declared = next((found for text in _declared(page) if (found := moment(text, zone))), None)
    if declared:
        return declared
    by_address = _in_address(address, zone)
    for found in _shown(page, zone, headline):
        if by_address is None or abs(found - by_address) < timedelta(days=2):
            return found
    return by_address or _in_scripts(page, zone, headline)


_IN_SCRIPT = re.compile(
    r"""(?:publish|deploy|release|service|regist|reg|create|issue|input|first|display)[a-z]{0,9}_?(?:dt|date|at|time|on)\\?["']\s?:\s?\\?["']"""
    r"""(20\d\d[-./]?\d\d[-./]?\d\d[^"'\\]{0,20})""",
    re.IGNORECASE,
)


_NEAR = 200_000


def _in_scripts(page: Page, zone: tzinfo, headline: str) -> datetime | None:
    """A date in the data that a page's own scripts draw it from, behind the headline."""
    for script in page.scripts(headline[:12]):
        place = script.find(headline[:12])
        found = _IN_SCRIPT.search(script[place : place + _NEAR]) or _IN_SCRIPT.search(script[:_NEAR])
        if found:
            return moment(found[1], zone)
    return None


def modified(page: Page, zone: tzinfo) -> datetime | None:
    """When the page says it was last changed."""
    texts = [page.node.get("dateModified"), *page.metas_of(*_MODIFIED)]
    return next((found for text in texts if (found := moment(text, zone))), None)


def _declared(page: Page) -> Iterator[object]:
    yield page.node.get("datePublished")
    yield from page.metas_of(*_PUBLISHED)
    for name, values in page.metas.items():
        if _NAMED.search(name):
            yield from values
    yield page.node.get("dateCreated")
    yield page.node.get("uploadDate")
    for node in page.nodes:
        yield node.get("datePublished")


_DATED = frozenset(
    "date dates dateline time times timestamp published publish posted pubdate datum fecha day datetime created info meta byline details".split()
)
_CHANGED = frozenset("update updated modified modify edited event archive".split())


def _shown(page: Page, zone: tzinfo, headline: str) -> Iterator[datetime]:
    """Dates in the markup: microdata, `<time>`, classes that speak of a date, texts beside the headline."""
    micro = page.root.xpath("//*[contains(@itemprop,'datePublished') or contains(@itemprop,'dateCreated')]")
    timed = [element for element in page.root.xpath("//time | //abbr[@title]")[:20] if not _is_other(element)]
    for element in [*micro[:10], *timed]:
        attributes = (element.get("datetime"), element.get("content"), element.get("title"))
        for text in (*attributes, text_of(element)):
            if found := moment(text, zone):
                yield found
                break
    for element in markup.called(page, _DATED, limit=60):
        text = " ".join(markup.texts(element)[:12])
        if len(text) < 300 and not _is_other(element) and (found := moment(text, zone)):
            yield found
    for text in markup.near_headline(page, headline):
        if found := moment(text, zone):
            yield found


def _is_other(element: Element) -> bool:
    return bool(markup.names(element) & _CHANGED) or markup.beside(element)


def _in_address(address: str | None, zone: tzinfo) -> datetime | None:
    found = _IN_ADDRESS.search(address or "")
    return _built(found.groupdict(), zone) if found else None

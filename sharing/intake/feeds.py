"""Reader of feeds: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed, sitemaps with or without Google's news part.

A feed needs no code in the CMS, and it brings articles whose hook was lost. The reader uses lxml directly: feed
libraries change the document, resolve entities, or guess encodings, which fails for Korean feeds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sharing.domain.refusal import Refusal
from sharing.intake import safe_xml, strict_json, times
from sharing.intake.entry import Entry, Feed
from sharing.intake.feed_xml import READERS
from sharing.intake.reading import Reading
from sharing.intake.safe_xml import name

#: Root elements of a feed. Some Korean feeds have no <rss> around their channel or items.
ROOTS = frozenset({"rss", "rdf", "channel", "item", "feed", "entry", "urlset", "sitemapindex"})

#: The number of entries that are read from one feed: the first ones. A larger feed is expected to be sorted by time.
MOST_ENTRIES = 2000

_JSON_FEED = "https://jsonfeed.org/version/"


def parse(data: bytes) -> Feed:
    """Parse the feed in `data`, in any of the formats of this module.

    Raises:
        Refusal: `feed.index` (a list of sitemaps), `feed.unknown`, `source.not_text`, `source.broken_xml`,
            and the codes of `strict_json`.
    """
    if data.lstrip()[:1] == b"{":
        body = strict_json.load(data)
        if not is_json_feed(body):
            raise Refusal("feed.unknown")
        return _json_feed(body)
    text = safe_xml.decode(data)
    first = safe_xml.root_name(text)
    if first == "sitemapindex":
        raise Refusal("feed.index")
    if first not in ROOTS:
        raise Refusal("feed.unknown")
    root = safe_xml.parse(text, wrap="rss" if first in {"channel", "item", "entry"} else None)
    feed = Feed()
    READERS.get(name(root).lower(), READERS["rss"])(root, feed, MOST_ENTRIES)
    return feed


def read_feed(data: bytes, *, url: str | None, zone: times.Zone, now: datetime) -> list[Reading]:
    """Read a feed. Returns its Readings, newest first; entries without a time come last, in their order.

    Args:
        data: the bytes as they were fetched.
        url: the address of the feed; relative links are joined to it.
        zone: the zone of times without a zone, which Korean feeds write.
        now: the present time, aware. An article published longer ago than `reading.OLD` is `imported`.

    Raises:
        Refusal: as `parse`; `feed.empty` if the feed has no entry.
    """
    return _readings(parse(data), url=url, zone=zone, now=now)


def read_json_feed(
    body: dict[str, Any], *, url: str | None, zone: times.Zone, now: datetime
) -> list[Reading]:
    """Read a JSON Feed that is already parsed, as `read_feed` does."""
    return _readings(_json_feed(body), url=url, zone=zone, now=now)


def hub_links(data: bytes) -> tuple[list[str], str | None]:
    """Return (WebSub hubs, the feed's own address or None) of a feed (w3.org/TR/websub, section 4).

    Raises:
        Refusal: as `parse`.
    """
    feed = parse(data)
    return [hub for hub in feed.hubs if hub.startswith(("http://", "https://"))], feed.own_url or None


def is_json_feed(body: Any) -> bool:
    """Tell whether a parsed JSON value is a JSON Feed (jsonfeed.org/version/1.1)."""
    if not isinstance(body, dict) or not isinstance(body.get("items"), list):
        return False
    return str(body.get("version", "")).replace("http://", "https://", 1).startswith(_JSON_FEED)


def _readings(feed: Feed, *, url: str | None, zone: times.Zone, now: datetime) -> list[Reading]:
    if not feed.entries:
        raise Refusal("feed.empty")
    for entry in feed.entries:
        entry.language = entry.language or feed.language
        entry.site_name = entry.site_name or feed.title
    base = url or next((a for a in (feed.own_url, feed.home) if a.startswith(("http://", "https://"))), None)
    readings = [entry.reading(zone=zone, now=now, base=base) for entry in feed.entries]
    return sorted(readings, key=_newest_first)


def _newest_first(reading: Reading) -> float:
    moment = reading.article.published_at if reading.article else reading.at
    return -moment.timestamp() if moment else float("inf")


def _json_feed(body: dict[str, Any]) -> Feed:
    feed = Feed(
        title=_string(body.get("title")),
        language=_string(body.get("language")),
        home=_string(body.get("home_page_url")),
        own_url=_string(body.get("feed_url")),
        hubs=[_string(hub.get("url")) for hub in _dicts(body.get("hubs"))],
    )
    feed_people = _people(body)
    for item in _dicts(body["items"])[:MOST_ENTRIES]:
        text = _string(item.get("content_text"))
        entry = Entry(
            id=_string(item.get("id")),
            title=_string(item.get("title")),
            link=_string(item.get("url")) or _string(item.get("external_url")),
            summary=_string(item.get("summary")),
            body=text or _string(item.get("content_html")),
            image=_string(item.get("image")) or _string(item.get("banner_image")),
            people=_people(item) or feed_people,
            tags=[tag for tag in _list(item.get("tags")) if isinstance(tag, str)],
            language=_string(item.get("language")),
            published=_string(item.get("date_published")),
            updated=_string(item.get("date_modified")),
            plain=frozenset({"title", "summary", *({"body"} if text else ())}),
        )
        feed.entries.append(entry)
    return feed


def _people(body: dict[str, Any]) -> list[str]:
    people = _dicts(body.get("authors")) or _dicts([body.get("author")])
    return [name for person in people if (name := _string(person.get("name")))]


def _string(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]

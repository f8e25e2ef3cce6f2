"""Readers of XML feeds: RSS and RDF, Atom, sitemaps. Elements are found by local name, without namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import parseaddr
from itertools import islice
from urllib.parse import urljoin

from sharing.intake.entry import Entry, Feed
from sharing.intake.safe_xml import Element, all_text, inner, name

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_ATOM = ("{http://www.w3.org/2005/Atom}", "{http://purl.org/atom/ns#}")
_IMAGES = ("image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "image/avif")


def _read_rss(root: Element, feed: Feed, most: int) -> None:
    channel = next((each for each in root if name(each) == "channel"), root)
    feed.title = _text(channel, "title")
    feed.language = _text(channel, "language") or root.get(_XML_LANG, "")
    feed.home = _plain_link(channel)
    _take_hubs(channel, feed)
    items = (each for each in root.iter("{*}item", "{*}entry"))
    feed.entries = [
        _atom_entry(each, []) if name(each) == "entry" else _item(each) for each in islice(items, most)
    ]


def _item(item: Element) -> Entry:
    guid = _child(item, "guid")
    guid_text = (guid.text or "").strip() if guid is not None else ""
    # If there is no link, a guid that is an address is the link, unless isPermaLink is false (rssboard.org, 2.0.11).
    is_link = guid is not None and guid.get("isPermaLink", "true").lower() != "false"
    link = _text(item, "origLink") or _plain_link(item) or _atom_link(item, "alternate")
    if not link and is_link and guid_text.startswith(("http://", "https://")):
        link = guid_text
    people, emails = _rss_people(item)
    categories = [text for text in _texts(item, "category") if text]
    subjects = [text for text in _texts(item, "subject") if text]
    summary = _text(item, "description", media=False) or _atom_text(item, "summary")
    entry = Entry(
        id=guid_text or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", ""),
        link=link,
        title=_text(item, "title", media=False),
        summary=summary,
        body=_text(item, "encoded"),
        people=people,
        emails=emails,
        section=next(iter(categories or subjects), ""),
        tags=[*categories, *subjects, *_text(item, "keywords").split(",")],
        language=item.get(_XML_LANG, "") or _text(item, "language"),
        published=_text(item, "pubDate") or _text(item, "date") or _text(item, "published"),
        updated=_text(item, "updated") or _text(item, "modified"),
        source=_text(item, "source"),
    )
    _take_media(item, entry)
    return entry


def _rss_people(item: Element) -> tuple[list[str], list[str]]:
    """Return (names, e-mail addresses). RSS wants `me@example.com (Name)`; most feeds write only a name."""
    people, emails = [], []
    for written in [*_texts(item, "author"), *_texts(item, "creator")]:
        called, mail = parseaddr(written)
        if "@" in mail:
            emails.append(mail)
            people.append(called)
        else:
            people.append(written)
    return [person for person in dict.fromkeys(people) if person], emails


def _read_atom(root: Element, feed: Feed, most: int) -> None:
    feed.title = _atom_text(root, "title")
    feed.language = root.get(_XML_LANG, "")
    feed.home = _atom_link(root, "alternate")
    _take_hubs(root, feed)
    authors = [each for each in root if name(each) == "author"]
    feed.entries = [_atom_entry(each, authors) for each in islice(root.iter("{*}entry"), most)]


def _atom_entry(entry: Element, feed_authors: list[Element]) -> Entry:
    authors = [each for each in entry if name(each) == "author"] or feed_authors
    categories = [each.get("label") or each.get("term") or "" for each in entry if name(each) == "category"]
    identity = _text(entry, "id")
    link = _atom_link(entry, "alternate")
    if not link and identity.startswith(("http://", "https://")):
        link = identity
    if link and str(entry.base or "").startswith(("http://", "https://")):
        link = _joined(str(entry.base), link)
    found = Entry(
        id=identity,
        link=link,
        title=_atom_text(entry, "title"),
        summary=_atom_text(entry, "summary"),
        body=_atom_text(entry, "content"),
        people=[_text(author, "name") for author in authors],
        emails=[_text(author, "email") for author in authors],
        section=next((category for category in categories if category), ""),
        tags=categories,
        language=entry.get(_XML_LANG, ""),
        published=_text(entry, "published") or _text(entry, "issued") or _text(entry, "created"),
        updated=_text(entry, "updated") or _text(entry, "modified"),
        plain=frozenset(
            field
            for field, called in (("title", "title"), ("summary", "summary"), ("body", "content"))
            if _is_plain(entry, called)
        ),
    )
    source = _child(entry, "source")
    found.source = _atom_text(source, "title") if source is not None else ""
    _take_media(entry, found)
    return found


def _read_sitemap(root: Element, feed: Feed, most: int) -> None:
    """Read a sitemap (sitemaps.org) with Google's news and image parts. Only news entries have a title."""
    for url in islice(root.iter("{*}url"), most):
        news = _child(url, "news")
        image = _child(url, "image")
        entry = Entry(
            link=_text(url, "loc"),
            updated=_text(url, "lastmod"),
            image=_text(image, "loc") if image is not None else "",
            caption=_text(image, "caption") if image is not None else "",
        )
        if news is not None:
            publication = _child(news, "publication")
            entry.title = _text(news, "title")
            entry.published = _text(news, "publication_date")
            entry.tags = _text(news, "keywords").split(",")
            if publication is not None:
                entry.language = _text(publication, "language")
                entry.site_name = _text(publication, "name")
        feed.entries.append(entry)


def _take_media(item: Element, entry: Entry) -> None:
    """Read Media RSS and enclosures: the picture, and title, summary and credit if the item has none."""
    pictures = list(_pictures(item))
    if pictures:
        entry.image, owner = max(pictures, key=lambda each: _width(each[1]))[0], pictures[0][1]
        entry.caption = _media_text(owner, "description")
        entry.credit = _media_text(owner, "credit")
    entry.title = entry.title or _media_text(item, "title")
    entry.summary = entry.summary or _media_text(item, "description")
    entry.credit = entry.credit or _media_text(item, "credit")


def _pictures(item: Element) -> Iterator[tuple[str, Element]]:
    for each in item.iter(f"{_MEDIA}content"):
        kind = each.get("type", "")
        if each.get("url") and (
            each.get("medium") == "image" or kind in _IMAGES or not (kind or each.get("medium"))
        ):
            yield each.get("url", ""), each
    for each in item:
        kind = each.get("type", "").lower()
        is_enclosure = name(each) == "enclosure" or (name(each) == "link" and each.get("rel") == "enclosure")
        if is_enclosure and kind in _IMAGES:
            yield each.get("url") or each.get("href") or "", each
    for each in item.iter(f"{_MEDIA}thumbnail"):
        if each.get("url"):
            yield each.get("url", ""), each
    for each in item:
        if name(each) == "image":
            yield each.get("href") or _text(each, "url") or (each.text or "").strip(), each


def _width(element: Element) -> int:
    width = element.get("width", "")
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _media_text(element: Element, called: str) -> str:
    """Return the text of `media:title` and similar elements, directly in the element or in a group."""
    found = next(element.iter(f"{_MEDIA}{called}"), None)
    return all_text(found).strip() if found is not None else ""


def _take_hubs(element: Element, feed: Feed) -> None:
    feed.hubs = [
        each.get("href", "") for each in element if name(each) == "link" and each.get("rel") == "hub"
    ]
    feed.own_url = _atom_link(element, "self")


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _atom_link(element: Element, rel: str) -> str:
    """Return the link with relation `rel`, HTML pages first. Some feeds write the address as text, not in `href`."""
    links = [each for each in element if name(each) == "link" and each.get("rel", "alternate") == rel]
    pages = [each for each in links if "html" in each.get("type", "html")]
    found = next(iter(pages or links), None)
    return (found.get("href") or found.text or "").strip() if found is not None else ""


def _plain_link(element: Element) -> str:
    """Return the address in RSS's own <link>, where it is the text of the element."""
    for each in element:
        if name(each) == "link" and not each.tag.startswith(_ATOM) and not each.get("href"):
            return "".join((each.text or "").split())
    return ""


def _atom_text(element: Element, called: str) -> str:
    """Return an Atom text construct (RFC 4287, section 3.1): the text, or for `xhtml` the markup inside."""
    child = _child(element, called)
    if child is None:
        return ""
    is_inside = child.get("type", "text").lower() == "xhtml" or child.get("mode") == "xml"
    return inner(child) if is_inside or len(child) else child.text or ""


def _is_plain(element: Element, called: str) -> bool:
    child = _child(element, called)
    return child is not None and not len(child) and "html" not in child.get("type", "text").lower()


def _child(element: Element, called: str) -> Element | None:
    return next((each for each in element if name(each) == called), None)


def _text(element: Element, called: str, *, media: bool = True) -> str:
    for each in element:
        if name(each) == called and (media or not each.tag.startswith(_MEDIA)):
            text = (inner(each) if len(each) else each.text or "").strip()
            if text:
                return text
    return ""


def _texts(element: Element, called: str) -> list[str]:
    return [(each.text or "").strip() for each in element if name(each) == called]


#: Root element -> reader.
READERS: dict[str, Callable[[Element, Feed, int], None]] = {
    "rss": _read_rss,
    "rdf": _read_rss,
    "feed": _read_atom,
    "urlset": _read_sitemap,
}

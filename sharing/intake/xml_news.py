"""Reader of agency news in XML: IPTC NewsML-G2 (iptc.org/standards/newsml-g2) and NITF (iptc.org/standards/nitf)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from sharing.domain.refusal import Refusal
from sharing.intake import safe_xml, times, values
from sharing.intake.entry import Entry
from sharing.intake.reading import Event, Reading
from sharing.intake.safe_xml import Element, all_text, name

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Root element -> format.
ROOTS = {
    "newsmessage": "newsml",
    "newsitem": "newsml",
    "packageitem": "newsml",
    "conceptitem": "newsml",
    "knowledgeitem": "newsml",
    "planningitem": "newsml",
    "nitf": "nitf",
}
_ITEMS = tuple(f"{{*}}{kind}" for kind in ("newsItem", "packageItem", "conceptItem", "planningItem"))
_MOST_ITEMS = 1000
#: Status words of both standards for articles that readers cannot see any more, or not yet.
_STATUS = {
    "canceled": Event.UNPUBLISHED,
    "cancelled": Event.UNPUBLISHED,
    "killed": Event.UNPUBLISHED,
    "withheld": Event.EMBARGOED,
    "embargoed": Event.EMBARGOED,
}


def read_xml_news(
    data: bytes, *, url: str | None, zone: times.Zone, now: datetime, address: str | None = None
) -> list[Reading]:
    """Read a NewsML-G2 message or item, or a NITF document.

    Agency news usually has no address. The source's template `address` makes one (`{id}`, `{section}`, `{year}`,
    `{month}`, `{day}`). A single item without an address gets `url`.

    Raises:
        Refusal: `article.bad_url`, `source.wrong_format`, `source.no_article`, `source.not_text`, `source.broken_xml`.
    """
    text = safe_xml.decode(data)
    kind = ROOTS.get(safe_xml.root_name(text) or "")
    if kind is None:
        raise Refusal("source.wrong_format", label="NewsML-G2, NITF")
    root = safe_xml.parse(text)
    items = islice(root.iter(*_ITEMS), _MOST_ITEMS)
    entries = [_nitf(root)] if kind == "nitf" else [_newsml(item) for item in items]
    if not entries:
        raise Refusal("source.no_article", label="NewsML-G2")
    for entry in entries:
        if address and "{" in address:
            entry.link = values.fill(address, partial(_part, entry, zone)) or entry.link
    if url and len(entries) == 1:
        entries[0].link = entries[0].link or url
    return [entry.reading(zone=zone, now=now, base=url) for entry in entries]


def _part(entry: Entry, zone: times.Zone, name: str) -> str | None:
    if name in {"year", "month", "day"}:
        return values.date_part(name, times.shown(entry.published, zone))
    return {"id": entry.id, "section": entry.section}.get(name) or None


def _newsml(item: Element) -> Entry:
    kind = _code(_first(item, "itemMeta", "itemClass")) or "text"
    if name(item) != "newsItem":
        kind = name(item)
    meta, content = _child(item, "itemMeta"), _child(item, "contentMeta")
    headlines = list(_all(content, "headline"))
    main = next((each for each in headlines if _role(each) in {"", "main"}), next(iter(headlines), None))
    copies = (e for kind in ("body.content", "inlineXML", "inlineData") for e in _every(item, kind))
    body = next((next(_every(each, "body"), each) for each in copies), None)
    entry = Entry(
        id=item.get("guid", ""),
        link=_page(meta) or (item.get("guid", "") if item.get("guid", "").startswith("http") else ""),
        title=_words(main) or _words(next(item.iter("{*}hl1"), None)),
        summary=_words(next((d for d in _all(content, "description") if _role(d) in {"", "summary"}), None)),
        body=safe_xml.inner(body) if body is not None else "",
        people=[_words(each) for each in _all(content, "by")]
        or [_words(_child(each, "name")) for each in _all(content, "creator")],
        section=_words(_first(meta, "service", "name")),
        tags=[
            *(_words(_child(each, "name")) for each in _all(content, "subject")),
            *(_words(each) for each in _all(content, "keyword")),
        ],
        language=_tag(content) or item.get(_XML_LANG, ""),
        published=_words(_child(meta, "firstCreated")) or _words(_child(meta, "versionCreated")),
        updated=_words(_child(meta, "versionCreated")),
        embargo=_words(_child(meta, "embargoed")),
        source=_words(_first(content, "infoSource", "name"))
        or _words(_first(item, "rightsInfo", "copyrightHolder", "name")),
        credit=_words(_child(content, "creditline")),
        event=_STATUS.get(_code(_child(meta, "pubStatus")), Event.PUBLISHED),
        what=kind,
    )
    if kind not in {"text", "composite", "newsItem"} and entry.event is not Event.UNPUBLISHED:
        entry.event = Event.OTHER
    return entry


def _nitf(root: Element) -> Entry:
    head, body = _child(root, "head"), _child(root, "body")
    data = _child(head, "docdata")
    lines = _child(body, "body.head")
    copy = _child(body, "body.content")
    headline = _words(next(_every(lines, "hl1"), None)) or _words(_child(head, "title"))
    identity = _child(data, "doc-id")
    picture = next((m for m in _every(copy, "media") if m.get("media-type", "image") == "image"), None)
    status = data.get("management-status", "").lower() if data is not None else ""
    return Entry(
        id=identity.get("id-string", "") if identity is not None else "",
        link=next(
            (m.get("content", "") for m in _all(head, "meta") if m.get("name") in {"url", "canonical"}), ""
        ),
        title=headline,
        summary=_words(next(_every(lines, "abstract"), None)),
        body=safe_xml.inner(copy) if copy is not None else "",
        people=[_byline(each) for each in _every(lines, "byline")],
        section=next((p.get("position.section", "") for p in _all(head, "pubdata")), ""),
        tags=[each.get("key", "") for each in _every(head, "keyword")],
        language=root.get(_XML_LANG, "") or (body.get(_XML_LANG, "") if body is not None else ""),
        published=_norm(data, "date.issue"),
        updated=_norm(data, "date.issue"),
        embargo=_norm(data, "date.release"),
        source=_words(next(_every(lines, "distributor"), None))
        or (identity.get("regsrc", "") if identity is not None else ""),
        image=next((r.get("source", "") for r in _every(picture, "media-reference")), ""),
        caption=_words(next(_every(picture, "media-caption"), None)),
        credit=_words(next(_every(picture, "media-producer"), None)),
        event=_STATUS.get(status, Event.PUBLISHED),
    )


def _byline(byline: Element) -> str:
    people = ", ".join(_words(person) for person in byline.iter("{*}person"))
    if people:
        return people
    return "".join([byline.text or "", *(each.tail or "" for each in byline)])


def _norm(data: Element | None, called: str) -> str:
    found = _child(data, called)
    return found.get("norm", "") if found is not None else ""


def _page(meta: Element | None) -> str:
    """Return the item's link to the page where it is published; empty if there is none."""
    for link in _all(meta, "link"):
        href = link.get("href", "")
        if href.startswith(("http://", "https://")) and "html" in link.get("contenttype", ""):
            return href
    return ""


def _tag(content: Element | None) -> str:
    found = _child(content, "language")
    return found.get("tag", "") if found is not None else ""


def _role(element: Element) -> str:
    return element.get("role", "").rpartition(":")[2].removeprefix("hld-").lower()


def _code(element: Element | None) -> str:
    """Return the last part of a code: `usable` for `stat:usable` and for the full URI."""
    if element is None:
        return ""
    written = element.get("qcode") or element.get("uri") or ""
    return written.rpartition(":")[2].rpartition("/")[2].lower()


def _words(element: Element | None) -> str:
    return " ".join(all_text(element).split()) if element is not None else ""


def _child(element: Element | None, called: str) -> Element | None:
    return next(_all(element, called), None)


def _all(element: Element | None, called: str) -> Iterator[Element]:
    return (each for each in (element if element is not None else ()) if name(each) == called)


def _every(element: Element | None, called: str) -> Iterator[Element]:
    return element.iter(f"{{*}}{called}") if element is not None else iter(())


def _first(element: Element | None, *path: str) -> Element | None:
    for called in path:
        element = _child(element, called)
    return element

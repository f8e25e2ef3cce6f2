"""Find out what comes in (a file, a page, the body of a hook, pasted text) and read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal
from sharing.intake import cms, feeds, safe_xml, strict_json, times, values, xml_news
from sharing.intake.article_json import read_article
from sharing.intake.reading import Event, Proof, Reading, read_as, unreadable

#: Largest input in bytes. Hooks have a smaller limit (1 MB), which is checked where they arrive.
LIMIT = 10_000_000

#: The names that `--format` takes. Without a name, the bytes decide the format.
FORMATS = ("article", *cms.NAMES, "feed", "newsml", "nitf", "page", "text")

_ALSO_CALLED = {
    "ans": "arcxp",
    "arc": "arcxp",
    "arcxp_ans": "arcxp",
    "atom": "feed",
    "feeds": "feed",
    "html": "page",
    "json_ld": "jsonld",
    "jsonfeed": "feed",
    "newsml_g2": "newsml",
    "pasted": "text",
    "rss": "feed",
    "sitemap": "feed",
    "wp": "wordpress",
}
#: First bytes of files whose text cannot be read -> the names of their formats.
_BINARY = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP, DOCX, HWPX"),
    (b"\xd0\xcf\x11\xe0", "HWP, DOC"),
    (b"HWP Document File", "HWP"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "WebP, WAV"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3"),
    (b"SQLite format", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_JSON_START = re.compile(rb'\s*(?:\{\s*(?:"|\})|\[\s*(?:[{\["\]\d-]|true|false|null))')
_STATUS_EVENT = {
    Status.PUBLISHED: Event.PUBLISHED,
    Status.DRAFT: Event.DRAFT,
    Status.SCHEDULED: Event.SCHEDULED,
    Status.WITHDRAWN: Event.UNPUBLISHED,
    Status.EMBARGOED: Event.EMBARGOED,
}


def read(
    data: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    format: str | None = None,
    zone: times.Zone,
    now: datetime,
    headers: Mapping[str, str] | None = None,
    address: str | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> list[Reading]:
    """Read the articles in `data`.

    Args:
        data: the bytes as they came.
        url: the address of the bytes. An article without an address gets it; relative addresses are joined to it.
        content_type: the media type that the sender gave; used only if the bytes do not decide.
        format: one of `FORMATS` or another name of one; None or "auto" lets the bytes decide.
        zone: the desk's zone, or the source's notation of times. Times without a zone are in it.
        now: the present time, aware; decides whether an embargo is over and whether an article is old.
        headers: headers of the hook's request; some CMSs say there what happened.
        address: the source's site address or template, such as `https://news.example/{slug}`.
        mapping: the desk's own table of paths (docs/sources.md); the payload is then JSON of that shape.

    Returns:
        At least one Reading; the Readings of a feed are newest first.

    Raises:
        Refusal: nothing can be read: `source.too_big`, `source.empty`, `source.binary` (kind),
            `source.not_recognised`, `source.wrong_format`, `source.unknown_format`, `source.bad_address`,
            and the codes of `strict_json`, `safe_xml`, the feed reader and the page reader. An error in one article
            of several is in its Reading.
    """
    if len(data) > LIMIT:
        raise Refusal("source.too_big", status=413, limit=LIMIT)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Refusal("source.empty")
    wanted = _wanted(format)
    if url is not None:
        url = values.address(url, "url")
    kind = "json" if mapping is not None else wanted or _kind(data, content_type or "")
    context = cms.Context(zone=zone, now=now, headers=headers or {}, url=url, address=address)
    match kind:
        case "json" | "article":
            return _read_json(strict_json.load(data), wanted, context, mapping)
        case "feed":
            return feeds.read_feed(data, url=url, zone=zone, now=now)
        case "newsml" | "nitf":
            return xml_news.read_xml_news(data, url=url, zone=zone, now=now, address=address)
        case "page" | "text":
            return [_read_words(kind, data, content_type, context)]
        case _:
            return cms.read_cms(strict_json.load(data), context, cms.table(kind))


def _wanted(name: str | None) -> str | None:
    if name is None or name in {"", "auto"}:
        return None
    given = name.lower().replace("-", "_")
    found = _ALSO_CALLED.get(given, given)
    if found not in FORMATS:
        raise Refusal(
            "source.unknown_format", field="format", format=values.clean_fact(name), known=", ".join(FORMATS)
        )
    return found


def _kind(data: bytes, content_type: str) -> str:
    _refuse_binary(data)
    media_type = content_type.partition(";")[0].strip().lower()
    if _JSON_START.match(data.removeprefix(b"\xef\xbb\xbf")) or media_type.endswith(("/json", "+json")):
        return "json"
    text = safe_xml.decode(data)
    if _JSON_START.match(text[:200].encode(errors="replace")):
        return "json"  # JSON in UTF-16: `strict_json` refuses it, with the reason
    root = safe_xml.root_name(text)
    if root in feeds.ROOTS:
        return "feed"
    if root in xml_news.ROOTS:
        return xml_news.ROOTS[root]
    from sharing.intake.page import is_html  # noqa: PLC0415 - pages bring their own dependencies

    if text.lstrip().startswith("<?xml") and root != "html":
        raise Refusal("source.not_recognised", what=values.clean_fact(root or "XML"))
    return "page" if is_html(data, content_type) else "text"


def _refuse_binary(data: bytes) -> None:
    for start, kind in _BINARY:
        if data.startswith(start):
            raise Refusal("source.binary", kind=kind)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
    if b"ftyp" in data[4:12] or (b"\x00" in data[:8192] and not wide):
        raise Refusal("source.not_text")


def _read_json(
    body: Any, wanted: str | None, context: cms.Context, mapping: Mapping[str, Any] | None
) -> list[Reading]:
    if mapping is not None:
        return cms.read_cms(body, context, cms.own_table(mapping))
    several = body.get("articles") if isinstance(body, dict) else None
    if isinstance(several, list) and (wanted == "article" or not any(map(_is_foreign, several))):
        given = cms.at_most(several)
        if not given:
            raise Refusal("source.empty")
        return [_read_own({"article": each}, context, several=len(given) > 1) for each in given]
    alone = body.get("article") if isinstance(body, dict) else None
    if wanted == "article" or (isinstance(alone, dict) and not _is_foreign(alone)):
        return [_read_own(body, context)]
    if feeds.is_json_feed(body):
        return feeds.read_json_feed(body, url=context.url, zone=context.zone, now=context.now)
    return cms.read_cms(body, context, None)


def _is_foreign(article: Any) -> bool:
    """Tell whether the object under `article` has the form of an in-house CMS: `title` instead of `headline`."""
    return isinstance(article, dict) and bool(article.get("title")) and "headline" not in article


def _read_own(body: Any, context: cms.Context, *, several: bool = False) -> Reading:
    """Make the Reading of `{"article": {...}, "event": ...}`. Without an event, the status of the article decides.

    A sender of our own format says exactly what happened, so an old article is not treated as an import.
    """
    event: Event | None = None
    if isinstance(body, dict) and body.get("event") is not None:
        if body["event"] not in Event.__members__.values():
            raise Refusal("article.bad_field", field="event", value=values.clean_fact(body["event"]))
        event = Event(body["event"])
    try:
        article = read_article(body, zone=context.zone)
    except Refusal as refusal:
        if not several and event not in {Event.DELETED, Event.UNPUBLISHED}:
            raise
        given = body.get("article")
        source_id = given.get("source_id") if isinstance(given, dict) else None
        return unreadable(
            refusal,
            event or Event.PUBLISHED,
            source_id=values.identity(source_id) if isinstance(source_id, str) else None,
        )
    article = context.with_address(article)
    happened = event or _STATUS_EVENT[article.status]
    if several and event is None and happened is Event.PUBLISHED:
        happened = Event.IMPORTED  # several articles without an event are a batch, not news of now
    return read_as(article, happened, now=context.now, proof=Proof.TRANSITION)


def _read_words(kind: str, data: bytes, content_type: str | None, context: cms.Context) -> Reading:
    _refuse_binary(data)
    article: Article
    zone = times.notation(context.zone).zone
    if kind == "page":
        from sharing.intake.page import read_page  # noqa: PLC0415

        article = read_page(data, url=context.url, content_type=content_type, zone=zone)
    else:
        from sharing.intake.pasted import read_pasted  # noqa: PLC0415

        article = read_pasted(safe_xml.decode(data), url=context.url, zone=zone)
    return read_as(
        article, _STATUS_EVENT[article.status], now=context.now, proof=Proof.TRANSITION, dated=False
    )

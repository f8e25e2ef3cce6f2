"""Find out what the bytes are before they are parsed: a page, or a file without a headline."""

from __future__ import annotations

import re

from sharing.domain.refusal import Refusal

_PREAMBLE = rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*|<!DOCTYPE svg[^>]{0,300}>\s*){0,3}"
# First bytes of files (mimesniff.spec.whatwg.org, section 6).
_FILES = (
    ("page.image", rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|....ftyp(?:avif|heic|mif1)"),
    ("page.image", rb"BM....\0\0\0\0|II\*\0|MM\0\*|\0\0\x01\0|" + _PREAMBLE + rb"<svg[\s>]"),
    ("page.video", rb"....ftyp|\x1a\x45\xdf\xa3|RIFF....(?:AVI |WAVE)|FLV\x01|\0\0\x01[\xb3\xba]|#EXTM3U"),
    ("page.video", rb"ID3[\x02-\x04]|OggS|fLaC"),
    ("page.binary", rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!|\x7fELF|MZ..?\0|\xca\xfe\xba\xbe"),
    ("page.binary", rb"\xd0\xcf\x11\xe0|SQLite format|wOF"),
)
_MAGIC = tuple((kind, re.compile(start, re.DOTALL)) for kind, start in _FILES)
_PDF = b"%PDF-"
_BY_TYPE = {
    "application/pdf": "page.pdf",
    "image": "page.image",
    "video": "page.video",
    "audio": "page.video",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_TAGGED = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|title|meta|link|script|article|main|section|div|span|table|h1|h2|p|a|br"
    rb"|img|center|font)[\s>/]",
    re.IGNORECASE,
)
_OTHER_MARKUP = re.compile(
    _PREAMBLE + rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|newsItem|nitf)[\s>]", re.IGNORECASE
)


def is_html(data: bytes, content_type: str | None) -> bool:
    """Tell whether `data` is a page: its media type is HTML, or its first 2,000 bytes have tags of a page."""
    start = data[:2000]
    if _file_kind(start, None) or _OTHER_MARKUP.match(start):
        return False
    if "html" in (content_type or "").lower():
        return True
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return False
    return bool(_TAGGED.search(start.replace(b"\0", b"")))


def refuse_files(data: bytes, content_type: str | None) -> None:
    """Refuse files that are not pages.

    Raises:
        Refusal: `page.empty`, `page.pdf`, `page.image`, `page.video` (sound too) or `page.binary`.
    """
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\f"):
        raise Refusal("page.empty")
    kind = _file_kind(data[:4096], content_type)
    if kind:
        raise Refusal(kind)


def _file_kind(start: bytes, content_type: str | None) -> str | None:
    if _PDF in start[:1024] and not _TAGGED.search(start[:1024]):
        return "page.pdf"
    for kind, magic in _MAGIC:
        if magic.match(start):
            return kind
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or _TAGGED.search(start):
        return None
    if len(_CONTROLS.findall(start)) * 20 > len(start):
        return "page.binary"
    declared = (content_type or "").partition(";")[0].strip().lower()
    return _BY_TYPE.get(declared) or _BY_TYPE.get(declared.partition("/")[0])

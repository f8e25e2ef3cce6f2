"""A picture that somebody else named: fetched by the guarded fetcher, and told by its own bytes, never decoded.

What it is its first bytes say, not its sender; how large it is stands in its head. A flood of pixels is refused
before anybody makes room for it, and SVG is refused because it can carry script and load more.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sharing.domain.refusal import Refusal
from sharing.net.addresses import Allowed
from sharing.net.fetch import fetch

#: Bytes on the wire; pixels, of which decoding one takes four bytes.
LIMIT, MOST_PIXELS = 8_000_000, 40_000_000
_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif"
#: A JPEG's size stands behind its EXIF data and thumbnails; in a box of AVIF's head.
_HEAD = 1_000_000
#: Start of frame: all but the tables (C4, C8, CC) that lie between them (ITU T.81, table B.1).
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it came: its media type, its size in pixels, its bytes."""

    kind: str
    width: int
    height: int
    body: bytes


def fetch_picture(url: str, *, allowed: Allowed, deadline: float = 8) -> Picture:
    """GET a picture: JPEG, PNG, GIF, WebP or AVIF, up to 8 MB and 40 megapixels.

    Raises:
        Refusal: `fetch.*`, `url.*`; `page.answered` when it is not there; `picture.unknown`, `picture.too_large`.
    """
    found = fetch(url, allowed=allowed, accept=_ACCEPT, limit=LIMIT, deadline=deadline)
    if found.status != 200:
        raise Refusal("page.answered", field="image_url", answer=found.status, url=found.url[:300])
    return read_picture(found.body)


def read_picture(body: bytes) -> Picture:
    """What a picture's bytes say of it.

    Raises:
        Refusal: `picture.unknown`: it is none of those, or broken before its size; `picture.too_large`.
    """
    kind = kind_of(body)
    try:
        width, height = _SIZES[kind](body[:_HEAD])
    except (KeyError, ValueError, struct.error, IndexError):
        raise Refusal("picture.unknown", field="image_url") from None
    if not (width and height):
        raise Refusal("picture.unknown", field="image_url")
    if width * height > MOST_PIXELS:
        limit = MOST_PIXELS // 1_000_000
        raise Refusal("picture.too_large", field="image_url", width=width, height=height, limit=limit)
    return Picture(kind=kind, width=width, height=height, body=body)


def kind_of(body: bytes) -> str:
    """The media type by the first bytes; empty for what is no picture that a post can have."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if body[4:8] == b"ftyp" and body[8:12] in {b"avif", b"avis", b"mif1"} else ""


def _png(head: bytes) -> tuple[int, int]:
    if head[12:16] != b"IHDR":
        raise ValueError("no header")
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _jpeg(head: bytes) -> tuple[int, int]:
    at = 2
    while True:
        while head[at] != 0xFF:  # some cameras leave bytes between two segments
            at += 1
        while head[at] == 0xFF:
            at += 1
        marker = head[at]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", head, at + 4)
            return width, height
        if marker == 0xD9:
            raise ValueError("it ends before it begins")
        alone = marker == 0x01 or 0xD0 <= marker <= 0xD8
        at += 1 if alone else 1 + max(2, int.from_bytes(head[at + 1 : at + 3]))


def _webp(head: bytes) -> tuple[int, int]:
    """Its three forms (developers.google.com/speed/webp/docs/riff_container, read 2026-11-24)."""
    form = head[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if form == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no known form")


def _avif(head: bytes) -> tuple[int, int]:
    """The largest of its images: each has an `ispe` box (ISO/IEC 23008-12, 6.5.3)."""
    sizes: list[tuple[int, int]] = []
    at = head.find(b"ispe")
    while at >= 0 and len(sizes) < 64:
        width, height = struct.unpack_from(">II", head, at + 8)
        sizes.append((width, height))
        at = head.find(b"ispe", at + 4)
    return max(sizes, key=lambda size: size[0] * size[1])


_SIZES = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/avif": _avif,
}

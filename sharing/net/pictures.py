"""Fetch a picture from an address given by others, and read its type and size without decoding its pixels.

The first bytes decide the type, not the server's header. Pillow reads the size from the head. A picture with too
many pixels is refused before memory is used for it. SVG is refused because it can contain script and load more files.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from sharing.domain.refusal import Refusal
from sharing.net.addresses import Allowed
from sharing.net.fetch import fetch

#: Most bytes of a picture, and most pixels (a decoded pixel takes four bytes).
LIMIT, MOST_PIXELS = 8_000_000, 40_000_000
_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif"
#: Bytes that Pillow gets. The size of a JPEG comes after its EXIF data, thumbnails and profiles. Pillow reads these in
#: Python, one byte at a time in a hostile file: 8 MB took 25 s. WebP and AVIF are read in C, which needs all bytes.
_HEAD = 1_000_000
_WHOLE = frozenset({"image/webp", "image/avif"})
_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture: its media type, its size in pixels, and its bytes as they came."""

    kind: str
    width: int
    height: int
    body: bytes


def fetch_picture(url: str, *, allowed: Allowed, deadline: float = 8) -> Picture:
    """GET a picture: JPEG, PNG, GIF, WebP or AVIF, up to 8 MB and 40 megapixels.

    Raises:
        Refusal: `fetch.*`, `url.*`; `page.answered` if the status is not 200; `picture.unknown`, `picture.too_large`.
    """
    found = fetch(url, allowed=allowed, accept=_ACCEPT, limit=LIMIT, deadline=deadline)
    if found.status != 200:
        raise Refusal("page.answered", field="image_url", answer=found.status, url=found.url[:300])
    return read_picture(found.body)


def read_picture(body: bytes) -> Picture:
    """Read the type and size of a picture from its bytes.

    Raises:
        Refusal: `picture.unknown`: another type, or broken before its size can be read. `picture.too_large`.
    """
    kind = kind_of(body)
    if not kind:
        raise Refusal("picture.unknown", field="image_url")
    width, height = _size(kind, body if kind in _WHOLE else body[:_HEAD])
    return Picture(kind=kind, width=width, height=height, body=body)


def kind_of(body: bytes) -> str:
    """Return the media type by the first bytes; empty if it is not one of the five types."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if body[4:8] == b"ftyp" and body[8:12] in {b"avif", b"avis", b"mif1"} else ""


def _size(kind: str, head: bytes) -> tuple[int, int]:
    # Imported here: Pillow and its libraries take 30 MB, and most processes never read a picture. Importing these two
    # plugins registers them; `Image.open` registers those of the other three types.
    from PIL import AvifImagePlugin, Image, WebPImagePlugin  # noqa: F401, PLC0415

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(head), formats=(_NAMES[kind],)) as picture:
            width, height = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # noqa: BLE001 - its readers raise whatever a hostile file makes of them
        raise Refusal("picture.unknown", field="image_url") from None
    if width * height > MOST_PIXELS:
        raise _too_large()
    return width, height


def _too_large() -> Refusal:
    return Refusal("picture.too_large", field="image_url", limit=MOST_PIXELS // 1_000_000)

"""Pictures: real ones, and heads that say any size."""

import io
import struct
import zlib
from functools import cache

from PIL import Image


@cache
def _real(form, width, height, **options):
    with io.BytesIO() as file:
        Image.new("RGB", (width, height), (9, 80, 200)).save(file, form, **options)
        return file.getvalue()


def _chunk(name, data=b""):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height):
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT")
    )


def jpeg(width, height, before=b""):
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    start = b"\xff\xda\0\x0c\3" + b"\0" * 9
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\1\0\1\0\0" + before + frame + start + b"\xff\xd9"


def gif(width, height):
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, width, height) + b"\0\2\0"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0" + frame + b";"


def webp(width, height, form=b"VP8 "):
    """In one of its three forms; sizes over 16,383 are the canvas's of VP8X alone."""
    if form == b"VP8L":
        return _real("WEBP", width, height, lossless=True)
    if form == b"VP8 ":
        return _real("WEBP", width, height)
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = _real("WEBP", min(width, 16_383), min(height, 20))[12:]
    inner = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + canvas + inner
    return b"RIFF" + struct.pack("<I", len(inner) + 4) + b"WEBP" + inner


def avif(width, height):
    small = _real("AVIF", 20, 10)
    return small.replace(
        b"ispe" + struct.pack(">III", 0, 20, 10), b"ispe" + struct.pack(">III", 0, width, height)
    )


MAKERS = {"image/png": png, "image/jpeg": jpeg, "image/gif": gif, "image/webp": webp, "image/avif": avif}
REAL = {
    "image/png": lambda width, height: _real("PNG", width, height),
    "image/jpeg": lambda width, height: _real("JPEG", width, height),
    "image/gif": lambda width, height: _real("GIF", width, height),
    "image/webp": lambda width, height: _real("WEBP", width, height),
    "image/avif": lambda width, height: _real("AVIF", width, height),
}

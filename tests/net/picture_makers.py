"""Heads of pictures, as large as anybody says."""

import struct
import zlib


def png(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def jpeg(width, height, before=b""):
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\1\0\1\0\0" + before + frame + b"\xff\xd9"


def gif(width, height):
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0" * 8


def webp(width, height, form):
    if form == b"VP8X":
        data = b"\0" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif form == b"VP8L":
        data = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little")
    else:
        data = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF\0\0\0\0WEBP" + form + struct.pack("<I", len(data)) + data


def avif(width, height):
    box = struct.pack(">I", 20) + b"ispe" + b"\0\0\0\0" + struct.pack(">II", width, height)
    thumbnail = struct.pack(">I", 20) + b"ispe" + b"\0\0\0\0" + struct.pack(">II", 1, 1)
    return b"\0\0\0\x1cftypavif" + b"\0" * 16 + thumbnail + box


MAKERS = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/gif": gif,
    "image/webp": lambda w, h: webp(w, h, b"VP8X"),
    "image/avif": avif,
}

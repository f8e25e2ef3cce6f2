"""A reader for multipart/form-data, as far as the upload of one picture needs it (RFC 7578)."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The most parts of a form; a picture upload has three or four.
MOST_PARTS = 50
_NAME = re.compile(r'name="([^"]*)"')
_FILENAME = re.compile(r'filename="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file."""

    filename: str
    kind: str
    data: bytes


def multipart(body: bytes, content_type: str) -> dict[str, str | Upload]:
    """Return the fields of a multipart body, each a text or an Upload. Raises ValueError with a sentence."""
    found = re.search(r'boundary="?([^";,]{1,70})"?', content_type)
    if not found:
        raise ValueError("multipart/form-data without a boundary")
    mark = b"--" + found[1].encode("latin-1", "replace")
    parts = body.split(mark)
    if len(parts) > MOST_PARTS + 2:
        raise ValueError("too many parts in a form")
    if not parts[-1].startswith(b"--"):
        raise ValueError("the form is cut off")
    return dict(_part(part) for part in parts[1:-1])


def _part(part: bytes) -> tuple[str, str | Upload]:
    head, gap, data = part.partition(b"\r\n\r\n")
    if not gap or not data.endswith(b"\r\n"):
        raise ValueError("a part of the form has no end")
    lines = head.decode("utf-8", "replace").split("\r\n")
    about = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    disposition = about.get("content-disposition", "")
    name = _NAME.search(disposition)
    if not name:
        raise ValueError("a part of the form has no name")
    filename = _FILENAME.search(disposition)
    if filename:
        kind = about.get("content-type", "application/octet-stream")
        return name[1], Upload(filename[1], kind, data[:-2])
    try:
        return name[1], data[:-2].decode("utf-8")
    except UnicodeDecodeError as why:
        raise ValueError("a field of the form is not UTF-8") from why

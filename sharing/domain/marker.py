"""The marker: a code in the link. It identifies a post, even after its text was edited."""

from __future__ import annotations

import re
import secrets

#: 32 lower-case letters and digits, without 0, 1, l and o, which people misread. Every platform keeps lower case.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
LENGTH = 10
PATTERN = re.compile(rf"[{ALPHABET}]{{8,10}}")


def new_marker() -> str:
    """Make a marker of ten random characters (50 bits), too many to guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_marker(text: str) -> bool:
    """Whether `text` has the form of a marker."""
    return PATTERN.fullmatch(text) is not None

"""The marker: the code in the link by which a post is found again, even when its text was edited."""

from __future__ import annotations

import re
import secrets

#: Base 32 without 0, 1, l and o, which people misread; lower case, so that it survives every platform.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
LENGTH = 10
PATTERN = re.compile(rf"[{ALPHABET}]{{8,10}}")


def new_marker() -> str:
    """Ten random characters (50 bits): nobody can count through them."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_marker(text: str) -> bool:
    """Whether a code could be one of ours."""
    return PATTERN.fullmatch(text) is not None

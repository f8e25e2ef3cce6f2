"""JSON as RFC 8259 means it: one reading for everyone who reads the same bytes, in bounded time and depth."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from sharing.domain.refusal import Refusal

#: Deeper than this is an attack or an accident; real payloads stay under 20.
DEPTH = 100
#: Down to here stand the fields of an article and what happened to it. A key twice in one object is refused
#: there, because readers differ about which counts; deeper down (the renditions of a picture) real agencies
#: send it, and the last counts.
FIELDS_DEPTH = 3


class _Doubled(dict[str, Any]):
    """An object in which a key stood twice."""

    key = ""


def load(data: bytes) -> Any:
    """The value in `data`.

    Strict UTF-8 without a byte order mark (RFC 8259, section 8.1: none MUST be sent), no key twice where an
    article's fields stand, no NaN or Infinity, at most `DEPTH` levels.

    Raises:
        Refusal: `source.bom`, `source.not_utf8` (byte), `source.broken_json` (line, column),
            `source.double_key` (key), `source.not_a_number` (value), `source.too_deep` (limit).
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise Refusal("source.bom")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refusal("source.not_utf8", byte=error.start + 1) from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_short,
        )
    except json.JSONDecodeError as error:
        raise Refusal("source.broken_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Refusal("source.too_deep", limit=DEPTH) from None
    _check_levels(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            doubled.key = key
            break
        seen.add(key)
    return doubled


def _no_constant(word: str) -> NoReturn:
    raise Refusal("source.not_a_number", value=word)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Refusal("source.not_a_number", value=digits[:40])
    return number


def _short(digits: str) -> int:
    # Python reads long integers in quadratic time, and none of ours has more than 20 digits.
    if len(digits) > 400:
        raise Refusal("source.not_a_number", value=f"{digits[:40]}…")
    return int(digits)


def _check_levels(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise Refusal("source.too_deep", limit=DEPTH)
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                if depth <= FIELDS_DEPTH and isinstance(each, _Doubled):
                    raise Refusal("source.double_key", key=each.key[:80].encode(errors="replace").decode())
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        level = inner

"""Strict JSON (RFC 8259): every parser reads the same bytes the same way. Time and depth are bounded."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from sharing.domain.refusal import Refusal

#: Most levels of nesting. Real payloads have fewer than 20; more is an attack or an accident.
DEPTH = 100
#: Levels that hold the fields of an article and its event. In these levels a doubled key in one object is refused,
#: because parsers differ about which value counts. Deeper (the renditions of a picture) real agencies send doubled
#: keys; there the last value counts.
FIELDS_DEPTH = 3


class _Doubled(dict[str, Any]):
    """An object with a doubled key, which is in `key`."""

    key = ""


def load(data: bytes) -> Any:
    """Parse the JSON value in `data`.

    `data` must be strict UTF-8 without a byte order mark (RFC 8259, section 8.1: senders MUST NOT add one), without a
    doubled key in the first `FIELDS_DEPTH` levels, without NaN or Infinity, and at most `DEPTH` levels deep.

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
    # Python parses long integers in quadratic time. No integer of a real payload has more than 20 digits.
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

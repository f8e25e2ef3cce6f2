"""Article JSON: `{"article": {...}}`, the object of the public API (design.md, section 7)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sharing.domain.article import Article, Status
from sharing.domain.refusal import Refusal
from sharing.intake import times, values

#: Fields of one line -> their kinds in `LIMITS` of `words.unicode`.
_LINES = {
    "headline": "headline",
    "image_alt": "summary",
    "credit": "name",
    "section": "name",
    "site_name": "name",
    "source": "name",
    "source_id": "name",
    "label": "name",
}
_TEXTS = {"summary": "summary", "caption": "summary", "body": "body"}
_ADDRESSES = ("url", "canonical_url", "image_url")
_TIMES = ("published_at", "modified_at", "embargo_until")
#: Fields that hold a list -> the most entries.
_LISTS = {"authors": 100, "author_emails": 100, "tags": 200}
_CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def read_article(data: Any, *, zone: times.Zone) -> Article:
    """Read the Article in `{"article": {...}}`, or in that inner object.

    A field is absent if it is missing, null, "" or []. Unknown keys are ignored. Besides the fields of the public
    API, `body`, `label` and `channel_words` ({channel: words}) are read. A time without a zone is in the desk's
    `zone`. Example: `{"article": {"headline": "Rain", "url": "https://news.example/1"}}`.

    Raises:
        Refusal: `article.bad_field` (wrong type, status, language or e-mail address of an author),
            `article.no_headline`, `article.bad_url`, `article.bad_time`, `article.too_many`,
            `text.too_long`, `unicode.surrogate`; `field` names the field.
    """
    given = data["article"] if isinstance(data, dict) and "article" in data else data
    if not isinstance(given, dict):
        raise _bad("article", given)
    found: dict[str, Any] = {}
    for field, kind in _LINES.items():
        found[field] = values.line(_string(given, field), field, kind)
    for field, kind in _TEXTS.items():
        found[field] = values.text(_string(given, field), field, kind)
    for field in _ADDRESSES:
        written = _string(given, field)
        found[field] = values.address(written, field) if written else None
    found["status"] = _status(given)
    for field in _TIMES:
        found[field] = _time(given, field, zone, found["status"])
    for field, most in _LISTS.items():
        found[field] = _list(given, field, most)
    language = _string(given, "language")
    found["language"] = values.language(language) if language else None
    found["channel_words"] = _channel_words(given)
    if not found["headline"]:
        raise Refusal("article.no_headline", field="headline")
    return Article(**found)


def _bad(field: str, value: Any) -> Refusal:
    return Refusal("article.bad_field", field=field, value=values.clean_fact(value))


def _string(given: dict[str, Any], field: str) -> str:
    value = given.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _bad(field, value)
    return value if value.strip() else ""


def _time(given: dict[str, Any], field: str, zone: times.Zone, status: Status) -> datetime | None:
    value = given.get(field)
    if value is None or value == "":
        return None
    waits = field == "embargo_until" or (field == "published_at" and status is Status.SCHEDULED)
    try:
        return times.iso(value, zone, waits=waits)
    except times.Unclear:
        raise values.bad_time(value, field) from None


def _list(given: dict[str, Any], field: str, most: int) -> tuple[str, ...]:
    value = given.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _bad(field, value)
    if len(value) > most:
        raise Refusal("article.too_many", field=field, limit=most)
    if field == "author_emails":
        return tuple(values.email(each) for each in value if each.strip())
    lines = (values.line(each, field, "name") for each in value)
    return tuple(dict.fromkeys(each for each in lines if each))


def _status(given: dict[str, Any]) -> Status:
    word = _string(given, "status") or Status.PUBLISHED
    if word not in Status.__members__.values():
        raise _bad("status", word)
    return Status(word)


def _channel_words(given: dict[str, Any]) -> dict[str, str]:
    value = given.get("channel_words")
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(words, str) for words in value.values()):
        raise _bad("channel_words", value)
    if any(not _CHANNEL.fullmatch(channel) for channel in value):
        raise _bad("channel_words", next(c for c in value if not _CHANNEL.fullmatch(c)))
    cleaned = {channel: values.text(words, "channel_words", "words") for channel, words in value.items()}
    return {channel: words for channel, words in cleaned.items() if words}

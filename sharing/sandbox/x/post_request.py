"""Checks the body of `POST /2/tweets` key by key. Keys that the specification does not name are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sharing.sandbox.x.errors import Problem, invalid

ID = re.compile(r"[0-9]{1,19}")
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")

Check = Callable[[str, Any], None]


def _text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise _wrong(name, value, "string")


def _flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise _wrong(name, value, "boolean")


def _id(name: str, value: Any) -> None:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise invalid(f"[$.{name}: does not match the regex pattern ^[0-9]{{1,19}}$]", name, str(value))


def _one_of(*choices: str) -> Check:
    def check(name: str, value: Any) -> None:
        if value not in choices:
            raise invalid(
                f"[$.{name}: does not have a value in the enumeration {list(choices)}]", name, str(value)
            )

    return check


def _number(least: int, most: int) -> Check:
    def check(name: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(name, value, "integer")
        if not least <= value <= most:
            raise invalid(f"[$.{name}: must be between {least} and {most}]", name, str(value))

    return check


def _list(check_each: Check, least: int, most: int) -> Check:
    def check(name: str, value: Any) -> None:
        if not isinstance(value, list):
            raise _wrong(name, value, "array")
        if not least <= len(value) <= most:
            raise invalid(
                f"[$.{name}: there must be {least} to {most} items in the array]", name, str(len(value))
            )
        for number, each in enumerate(value):
            check_each(f"{name}[{number}]", each)

    return check


def _option(name: str, value: Any) -> None:
    _text(name, value)
    if not 1 <= len(value) <= 25:
        raise invalid(f"[$.{name}: must be 1 to 25 characters long]", name, value)


def _object(required: tuple[str, ...], **keys: Check) -> Check:
    def check(name: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise _wrong(name, value, "object")
        for key in required:
            if key not in value:
                raise invalid(f"[$.{name}.{key}: is missing but it is required]", name)
        _each(value, keys, f"{name}.")

    return check


def _each(value: dict[str, Any], keys: dict[str, Check], before: str = "") -> None:
    for key, inner in value.items():
        if key not in keys:
            words = "is not defined in the schema and the schema does not allow additional properties"
            raise invalid(f"[$.{before}{key[:80]}: {words}]", key[:80], str(inner))
        keys[key](f"{before}{key}", inner)


def _wrong(name: str, value: Any, kind: str) -> Problem:
    return invalid(f"[$.{name}: {type(value).__name__} found, {kind} expected]", name, str(value))


KEYS: dict[str, Check] = {
    "text": _text,
    "card_uri": _text,
    "community_id": _id,
    "direct_message_deep_link": _text,
    "edit_options": _object(("previous_post_id",), previous_post_id=_id),
    "for_super_followers_only": _flag,
    "geo": _object(("place_id",), place_id=_text),
    "made_with_ai": _flag,
    "media": _object(
        ("media_ids",),
        media_ids=_list(_id, 1, 4),
        tagged_user_ids=_list(_id, 0, 10),
        title=_text,
        description=_text,
    ),
    "nullcast": _flag,
    "paid_partnership": _flag,
    "poll": _object(
        ("options", "duration_minutes"),
        options=_list(_option, 2, 4),
        duration_minutes=_number(5, 10080),
        reply_settings=_one_of(*REPLY_SETTINGS),
    ),
    "quote_tweet_id": _id,
    "reply": _object(
        ("in_reply_to_tweet_id",),
        in_reply_to_tweet_id=_id,
        exclude_reply_user_ids=_list(_id, 0, 50),
        auto_populate_reply_metadata=_flag,
    ),
    "reply_settings": _one_of(*REPLY_SETTINGS),
    "share_with_followers": _flag,
}
#: Keys of which a post may have only one.
_ALONE = ("media", "poll", "quote_tweet_id", "card_uri")


def check_post_request(body: Any) -> dict[str, Any]:
    """Check and return the body of a create call. Raises Problem (400)."""
    if not isinstance(body, dict):
        raise _wrong("", body, "object")
    _each(body, KEYS)
    if not body.get("text", "").strip() and "media" not in body:
        raise invalid("[$.text: is missing but it is required unless media is given]", "text")
    together = [key for key in _ALONE if key in body]
    if len(together) > 1:
        raise invalid(f"[{' and '.join(together)} cannot be used together]", together[0])
    return body

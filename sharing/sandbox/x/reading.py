"""The list of a user's posts. Its query is checked as strictly as the specification demands."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Container
from datetime import datetime
from typing import Any

from sharing.sandbox.records import without_campaign
from sharing.sandbox.wire.exchange import Request
from sharing.sandbox.x.errors import Problem, invalid
from sharing.sandbox.x.post_request import ID
from sharing.sandbox.x.posts import Post, Posts, shown

_FIELDS = """
article attachments author_id card_uri community_id context_annotations conversation_id created_at
display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang note_tweet
possibly_sensitive public_metrics referenced_tweets reply_settings source text withheld
"""
FIELDS = frozenset(_FIELDS.split())
_QUERY = """
max_results pagination_token start_time end_time since_id until_id exclude tweet.fields post.fields
expansions user.fields media.fields poll.fields place.fields
"""
QUERY = frozenset(_QUERY.split())
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def fields_of(query: dict[str, str]) -> set[str]:
    """Return the fields requested as tweet.fields or post.fields. Raises Problem."""
    asked = [
        name for key in ("tweet.fields", "post.fields") for name in query.get(key, "").split(",") if name
    ]
    for name in asked:
        if name not in FIELDS:
            raise invalid(
                f"The `tweet.fields` query parameter value [{name[:80]}] is not one of the fields",
                "tweet.fields",
                name,
            )
    return set(asked)


def listed(request: Request, posts: Posts, user: str) -> dict[str, Any]:
    """Return one page of a user's posts, newest first. Raises Problem."""
    query = request.query
    _only_known(query)
    fields = fields_of(query)
    limit = _number(query.get("max_results", "10"))
    if request.page_size:
        limit = min(limit, request.page_size)
    chosen = _chosen(query)
    before = _token(query.get("pagination_token", ""))
    exclude = query.get("exclude", "").split(",") if query.get("exclude") else []
    if not set(exclude) <= {"replies", "retweets"}:
        raise invalid("The `exclude` query parameter value is not one of [replies,retweets]", "exclude")
    found: list[Post] = []
    now = time.time()
    with posts.lock:
        timeline = posts.timelines.get(user)
        for post in reversed(timeline.posts if timeline else []):
            if int(post.id) <= chosen["since_id"] or post.created < chosen["start_time"]:
                break
            if not int(post.id) < min(before, chosen["until_id"]) or post.created >= chosen["end_time"]:
                continue
            if (
                post.deleted
                or post.shows_at > now
                or post.replaced
                or ("replies" in exclude and post.reply_to)
            ):
                continue
            found.append(post)
            if len(found) > limit:
                break
        data = [_as_listed(shown(post, fields), request.beside) for post in found[:limit]]
    return _page(data, more=len(found) > limit)


def _as_listed(seen: dict[str, Any], beside: Container[str]) -> dict[str, Any]:
    """Return a post of a list with its links changed by the active faults."""
    if "no_links" in beside:
        seen.pop("entities", None)
    for each in seen.get("entities", {}).get("urls", ()):
        if "canonical_only" in beside:
            each["expanded_url"] = without_campaign(each["expanded_url"])
    return seen


def _page(data: list[dict[str, Any]], *, more: bool) -> dict[str, Any]:
    if not data:
        return {"meta": {"result_count": 0}}
    meta: dict[str, Any] = {
        "result_count": len(data),
        "newest_id": data[0]["id"],
        "oldest_id": data[-1]["id"],
    }
    if more:
        meta["next_token"] = base64.b32hexencode(data[-1]["id"].encode()).decode().lower().rstrip("=")
    return {"data": data, "meta": meta}


def _only_known(query: dict[str, str]) -> None:
    for name in query:
        if name not in QUERY:
            raise invalid(
                f"The query parameter [{name[:80]}] is not one of [{','.join(sorted(QUERY))}]", name[:80]
            )


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 5 <= int(text) <= 100:
        raise invalid(
            f"The `max_results` query parameter value [{text[:20]}] is not between 5 and 100",
            "max_results",
            text,
        )
    return int(text)


def _chosen(query: dict[str, str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {"since_id": 0, "until_id": 10**19, "start_time": 0.0, "end_time": 9e99}
    for name in chosen.keys() & query.keys():
        chosen[name] = int(_id(name, query[name])) if name.endswith("_id") else _moment(name, query[name])
    return chosen


def _id(name: str, text: str) -> str:
    if not ID.fullmatch(text):
        raise invalid(
            f"The `{name}` query parameter value [{text[:20]}] does not match ^[0-9]{{1,19}}$", name, text
        )
    return text


def _moment(name: str, text: str) -> float:
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).timestamp()
    except ValueError:
        pass
    raise invalid(f"The `{name}` query parameter value [{text[:40]}] is not a valid RFC3339 time", name, text)


def _token(text: str) -> int:
    if not text:
        return 10**19
    try:
        found = base64.b32hexdecode(text.upper() + "=" * (-len(text) % 8)).decode("ascii")
    except ValueError:  # not base32, not ASCII
        raise _bad_token(text) from None
    if not ID.fullmatch(found):
        raise _bad_token(text)
    return int(found)


def _bad_token(text: str) -> Problem:
    return invalid(
        f"The `pagination_token` query parameter value [{text[:40]}] is not valid", "pagination_token", text
    )

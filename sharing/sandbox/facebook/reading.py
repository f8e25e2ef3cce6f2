"""Reads posts for the API: fields, lists, cursors."""

from __future__ import annotations

import base64
import binascii
import re
import time
from collections.abc import Callable, Container
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from sharing.sandbox.facebook.errors import invalid
from sharing.sandbox.facebook.params import Params
from sharing.sandbox.facebook.posts import Post, Posts, Timeline
from sharing.sandbox.records import without_campaign

MOST_AT_ONCE = 100
_FIELD = re.compile(r"[a-z_]{1,40}")

Shape = dict[str, Any]


def stamp(at: float) -> str:
    """Return a time as Graph writes it: 2026-11-24T15:58:00+0000."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def permalink(base: str, post: Post) -> str:
    """Return the address at which a reader sees the post: a page of the sandbox."""
    return f"{base}/see/facebook/{post.page}/{post.id}"


def _attachments(post: Post, base: str) -> Any:
    if not post.link:
        return {"data": [{"type": "photo", "url": permalink(base, post)}]} if post.photos else None
    # Facebook wraps every outgoing link; `unshimmed_url` is the unwrapped address.
    shim = f"https://l.facebook.com/l.php?u={quote(post.link, safe='')}&h=AT0sandbox"
    return {"data": [{"type": "share", "title": post.link, "url": shim, "unshimmed_url": post.link}]}


FIELDS: dict[str, Callable[[Post, str], Any]] = {
    "id": lambda post, _: post.id,
    "message": lambda post, _: post.message or None,
    "created_time": lambda post, _: stamp(post.created),
    "updated_time": lambda post, _: stamp(post.updated or post.created),
    "permalink_url": lambda post, base: permalink(base, post),
    "is_published": lambda post, _: post.published,
    "is_hidden": lambda post, _: post.hidden,
    "scheduled_publish_time": lambda post, _: int(post.scheduled) if post.scheduled else None,
    "status_type": lambda post, _: (
        "added_photos" if post.photos else "shared_story" if post.link else "mobile_status_update"
    ),
    "attachments": _attachments,
    "full_picture": lambda _post, _base: None,
    "message_tags": lambda _post, _base: None,
    "from": lambda post, _: {"id": post.page, "name": f"Sandbox {post.page}"},
}
#: Fields of an attachment that a call may ask for.
_INNER = frozenset(
    {"url", "unshimmed_url", "title", "type", "media", "description", "target", "subattachments"}
)


def wanted(params: Params, default: str, known: Any = FIELDS) -> Shape:
    """Read the `fields` parameter as a tree: name -> inner tree. Raises GraphError."""
    text = params.text("fields") or default
    if len(text) > 1000:
        raise invalid("param fields is too long.")
    shape, rest = _fields(text, 0)
    if rest != len(text):
        raise invalid("Syntax error in fields parameter")
    for name, inner in shape.items():
        if name not in known or (inner and (name != "attachments" or not inner.keys() <= _INNER)):
            raise invalid(f"Tried accessing nonexisting field ({name})")
    return shape


def _fields(text: str, at: int) -> tuple[Shape, int]:
    shape: Shape = {}
    while True:
        found = _FIELD.match(text, at)
        if not found:
            raise invalid("Syntax error in fields parameter")
        at = found.end()
        inner: Shape = {}
        if text[at : at + 1] == "{":
            closing = text.find("}", at)
            names = text[at + 1 : closing].split(",") if closing > 0 else [""]
            if not all(_FIELD.fullmatch(name) for name in names):
                raise invalid("Syntax error in fields parameter")
            inner, at = dict.fromkeys(names), closing + 1
        shape[found[0]] = inner
        if text[at : at + 1] != ",":
            return shape, at
        at += 1


def shown(post: Post, shape: Shape, base: str) -> dict[str, Any]:
    """Return the requested fields of a post. Like Graph, leave out empty fields and always give the id."""
    found: dict[str, Any] = {}
    for name, inner in shape.items():
        value = FIELDS[name](post, base)
        if name == "attachments" and value and inner:
            value = {"data": [{key: each[key] for key in each if key in inner} for each in value["data"]]}
        if value is not None:
            found[name] = value
    found["id"] = post.id
    return found


def _as_listed(post: Post, seen: dict[str, Any], beside: Container[str]) -> dict[str, Any]:
    """Return a post of a list with its link changed by the active faults."""
    if "no_links" in beside:
        seen.pop("attachments", None)
    for each in seen.get("attachments", {}).get("data", ()):
        if "canonical_only" in beside:
            each["url"] = without_campaign(post.link)
        if "unshimmed_only" in beside:
            each.pop("url", None)
        elif "shim_only" in beside or "canonical_only" in beside:
            each.pop("unshimmed_url", None)
    return seen


def listed(params: Params, posts: Posts, page: str, kind: str, base: str) -> dict[str, Any]:
    """Return one page of a list (`feed`, `posts`, `published_posts` or `scheduled_posts`), newest first."""
    shape = wanted(params, "id,message,created_time")
    limit = params.number("limit", default=25, most=MOST_AT_ONCE)
    limit = min(limit, params.request.page_size or limit)
    since, until = params.moment("since"), params.moment("until")
    now = time.time()

    def belongs(post: Post) -> bool:
        if kind == "scheduled_posts":
            return post.scheduled is not None and not post.published and not post.deleted
        return post.visible and post.shows_at <= now and (until is None or post.created <= until)

    with posts.lock:
        timeline = posts.timelines.get(page) or Timeline()
        index = (
            timeline.before(_number(params.text("after"))) if params.text("after") else len(timeline.posts)
        )
        found: list[Post] = []
        while index > 0 and len(found) <= limit:
            index -= 1
            post = timeline.posts[index]
            if since is not None and post.created < since:
                break
            if belongs(post):
                found.append(post)
        data = [_as_listed(post, shown(post, shape, base), params.request.beside) for post in found[:limit]]
    answer: dict[str, Any] = {"data": data}
    if data:
        cursors = {"before": _cursor(found[0]), "after": _cursor(found[:limit][-1])}
        answer["paging"] = {"cursors": cursors}
        if len(found) > limit:
            asked = {
                key: value for key, value in params.values.items() if key not in {"access_token", "after"}
            }
            path = params.request.path
            answer["paging"]["next"] = f"{base}{path}?{urlencode({**asked, 'after': cursors['after']})}"
    return answer


def _cursor(post: Post) -> str:
    return base64.urlsafe_b64encode(f"post:{post.number}".encode()).decode().rstrip("=")


def _number(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text.startswith("post:") and text[5:15].isdigit():
            return int(text[5:15])
    except (binascii.Error, ValueError):
        pass
    raise invalid("Invalid cursors values")

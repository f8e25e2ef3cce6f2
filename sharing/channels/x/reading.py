"""Reading a post of X's API: its links with their real targets, its words, its address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sharing.channels.likeness import links_in
from sharing.domain.account import Account
from sharing.domain.outcomes import Sighting

#: X shows every link as t.co. The real target is in `entities`, which may be missing.
OWN_HOSTS = frozenset({"t.co", "x.com", "twitter.com"})


def links_of(post: dict[str, Any]) -> list[str]:
    """Return every link of a post: the targets in its entities, and the links in its words."""
    urls = (post.get("entities") or {}).get("urls") or []
    expanded = [
        str(each[key])
        for each in urls
        if isinstance(each, dict)
        for key in ("expanded_url", "unwound_url")
        if each.get(key)
    ]
    return [*expanded, *links_in(words_of(post))]


def words_of(post: dict[str, Any]) -> str:
    """Return the post's text."""
    return str(post.get("text") or "")


def sighting(account: Account, post: dict[str, Any]) -> Sighting:
    """Return the post's id, address and time."""
    post_id = str(post["id"])
    return Sighting(
        remote_id=post_id, permalink=permalink(account, post_id), at=_time(post.get("created_at"))
    )


def permalink(account: Account, post_id: str) -> str:
    """Return the post's address without a handle. X redirects it to the address with the current handle."""
    return f"{account.endpoints.x_site}/i/web/status/{post_id}"


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None

"""Reading a post of the Graph API: its links without Facebook's wrapping, its words, its address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sharing.channels.likeness import links_in
from sharing.domain.outcomes import Sighting

#: The fields that a look-up asks for. Nested attachments have their links in `target` and `subattachments`.
FIELDS = "id,message,created_time,permalink_url,attachments{unshimmed_url,url,target,subattachments}"
OWN_HOSTS = frozenset({"facebook.com", "fb.me", "fb.com"})
#: Hosts of Facebook's outgoing links: `https://l.facebook.com/l.php?u=ADDRESS&h=…`.
_SHIMS = frozenset({"l.facebook.com", "lm.facebook.com"})
_LINK_KEYS = frozenset({"url", "unshimmed_url"})


def links_of(post: dict[str, Any]) -> list[str]:
    """Return every link of a post, from attachments at any depth and from its words, without Facebook's wrapping."""
    return [unshimmed(link) for link in (*_attached(post.get("attachments")), *links_in(words_of(post)))]


def words_of(post: dict[str, Any]) -> str:
    """Return the post's words; "" if Graph shows none."""
    return str(post.get("message") or "")


def sighting(post: dict[str, Any]) -> Sighting:
    """Return the post's id, address and time."""
    permalink = post.get("permalink_url")
    return Sighting(remote_id=str(post["id"]), permalink=permalink, at=_time(post.get("created_time")))


def unshimmed(link: str) -> str:
    """Unwrap a link that Facebook has wrapped. Returns any other link unchanged.

    Host and path must equal Facebook's own exactly; else a foreign `…/l.php?u=` would be unwrapped, too.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() not in _SHIMS or parts.path != "/l.php":
        return link
    leads_to = parse_qs(parts.query).get("u", [])
    whole = len(leads_to) == 1 and leads_to[0].startswith(("http://", "https://"))
    return leads_to[0] if whole else link


def _attached(tree: Any) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from (value for key, value in each.items() if key in _LINK_KEYS and isinstance(value, str))
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _time(text: Any) -> datetime | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None

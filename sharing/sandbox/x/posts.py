"""X's posts and media: create, edit, delete, and their form in the API."""

from __future__ import annotations

import hashlib
import html
import itertools
import re
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from sharing.sandbox.accounts import Account
from sharing.sandbox.records import Record, Records, iso
from sharing.sandbox.x.counting import LIMIT, Url, links, weighted
from sharing.sandbox.x.errors import duplicate, forbidden, invalid, not_permitted

PREMIUM_LIMIT = 25_000
#: Seconds in which repeated words are refused. X only says "up to 12 hours, fluctuates".
DUPLICATE_WINDOW = 12 * 3600
EDIT_WITHIN, MOST_EDITS = 3600, 5
MOST_POSTS = 200_000
#: The most characters of all posts together.
MOST_CHARACTERS = 50_000_000
MOST_MEDIA = 1_000
#: A cashtag; a post on the self-serve plan may have one (changelog 2026-02-23).
_CASHTAG = re.compile(r"(?<![A-Za-z0-9$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?![A-Za-z0-9])")
#: The epoch of X's ids, in milliseconds.
_EPOCH = 1_288_834_974_657


@dataclass(slots=True)
class Post:
    """One post. Times are seconds since 1970; `words` is the text as it was sent."""

    id: str
    user: str
    words: str
    created: float
    shows_at: float
    links: list[Url]
    media: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    reply_to: str = ""
    deleted: bool = False
    planted: bool = False
    #: Whether a later edit replaces this post.
    replaced: bool = False
    record: Record | None = None


@dataclass(slots=True)
class Media:
    """One uploaded picture, until it expires."""

    id: str
    user: str
    ends: float
    size: int
    alt: str = ""


@dataclass(slots=True)
class Timeline:
    """A user's posts, oldest first, and for each text the last post that had it."""

    posts: list[Post] = field(default_factory=list)
    said: dict[str, Post] = field(default_factory=dict)


class Posts:
    """The posts of all users."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.lock = threading.RLock()
        self.timelines: dict[str, Timeline] = {}
        self.by_id: dict[str, Post] = {}
        self._size = 0
        self.media: dict[str, Media] = {}
        self._count = itertools.count()
        self._last = 0

    def new_id(self) -> str:
        """Return a new snowflake id: milliseconds and a counter, always larger than the one before."""
        with self.lock:
            number = ((int(time.time() * 1000) - _EPOCH) << 22) | (next(self._count) & 0xFFF)
            self._last = max(number, self._last + 1)
            return str(self._last)

    def create(self, user: str, words: str, *, lag: float = 0.0, **more: Any) -> Post:
        """Add a post and its record in the truth."""
        now = time.time()
        with self.lock:
            id_ = self.new_id()
            before: tuple[str, ...] = more.pop("history", ())
            if before and before[-1] in self.by_id:
                self.by_id[before[-1]].replaced = True
            history = (*before, id_)
            post = Post(id_, user, words, now, now + lag, links(words), history=history, **more)
            timeline = self.timelines.setdefault(user, Timeline())
            timeline.posts.append(post)
            timeline.said[_same(words)] = post
            self.by_id[id_] = post
            self._size += len(words)
            while len(self.by_id) > MOST_POSTS or self._size > MOST_CHARACTERS:
                self._drop_oldest()
            extra: dict[str, Any] = {"planted": True} if post.planted else {}
            if len(history) > 1:
                extra["edit_of"] = history[-2]
            link = post.links[0].expanded if post.links else None
            post.record = self.records.add("x", user, text=words, link=link, remote_id=id_, at=now, **extra)
        return post

    def _drop_oldest(self) -> None:
        oldest = self.by_id.pop(next(iter(self.by_id)))
        self._size -= len(oldest.words)
        timeline = self.timelines[oldest.user]
        timeline.posts.remove(oldest)
        if timeline.said.get(_same(oldest.words)) is oldest:
            del timeline.said[_same(oldest.words)]

    def repeats(self, user: str, words: str) -> bool:
        """Return whether the user posted the same words within the window, and that post still exists."""
        timeline = self.timelines.get(user)
        post = timeline.said.get(_same(words)) if timeline else None
        return post is not None and not post.deleted and post.created > time.time() - DUPLICATE_WINDOW

    def delete(self, post: Post) -> None:
        with self.lock:
            post.deleted = True
            if post.record is not None:
                post.record["deleted"] = True

    def rename(self, old: str, new: str) -> None:
        """Move the posts of a stopgap id to the real id."""
        with self.lock:
            timeline = self.timelines.pop(old, None)
            if timeline:
                self.timelines[new] = timeline
                for post in timeline.posts:
                    post.user = new
            self.records.move("x", old, new)

    def clear(self) -> None:
        with self.lock:
            self.timelines.clear()
            self.by_id.clear()
            self._size = 0
            self.media.clear()


def _same(words: str) -> str:
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", words).split()).encode()).hexdigest()


def check_words(account: Account, words: str, posts: Posts) -> None:
    """Raise Problem for words that X refuses: too long, repeated, two cashtags, control characters."""
    limit = PREMIUM_LIMIT if account.secrets.get("premium") else LIMIT
    if len(words) > PREMIUM_LIMIT * 2 or weighted(words) > limit:
        raise not_permitted()
    if any(unicodedata.category(each) == "Cc" and each not in "\n\r\t" for each in words):
        raise invalid("[$.text: contains characters that are not allowed]", "text")
    if len(_CASHTAG.findall(words)) > 1:
        raise invalid("A post may have one cashtag.", "text", words)
    if posts.repeats(account.id, words):
        raise duplicate()


def check_media(account: Account, wish: dict[str, Any], posts: Posts) -> tuple[str, ...]:
    """Return the ids of the post's media. Raises Problem for ids that are unknown, foreign or expired."""
    ids = tuple(wish.get("media", {}).get("media_ids", ()))
    for id_ in ids:
        media = posts.media.get(id_)
        if media is None or media.user != account.id or media.ends < time.time():
            raise invalid("Your media IDs are invalid.", "media.media_ids", id_)
    return ids


def edited(account: Account, wish: dict[str, Any], posts: Posts) -> Post | None:
    """Return the post that this one replaces; None for a new one. Raises Problem if it may not be edited."""
    previous = wish.get("edit_options", {}).get("previous_post_id")
    if previous is None:
        return None
    post = posts.by_id.get(previous)
    if post is None or post.user != account.id or post.deleted:
        raise invalid("The post to be edited does not exist.", "edit_options.previous_post_id", previous)
    first = posts.by_id.get(post.history[0], post)
    late = time.time() > first.created + EDIT_WITHIN
    if not account.secrets.get("premium") or late or len(post.history) > MOST_EDITS or post.replaced:
        raise forbidden("You are not permitted to edit this post.")
    return post


def api_text(post: Post) -> tuple[str, list[dict[str, Any]]]:
    """Return a post's text as in the API (t.co links, escaped HTML), and its URL entities."""
    text, entities, at = "", [], 0
    for link in post.links:
        text += html.escape(post.words[at : link.start], quote=False)
        short = (
            "https://t.co/" + hashlib.sha256(f"{post.id}{link.text}{link.start}".encode()).hexdigest()[:10]
        )
        bare = link.expanded.partition("://")[2]
        entities.append(
            {
                "start": len(text),
                "end": len(text) + len(short),
                "url": short,
                "expanded_url": link.expanded,
                "display_url": bare if len(bare) <= 27 else bare[:26] + "…",
            }
        )
        text += short
        at = link.end
    return text + html.escape(post.words[at:], quote=False), entities


def shown(post: Post, fields: set[str]) -> dict[str, Any]:
    """Return a post as in the API: always id, text and edit history; other fields on request."""
    text, entities = api_text(post)
    found: dict[str, Any] = {"id": post.id, "text": text, "edit_history_tweet_ids": list(post.history)}
    values: dict[str, Any] = {
        "created_at": iso(post.created),
        "author_id": post.user,
        "conversation_id": post.reply_to or post.history[0],
        "lang": "ko" if re.search("[가-힣]", post.words) else "en",
        "possibly_sensitive": False,
        "edit_controls": {
            "edits_remaining": max(0, MOST_EDITS - len(post.history) + 1),
            "is_edit_eligible": True,
            "editable_until": iso(post.created + EDIT_WITHIN),
        },
    }
    if entities:
        values["entities"] = {"urls": entities}
    if post.media:
        values["attachments"] = {"media_keys": [f"3_{each}" for each in post.media]}
    return found | {name: value for name, value in values.items() if name in fields}

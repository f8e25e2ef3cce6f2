"""The posts and photos of Pages: create, edit, delete."""

from __future__ import annotations

import bisect
import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sharing.sandbox.accounts import Account
from sharing.sandbox.facebook.errors import GraphError, by_code, invalid
from sharing.sandbox.facebook.params import Params
from sharing.sandbox.records import Record, Records
from sharing.sandbox.wire.loopback import NotReached, fetch, is_loopback

#: Characters. The API's documentation names no limit; publishers' tools found this one.
LONGEST_MESSAGE = 63_206
LARGEST_PHOTO = 4 * 1024 * 1024
MOST_POSTS = 200_000
#: The most characters of all posts together.
MOST_CHARACTERS = 50_000_000
#: Seconds from now: native scheduling takes 10 minutes to 30 days (sources differ about the upper limit).
SOONEST, LATEST = 600, 30 * 24 * 3600

#: The parameters that `POST /{page}/feed` takes here, of the 106 that the generated specification names.
FEED_PARAMS = (
    "message",
    "link",
    "published",
    "scheduled_publish_time",
    "unpublished_content_type",
    "backdated_time",
    "backdated_time_granularity",
    "attached_media",
    "targeting",
    "feed_targeting",
    "tags",
    "place",
    "breaking_news",
    "breaking_news_expiration",
    "enforce_link_ownership",
    "formatting",
    "call_to_action",
    "child_attachments",
)
PHOTO_PARAMS = (
    "url",
    "source",
    "message",
    "caption",
    "published",
    "temporary",
    "alt_text_custom",
    "scheduled_publish_time",
    "no_story",
    "targeting",
)
EDIT_PARAMS = (
    "message",
    "is_published",
    "is_hidden",
    "is_pinned",
    "scheduled_publish_time",
    "timeline_visibility",
)

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")


@dataclass(slots=True)
class Post:
    """One post of a Page. Times are seconds since 1970."""

    number: int
    id: str
    page: str
    message: str
    link: str
    created: float
    shows_at: float
    published: bool = True
    hidden: bool = False
    deleted: bool = False
    updated: float = 0.0
    scheduled: float | None = None
    photos: tuple[str, ...] = ()
    planted: bool = False
    record: Record | None = None

    @property
    def visible(self) -> bool:
        return self.published and not self.deleted and not self.hidden


@dataclass(slots=True)
class Photo:
    """An uploaded photo that posts may attach."""

    id: str
    page: str
    alt: str = ""


@dataclass(slots=True)
class Timeline:
    """A Page's posts in the order of their numbers."""

    posts: list[Post] = field(default_factory=list)

    def before(self, number: int) -> int:
        """Return how many posts have a smaller number."""
        return bisect.bisect_left(self.posts, number, key=lambda post: post.number)


class Posts:
    """The posts of all Pages."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.lock = threading.RLock()
        self.timelines: dict[str, Timeline] = {}
        self.by_id: dict[str, Post] = {}
        self._size = 0
        self.photos: dict[str, Photo] = {}
        self._numbers = itertools.count(1)

    def create(self, page: str, message: str, link: str, *, lag: float = 0.0, **more: Any) -> Post:
        """Add a post. A published post gets a record in the truth."""
        now = time.time()
        with self.lock:
            number = next(self._numbers)
            post_id = f"{page}_{122_000_000_000_000 + number}"
            post = Post(number, post_id, page, message, link, now, now + lag, **more)
            timeline = self.timelines.setdefault(page, Timeline())
            timeline.posts.append(post)
            self.by_id[post.id] = post
            self._size += len(message)
            while len(self.by_id) > MOST_POSTS or self._size > MOST_CHARACTERS:
                self._drop_oldest()
            if post.published:
                self._record(post)
        return post

    def _record(self, post: Post) -> None:
        more: dict[str, Any] = {"planted": True} if post.planted else {}
        post.record = self.records.add(
            "facebook",
            post.page,
            text=post.message,
            link=post.link or None,
            remote_id=post.id,
            at=time.time(),
            **more,
        )

    def _drop_oldest(self) -> None:
        oldest = self.by_id.pop(next(iter(self.by_id)))
        self._size -= len(oldest.message)
        self.timelines[oldest.page].posts.remove(oldest)

    def last(self, page: str) -> Post | None:
        """Return the newest visible post of a Page."""
        timeline = self.timelines.get(page)
        return next((post for post in reversed(timeline.posts) if post.visible), None) if timeline else None

    def publish(self, post: Post) -> None:
        """Make an unpublished post visible, once."""
        with self.lock:
            if post.published or post.deleted:
                return
            post.published, post.scheduled = True, None
            post.created = post.shows_at = time.time()
            self._record(post)

    def edit(self, post: Post, message: str) -> None:
        with self.lock:
            self._size += len(message) - len(post.message)
            post.message, post.updated = message, time.time()
            if post.record is not None:
                post.record["edited"] = message

    def delete(self, post: Post) -> None:
        with self.lock:
            post.deleted = True
            if post.record is not None:
                post.record["deleted"] = True

    def clear(self) -> None:
        with self.lock:
            self.timelines.clear()
            self.by_id.clear()
            self._size = 0
            self.photos.clear()


def wanted_post(params: Params, posts: Posts, account: Account) -> dict[str, Any]:
    """Check a create call and return the keyword arguments of `Posts.create`. Raises GraphError."""
    params.only(*FEED_PARAMS)
    message, link = checked_message(params), params.text("link")
    if link:
        _check_link(link)
    photos = _attached(params, posts, account.id)
    if not (message or link or photos):
        raise invalid("Missing message or attachment")
    published = params.flag("published", default=True)
    scheduled = params.moment("scheduled_publish_time")
    if scheduled is not None:
        if published:
            raise invalid("scheduled_publish_time needs published=false")
        if not time.time() + SOONEST <= scheduled <= time.time() + LATEST:
            raise invalid("The specified scheduled publish time is invalid.")
    last = posts.last(account.id)
    if published and last and not photos and (last.message, last.link) == (message, link):
        raise duplicate()
    return {
        "message": message,
        "link": link,
        "published": published,
        "scheduled": scheduled,
        "photos": photos,
    }


def duplicate() -> GraphError:
    """Return error 506: the same words and link as the last post."""
    error = by_code(506)
    error.title = "Duplicate Status Update"
    error.words = (
        "This status update is identical to the last one you posted. Try posting something different."
    )
    return error


def checked_message(params: Params) -> str:
    """Return the message parameter, checked. Raises GraphError."""
    message = params.text("message")
    if len(message) > LONGEST_MESSAGE:
        raise invalid(f"param message must be at most {LONGEST_MESSAGE} characters.")
    if "\x00" in message:
        raise invalid("param message must be a valid UTF-8 string.")
    return message


def _check_link(link: str) -> None:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        wrong = (
            parts.scheme not in {"http", "https"}
            or not host
            or parts.port == 0
            or any(map(str.isspace, link))
        )
    except ValueError:
        wrong, host = True, ""
    if wrong:
        raise invalid("The url you supplied is invalid", 2061006)
    if host == "facebook.com" or host.endswith(".facebook.com"):
        raise invalid("Links to facebook.com cannot be posted", 1609008)


def _attached(params: Params, posts: Posts, page: str) -> tuple[str, ...]:
    found = []
    for each in params.array("attached_media"):
        id_ = each.get("media_fbid") if isinstance(each, dict) else None
        photo = posts.photos.get(str(id_))
        if photo is None or photo.page != page:
            raise invalid(
                "Param attached_media[media_fbid] must be the id of an uploaded photo of this Page."
            )
        found.append(photo.id)
    return tuple(found)


def check_photo(params: Params) -> None:
    """Check the first bytes of a picture that was uploaded or lies on this machine. Raises GraphError."""
    source, url = params.values.get("source"), params.text("url")
    if source is None and not url:
        raise GraphError(324, "(#324) Requires upload file")
    if source is not None:
        data = getattr(source, "data", None)
    elif is_loopback(url):
        try:
            data = fetch(url).body
        except NotReached:
            data = None
    else:
        _check_link(url)
        return
    if data is None or len(data) > LARGEST_PHOTO or not data.startswith(_PICTURES):
        raise invalid("The photo could not be read, is over 4 MB or not a picture", 1366046)

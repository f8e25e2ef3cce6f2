"""The Message: the post that a channel composed, frozen on the Delivery. The preview shows exactly this post."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

#: The automatic wordings that a person may choose from.
VARIANTS = ("lead", "headline", "quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """The text that leads to the article.

    `words` are a person's own for one channel, without the link; None lets the channel write them.
    `variant` says which automatic wording: one of `VARIANTS`, or `template:NAME` (services.style).
    """

    words: str | None = None
    variant: str = "lead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A composed post.

    `text` is the words that the platform gets. `length` is the length of `text` in the channel's own unit, and `limit`
    the most that the platform allows (None: no limit is known). `body` is what is sent, ready for JSON. `card` is what
    readers see around the text and nobody can edit here: the headline in a link's card, the label of a button.
    """

    channel: str
    text: str
    link: str | None = None
    image_url: str | None = None
    length: int
    limit: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return all fields, ready for JSON; `Message.load` reads them back."""
        return asdict(self)

    def public(self) -> dict[str, Any]:
        """Return the public `message` object: all fields except `card`."""
        return {name: value for name, value in self.stored().items() if name != "card"}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Message:
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One visible piece of a preview: its name (`text`, `title`, `description`, ...) and its words."""

    name: str
    words: str
    editable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a reader will see. It is made from the Message alone."""

    channel: str
    parts: tuple[Part, ...]
    link: str | None = None
    image_url: str | None = None
    length: int = 0
    limit: int | None = None

    def words(self, name: str) -> str:
        return next((part.words for part in self.parts if part.name == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A Message that is ready to send: media uploaded, token fresh. Only the channel's `deliver` reads `extra`."""

    message: Message
    marker: str
    extra: Mapping[str, Any] = field(default_factory=dict)


def approved_hash(message: Mapping[str, Any], account: str) -> str:
    """Return the SHA-256 (hex) of the whole message and its account.

    Approval stores it and the last gate compares it, so what was approved is what is sent (promise 7 of design.md).
    """
    frozen = json.dumps([message, account], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(frozen.encode()).hexdigest()

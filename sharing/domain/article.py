"""The Article, as a publisher's page, feed or CMS describes it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sharing.domain.addresses import is_front_page


class Status(StrEnum):
    """The publisher's status of the article. Only a `published` article may go out at once."""

    PUBLISHED = "published"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"
    EMBARGOED = "embargoed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. A missing value is None or an empty tuple; times have a time zone; text is Unicode NFC.

    The fields up to `status` are public, in this order. The fields after it help us write the post and are not
    shown: the text of the body, the label from the CMS, and the words that the CMS has for a channel.
    """

    url: str | None = None
    canonical_url: str | None = None
    headline: str
    summary: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    authors: tuple[str, ...] = ()
    author_emails: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    embargo_until: datetime | None = None
    site_name: str | None = None
    source: str | None = None
    source_id: str | None = None
    status: Status = Status.PUBLISHED

    body: str | None = None
    label: str | None = None
    channel_words: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str | None:
        """The address for readers: the canonical one, unless it names only the site."""
        if self.canonical_url and self.url and is_front_page(self.canonical_url):
            return self.url
        return self.canonical_url or self.url

    def public(self) -> dict[str, Any]:
        """Return the public `article` object, ready for JSON."""
        return {name: _plain(getattr(self, name)) for name in PUBLIC_FIELDS}

    def stored(self) -> dict[str, Any]:
        """Return all fields, ready for JSON; `Article.load` reads them back."""
        return {each.name: _plain(getattr(self, each.name)) for each in dataclasses.fields(self)}

    @classmethod
    def load(cls, data: dict[str, Any]) -> Article:
        """Read what `stored` returned. Only for our own data; `sharing.intake` reads data from outside."""
        known = {each.name for each in dataclasses.fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        for name in ("authors", "author_emails", "tags"):
            values[name] = tuple(values.get(name) or ())
        for name in ("published_at", "modified_at", "embargo_until"):
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name])
        values["status"] = Status(values.get("status") or Status.PUBLISHED)
        return cls(**values)


PUBLIC_FIELDS = tuple(
    each.name for each in dataclasses.fields(Article) if each.name not in {"body", "label", "channel_words"}
)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value

"""The request and response bodies of the API. Its OpenAPI description is made from them."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict

from sharing.domain.article import Status


def _text(most: int | None = None) -> dict[str, Any]:
    limit = {"maxLength": most} if most else {}
    return {"anyOf": [{"type": "string", **limit}, {"type": "null"}]}


def _list(most: int) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": {"type": "string"}, "maxItems": most}, {"type": "null"}]}


_TIME = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
_ADDRESS = {"anyOf": [{"type": "string", "format": "uri", "maxLength": 2048}, {"type": "null"}]}
#: The article as `sharing.intake.article_json` reads it. Other keys are ignored.
ARTICLE: dict[str, Any] = {
    "required": ["headline"],
    "properties": {
        **dict.fromkeys(("url", "canonical_url", "image_url"), _ADDRESS),
        "headline": {"type": "string", "minLength": 1, "maxLength": 1000},
        **dict.fromkeys(("summary", "image_alt", "caption"), _text(10_000)),
        **dict.fromkeys(("credit", "section", "site_name", "source", "source_id", "label"), _text(300)),
        "body": _text(),
        "authors": _list(100),
        "author_emails": _list(100),
        "tags": _list(200),
        "language": _text(40),
        **dict.fromkeys(("published_at", "modified_at", "embargo_until"), _TIME),
        "status": {"enum": [*Status, None]},
        "channel_words": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def _or_null(schema: dict[str, Any]) -> None:
    for form in schema["anyOf"]:
        if form.get("type") == "object":
            form.update(ARTICLE)


_Id = Annotated[str, Field(max_length=20)]


class Strict(Schema):
    """A request body in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


class ShareIn(Strict):
    """The request to share: a source or an article, and the channels or accounts."""

    source: str | None = Field(None, max_length=2048, description="the address of the article")
    article: dict[str, Any] | None = Field(
        None, description="or the article itself", json_schema_extra=_or_null
    )
    channels: list[str] = Field(default_factory=list, max_length=50)
    accounts: list[str] = Field(default_factory=list, max_length=500)
    at: str | None = Field(None, max_length=60, description="ISO 8601; without zone it is the desk's time")
    embargo_until: str | None = Field(None, max_length=60)
    breaking: bool = False
    text: dict[str, str] = Field(default_factory=dict, description="a channel's own words, without link")
    wording: str | None = Field(
        None, max_length=20, description="of the automatic words: lead, headline or quote"
    )
    repeat: list[_Id] | _Id | None = Field(
        None,
        max_length=500,
        description="to send it once more: of each account to be repeated, the id of the newest delivery of this"
        " article that is not cancelled; accounts of which none is named get it only if they do not have it",
    )


class ComposeIn(Strict):
    """The request to compose. Nothing is stored."""

    source: str | None = Field(None, max_length=2048)
    article: dict[str, Any] | None = Field(None, json_schema_extra=_or_null)
    channels: list[str] | None = Field(
        None, max_length=50, description="left out or null: every channel; an empty list is refused"
    )
    link: str | None = Field(None, max_length=2048)
    text: dict[str, str] = Field(default_factory=dict)
    wording: str | None = Field(None, max_length=20)
    correcting: str | None = Field(
        None, max_length=70_000, description="the words that went out and were wrong"
    )
    mark: str | None = Field(
        None, max_length=20, description="notice or wire, as the desk does; remedy or reply"
    )
    case: str = Field("", max_length=100, description="the case number of a remedy or reply")


class ResolveIn(Strict):
    """The decision of a person who looked. `there` is the address of the post; all other decisions need a reason."""

    there: str | None = Field(None, max_length=2048)
    not_there: bool = False
    drop: bool = False
    decide: bool = Field(False, description="take the decision over from the look-up (to `review`)")
    reason: str = Field("", max_length=1000)


class CancelWish(Strict):
    """The request to cancel, with an optional reason."""

    reason: str = Field("", max_length=1000)


class DeliveryOut(Schema):
    """One delivery."""

    id: str
    channel: str
    account: str
    account_name: str
    mode: str
    state: str
    receipt: str | None
    text: str
    link: str | None
    length: int
    limit: int | None
    marker: str
    permalink: str | None
    remote_id: str | None
    due_at: str
    attempts: int
    code: str | None
    detail: str
    next: str


class ShareOut(Schema):
    """One share with its article and deliveries."""

    id: str
    url: str
    state: str
    breaking: bool
    mode: str
    by: str
    created_at: str
    article: dict[str, Any]
    deliveries: list[DeliveryOut]


class SkippedOut(Schema):
    """An account that was left out because it has the article already."""

    account: str
    delivery: str
    share: str
    state: str
    at: str


class WarningOut(Schema):
    """A finding of the desk's style rules about one channel's words. `level` is `warn` or `block`."""

    channel: str
    code: str
    level: str
    text: str


class SharedOut(Schema):
    """The answer to a share."""

    share: ShareOut
    skipped: list[SkippedOut]
    warnings: list[WarningOut]


class OneShareOut(Schema):
    """One share."""

    share: ShareOut


class OneDeliveryOut(Schema):
    """One delivery."""

    delivery: DeliveryOut


class MessageOut(Schema):
    """A composed message."""

    channel: str
    text: str
    link: str | None
    image_url: str | None
    length: int
    limit: int | None
    body: dict[str, Any]


class MessagesOut(Schema):
    """Composed messages."""

    messages: list[MessageOut]
    warnings: list[WarningOut]


class InboundOut(Schema):
    """A hook and its result."""

    inbound: str
    source: str
    received_at: str
    result: str | None
    share: str | None = None
    shares: list[str] | None = None
    gone: list[str] | None = None
    article: str | None = None
    live: int | None = None
    articles: list[dict[str, Any]] | None = None
    code: str | None = None
    facts: dict[str, str] | None = None

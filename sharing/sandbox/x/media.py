"""Media upload in one request, and alt texts."""

from __future__ import annotations

import base64
import time
from typing import Any

from sharing.sandbox.accounts import Account
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json
from sharing.sandbox.wire.forms import Upload
from sharing.sandbox.x.errors import invalid
from sharing.sandbox.x.posts import MOST_MEDIA, Media, Posts

LARGEST_IMAGE, LARGEST_GIF = 5 * 1024 * 1024, 15 * 1024 * 1024
EXPIRES_AFTER = 86_400
CATEGORIES = ("tweet_image", "tweet_gif", "tweet_video")
LONGEST_ALT = 1000
_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}


def upload(request: Request, account: Account, posts: Posts) -> Answer:
    """Store a picture (`POST /2/media/upload`), sent as multipart or as base64 in JSON. Raises Problem."""
    body = _body(request)
    media = body.get("media")
    if isinstance(media, Upload):
        data = media.data
    elif isinstance(media, str):
        try:
            data = base64.b64decode(media, validate=True)
        except ValueError:  # binascii.Error, or not even ASCII
            raise invalid("[$.media: is not base64]", "media") from None
    else:
        raise invalid("[$.media: is missing but it is required]", "media")
    if body.get("media_category") not in CATEGORIES:
        raise invalid(f"[$.media_category: is not one of {list(CATEGORIES)}]", "media_category")
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")
    if not kind:
        raise invalid("media type unrecognized.", "media")
    if len(data) > (LARGEST_GIF if kind == "image/gif" else LARGEST_IMAGE):
        raise invalid("The uploaded media is too large.", "media")
    id_ = posts.new_id()
    with posts.lock:
        posts.media[id_] = Media(id_, account.id, time.time() + EXPIRES_AFTER, len(data))
        while len(posts.media) > MOST_MEDIA:
            del posts.media[next(iter(posts.media))]
    return answer_json(
        {"data": {"id": id_, "media_key": f"3_{id_}", "size": len(data), "expires_after_secs": EXPIRES_AFTER}}
    )


def describe(request: Request, account: Account, posts: Posts) -> Answer:
    """Store an alt text (`POST /2/media/metadata`): {"id", "metadata": {"alt_text": {"text"}}}. Raises Problem."""
    body = _body(request)
    id_, metadata = body.get("id"), body.get("metadata")
    media = posts.media.get(id_) if isinstance(id_, str) else None
    if media is None or media.user != account.id:
        raise invalid("[$.id: is not the id of an uploaded media]", "id", str(id_))
    alt = metadata.get("alt_text") if isinstance(metadata, dict) else None
    text = alt.get("text") if isinstance(alt, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_ALT:
        raise invalid(f"[$.metadata.alt_text.text: must be 1 to {LONGEST_ALT} characters long]", "metadata")
    media.alt = text
    return answer_json({"data": {"id": id_, "associated_metadata": {"alt_text": {"text": text}}}})


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.parsed
    except UnreadableError as why:
        raise invalid(str(why)) from why
    if not isinstance(body, dict):
        raise invalid("[$: object expected]")
    return body

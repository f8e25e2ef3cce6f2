"""KakaoTalk Share: we prepare the message, and a person picks the chat (developers.kakao.com, read 2026-11-24).

Kakao has no API call that sends to a chat. A page of ours hands the template to Kakao's JavaScript SDK, and
Kakao's webhook reports to us when somebody has sent the message.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.channels.kakao import words as wording
from sharing.domain.account import Account, plain_number
from sharing.domain.article import Article
from sharing.domain.links import share_page
from sharing.domain.message import Message, Part, Prepared, Preview, Teaser
from sharing.domain.outcomes import Achieved, Found, Receipt, Sighting
from sharing.domain.refusal import Refusal
from sharing.domain.room import Field
from sharing.wording import catalogue

#: Characters. A text template holds 200 (SDK reference, KMTTextTemplate). A feed template names no limit and shows two
#: lines each of title and description. We keep both within 200, so a message works with and without a picture.
LIMIT = 200


class Kakao(Channel):
    """A KakaoTalk message: a bubble with picture, title, description and a button."""

    slug = "kakao"
    label = "KakaoTalk"
    limits = Limits(text=LIMIT)
    by_hand = True
    korean = "카카오톡"
    order = 30
    glyph = "g-k"
    utm = ("kakaotalk", "social")
    fields = (
        Field(name="title", english="KakaoTalk title", korean="카카오톡 제목", one_line=True),
        Field(name="description", english="KakaoTalk description", korean="카카오톡 설명"),
    )
    shows_picture = True
    achieves = Achieved.CONFIRMED
    practice_name = "Mulbit Daily (practice)"
    webhook_proof = "admin_key"
    secrets = ("rest_api_key", "javascript_key", "admin_key")
    secrets_needed = (frozenset({"javascript_key"}),)

    def canonical_id(self, remote_id: str) -> str:
        return plain_number(remote_id)

    def fit(self, words: str, *, korean: bool) -> str:
        title, mark, rest = words.partition("\n")
        return f"{wording.cut_title(title)}{mark}{wording.cut_text(rest) if mark else ''}"

    def practice_secrets(self) -> Mapping[str, str]:
        return {name: random.token_hex(16) for name in self.secrets}

    def registration(
        self, secrets: Mapping[str, str], *, desk: str, account: int, origins: Sequence[str]
    ) -> Mapping[str, Any]:
        return {
            **secrets,
            "js_domains": [desk],
            "product_domains": [desk, *origins],
            "webhook_url": f"{desk}/kakao/webhook/{account}",
        }

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        words = wording.compose(article, teaser)
        text = f"{words.title}\n{words.description}".strip()
        if len(text) > LIMIT:
            raise Refusal("kakao.too_long", field="text", over=len(text) - LIMIT, limit=LIMIT)
        leads_to = {"mobileWebUrl": link, "webUrl": link}
        button = catalogue.words("post.read_kakao", account.language)
        template: dict[str, object] = {
            "objectType": "text",
            "text": text,
            "link": leads_to,
            "buttonTitle": button,
        }
        if article.image_url:
            bubble = {
                "title": words.title,
                "description": words.description,
                "imageUrl": article.image_url,
                "link": leads_to,
            }
            template = {
                "objectType": "feed",
                "content": bubble,
                "buttons": [{"title": button, "link": leads_to}],
            }
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            image_url=article.image_url,
            length=len(text),
            limit=LIMIT,
            body=template,
        )

    def preview(self, message: Message) -> Preview:
        title, _, description = message.text.partition("\n")
        return Preview(
            channel=self.slug,
            parts=(
                Part(name="title", words=title),
                Part(name="description", words=description),
                Part(name="button", words=_button(message), editable=False),
            ),
            link=message.link,
            image_url=message.image_url,
            length=message.length,
            limit=message.limit,
        )

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        """Return the share page as receipt. Nothing is sent: a person must press send on that page."""
        page = share_page(account.endpoints.desk, prepared.marker)
        return Receipt(achieved=Achieved.PREPARED, remote_id=prepared.marker, permalink=page)

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        """Return the share page. It is a page of ours, so it always exists, and opening it twice changes nothing."""
        page = share_page(account.endpoints.desk, marker)
        return Found(sightings=(Sighting(remote_id=marker, permalink=page),))


def sdk_payload(message: Message, marker: str) -> dict[str, object]:
    """Return the argument for `Kakao.Share.sendDefault` on the share page.

    Kakao calls the webhook only if `serverCallbackArgs` is set (kakaotalk-share/callback). The marker in it tells
    us which delivery was sent.
    """
    return {**message.body, "serverCallbackArgs": {"marker": marker}}


def _button(message: Message) -> str:
    buttons = message.body.get("buttons")
    return str(buttons[0]["title"] if buttons else message.body.get("buttonTitle", ""))

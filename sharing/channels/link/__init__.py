"""Copy-link: a short address on this desk's own host, for a person to copy."""

from __future__ import annotations

from datetime import datetime

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.channels.link import words as wording
from sharing.domain.account import Account, ascii_host, host_name
from sharing.domain.article import Article
from sharing.domain.links import short_link
from sharing.domain.message import Message, Prepared, Teaser
from sharing.domain.outcomes import Achieved, Found, Receipt, Sighting


class Link(Channel):
    """A text for the clipboard with the short address in it."""

    slug = "link"
    label = "Link"
    limits = Limits(text=None)
    by_hand = True
    korean = "링크"
    order = 50
    glyph = "g-l"
    utm = ("copylink", "referral")
    fields = ()
    takes_cms_words = False
    achieves = Achieved.PREPARED
    practice_name = "Short links (practice)"

    def canonical_id(self, remote_id: str) -> str:
        return host_name(remote_id)

    def id_key(self, remote_id: str) -> str:
        return ascii_host(remote_id)

    def practice_id(self, number: str, desk: str) -> str:
        return desk

    def link(self, address: str, account: Account, marker: str | None) -> str:
        if marker is None:
            return super().link(address, account, marker)
        return short_link(account.endpoints.desk, marker)

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        del account
        text = wording.compose(article, teaser, link)
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            image_url=article.image_url,
            length=len(text),
            body={"text": text},
            card={"title": article.headline},
        )

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        """Return the short address as receipt. Nothing is sent."""
        address = short_link(account.endpoints.desk, prepared.marker)
        return Receipt(achieved=Achieved.PREPARED, remote_id=prepared.marker, permalink=address)

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        """Return the short address. It is ours, so it always exists."""
        address = short_link(account.endpoints.desk, marker)
        return Found(sightings=(Sighting(remote_id=marker, permalink=address),))

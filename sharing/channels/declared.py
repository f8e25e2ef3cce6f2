"""What a channel says of itself: names, limits, fields, words, addresses. Each has a default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.domain.outcomes import Achieved
from sharing.domain.room import Field, Room
from sharing.words.cut import fit
from sharing.words.markup import plain

#: Characters that `Channel.fit` leaves for a link and the line break before it: an address of a usual site with its
#: utm parameters and the marker.
LINK_ROOM = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the platform takes: `text` in the channel's own unit; None where it names no limit."""

    text: int | None
    unit: str = "characters"


class Declared:
    """The declarations of a channel, and what follows from them alone."""

    slug: ClassVar[str]
    #: Its name in English, and in Korean where that is another one.
    label: ClassVar[str]
    korean: ClassVar[str] = ""
    #: What a post may be as long as, its link included.
    limits: ClassVar[Limits]
    #: Its place in every list: ours have 10 to 50; channels with one number stand by slug.
    order: ClassVar[int] = 100
    #: The character or the glyph (of `glyphs.svg`) in its tile. Default: the first letter of the slug.
    letter: ClassVar[str] = ""
    glyph: ClassVar[str] = ""
    #: utm_source and utm_medium of its links. Default: the slug and `social`.
    utm: ClassVar[tuple[str, str] | None] = None
    #: What a person writes, each a part of `preview`. Several are joined by line breaks: the first is a title.
    fields: ClassVar[tuple[Field, ...]] = (Field(name="text", english="Text", korean="글"),)
    #: Whether the desk's tags stand under its words, and whether a CMS may carry words for it.
    takes_tags: ClassVar[bool] = False
    takes_cms_words: ClassVar[bool] = True
    #: What `lint` looks at: readers see the picture; a bare domain becomes a link.
    shows_picture: ClassVar[bool] = False
    links_bare_domains: ClassVar[bool] = False
    #: Whether `preview`'s part `text` ends in the link, which is then shown beside the words in the form.
    link_in_text: ClassVar[bool] = False
    #: Whether the form always counts the characters that are left, not only when few are.
    always_counts: ClassVar[bool] = False
    #: What a delivery has achieved when all went well.
    achieves: ClassVar[Achieved] = Achieved.POSTED
    #: The platform's usual address (`url`), and an account's page there, `{id}` in it.
    endpoint: ClassVar[str] = ""
    account_page: ClassVar[str] = ""
    #: What the practice account is called. Empty: there is none. Needs a fake platform (`sharedesk.sandboxes`).
    practice_name: ClassVar[str] = ""
    #: A person presses send (Kakao, copy-link): the receipt says `prepared`, and nobody pays or waits.
    by_hand: ClassVar[bool] = False
    #: What each post costs money for, so that no probe is sent through it.
    costs: ClassVar[bool] = False
    #: The secrets that an account of this channel may have, and the sets of which it must have one whole.
    secrets: ClassVar[tuple[str, ...]] = ()
    secrets_needed: ClassVar[tuple[frozenset[str], ...]] = ()
    #: The secret by which the platform proves that it is the one who confirms (a webhook of ours).
    webhook_proof: ClassVar[str] = ""

    def name(self, language: str) -> str:
        """The channel as its users write it, in Korean or in English."""
        return (language == "ko" and self.korean) or self.label

    def url(self, account: Account) -> str:
        """The address of this account's platform, without a slash at the end.

        The sandbox's `/{slug}` for a practice account; else SHAREDESK_CHANNEL_{SLUG}_URL, else `endpoint`.
        """
        return account.endpoints.other.get(self.slug, self.endpoint).rstrip("/")

    def page_of(self, remote_id: str) -> str:
        """The account as its readers see it; empty where there is no such page."""
        return self.account_page.format(id=quote(remote_id, safe=""))

    @property
    def source(self) -> tuple[str, str]:
        """utm_source and utm_medium of its links."""
        return self.utm or (self.slug, "social")

    def fit(self, words: str, *, korean: bool) -> str:
        """A template's words, cut to what the channel takes beside the link. Default: `limits` less `LINK_ROOM`."""
        del korean
        return fit(words, max(self.limits.text - LINK_ROOM, 1)) if self.limits.text else words

    @property
    def room(self) -> Room:
        """What templates and `lint` need to know of this channel."""
        return Room(
            fit=lambda words, korean: self.fit(words, korean=korean),
            has_title=len(self.fields) > 1,
            shows_picture=self.shows_picture,
            links_bare_domains=self.links_bare_domains,
        )

    def given_words(self, article: Article, teaser: Teaser) -> str | None:
        """A person's words as they are, else the CMS's for this channel, cut to fit; None: the channel writes."""
        if teaser.words is not None:
            return teaser.words
        from_cms = plain(article.channel_words.get(self.slug, "")) if self.takes_cms_words else ""
        return self.fit(from_cms, korean=article.language == "ko") if from_cms else None

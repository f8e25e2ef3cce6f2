"""The declarations of a channel: names, limits, form fields, addresses. Most have a default."""

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

#: Characters that `Channel.fit` keeps free for a line break and a link: a usual address with UTM parameters and
#: marker.
LINK_ROOM = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The longest text that the platform accepts, in `unit`. None: the platform names no limit."""

    text: int | None
    unit: str = "characters"


class Declared:
    """The declarations of a channel, and the methods that need nothing else."""

    slug: ClassVar[str]
    #: The channel's name in English, and in Korean if that name differs.
    label: ClassVar[str]
    korean: ClassVar[str] = ""
    #: The longest post, its link included.
    limits: ClassVar[Limits]
    #: The channel's place in every list. Built-in channels have 10 to 50; equal numbers are sorted by slug.
    order: ClassVar[int] = 100
    #: The character, or the glyph of `glyphs.svg`, in the channel's tile. Default: the first letter of the slug.
    letter: ClassVar[str] = ""
    glyph: ClassVar[str] = ""
    #: utm_source and utm_medium of the channel's links. Default: the slug and `social`.
    utm: ClassVar[tuple[str, str] | None] = None
    #: The fields that a person fills in; each is a part of `preview`. Line breaks join the words of several fields,
    #: and the first of them is the title.
    fields: ClassVar[tuple[Field, ...]] = (Field(name="text", english="Text", korean="글"),)
    #: Whether the desk's tags are added under the automatic words, and whether a CMS may supply words for this channel.
    takes_tags: ClassVar[bool] = False
    takes_cms_words: ClassVar[bool] = True
    #: For `lint`: whether readers see the picture, and whether the platform turns a bare domain into a link.
    shows_picture: ClassVar[bool] = False
    links_bare_domains: ClassVar[bool] = False
    #: Whether the part `text` of `preview` ends in the link. The form then shows the link beside the words.
    link_in_text: ClassVar[bool] = False
    #: Whether the form always shows how many characters are left, not only when few are left.
    always_counts: ClassVar[bool] = False
    #: What a successful delivery has achieved.
    achieves: ClassVar[Achieved] = Achieved.POSTED
    #: The platform's usual base URL (see `url`), and the address of an account's page with `{id}` in it.
    endpoint: ClassVar[str] = ""
    account_page: ClassVar[str] = ""
    #: The name of the practice account. Empty: no practice account. Needs a fake platform (`sharedesk.sandboxes`).
    practice_name: ClassVar[str] = ""
    #: Whether a person sends the message (KakaoTalk, copy-link): the receipt says `prepared`; no cost, no waiting.
    by_hand: ClassVar[bool] = False
    #: Whether each post costs money; then no probe may be a post.
    costs: ClassVar[bool] = False
    #: The names of secrets that an account may have, and the sets that are enough: an account needs one complete set.
    secrets: ClassVar[tuple[str, ...]] = ()
    secrets_needed: ClassVar[tuple[frozenset[str], ...]] = ()
    #: The secret that the platform sends to our webhook to prove who it is.
    webhook_proof: ClassVar[str] = ""

    def name(self, language: str) -> str:
        """Return the channel's name in Korean (`ko`) or English."""
        return (language == "ko" and self.korean) or self.label

    def url(self, account: Account) -> str:
        """Return the base URL of this account's platform, without a slash at the end.

        For a practice account: the sandbox's `/{slug}`. Else SHAREDESK_CHANNEL_{SLUG}_URL, else `endpoint`.
        """
        return account.endpoints.other.get(self.slug, self.endpoint).rstrip("/")

    def page_of(self, remote_id: str) -> str:
        """Return the address of the account's public page; empty if the channel has no such page."""
        return self.account_page.format(id=quote(remote_id, safe=""))

    @property
    def source(self) -> tuple[str, str]:
        """utm_source and utm_medium of the channel's links."""
        return self.utm or (self.slug, "social")

    def fit(self, words: str, *, korean: bool) -> str:
        """Cut a template's words so that they fit beside the link. Default: `limits.text` less `LINK_ROOM`."""
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
        """Return a person's words unchanged, else the CMS's words for this channel, cut to fit, else None."""
        if teaser.words is not None:
            return teaser.words
        from_cms = plain(article.channel_words.get(self.slug, "")) if self.takes_cms_words else ""
        return self.fit(from_cms, korean=article.language == "ko") if from_cms else None

"""The Channel contract: a channel translates; the base owns transport, errors and redaction."""

from __future__ import annotations

import secrets as random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.links import tagged
from sharing.domain.message import Message, Part, Prepared, Preview, Teaser
from sharing.domain.outcomes import Achieved, Found, Receipt, Unsupported
from sharing.domain.refusal import Refusal
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


class Channel(ABC):
    """How an Account is reached.

    A channel never loops, sleeps, retries, follows a redirect or makes a second mutation. `slug` is also
    its entry-point name in the group `sharing.channels`.
    """

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

    def canonical_id(self, remote_id: str) -> str:
        """The spelling in which an account's own id is kept. Default: as it was given."""
        return remote_id

    def id_key(self, remote_id: str) -> str:
        """What all spellings of one account's id have in common. Default: the kept spelling."""
        return self.canonical_id(remote_id)

    def link(self, address: str, account: Account, marker: str | None) -> str:
        """The link that the post carries: the address with its source named and the marker in it."""
        return tagged(address, self.source, marker)

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

    @abstractmethod
    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        """The Message for this article on this account. Pure: no clock, no network, same in = same out.

        `link` already carries its marker.

        Raises:
            Refusal: the words do not fit the platform, or it needs what the article does not have.
        """

    def preview(self, message: Message) -> Preview:
        """What a reader will see, from the Message alone."""
        return Preview(
            channel=self.slug,
            parts=(Part(name="text", words=message.text),),
            link=message.link,
            image_url=message.image_url,
            length=message.length,
            limit=message.limit,
        )

    def prepare(self, message: Message, account: Account, marker: str) -> Prepared:
        """Everything that can be done before the one mutation. Invisible and repeatable."""
        return Prepared(message=message, marker=marker)

    @abstractmethod
    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        """ONE mutation, never a retry.

        Raises:
            Failure: what the platform answered instead of a receipt.
        """

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        """Is it already out? Reads everything since `since` (UTC); what cannot be read raises a Failure.

        Raises:
            Unsupported: the platform cannot be asked.
        """
        raise Unsupported(self.slug)

    def revise(self, receipt: Receipt, message: Message, account: Account) -> Receipt:
        """Edit the post in place.

        Raises:
            Unsupported: the platform cannot edit.
        """
        raise Unsupported(self.slug)

    def retract(self, receipt: Receipt, account: Account) -> None:
        """Take the post down; already gone is success.

        Raises:
            Unsupported: the platform cannot delete.
        """
        raise Unsupported(self.slug)

    def refresh(self, account: Account) -> Mapping[str, str] | None:
        """New secrets for ones that ran out, with `expires_in` in seconds; None: this channel has none.

        Called by one holder of a lease at a time, never repeated (services.tokens).
        """
        return None

    def probe(self, account: Account) -> str:
        """One harmless read that proves the account works; returns the name that the platform shows for it.

        Raises:
            Failure: what the platform answered.
        """
        return account.name

    def practice_id(self, number: str, desk: str) -> str:
        """The id of a practice account. `number` has fifteen digits; `desk` is our own host name."""
        del desk
        return number

    def practice_secrets(self) -> Mapping[str, str]:
        """Secrets of a practice account. Default: random ones for the first set of `secrets_needed`."""
        return {name: random.token_hex(20) for name in sorted(next(iter(self.secrets_needed), ()))}

    def registration(
        self, secrets: Mapping[str, str], *, desk: str, account: int, origins: Sequence[str]
    ) -> Mapping[str, Any]:
        """What its fake platform is told of a practice account beside id and name. Default: its secrets.

        `desk` is our own address, `origins` the sites whose links the platform shall let through.
        """
        del desk, account, origins
        return secrets

    def check_secrets(self, names: AbstractSet[str]) -> None:
        """Whether secrets of these names are enough to use an account.

        Raises:
            Refusal: `account.missing_secret`, naming what the first sufficient set has.
        """
        if self.secrets_needed and not any(needed <= names for needed in self.secrets_needed):
            needed = " / ".join(", ".join(sorted(each)) for each in self.secrets_needed)
            raise Refusal("account.missing_secret", field="secrets", channel=self.label, needed=needed)

    def can(self, verb: str, account: Account, receipt: Receipt | None = None) -> bool:
        """Whether `find`, `revise` or `retract` is possible here. Default: the channel overrides it."""
        del account, receipt
        return getattr(type(self), verb) is not getattr(Channel, verb)

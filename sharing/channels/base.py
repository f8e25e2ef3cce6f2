"""The Channel contract: a channel translates; the base owns transport, errors and redaction."""

from __future__ import annotations

import secrets as random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sharing.channels.declared import Declared, Limits
from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.links import tagged
from sharing.domain.message import Message, Part, Prepared, Preview, Teaser
from sharing.domain.outcomes import Found, Receipt, Unsupported
from sharing.domain.refusal import Refusal

#: Plug-ins were told to import both from here before `sharing.channels` had an API.
__all__ = ["Channel", "Limits"]


class Channel(Declared, ABC):
    """How an Account is reached.

    A channel never loops, sleeps, retries, follows a redirect or makes a second mutation. `slug` is also
    its entry-point name in the group `sharing.channels`.
    """

    def canonical_id(self, remote_id: str) -> str:
        """The spelling in which an account's own id is kept. Default: as it was given."""
        return remote_id

    def id_key(self, remote_id: str) -> str:
        """What all spellings of one account's id have in common. Default: the kept spelling."""
        return self.canonical_id(remote_id)

    def link(self, address: str, account: Account, marker: str | None) -> str:
        """The link that the post carries: the address with its source named and the marker in it."""
        return tagged(address, self.source, marker)

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

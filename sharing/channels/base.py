"""The Channel contract. A channel only translates; sharing.net owns transport, common errors and redaction."""

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

#: Before `sharing.channels` had an API, plug-ins were told to import both names from this module.
__all__ = ["Channel", "Limits"]


class Channel(Declared, ABC):
    """One platform (or mail, or the clipboard): how a Message for an Account is written, sent, found and taken down.

    A channel never sleeps, retries, follows a redirect, or makes a second mutation. `slug` is also the
    channel's entry-point name in the group `sharing.channels`.
    """

    def canonical_id(self, remote_id: str) -> str:
        """Return the spelling in which an account's id is stored. Default: unchanged."""
        return remote_id

    def id_key(self, remote_id: str) -> str:
        """Return a key that is equal for all spellings of one account's id. Default: the stored spelling."""
        return self.canonical_id(remote_id)

    def link(self, address: str, account: Account, marker: str | None) -> str:
        """Return the link for the post: `address` with the channel's UTM parameters and the marker."""
        return tagged(address, self.source, marker)

    @abstractmethod
    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        """Write the Message for this article on this account. Pure: no clock, no network, same input gives same output.

        `link` already has its marker.

        Raises:
            Refusal: the words are too long for the platform, or the article lacks something that the platform needs.
        """

    def preview(self, message: Message) -> Preview:
        """Return what a reader will see. Uses the Message alone."""
        return Preview(
            channel=self.slug,
            parts=(Part(name="text", words=message.text),),
            link=message.link,
            image_url=message.image_url,
            length=message.length,
            limit=message.limit,
        )

    def prepare(self, message: Message, account: Account, marker: str) -> Prepared:
        """Do the work that must come before the one mutation. Readers see nothing of it, and it can be repeated."""
        return Prepared(message=message, marker=marker)

    @abstractmethod
    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        """Send the message: exactly ONE mutation, never a retry.

        Raises:
            Failure: the platform gave no receipt; the subclass says how certain it is that nothing was posted.
        """

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        """Look for this message among the account's posts since `since` (UTC).

        Raises:
            Failure: the posts could not be read completely. An incomplete list must never count as "absent".
            Unsupported: the platform offers no such look-up.
        """
        raise Unsupported(self.slug)

    def revise(self, receipt: Receipt, message: Message, account: Account) -> Receipt:
        """Edit the post in place.

        Raises:
            Unsupported: the platform cannot edit a post.
        """
        raise Unsupported(self.slug)

    def retract(self, receipt: Receipt, account: Account) -> None:
        """Delete the post. A post that is already gone counts as success.

        Raises:
            Unsupported: the platform cannot delete a post.
        """
        raise Unsupported(self.slug)

    def refresh(self, account: Account) -> Mapping[str, str] | None:
        """Return new secrets and `expires_in` (seconds); None if there is nothing to refresh.

        sharing.services.accounts.tokens calls this under a lease: one caller at a time, and never a retry.
        """
        return None

    def probe(self, account: Account) -> str:
        """Make one harmless read that proves that the account works. Returns the account's name on the platform.

        Raises:
            Failure: the platform refused, or gave no clear answer.
        """
        return account.name

    def practice_id(self, number: str, desk: str) -> str:
        """Return the id for a practice account. `number` has fifteen digits; `desk` is this desk's host name."""
        del desk
        return number

    def practice_secrets(self) -> Mapping[str, str]:
        """Return secrets for a practice account. Default: random values for the first set of `secrets_needed`."""
        return {name: random.token_hex(20) for name in sorted(next(iter(self.secrets_needed), ()))}

    def registration(
        self, secrets: Mapping[str, str], *, desk: str, account: int, origins: Sequence[str]
    ) -> Mapping[str, Any]:
        """Return what the fake platform stores of a practice account, beside id and name. Default: the secrets.

        `desk` is the base URL of this desk. `origins` are the sites to which the platform must allow links.
        """
        del desk, account, origins
        return secrets

    def check_secrets(self, names: AbstractSet[str]) -> None:
        """Check that secrets with these names are enough to use an account.

        Raises:
            Refusal: `account.missing_secret`; its fact `needed` lists every set that is enough.
        """
        if self.secrets_needed and not any(needed <= names for needed in self.secrets_needed):
            needed = " / ".join(", ".join(sorted(each)) for each in self.secrets_needed)
            raise Refusal("account.missing_secret", field="secrets", channel=self.label, needed=needed)

    def can(self, verb: str, account: Account, receipt: Receipt | None = None) -> bool:
        """Return whether `find`, `revise` or `retract` works here. Default: True if the channel overrides it."""
        del account, receipt
        return getattr(type(self), verb) is not getattr(Channel, verb)

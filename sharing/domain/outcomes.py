"""The outcomes of a call to a platform.

    Outcome
    ├── Receipt                 it is out, and how: posted, sent, prepared, confirmed
    └── Failure
        ├── NotSent             proven: nothing is out
        │   ├── Unavailable     could not be reached; the machine tries again
        │   ├── RateLimited     asked us to wait, until when
        │   ├── AccountStopped  signed out, no credit, policy: the account waits for a person
        │   └── Rejected        will never work unchanged
        ├── Duplicate           the platform says that it is there already
        └── Ambiguous           it may be out: looked up before anything is sent again

Failures are exceptions, and also values to use in `match`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

#: Most characters of a platform's own text that are kept.
DETAIL_LIMIT = 2048


class Achieved(StrEnum):
    """What a Receipt proves."""

    POSTED = "posted"  #: the platform shows it
    SENT = "sent"  #: handed to the mail relay
    PREPARED = "prepared"  #: ready; a person must press send
    CONFIRMED = "confirmed"  #: the platform's webhook reported it


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The success of a call; `achieved` says what it proves. `remote_id` is the platform's id of the post."""

    achieved: Achieved
    remote_id: str | None = None
    permalink: str | None = None


@dataclass(eq=False)
class Failure(Exception):
    """A call that brought no Receipt. `code` names the cause; `detail` is the platform's own text, masked."""

    code: str
    detail: str = ""
    http_status: int | None = None

    def __post_init__(self) -> None:
        super().__init__(self.code, self.detail)
        self.detail = self.detail[:DETAIL_LIMIT]

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class NotSent(Failure):
    """A failure that proves that nothing is out."""


class Unavailable(NotSent):
    """The platform could not be reached, or refused before it processed anything. We retry."""


@dataclass(eq=False)
class RateLimited(NotSent):
    """The platform asked for a pause: until `until` (UTC), or None if it gave no time."""

    until: datetime | None = None


class AccountStopped(NotSent):
    """The account is signed out, out of credit or against policy. It stops until a person repairs it."""


class Rejected(NotSent):
    """The platform refuses this post for good, unless it is changed."""


class Duplicate(Failure):
    """The platform says that the same post exists. It may be ours, so it is looked up."""


class Ambiguous(Failure):
    """The answer is missing or cannot be understood: the post may be out."""


Failed = Unavailable | RateLimited | AccountStopped | Rejected | Duplicate | Ambiguous
Outcome = Receipt | Failed

#: Every concrete failure, for `except`.
FAILURES = (Unavailable, RateLimited, AccountStopped, Rejected, Duplicate, Ambiguous)


class Unsupported(Exception):
    """The channel does not support this operation, such as look-up, edit or delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A post that `find` saw on the platform."""

    remote_id: str
    permalink: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The result of a complete look-up. `sightings`: the posts with the marker, newest first.

    `alike`: posts with the same words and address but no readable marker. They may be ours: a person compares them,
    and until then nothing is sent again.
    """

    sightings: tuple[Sighting, ...] = field(default=())
    alike: tuple[Sighting, ...] = field(default=())

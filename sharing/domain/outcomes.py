"""What a platform answered.

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

Failures are raised, and they are values to match on: one taxonomy, not two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

#: How much of a platform's words is kept, in characters.
DETAIL_LIMIT = 2048


class Achieved(StrEnum):
    """What a Receipt says was achieved, honestly."""

    POSTED = "posted"  #: the platform shows it
    SENT = "sent"  #: handed to the mail relay
    PREPARED = "prepared"  #: ready; a person must press send
    CONFIRMED = "confirmed"  #: the platform's webhook reported it


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """It is out, as `achieved` says. `remote_id` is the platform's name for it."""

    achieved: Achieved
    remote_id: str | None = None
    permalink: str | None = None


@dataclass(eq=False)
class Failure(Exception):
    """`code` names the cause for machines and wording; `detail` is the platform's own text, masked."""

    code: str
    detail: str = ""
    http_status: int | None = None

    def __post_init__(self) -> None:
        super().__init__(self.code, self.detail)
        self.detail = self.detail[:DETAIL_LIMIT]

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class NotSent(Failure):
    """Proven: nothing is out."""


class Unavailable(NotSent):
    """The platform could not be reached, or said before processing that it is closed."""


@dataclass(eq=False)
class RateLimited(NotSent):
    """The platform asked for a pause: `until` where it says so, in UTC."""

    until: datetime | None = None


class AccountStopped(NotSent):
    """Signed out, out of credit or against policy: the account stands still until a person mends it."""


class Rejected(NotSent):
    """The platform will never take this as it is."""


class Duplicate(Failure):
    """The platform says that the same post exists: evidence of success, looked up."""


class Ambiguous(Failure):
    """The answer did not come, or cannot be understood: it may be out."""


Failed = Unavailable | RateLimited | AccountStopped | Rejected | Duplicate | Ambiguous
Outcome = Receipt | Failed

#: Every concrete failure, to catch them as what they are.
FAILURES = (Unavailable, RateLimited, AccountStopped, Rejected, Duplicate, Ambiguous)


class Unsupported(Exception):
    """The channel cannot do this: no look-up, no edit, no delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A post seen on the platform, by `find`."""

    remote_id: str
    permalink: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer of a look-up that could read everything: what carries the marker, newest first.

    `alike`: posts with the same words and address in which no marker can be read. They may be ours: a person
    compares them, and nothing is sent again meanwhile.
    """

    sightings: tuple[Sighting, ...] = field(default=())
    alike: tuple[Sighting, ...] = field(default=())

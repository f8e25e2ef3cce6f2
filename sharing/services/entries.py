"""Entries: what people did, and what machines did in their name, for the audit. Never changed, never deleted."""

from __future__ import annotations

from dataclasses import dataclass

from sharing import models
from sharing.domain.origin import Via
from sharing.models.moves import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingFor:
    """Who asks for something, and by which way in (`via`)."""

    name: str
    via: Via
    person: models.Person | None = None
    role: str = ""
    ip: str | None = None

    @property
    def actor(self) -> Actor:
        return Actor(kind="hook" if self.via in {Via.HOOK, Via.FEED} else "person", name=self.name)


def write_entry(
    desk_id: int | None,
    acting: ActingFor,
    verb: str,
    subject: str,
    reason: str = "",
    *,
    before: str = "",
    after: str = "",
) -> None:
    """Write an audit entry: somebody did something to `subject`, such as `source:cms`.

    `before` and `after`: what the subject was and is, as a hash or a state. Without a desk, the entry is about all
    desks.
    """
    entry = models.Entry(
        desk_id=desk_id,
        person=acting.person,
        name=acting.name,
        role=acting.role,
        ip=acting.ip,
        verb=verb,
        subject=subject[:100],
        reason=reason[:1000],
        before_hash=before,
        after_hash=after,
    )
    models.insert([entry])

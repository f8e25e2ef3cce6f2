"""Versions of a draft's columns. A form sends them back, so that nothing unseen is overwritten or sent.

A column is all draft deliveries of one channel. Its version is 32 hex digits: the first `STATE` of them stand for what
would go out (accounts, on or off, message, picture, link), the others for the last edit by a person. So a form can tell
a colleague's edit from a change that follows the article.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sharing import models
from sharing.domain.delivery import EventWhy, State
from sharing.models import Health, moves
from sharing.services.entries import ActingFor
from sharing.services.shares.drafts.opening import rows

#: Hex digits of a version that stand for the state.
STATE = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """A column as the database has it now. `edit` is the last edit by a person."""

    rows: tuple[models.Delivery, ...] = ()
    edit: models.Event | None = None

    @property
    def on(self) -> frozenset[int]:
        """The ids of the accounts that it goes to, without removed ones."""
        return frozenset(row.account_id for row in self.rows if goes(row))

    @property
    def state(self) -> str:
        """The part of the version that stands for what would go out."""
        return hashed([_facts(row) for row in self.rows if row.account.health != Health.REMOVED])[:STATE]

    @property
    def version(self) -> str:
        edit = [self.edit.pk, self.edit.detail] if self.edit else []
        return self.state + hashed(edit)[: 32 - STATE]

    def by(self, page: str) -> bool:
        """Whether this page made the last edit, and nothing has changed since."""
        return bool(page) and self.edit is not None and self.edit.detail == f"{page} {self.state}"

    def edited_since(self, version: str) -> bool:
        """Whether a person edited the column after `version`. If not, it only followed its article or its accounts."""
        return version[STATE:] != self.version[STATE:]


def standings(rows: Iterable[models.Delivery]) -> dict[str, Standing]:
    """Return the columns of these draft deliveries, by channel."""
    found: dict[str, list[models.Delivery]] = {}
    for row in rows:
        found.setdefault(row.channel, []).append(row)
    firsts = {mine[0].pk: slug for slug, mine in found.items()}
    events = models.Event.objects.filter(delivery_id__in=firsts, why=EventWhy.EDITED).order_by("pk")
    edits = {firsts[event.delivery_id]: event for event in events}
    return {slug: Standing(tuple(mine), edits.get(slug)) for slug, mine in found.items()}


def goes(row: models.Delivery) -> bool:
    """Whether this draft delivery goes out when the draft is sent."""
    return row.chosen and row.account.health != Health.REMOVED


def mark_of(words: str) -> str:
    """Return a short mark of words, by which a form knows the words that nobody touched."""
    return hashlib.sha256(words.rstrip().encode("utf-8", "surrogatepass")).hexdigest()[:16]


def note_edits(
    share: models.Share, before: Mapping[str, Standing], page: str, acting: ActingFor
) -> dict[str, Standing]:
    """Record who edited which column and when. Returns the columns as they are now."""
    found = rows(share)
    now = standings(found)
    for slug, column in now.items():
        if column.state != before.get(slug, Standing()).state:
            note(column, page, acting)
    return standings(found)


def note(now: Standing, page: str, acting: ActingFor, why: EventWhy = EventWhy.EDITED) -> None:
    """Record an edit: one event while the same page goes on editing, else a new one."""
    detail = f"{page} {now.state}"
    if page and now.edit is not None and now.edit.detail.startswith(f"{page} "):
        models.Event.objects.filter(pk=now.edit.pk).update(detail=detail, at=moves.now())
        return
    models.Event.objects.create(
        delivery=now.rows[0],
        n=0,
        actor_kind=acting.actor.kind,
        actor=acting.name,
        from_state=State.DRAFT,
        to_state=State.DRAFT,
        why=why,
        detail=detail,
    )


def _facts(row: models.Delivery) -> list[Any]:
    account = [row.account_id, row.account.name, row.account.remote_id, row.chosen]
    return [*account, row.message, row.target, row.typed]


def hashed(facts: list[Any]) -> str:
    """Return 64 hex digits that stand for these facts."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

"""The state block of one delivery: what happened, whether anything is live, what next, and who may do it."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sharing import models
from sharing.domain.delivery import MOVING, SETTLED, EventWhy, State, Why
from sharing.domain.may_go import ITS_TIME
from sharing.presentation import places, previews, represent, speech
from sharing.presentation.states import Appearance, appearance_of
from sharing.services.decisions.resolve import Sight
from sharing.services.ids import delivery_id
from sharing.services.runtime import runtime
from sharing.web import tags
from sharing.web.pages.columns import preview_of
from sharing.web.pages.notes import X_LINK_COST
from sharing.web.pages.visit import Visit
from sharing.wording import Sentence

#: How long the page watches a prepared message for Kakao's report: a person is probably sending it now.
WATCHED = timedelta(minutes=30)


@dataclass(slots=True)
class Block:
    """One delivery as the live page shows it."""

    row: models.Delivery
    look: Appearance
    said: Sentence
    copied: models.Event | None = None
    facts: list[tuple[str, SafeString | str]] = field(default_factory=list)
    trouble: Sentence | None = None
    post: str = ""
    page: str = ""
    opens: datetime | None = None
    pv: previews.Shown | None = None

    @property
    def id(self) -> str:
        return delivery_id(self.row.pk)

    @property
    def template(self) -> list[str]:
        return previews.templates(self.row.channel)

    @property
    def kakao_qr(self) -> str:
        """Return the QR code of the share page, for a phone."""
        return previews.qr(self.row.permalink or "")

    @property
    def may_decide(self) -> bool:
        """Return whether a person may decide an `unknown` delivery: a lost post has had time to appear."""
        return self.opens is None or self.opens <= datetime.now(UTC)

    @property
    def tinted(self) -> bool:
        return self.look.role in {"unsure", "turn", "stop"}

    @property
    def moving(self) -> bool:
        return State(self.row.state) in MOVING

    @property
    def awaited(self) -> bool:
        """Return whether Kakao may still report that the message was sent."""
        row = self.row
        return (
            row.channel == "kakao"
            and row.receipt == "prepared"
            and datetime.now(UTC) - row.state_at < WATCHED
        )

    @property
    def cancellable(self) -> bool:
        prepared = self.row.state == State.DELIVERED and self.row.receipt == "prepared"
        return prepared or self.row.state in {State.QUEUED, State.WAITING, State.CLAIMED, State.HELD}

    @property
    def releasable(self) -> bool:
        """Return whether a person may release this held delivery here. Other holds are lifted where they were set."""
        return self.row.state == State.HELD and self.row.why not in {
            Why.SWITCH_ON,
            Why.ACCOUNT_STOPPED,
            Why.ACCOUNT_REMOVED,
            *(each.why for each in ITS_TIME),
        }

    @property
    def sight(self) -> str:
        """Return what this block shows (state, attempt, approved, article), for forms that send again."""
        return ".".join(map(str, astuple(Sight.of(self.row))))

    @property
    def version(self) -> str:
        """Return a short hash that changes when something visible in the block changes."""
        row = self.row
        seen = [
            (row.state, row.state_at, row.why, row.receipt, row.permalink, row.check_at, row.absences),
            (row.due_at, row.last_code, row.attempt_no, row.confirmed_by, self.may_decide),
            self.sight,
            self.copied.pk if self.copied else 0,
        ]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:10]


def blocks_of(share: models.Share, visit: Visit) -> list[Block]:
    """Return the blocks of a share, oldest delivery first. Cancelled drafts are left out if other deliveries exist."""
    rows = share.deliveries.select_related("account", "article", "desk").order_by("pk")
    shown = [row for row in rows if not (row.state == State.CANCELLED and row.came_from == State.DRAFT)]
    copies = {
        event.delivery_id: event
        for event in models.Event.objects.filter(delivery__share=share, why=EventWhy.COPIED).order_by("-pk")
    }
    return [block(row, visit, copies.get(row.pk)) for row in shown or list(rows)]


def block(row: models.Delivery, visit: Visit, copied: models.Event | None = None) -> Block:
    """Return one delivery's block, with its facts."""
    found = Block(
        row=row,
        look=appearance_of(row, copied=copied is not None and row.receipt == "prepared"),
        said=represent.explain(row, visit.language),
        copied=copied if row.receipt == "prepared" else None,
        post=places.post_of(row) if row.state == State.DELIVERED else "",
        page=places.page_of(row.account),
        pv=preview_of(row, visit),
    )
    if row.state == State.UNKNOWN:
        found.opens = (row.sending_at or row.state_at) + runtime().timings.look_from
    found.facts = _facts(found, visit)
    return found


def _facts(found: Block, visit: Visit) -> list[tuple[str, SafeString | str]]:
    row, context = found.row, visit.facts()
    facts: list[tuple[str, SafeString | str]] = []
    if found.copied is not None:
        facts.append((_("By"), found.copied.actor))
    if row.state == State.DELIVERED and row.receipt == "posted" and row.first_seen_at:
        seen = tags.at(context, row.first_seen_at, "exact")  # type: ignore[arg-type]  # a mapping is enough for it
        facts.append((_("Seen"), seen))
        if row.channel == "x":
            facts.append((_("Cost"), X_LINK_COST))
    if row.state == State.DELIVERED and row.receipt == "sent":
        facts.append((_("List"), row.account.remote_id))
    if row.state == State.UNKNOWN and row.absences:
        facts.append((_("Looks so far"), speech.say("{n} without a find", n=row.absences)))
    if row.attempt_no > 1:
        facts.append((_("Tries"), str(row.attempt_no)))
    return facts


def pace(found: list[Block]) -> int:
    """Return the seconds until the page polls again: 1 during changes, then 5, then 30; 0 means never."""
    now = datetime.now(UTC)
    moving = [each for each in found if each.moving]
    if any(now - each.row.state_at < timedelta(seconds=30) or _soon(each, now) for each in moving):
        return 1
    if any(each.row.due_at - now < timedelta(minutes=10) for each in moving) or any(e.awaited for e in found):
        return 5
    return 30 if moving else 0


def _soon(each: Block, now: datetime) -> bool:
    """Return whether the delivery is due now or within 5 seconds. Never true for `unknown`."""
    return each.row.state != State.UNKNOWN and timedelta(0) <= each.row.due_at - now < timedelta(seconds=5)


def settled(found: list[Block]) -> bool:
    """Return whether every delivery has reached a settled state."""
    return all(State(each.row.state) in SETTLED for each in found)

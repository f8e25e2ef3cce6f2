"""The appearance of a delivery's state: its glyph, whose turn it is, and its word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.may_go import ITS_TIME, first_failing
from sharing.domain.outcomes import Achieved
from sharing.models import Health


@dataclass(frozen=True, slots=True)
class Appearance:
    """The appearance of a state: `glyph` of the sheet, `role` (whose turn it is), `english` (the word beside both)."""

    glyph: str
    role: str
    english: str

    @property
    def word(self) -> str:
        """Return the word in the active language."""
        return gettext(self.english)


_BY_STATE = {
    State.DRAFT: Appearance("draft", "wait", _("Draft")),
    State.QUEUED: Appearance("queued", "wait", _("Queued")),
    State.WAITING: Appearance("scheduled", "wait", _("Trying again")),
    State.CLAIMED: Appearance("claimed", "move", _("Preparing")),
    State.SENDING: Appearance("sending", "move", _("Sending")),
    State.UNKNOWN: Appearance("unknown", "unsure", _("Checking whether it went out")),
    State.REVIEW: Appearance("review", "turn", _("Needs a look")),
    State.HELD: Appearance("held", "wait", _("Held")),
    State.FAILED: Appearance("failed", "stop", _("Not sent")),
    State.EXPIRED: Appearance("expired", "turn", _("Too late")),
    State.CANCELLED: Appearance("cancelled", "over", _("Cancelled")),
    State.RETRACTED: Appearance("retracted", "over", _("Retracted")),
}
_BY_RECEIPT = {
    "posted": Appearance("delivered", "out", _("Posted")),
    "sent": Appearance("sent", "out", _("Handed over")),
    "prepared": Appearance("prepared", "turn", _("Ready for you")),
    "confirmed": Appearance("confirmed", "out", _("Confirmed")),
    "copied": Appearance("delivered", "out", _("Copied")),
}
_SCHEDULED = Appearance("scheduled", "wait", _("Scheduled"))
_EMBARGO = Appearance("embargo", "wait", _("Embargo"))
_FOR_ITS_TIME: dict[str, Appearance] = {Why.EMBARGO: _EMBARGO, Why.NOT_YET: _SCHEDULED}
_STOPPED = Appearance("authx", "stop", _("Account stopped"))
_REMOVED = Appearance("authx", "stop", _("Account disconnected"))
_CHANGED = Appearance("approve", "turn", _("Needs approval"))
_NO_PAGE = Appearance("task", "turn", _("Article not there"))

#: The roles that a tally counts, in the order in which it shows them: (role, glyph, word).
TALLY = (
    ("out", "delivered", _("Out")),
    ("unsure", "unknown", _("Checking")),
    ("turn", "prepared", _("Your turn")),
    ("stop", "failed", _("Not sent")),
    ("wait", "queued", _("On its way")),
)


def appearance_of(row: models.Delivery, *, now: datetime | None = None, copied: bool = False) -> Appearance:
    """Return the appearance of a delivery at `now`. `copied`: a person has copied the link."""
    state, why = State(row.state), row.why
    if state is State.DELIVERED:
        return _BY_RECEIPT["copied" if copied else row.receipt or "posted"]
    if state is State.HELD:
        by_cause = {
            Why.ACCOUNT_STOPPED: _STOPPED,
            Why.ACCOUNT_REMOVED: _REMOVED,
            Why.ARTICLE_CHANGED: _CHANGED,
            Why.PAGE_NEVER_CAME: _NO_PAGE,
            **_FOR_ITS_TIME,
        }
        return next((each for cause, each in by_cause.items() if why == cause), _BY_STATE[state])
    return _FOR_ITS_TIME.get(waits_for(row, now) or "", _BY_STATE[state])


def cause_of(row: models.Delivery) -> str:
    """Return the cause of a delivery's state. For a queued one that waits for its time: that wait."""
    if row.state == State.DELIVERED:
        return row.receipt or Achieved.POSTED
    if row.account.health == Health.REMOVED and (
        row.state == State.UNKNOWN or row.why == Why.ACCOUNT_STOPPED
    ):
        return Why.ACCOUNT_REMOVED
    return waits_for(row) or row.why


def waits_for(row: models.Delivery, now: datetime | None = None) -> str | None:
    """Return why a queued delivery's time has not come at `now`; None if the time has come or it is not queued."""
    if row.state != State.QUEUED:
        return None
    failing = first_failing(ITS_TIME, row, now or datetime.now(UTC))
    return failing.why if failing else None


def tallied(looks: list[Appearance]) -> list[tuple[int, str, str, str]]:
    """Return (number, role, glyph, word) for each role that occurs."""
    counts = {role: 0 for role, _glyph, _word in TALLY}
    for each in looks:
        role = "wait" if each.role == "move" else each.role
        if role in counts:
            counts[role] += 1
    return [(counts[role], role, glyph, gettext(word)) for role, glyph, word in TALLY if counts[role]]

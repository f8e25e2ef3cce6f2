"""How a delivery's state looks: its glyph, whose turn it is, and its word (shared/ui section 4, as data)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sharing import models
from sharing.domain.delivery import State, Why


@dataclass(frozen=True, slots=True)
class Look:
    """`glyph` of the sheet; `role` is whose turn it is; `english` is the word beside both."""

    glyph: str
    role: str
    english: str

    @property
    def word(self) -> str:
        """The word in the page's language."""
        return gettext(self.english)


_BY_STATE = {
    State.DRAFT: Look("draft", "wait", _("Draft")),
    State.QUEUED: Look("queued", "wait", _("Queued")),
    State.WAITING: Look("scheduled", "wait", _("Trying again")),
    State.CLAIMED: Look("claimed", "move", _("Preparing")),
    State.SENDING: Look("sending", "move", _("Sending")),
    State.UNKNOWN: Look("unknown", "unsure", _("Checking whether it went out")),
    State.REVIEW: Look("review", "turn", _("Needs a look")),
    State.HELD: Look("held", "wait", _("Held")),
    State.FAILED: Look("failed", "stop", _("Not sent")),
    State.EXPIRED: Look("expired", "turn", _("Too late")),
    State.CANCELLED: Look("cancelled", "over", _("Cancelled")),
    State.RETRACTED: Look("retracted", "over", _("Retracted")),
}
_BY_RECEIPT = {
    "posted": Look("delivered", "out", _("Posted")),
    "sent": Look("sent", "out", _("Handed over")),
    "prepared": Look("prepared", "turn", _("Ready for you")),
    "confirmed": Look("confirmed", "out", _("Confirmed")),
    "copied": Look("delivered", "out", _("Copied")),
}
_SCHEDULED = Look("scheduled", "wait", _("Scheduled"))
_EMBARGO = Look("embargo", "wait", _("Embargo"))
_STOPPED = Look("authx", "stop", _("Account stopped"))
_REMOVED = Look("authx", "stop", _("Account disconnected"))
_CHANGED = Look("approve", "turn", _("Needs approval"))
_NO_PAGE = Look("task", "turn", _("Article not there"))

#: What a tally counts, in the order of the pictures.
TALLY = (
    ("out", "delivered", _("Out")),
    ("unsure", "unknown", _("Checking")),
    ("turn", "prepared", _("Your turn")),
    ("stop", "failed", _("Not sent")),
    ("wait", "queued", _("On its way")),
)


def look(row: models.Delivery, *, copied: bool = False) -> Look:
    """How this delivery looks now; `copied`: somebody took the link to their clipboard."""
    state, why = State(row.state), row.why
    if state is State.DELIVERED:
        return _BY_RECEIPT["copied" if copied else row.receipt or "posted"]
    if state is State.HELD:
        by_cause = {
            Why.ACCOUNT_STOPPED: _STOPPED,
            Why.ACCOUNT_REMOVED: _REMOVED,
            Why.ARTICLE_CHANGED: _CHANGED,
            Why.PAGE_NEVER_CAME: _NO_PAGE,
            Why.EMBARGO: _EMBARGO,
        }
        return next((each for cause, each in by_cause.items() if why == cause), _BY_STATE[state])
    if state is State.QUEUED and why in {"", Why.APPROVED, Why.RELEASED}:
        if row.embargo_until and why != Why.RELEASED:
            return _EMBARGO
        if row.scheduled:
            return _SCHEDULED
    return _BY_STATE[state]


def tallied(looks: list[Look]) -> list[tuple[int, str, str, str]]:
    """(how many, role, glyph, word) for what there is."""
    counts = {role: 0 for role, _glyph, _word in TALLY}
    for each in looks:
        role = "wait" if each.role == "move" else each.role
        if role in counts:
            counts[role] += 1
    return [(counts[role], role, glyph, gettext(word)) for role, glyph, word in TALLY if counts[role]]

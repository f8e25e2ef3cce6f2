"""The conditions for sending a delivery now, as data.

The claim, the ticker and the last gate get their SQL from this list (models/moves/conditions.py), and so does the query
that finds the condition that failed. Pages use it to say what a delivery waits for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sharing.domain.delivery import State, Why


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition for sending a delivery; if it fails, the delivery moves to state `to` with the cause `why`.

    A condition about a time names its `column`: the time must be in the past (`over`) or in the future (not `over`).
    With `may_be_unset`, a time that is None also meets the condition. The SQL of the other conditions is in
    models/moves/conditions.py.
    """

    name: str
    to: State
    why: Why
    column: str = ""
    over: bool = True
    may_be_unset: bool = False

    def holds(self, row: Any, now: datetime) -> bool:
        """Whether this condition holds for `row` at `now`. Only for a condition about a time."""
        time: datetime | None = getattr(row, self.column)
        if time is None:
            return self.may_be_unset
        return time <= now if self.over else time > now


NOT_WITHDRAWN = Condition("not_withdrawn", State.CANCELLED, Why.WITHDRAWN)
EMBARGO_OVER = Condition("embargo_over", State.HELD, Why.EMBARGO, "embargo_until", may_be_unset=True)
DUE = Condition("due", State.HELD, Why.NOT_YET, "due_at")
AS_APPROVED = Condition("as_approved", State.HELD, Why.ARTICLE_CHANGED)
AS_THE_ARTICLE = Condition("as_the_article", State.HELD, Why.ARTICLE_CHANGED)
CONNECTED = Condition("connected", State.HELD, Why.ACCOUNT_REMOVED)
WORKING = Condition("working", State.HELD, Why.ACCOUNT_STOPPED)
STILL_NEWS = Condition("still_news", State.EXPIRED, Why.TOO_LATE, "expires_at", over=False, may_be_unset=True)
NO_HOLD = Condition("no_hold", State.HELD, Why.SWITCH_ON)

#: All conditions. If several fail, the first in this order is the cause.
AT_THE_GATE = (
    NOT_WITHDRAWN,
    EMBARGO_OVER,
    DUE,
    AS_APPROVED,
    AS_THE_ARTICLE,
    CONNECTED,
    WORKING,
    STILL_NEWS,
    NO_HOLD,
)
#: The conditions that must hold before a worker claims a delivery and prepares it.
TO_BE_CLAIMED = (DUE, EMBARGO_OVER, STILL_NEWS, NO_HOLD)
#: The conditions about the delivery's own times: it waits for them without a person.
ITS_TIME = (EMBARGO_OVER, DUE)


def first_failing(conditions: Iterable[Condition], row: Any, now: datetime) -> Condition | None:
    """Return the first of these conditions about times that fails for `row`; None: all hold."""
    return next((each for each in conditions if not each.holds(row, now)), None)

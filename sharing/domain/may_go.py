"""May a delivery go now? Every condition, once, as data.

The claim, the ticker and the last gate get their SQL from this list (models/moves/conditions.py), and so does the query
that names the condition that failed. Pages take from it what a delivery waits for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sharing.domain.delivery import State, Why


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold while a delivery leaves; where it goes, and why, if it does not.

    A condition about a time of the delivery names its `column`: the time must be over (`over`) or still to come. A
    time that is not set (`may_be_unset`) stops nothing. What other conditions ask stands in models/moves/conditions.py.
    """

    name: str
    to: State
    why: Why
    column: str = ""
    over: bool = True
    may_be_unset: bool = False

    def holds(self, row: Any, now: datetime) -> bool:
        """Whether a condition about a time holds for `row` at `now`."""
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

#: All of them, in the order in which the first that fails is the cause.
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
#: Those that must hold before a worker takes a delivery, and before anything of it is prepared.
TO_BE_CLAIMED = (DUE, EMBARGO_OVER, STILL_NEWS, NO_HOLD)
#: What a delivery waits for by itself.
ITS_TIME = (EMBARGO_OVER, DUE)


def first_failing(conditions: Iterable[Condition], row: Any, now: datetime) -> Condition | None:
    """The first of these conditions about times that does not hold for `row`; None: all hold."""
    return next((each for each in conditions if not each.holds(row, now)), None)

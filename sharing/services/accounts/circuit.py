"""The account's circuit breaker and rate limit, from what a platform answered. All of it is stored in SQL.

Five transport failures or three unknown results within ten minutes open the circuit for 1, then 5, then 30 minutes.
After that one delivery is tried (an account has one in flight anyway). If the platform answers, the circuit is closed;
if not, it is opened for longer. Our own crashes never count: they say nothing about the platform.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, Greatest, Now

from sharing import models
from sharing.domain.outcomes import Ambiguous, Outcome, RateLimited, Unavailable
from sharing.models import Health
from sharing.services import notices

FAILURES, UNKNOWNS = 5, 3
WINDOW = timedelta(minutes=10)
OPEN_FOR = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
#: For this long after the end of a pause, an account without an answer still counts as cut off.
UNANSWERED = OPEN_FOR[-1]
#: A platform is down when at least this part of its accounts cannot reach it.
OUTAGE_PART = 0.5
#: Codes of failures that are ours, not the platform's.
OWN = frozenset({"sandbox.not_here", "mail.no_relay", "channel.broken", "worker.slept", "token.refreshing"})


def learn(account_id: int, outcome: Outcome, *, troubled: bool = True) -> None:
    """Update the account's circuit and rate limit by a platform's answer, or by its silence.

    `troubled`: whether the circuit has failures to forget.
    """
    if isinstance(outcome, RateLimited):
        if outcome.until:
            pause(account_id, outcome.until - datetime.now(UTC))
    elif isinstance(outcome, Unavailable | Ambiguous):
        if outcome.code not in OWN:
            _count(account_id, unknown=isinstance(outcome, Ambiguous))
        return
    if troubled:
        forget(account_id)


def pause(account_id: int, wait: timedelta) -> None:
    """Pause the account, because its platform asked for it: the account's other deliveries wait too."""
    rows = models.AccountGate.objects.filter(account_id=account_id)
    until = Now() + wait
    rows.update(next_at=Greatest(Coalesce(F("next_at"), until), until))


def forget(account_id: int) -> None:
    """Close the circuit, because the platform answered. Writes only if there is something to forget."""
    troubled = Q(fails__gt=0) | Q(unknowns__gt=0) | Q(opened__gt=0)
    models.AccountGate.objects.filter(troubled, account_id=account_id).update(
        fails=0, unknowns=0, opened=0, open_until=None, counted_from=None
    )


def _count(account_id: int, *, unknown: bool) -> None:
    rows = models.AccountGate.objects.filter(account_id=account_id)
    rows.filter(Q(counted_from=None) | Q(counted_from__lt=Now() - WINDOW)).update(
        fails=0, unknowns=0, counted_from=Now()
    )
    rows.update(**({"unknowns": F("unknowns") + 1} if unknown else {"fails": F("fails") + 1}))
    gate = rows.get()
    if gate.fails >= FAILURES or gate.unknowns >= UNKNOWNS or gate.opened:
        pause_for = OPEN_FOR[min(gate.opened, len(OPEN_FOR) - 1)]
        # Compare-and-set: two workers that saw the same trouble open the circuit once.
        rows.filter(opened=gate.opened).update(
            open_until=Now() + pause_for, opened=F("opened") + 1, fails=0, unknowns=0, counted_from=None
        )


def watch_platforms() -> None:
    """Open one notice for a platform that at least half of its accounts cannot reach, instead of one per account.

    An account whose pause has just ended has not reached its platform yet: it counts until it gets an answer, or for as
    long as a retry may take. Otherwise each pause would end the notice, and each retry would open another.
    """
    down = Count("pk", filter=Q(gate__opened__gt=0, gate__open_until__gt=Now() - UNANSWERED))
    rows = (
        models.Account.objects.filter(health=Health.OK).values("channel").annotate(all=Count("pk"), down=down)
    )
    out = {row["channel"]: row for row in rows if row["down"] and row["down"] >= OUTAGE_PART * row["all"]}
    for channel, row in out.items():
        notices.tell("outage", channel, {"down": row["down"], "of": row["all"]})
    notices.over("outage", still=out)

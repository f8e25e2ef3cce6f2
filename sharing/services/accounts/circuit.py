"""The account's gate: what a platform's answers say about trying it again. All of it stands in SQL.

Five transport failures or three unknowns within ten minutes open the circuit for 1, then 5, then 30 minutes.
Afterwards one delivery goes (one is in flight per account anyway): if it gets an answer the circuit is closed,
if not it opens for longer. Our own crashes never count: they say nothing about the platform.
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
#: So long after a pause an account without an answer still counts as cut off.
UNANSWERED = OPEN_FOR[-1]
#: A platform is down when this part of its accounts cannot reach it.
OUTAGE_PART = 0.5
#: Failures that are ours, not the platform's.
OWN = frozenset({"sandbox.not_here", "mail.no_relay", "channel.broken", "worker.slept", "token.refreshing"})


def learn(account_id: int, outcome: Outcome, *, troubled: bool = True) -> None:
    """Take in what a platform answered, or did not. Not `troubled`: there is nothing to forget."""
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
    """A platform asked for a pause: the account's other deliveries wait too."""
    rows = models.AccountGate.objects.filter(account_id=account_id)
    until = Now() + wait
    rows.update(next_at=Greatest(Coalesce(F("next_at"), until), until))


def forget(account_id: int) -> None:
    """The platform answered: it is there, and its circuit is closed. Written only when there is something to forget."""
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
        # Compared, so that two workers that saw the same trouble open it once.
        rows.filter(opened=gate.opened).update(
            open_until=Now() + pause_for, opened=F("opened") + 1, fails=0, unknowns=0, counted_from=None
        )


def watch_platforms() -> None:
    """One notice for a platform that most of its accounts cannot reach, instead of one for each of them.

    An account whose pause has just ended has not reached it yet: it counts until it gets an answer, or for as long
    as a retry may take. Otherwise each pause would end the notice and each retry open another.
    """
    down = Count("pk", filter=Q(gate__opened__gt=0, gate__open_until__gt=Now() - UNANSWERED))
    rows = (
        models.Account.objects.filter(health=Health.OK).values("channel").annotate(all=Count("pk"), down=down)
    )
    out = {row["channel"]: row for row in rows if row["down"] and row["down"] >= OUTAGE_PART * row["all"]}
    for channel, row in out.items():
        notices.tell("outage", channel, {"down": row["down"], "of": row["all"]})
    notices.over("outage", still=out)

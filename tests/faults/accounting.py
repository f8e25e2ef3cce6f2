"""The account of a run, in the style of Jepsen: what was acknowledged, and what became of each."""

import re
import statistics
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field

#: States in which nothing moves by itself any more.
DECIDED = {"delivered", "review", "failed", "expired", "cancelled", "retracted", "held", "draft"}
#: What the desk says of these is: nothing is out.
NOT_OUT = {"failed", "expired", "cancelled", "held", "draft", "queued", "waiting", "claimed"}


@dataclass
class Account:
    """What became of every acknowledged delivery. The first four lines of zeros are the promise."""

    acknowledged: int = 0
    duplicates: int = 0  #: markers that stand on more than one post
    lost: int = 0  #: said to be out, or asked for, and not there
    hidden: int = 0  #: out, and said not to be
    stuck: int = 0  #: not decided when everything had had its time
    unexplained: int = 0  #: rows whose events do not lead to where they stand
    posted: int = 0
    adopted: int = 0  #: found by a look-up, or by a late answer
    reviewed: int = 0
    reviewed_live: int = 0
    failed: int = 0
    sent_again: int = 0  #: absent twice, and sent once more
    endless: int = 0  #: sent again by the machine more than once
    decided_in: dict = field(default_factory=dict)  #: seconds from a lost answer to its decision
    details: dict = field(default_factory=dict)

    @property
    def clean(self):
        """Whether the promise held."""
        return not (
            self.duplicates or self.lost or self.hidden or self.stuck or self.unexplained or self.endless
        )

    def row(self):
        return asdict(self)


def take(acknowledged, truth):
    """The account. `acknowledged`: ids of shares; `truth`: the sandbox's records."""
    from sharing import models

    rows = list(models.Delivery.objects.all())
    seen = Counter(marker_of(record) for record in truth if not record.get("planted"))
    account = Account(acknowledged=sum(row.share_id in acknowledged for row in rows))
    account.duplicates = sum(count > 1 for count in seen.values())
    known = {row.share_id for row in rows}
    account.lost = sum(5 for share in acknowledged if share not in known)
    events = defaultdict(list)
    for event in models.Event.objects.filter(refused=False).order_by("pk"):
        events[event.delivery_id].append(event)
    details = defaultdict(list)
    for row in rows:
        _one(account, row, seen[row.marker], details)
        _explained(account, row, events[row.pk], details)
    account.details = {name: found[:5] for name, found in details.items()}
    account.decided_in = _decided_in(events)
    return account


def marker_of(record):
    """The marker of a post; X makes no link of an address of ours, so it is read from the words."""
    found = re.search(r"utm_content=(\w+)", record["text"])
    return record["marker"] or (found[1] if found else None)


def _one(account, row, posts, details):
    out = row.state == "delivered"
    if posts > 1:
        details["duplicates"].append(row.pk)
    account.posted += out
    account.adopted += out and row.why in {"found", "late_receipt"}
    account.failed += row.state in {"failed", "expired", "held"}
    if row.state == "review":
        account.reviewed += 1
        account.reviewed_live += posts > 0
    if out and row.receipt in {"posted", "sent"} and not posts:
        account.lost += 1
        details["lost"].append(row.pk)
    if posts and row.state in NOT_OUT:
        account.hidden += 1
        details["hidden"].append((row.pk, row.state, row.why))
    if row.state not in DECIDED:
        account.stuck += 1
        details["stuck"].append((row.pk, row.state, row.why, row.last_code))


def _explained(account, row, events, details):
    """Every event begins where the one before it ended, and the last ends where the row stands."""
    place, again = "", 0
    for event in events:
        if event.from_state != place:
            account.unexplained += 1
            details["unexplained"].append((row.pk, event.pk))
        place = event.to_state
        again += event.why == "absent_twice"
    account.sent_again += again
    if again > 1:
        account.endless += 1
        details["endless"].append(row.pk)
    if place != row.state:
        account.unexplained += 1
        details["unexplained"].append((row.pk, place, row.state))


def _decided_in(events):
    waits = []
    for moves in events.values():
        since = None
        for event in moves:
            if event.to_state == "unknown":
                since = event.at
            elif since is not None and event.from_state == "unknown":
                waits.append((event.at - since).total_seconds())
                since = None
    if len(waits) < 2:
        return {"number": len(waits), "p50": 0.0, "p95": 0.0, "max": max(waits, default=0.0)}
    cuts = statistics.quantiles(waits, n=20)
    return {
        "number": len(waits),
        "p50": round(statistics.median(waits), 1),
        "p95": round(cuts[18], 1),
        "max": round(max(waits), 1),
    }

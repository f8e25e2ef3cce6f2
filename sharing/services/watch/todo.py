"""To-do: notices (`services/notices`), then everything that waits for a person, worst for readers first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sharing import models
from sharing.domain.delivery import State, Why
from sharing.domain.may_go import ITS_TIME
from sharing.domain.origin import Via
from sharing.models import SENDERS
from sharing.services import notices

#: Kinds by harm to readers: maybe out twice; an account that holds everything; not out at all; late; waiting by
#: design.
KINDS = ("review", "account", "failed", "expired", "held", "hold", "draft")
MOST = 200


@dataclass(slots=True)
class Todo:
    """One line: a delivery, all deliveries that one account or one hold keeps back, or a draft to be read."""

    kind: str
    at: datetime
    share: models.Share
    deliveries: list[models.Delivery] = field(default_factory=list)

    @property
    def first(self) -> models.Delivery:
        """The delivery that is due first."""
        return min(self.deliveries, key=lambda each: (each.due_at, each.pk))


def todos(desk: models.Desk) -> list[Todo]:
    """Return the lines of a desk, worst first, then by time."""
    states = (State.REVIEW, State.FAILED, State.EXPIRED, State.HELD, State.DRAFT)
    rows = models.Delivery.objects.filter(desk=desk, state__in=states)
    rows = rows.select_related("account", "article", "share__person").order_by("state_at", "pk")[:MOST]
    senders = set(
        models.Membership.objects.filter(desk=desk, role__in=SENDERS).values_list("person_id", flat=True)
    )
    found: dict[tuple[str, int], Todo] = {}
    for row in rows:
        kind = _kind(row)
        if row.why in {each.why for each in ITS_TIME}:
            continue  # it goes on by itself when its time comes
        if kind == "draft" and row.share.via == Via.WEB and row.share.person_id in senders:
            continue  # its writer may send it, so nobody else is needed
        subject = {"account": row.account_id, "draft": row.share_id, "hold": 0}.get(kind, row.pk)
        todo = found.setdefault((kind, subject), Todo(kind, row.state_at, row.share))
        todo.deliveries.append(row)
    return sorted(found.values(), key=lambda todo: (KINDS.index(todo.kind), todo.at))


def count(desk: models.Desk) -> int:
    """Return how many lines need a person: notices and to-dos."""
    return len(notices.open_notices(desk)) + len(todos(desk))


def _kind(row: models.Delivery) -> str:
    if row.state == State.HELD:
        kinds = {Why.ACCOUNT_STOPPED: "account", Why.ACCOUNT_REMOVED: "account", Why.SWITCH_ON: "hold"}
        return kinds.get(Why(row.why), "held") if row.why else "held"
    return str(row.state)


def own_drafts(desk: models.Desk, person: models.Person, most: int = 5) -> list[models.Share]:
    """Return the shares that this person began to write and has not sent, newest first."""
    shares = models.Share.objects.filter(desk=desk, person=person, via=Via.WEB, deliveries__state=State.DRAFT)
    return list(shares.select_related("article").distinct().order_by("-pk")[:most])

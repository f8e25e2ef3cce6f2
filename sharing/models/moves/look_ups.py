"""Take a look-up of an unknown delivery, and schedule the next one. The state of the delivery does not change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from sharing.domain.delivery import State, Why
from sharing.models.moves.sql import after_sql, now_sql, sent_again_sql, since_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """A look-up that a worker has taken.

    `absences`: how many look-ups did not find the post so far. `looked_for`: seconds since it was sent. `sent_again`:
    it was sent again once already. `lease`: the value of `check_at` that identifies this look-up.
    """

    id: int
    attempt_no: int
    absences: int
    duplicate: bool
    sent_again: bool
    looked_for: float
    lease: datetime | str


#: The time from which `looked_for` counts: when sending began, or when a restored backup made it unknown.
_BEGUN = f"COALESCE(CASE WHEN why = '{Why.RESTORED}' THEN state_at ELSE sending_at END, state_at)"


def take_look_up(delivery_id: int, *, seconds: float) -> LookUp | None:
    """Take one look-up for so many seconds. None: it is not due any more, or another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sharing_delivery SET check_at = {after_sql('seconds')}"
            f" WHERE id = %(id)s AND state = '{State.UNKNOWN}' AND check_at <= {now_sql()}"
            f" RETURNING id, attempt_no, absences, duplicate, {since_sql(_BEGUN)},"
            f" check_at, {sent_again_sql('sharing_delivery')}",
            {"id": delivery_id, "seconds": seconds},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return LookUp(
        id=row[0],
        attempt_no=row[1],
        absences=row[2],
        duplicate=bool(row[3]),
        looked_for=row[4],
        lease=row[5],
        sent_again=bool(row[6]),
    )


def look_again(look: LookUp, *, seconds: float, absences: int) -> bool:
    """Schedule the next look-up in `seconds`, and store the number of absences. A read error does not add one.

    Returns False if this look-up took longer than its lease and another worker has looked since. Then it does not
    count, because two absences must be a gap apart.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sharing_delivery SET check_at = {after_sql('seconds')}, absences = %(absences)s"
            f" WHERE id = %(id)s AND state = '{State.UNKNOWN}'"
            " AND attempt_no = %(attempt_no)s AND check_at = %(lease)s",
            {
                "id": look.id,
                "attempt_no": look.attempt_no,
                "lease": look.lease,
                "seconds": seconds,
                "absences": absences,
            },
        )
        return bool(cursor.rowcount)

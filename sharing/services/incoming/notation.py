"""How a source writes times: its zone and the order of day, month and year. Both are kept in the source's mapping."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.intake.times import ORDERS, Notation


def notation_of(source: models.Source) -> Notation:
    """Return how a source writes times, with the desk's zone if the source names none."""
    zone = source.mapping.get("zone")
    return Notation(
        ZoneInfo(zone or source.desk.zone), order=source.mapping.get("date_order"), says_zone=bool(zone)
    )


def set_notation(row: models.Source, date_order: str | None, zone: str | None) -> None:
    """Set the date order and the zone of a source: None keeps the value, an empty text removes it. Does not save `row`.

    The next read of its feed reads all entries again, even if the feed has not changed.

    Raises:
        Refusal: `source.bad_date_order`, `source.bad_zone`.
    """
    if date_order and date_order not in ORDERS:
        raise Refusal(
            "source.bad_date_order", field="date_order", order=date_order[:20], known=", ".join(ORDERS)
        )
    if zone and zone not in available_timezones():
        raise Refusal("source.bad_zone", field="zone", zone=zone[:60])
    said: dict[str, Any] = {
        name: value or None
        for name, value in (("date_order", date_order), ("zone", zone))
        if value is not None
    }
    if said:
        row.mapping = {**row.mapping, **said}
        models.Feed.objects.filter(source=row).update(body_hash="", etag="", last_modified="")

"""Timers scaled down to seconds, with their inequalities kept."""

from datetime import UTC, datetime, timedelta

#: D, LEASE > 2D + D/3, SETTLE > what the sandbox delays, G.
TIMINGS = {
    "SHAREDESK_SEND_DEADLINE": "1.5",
    "SHAREDESK_LEASE": "4.5",
    "SHAREDESK_SETTLE": "2",
    "SHAREDESK_LOOKUP_GAP": "1",
    "SHAREDESK_PAGE_WAIT": "0",
}


def scale() -> None:
    """What the product keeps as constants, where minutes and hours would make a run last for days."""
    from sharing.channels.facebook import errors as facebook
    from sharing.channels.x import errors as x
    from sharing.domain import delivery
    from sharing.services.accounts import circuit
    from sharing.services.deliveries import look_up, record
    from workers import watchdog

    delivery._BACKOFF = tuple(timedelta(seconds=s) for s in (0.2, 0.4, 0.8, 1.5))
    circuit.OPEN_FOR = tuple(timedelta(seconds=s) for s in (0.3, 0.6, 1.2))
    circuit.WINDOW = timedelta(seconds=5)
    look_up.LOOK_BACK = timedelta(seconds=6)
    record.RECHECK = 4.0
    watchdog.WATCHDOG = 5.0
    # A platform asks for minutes at least; here for a second.
    x._reset = facebook._regain = lambda answer: datetime.now(UTC) + timedelta(seconds=1)

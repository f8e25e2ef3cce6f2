"""Hours that pass without waiting: every time in the database is moved back; and a desk with nothing on it."""

from django.db import connection

#: Every time that stands in the database, by table.
TIMES = {
    "sharing_delivery": ["due_at", "embargo_until", "expires_at", "lease_until", "claimed_at", "sending_at",
                         "check_at", "recheck_at", "state_at", "waiting_since", "created_at"],
    "sharing_accountgate": ["next_at", "open_until", "counted_from", "rung_at"],
    "sharing_share": ["at", "embargo_until"],
    "sharing_article": ["changed_at", "withdrawn_at"],
}  # fmt: skip


def shift(seconds):
    """So many seconds have passed."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table, columns in TIMES.items():
            back = (
                "{0} = {0} - make_interval(secs => %(s)s)"
                if postgres
                else "{0} = strftime('%%Y-%%m-%%d %%H:%%M:%%f000', {0}, -%(s)s || ' seconds')"
            )
            cursor.execute(
                f"UPDATE {table} SET {', '.join(back.format(each) for each in columns)}", {"s": seconds}
            )


TABLES = [
    "event",
    "attempt",
    "delivery",
    "entry",
    "share",
    "articlename",
    "article",
    "accountgate",
    "account",
    "switch",
    "notice",
    "desk",
]


def empty():
    """Nothing has happened yet."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM sharing_{table}")

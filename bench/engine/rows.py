"""What the database has to do: claims over a long history; a hook's rows beside the same rows in raw SQL."""

import json
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from bench.engine import figures
from bench.engine.desk import numbers

#: reliability.md 10: a claim over 1 M rows, in milliseconds.
CLAIM_BARS = {"pg": 5.0, "sqlite": 15.0}


def history(desk, *, history=1_000_000, queued=10_000, accounts=200):
    """The same claims, and the tick's own look, before and after a million delivered rows."""
    rows = desk.accounts(accounts // 2, accounts // 2)
    desk.let_go(desk.fill(rows, queued // accounts))
    _claims(rows)
    before, tick_before = _claims(rows), _looks()
    _past(rows, history)
    _claims(rows)
    after, tick_after = _claims(rows), _looks()
    bar = CLAIM_BARS[desk.database]
    old, new = figures.median(before), figures.median(after)
    cuts = [figures.part(after, 25), figures.part(after, 75)]
    return [
        figures.Row(
            what=f"one claim, {desk.database}: {queued:,} queued, {history:,} rows of history",
            bar=f"<= {bar:.0f} ms",
            measured=f"{new:.1f} ms beside {old:.1f} ms without history; p95 {figures.part(after, 95):.1f} ms",
            ratio=f"{new / old:.2f}",
            spread=f"{cuts[0]:.1f} to {cuts[1]:.1f} ms (half of them)",
            met=new <= bar,
        ),
        figures.Row(
            what=f"one tick's look at what is due and what to sweep, {desk.database}: the same rows",
            bar="",
            measured=f"{figures.median(tick_after):.1f} ms beside {figures.median(tick_before):.1f} ms",
            ratio=f"{figures.median(tick_after) / figures.median(tick_before):.2f}",
            spread=figures.spread(tick_after, 1) + " ms",
        ),
    ]


def _claims(rows):
    """Milliseconds of one claim on each account; they are put back afterwards."""
    from sharing import models
    from sharing.models import moves

    times, taken = [], []
    for row in rows:
        begun = time.perf_counter()
        claim = moves.claim(row.pk, owner="bench", lease=120)
        times.append(1000 * (time.perf_counter() - begun))
        taken.append(claim.id)
    models.Delivery.objects.filter(pk__in=taken).update(state="queued", lease_until=None)
    return times


def _looks():
    from sharing.services.deliveries import sweeps

    times = []
    for _ in range(10):
        begun = time.perf_counter()
        sweeps.accounts_due()
        for sweep in sweeps.SWEEPS:
            sweep()
        times.append(1000 * (time.perf_counter() - begun))
    return times


def _past(rows, number):
    """Delivered rows like the first one, on all accounts, years of them."""
    from django.db import connection

    from sharing import models

    one = models.Delivery.objects.order_by("pk").first()
    own = {
        "account_id": f"{rows[0].pk} + (i % {len(rows)})",
        "marker": "'h' || i",
        "dedupe_key": "'h' || i",
        "state": "'delivered'",
        "receipt": "'posted'",
        "remote_id": "'h' || i",
        "attempt_no": "1",
    }
    columns = [each.column for each in models.Delivery._meta.fields if each.column != "id"]
    chosen = ", ".join(own.get(column, column) for column in columns)
    counted = (
        f"generate_series(1, {number}) AS i"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {number}) SELECT i FROM c)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sharing_delivery ({', '.join(columns)})"
            f" SELECT {chosen} FROM sharing_delivery, {counted} WHERE id = {one.pk}"
        )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def ingest(desk, *, hooks=60, repeats=5):
    """Signed hooks of new articles for five accounts, taken in one after the other; beside it the same rows by hand."""
    from sharing.domain.account import Mode
    from sharing.services.accounts import connect

    desk.accounts(2, 2)
    connect.add(desk.row, "link", remote_id="s.news.example", name="links", secrets={}, mode=Mode.SANDBOX)
    secret = desk.source()
    _take_in(secret, 20)
    template = _rows_of_one(secret)
    mine, theirs = [], []
    for _ in range(repeats):
        mine.append(_take_in(secret, hooks) / hooks)
        theirs.append(_by_hand(template, hooks) / hooks)
    ratio = [their / my for my, their in zip(mine, theirs, strict=True)]
    counted = ", ".join(f"{len(found)} {table.removeprefix('sharing_')}" for table, found in template.items())
    return [
        figures.Row(
            what=f"a hook taken in, {desk.database}: {counted}",
            bar=">= 0.5 x the speed of the same rows in raw SQL",
            measured=f"{1000 * figures.median(mine):.1f} ms beside {1000 * figures.median(theirs):.1f} ms",
            ratio=f"{figures.median(ratio):.2f}",
            spread=figures.spread(ratio),
            met=figures.median(ratio) >= 0.5,
        )
    ]


def _take_in(secret, number):
    """Seconds for so many hooks: from the signed bytes to the committed rows."""
    from sharing.services.incoming import hooks as ingest

    hooks = [_signed(secret) for _ in range(number)]
    begun = time.perf_counter()
    for hook in hooks:
        accepted = ingest.accept("cms", hook)
        assert accepted.inbound.result["result"] == "shared", accepted.inbound.result
    return time.perf_counter() - begun


def _signed(secret):
    from sharing.intake import signatures
    from sharing.services.incoming.admission import Hook

    number = next(numbers)
    article = {
        "url": f"https://news.example/in/{number}",
        "source_id": str(number),
        "headline": f"Harbor towns run night buses, number {number}",
        "summary": "Six harbor towns will run night buses every 15 minutes from December.",
        "language": "en",
    }
    body = json.dumps({"article": article, "event": "published"}).encode()
    headers = signatures.sign(
        "standard-webhooks", secret, message_id=f"msg_{number}", body=body, now=datetime.now(UTC)
    )
    kind = "application/json"
    return Hook(
        method="POST",
        path="/hooks/cms",
        headers=[("Content-Type", kind), *headers.items()],
        body=body,
        content_type=kind,
    )


_TABLES = ("inbound", "article", "share", "delivery", "event", "entry")


def _rows_of_one(secret):
    """{table: the rows that one hook writes, as columns and values}."""
    from django.db import connection

    def last(table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM sharing_{table}")
            return cursor.fetchone()[0]

    before = {table: last(table) for table in _TABLES}
    _take_in(secret, 1)
    found = {}
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"SELECT * FROM sharing_{table} WHERE id > {before[table]} ORDER BY id")
            names = [each[0] for each in cursor.description]
            found[f"sharing_{table}"] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def _by_hand(template, number):
    """Seconds for as many transactions with the same rows: psycopg, prepared, one statement for each table."""
    with _raw() as connection:
        begun = time.perf_counter()
        for _ in range(number):
            with connection.transaction():
                _write(connection, template)
        return time.perf_counter() - begun


@contextmanager
def _raw():
    import psycopg
    from django.db import connection as django

    django.ensure_connection()
    with psycopg.connect(django.connection.info.dsn, prepare_threshold=2) as connection:
        yield connection


def _write(connection, template):
    ids = {}
    for table, rows in template.items():
        facts, places = {}, []
        columns = [column for column in rows[0] if column != "id"]
        for number, row in enumerate(rows):
            own = _own(row, ids, number)
            facts |= {f"{column}_{number}": own[column] for column in columns}
            places.append("(" + ", ".join(f"%({column}_{number})s" for column in columns) + ")")
        done = connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(places)} RETURNING id", facts
        )
        ids[table] = [each[0] for each in done.fetchall()]


def _own(row, ids, number):
    """The row with keys of its own and the ids of the rows that it belongs to."""
    fresh = f"raw{next(numbers)}"
    own = dict(row)
    for name in ("message_id", "dedupe_key", "marker"):
        if own.get(name):
            own[name] = fresh[:10]
    for name, table in (("article_id", "article"), ("share_id", "share"), ("delivery_id", "delivery")):
        if name in own:
            made = ids[f"sharing_{table}"]
            own[name] = made[number % len(made)]
    return own

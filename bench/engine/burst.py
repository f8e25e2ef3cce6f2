"""Many deliveries of one 200 ms call each, beside the same calls from a bare Celery app."""

import json
import time

from bench.engine import figures
from bench.engine.desk import cpu, frozen, wait_for

CALL = 0.2
#: Processes and threads of both sides.
PROCESSES, THREADS = 2, 25


def burst(desk, *, deliveries=5000, accounts=200, repeats=3, prepare=0.0):
    """Half Facebook, half X. Timed from letting go until the last is recorded (ours), answered (theirs)."""
    rows = desk.accounts(accounts // 2, accounts // 2)
    desk.ask("PUT", latency=CALL, prepare=prepare)
    bare = desk.bare(PROCESSES, THREADS)
    ours = desk.workers(PROCESSES, THREADS)
    mine, theirs, my_cpu, their_cpu, platform = [], [], [], [], []
    _warm_up(desk, rows)
    for _ in range(repeats):
        ids = desk.fill(rows, deliveries // accounts)
        desk.ask("DELETE")
        time.sleep(1.5)
        spent, began = cpu(ours), time.monotonic()
        desk.let_go(ids)
        desk.until_delivered(ids)
        mine.append(time.monotonic() - began)
        my_cpu.append(1000 * (cpu(ours) - spent) / len(ids))
        told = desk.ask()
        platform.append(told["cpu"] / mine[-1])
        assert (told["calls"], told["double"], told["most_in_flight"]) == (len(ids), 0, 1), told
        with frozen(ours):
            seconds, spent = _bare(desk, rows, len(ids), bare)
        theirs.append(seconds)
        their_cpu.append(1000 * spent / len(ids))
        print(f"  {mine[-1]:.2f} s beside {theirs[-1]:.2f} s", flush=True)
    ratio = figures.ratios(mine, theirs)
    what = f"burst, {desk.database}: {deliveries:,} deliveries over {accounts} accounts,"
    what += f" {PROCESSES} x {THREADS} threads"
    if prepare:
        what += f", and Facebook's reading of the page at {1000 * prepare:.0f} ms"
    return [
        figures.Row(
            what=what,
            bar="" if prepare else "<= 1.5 x bare Celery (stretch 1.25 x)",
            measured=f"{figures.median(mine):.2f} s beside {figures.median(theirs):.2f} s; CPU of the workers"
            f" {figures.median(my_cpu):.1f} ms each beside {figures.median(their_cpu):.1f};"
            f" the platforms' process at {100 * max(platform):.0f} % of a core",
            ratio=f"{figures.median(ratio):.2f}",
            spread=figures.spread(ratio),
            met=None if prepare else figures.median(ratio) <= 1.5,
        )
    ]


def few(desk, *, each=40, repeats=3):
    """Five accounts: one delivery in flight on each, so it cannot be faster than their calls in a row."""
    rows = desk.accounts(3, 2)
    desk.ask("PUT", latency=CALL, prepare=0)
    desk.workers(PROCESSES, THREADS)
    _warm_up(desk, rows)
    seconds = []
    for _ in range(repeats):
        ids = desk.fill(rows, each)
        desk.ask("DELETE")
        time.sleep(1.5)
        began = time.monotonic()
        desk.let_go(ids)
        desk.until_delivered(ids)
        seconds.append(time.monotonic() - began)
        assert desk.ask()["most_in_flight"] == 1
        print(f"  {seconds[-1]:.2f} s", flush=True)
    floor = each * CALL
    over = [one / floor for one in seconds]
    return [
        figures.Row(
            what=f"few accounts, {desk.database}: {5 * each} deliveries over 5 accounts",
            bar="within 10 % of the floor (one in flight per account)",
            measured=f"{figures.median(seconds):.2f} s, floor {floor:.1f} s",
            ratio=f"{figures.median(over):.2f}",
            spread=figures.spread(over),
            met=figures.median(over) <= 1.1,
        )
    ]


def _warm_up(desk, rows):
    """Both sides have imported what they need and opened their connections."""
    ids = desk.fill(rows, 1)
    desk.ask("DELETE")
    desk.let_go(ids)
    desk.until_delivered(ids)


def _bare(desk, rows, number, workers):
    """The same calls: published beforehand into a list that nobody reads, then given to the workers at once."""
    import redis

    from bench.engine.bare import app

    place = f"http://127.0.0.1:{desk.port}"
    client = redis.Redis(unix_socket_path=str(desk.broker.socket))
    calls = {row.channel: _call(row) for row in rows}
    with app.pool.acquire(block=True) as connection:
        for i in range(number):
            row = rows[i % len(rows)]
            path = f"/v25.0/{row.remote_id}/feed" if row.channel == "facebook" else "/2/tweets"
            call = json.loads(json.dumps(calls[row.channel]).replace("MARKER", f"m{i}"))
            app.send_task(
                "post", args=[place + path, row.remote_id, call], queue="parked", connection=connection
            )
    desk.ask("DELETE")
    time.sleep(1.5)
    spent, began = cpu(workers), time.monotonic()
    client.rename("parked", "bare")
    wait_for(lambda: desk.ask()["answered"] >= number, 300)
    return desk.ask()["ended"] - began, cpu(workers) - spent


def _call(row):
    """What the product sends for such an account, with MARKER where the marker stands."""
    from sharing import models

    one = models.Delivery.objects.filter(account__channel=row.channel).first()
    body = json.loads(json.dumps(one.message["body"]).replace(one.marker, "MARKER"))
    return {"data": {**body, "fields": "id,permalink_url"}} if row.channel == "facebook" else {"json": body}

"""How long from accepted to the first byte of the post itself: idle, behind a long queue, beside trouble."""

import http.client
import json
import random
import time
from datetime import UTC, datetime

from bench.engine import figures
from bench.engine.burst import CALL, PROCESSES, THREADS
from bench.engine.desk import numbers, wait_for


def idle(desk, *, hooks=200):
    """A CMS's hook on a desk with nothing to do, for one Page and one handle; the clock starts with its answer."""
    from sharing import models

    desk.accounts(1, 1)
    secret = desk.source()
    desk.ask("PUT", latency=0.05, prepare=0)
    desk.workers(1, 16)
    port = desk.web()
    accepted, answered = {}, []
    for number in range(hooks + 5):
        begun = time.monotonic()
        article = f"https://news.example/idle/{next(numbers)}"
        _hook(port, secret, article)
        if number >= 5:  # the first ones import and connect
            accepted[article] = time.monotonic()
            answered.append(1000 * (accepted[article] - begun))
        time.sleep(random.uniform(0.25, 0.45))
    time.sleep(1.5)
    first = desk.ask()["first"]
    rows = models.Delivery.objects.select_related("article")
    # Sent while the answer to the hook was still on its way: no wait at all.
    waits = [
        1000 * max(0.0, first[row.marker] - at)
        for row in rows
        if (at := accepted.get(row.article.value.url)) is not None
    ]
    assert len(waits) == 2 * hooks, len(waits)
    p50, p99 = figures.part(waits, 50), figures.part(waits, 99)
    return [
        figures.Row(
            what=f"idle, {desk.database}: a hook's answer to the first byte of the post, {len(waits)} posts",
            bar="p50 <= 100 ms, p99 <= 1 s",
            measured=f"p50 {p50:.0f} ms, p99 {p99:.0f} ms (the hook itself answered in p50"
            f" {figures.part(answered, 50):.0f} ms)",
            spread=f"{min(waits):.0f} to {max(waits):.0f} ms",
            met=p50 <= 100 and p99 <= 1000,
        )
    ]


def _hook(port, secret, url):
    from sharing.intake import signatures

    number = next(numbers)
    article = {
        "url": url,
        "source_id": str(number),
        "headline": f"Harbor towns run night buses, number {number}",
        "summary": "Six harbor towns will run night buses every 15 minutes from December.",
        "language": "en",
    }
    body = json.dumps({"article": article, "event": "published"}).encode()
    headers = signatures.sign(
        "standard-webhooks", secret, message_id=f"msg_{number}", body=body, now=datetime.now(UTC)
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/hooks/cms", body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    said = json.loads(answer.read())
    assert (answer.status, said.get("result")) == (202, "shared"), said
    connection.close()


def breaking(desk, *, queued=5000, accounts=200, number=100):
    """What is breaking, while thousands wait and every slot is taken; then the same while one platform hangs."""
    rows = desk.accounts(accounts // 2, accounts // 2)
    desk.ask("PUT", latency=CALL, prepare=0)
    desk.workers(PROCESSES, THREADS)
    made = []
    for hanging in (False, True):
        if hanging:
            desk.ask("PUT", hang=["facebook"])
        desk.let_go(desk.fill(rows, -(-queued // accounts)))
        time.sleep(2)
        targets = [row for row in rows if row.channel == "x"] if hanging else rows
        desk.ask("DELETE")
        waits, left = _break_in(desk, targets, number)
        p50, p99 = figures.part(waits, 50), figures.part(waits, 99)
        made.append(
            figures.Row(
                what=f"breaking, {desk.database}: behind {queued:,} queued"
                + (", while Facebook hangs" if hanging else ""),
                bar="p99 <= 3 s",
                measured=f"p50 {p50:.2f} s, p99 {p99:.2f} s of {len(waits)}; {left:,} still queued at the end",
                spread=f"{min(waits):.2f} to {max(waits):.2f} s",
                met=p99 <= 3,
            )
        )
    return made


def _break_in(desk, rows, number):
    from sharing import models

    accepted = {}
    for _ in range(number):
        share = desk.share([random.choice(rows)], breaking=True)
        accepted[share.deliveries.get().marker] = time.monotonic()
        time.sleep(0.08)
    left = models.Delivery.objects.filter(state="queued").count()

    def all_there():
        return all(marker in desk.ask()["first"] for marker in accepted)

    wait_for(all_there, 60, every=0.3)
    first = desk.ask()["first"]
    return [max(0.0, first[marker] - at) for marker, at in accepted.items()], left


#: How one account in a hundred can be broken.
TROUBLES = {"hang": "does not answer", "429": "refuses for ever (429)", "401": "is signed out (401)"}


def broken(desk, *, accounts=100, seconds=8.0, repeats=3):
    """A steady stream of shares on a hundred healthy accounts, with and without a broken one among them."""
    from sharing import models

    rows = desk.accounts(accounts // 2, accounts // 2)
    sick = desk.accounts(0, max(1, accounts // 100))
    spare = desk.accounts(0, len(sick))  # in place of the sick ones, so that both have as much to do
    desk.ask("PUT", latency=CALL, prepare=0)
    desk.workers(PROCESSES, THREADS)
    _stream(desk, rows, [], 2.0)
    sound, ill = [], {name: [] for name in TROUBLES}
    for _ in range(repeats):
        for name in TROUBLES:
            desk.ask("PUT", accounts={})
            sound.append(_stream(desk, rows, spare, seconds))
            desk.ask("PUT", accounts={row.remote_id: name for row in sick})
            for row in sick:  # as if it had only just begun
                models.Account.objects.filter(pk=row.pk).update(health="ok")
                models.AccountGate.objects.filter(pk=row.pk).update(
                    next_at=None, open_until=None, fails=0, unknowns=0, opened=0
                )
            ill[name].append(_stream(desk, rows, sick, seconds))
    made = []
    for number, (name, said) in enumerate(TROUBLES.items()):
        beside = sound[number :: len(TROUBLES)]
        ratio = figures.ratios(ill[name], beside)
        made.append(
            figures.Row(
                what=f"one account in {accounts} {said}, {desk.database}: p95 of the healthy ones",
                bar="<= 1.2 x without it",
                measured=f"{1000 * figures.median(ill[name]):.0f} ms beside {1000 * figures.median(beside):.0f} ms",
                ratio=f"{figures.median(ratio):.2f}",
                spread=figures.spread(ratio),
                met=figures.median(ratio) <= 1.2,
            )
        )
    return made


def _stream(desk, rows, beside, seconds, *, a_second=40, each=5):
    """The p95 of the waits of `rows`, in seconds; each share goes to `beside`, too."""
    desk.ask("DELETE")
    accepted, turn = {}, 0
    ends, due = time.monotonic() + seconds, time.monotonic()
    while time.monotonic() < ends:
        chosen = [rows[(turn + i) % len(rows)] for i in range(each)]
        share = desk.share([*chosen, *beside])
        now = time.monotonic()
        healthy = share.deliveries.exclude(account__in=beside)
        accepted |= dict.fromkeys(healthy.values_list("marker", flat=True), now)
        turn += each
        due += each / a_second
        time.sleep(max(0.0, due - time.monotonic()))
    wait_for(lambda: all(marker in desk.ask()["first"] for marker in accepted), 60, every=0.3)
    first = desk.ask()["first"]
    return figures.part([max(0.0, first[marker] - at) for marker, at in accepted.items()], 95)

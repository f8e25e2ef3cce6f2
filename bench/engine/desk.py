"""A desk for one bench: a real database with fsync, a real broker, real workers, fake platforms."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from itertools import count
from pathlib import Path

from config.broker import Broker
from config.children import command, free_port, spawn
from config.env import SETTINGS

KEYS = {
    "SECRET_KEY": "only-for-benches-" * 3,
    "SHAREDESK_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU=",
}
numbers = count(1)


class Desk:
    """Everything runs after `with`; nothing is left after it. One per process: Django is set up once."""

    def __init__(self, database):
        self.database = database
        self.children, self.postgres = [], None
        self.folder = Path(tempfile.mkdtemp(prefix="sd-bench-"))

    def __enter__(self):
        if self.database == "pg":
            from tests.postgres import Postgres

            self.postgres = Postgres()  # fsync on
            self.postgres.start()
        self.broker = Broker()
        self.broker_child = self.broker.start()
        self.platforms = spawn(
            "platforms", [sys.executable, "-m", "bench.engine.platforms"], stdout=subprocess.PIPE
        )
        self.port = int(self.platforms.process.stdout.readline())
        for name in SETTINGS:
            os.environ.pop(name, None)
            os.environ.pop(f"{name}_FILE", None)
        place = f"http://127.0.0.1:{self.port}"
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": self.postgres.url if self.postgres else "",
                "SHAREDESK_DATA": str(self.folder),
                "SHAREDESK_SANDBOX_URL": f"{place}?smtp_port=9",
                "FACEBOOK_GRAPH_URL": place,
                "X_API_URL": place,
                "SHAREDESK_PAGE_WAIT": "0",
                "SHAREDESK_LOG": "warning",
                "CELERY_BROKER_URL": self.broker.url,
                "BARE_BROKER_URL": self.broker.url,
                **KEYS,
            }
        )
        from config.cli.asking import start_django

        start_django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from sharing import models

        self.row, _ = models.Desk.objects.get_or_create(
            name="main", defaults={"zone": "Asia/Seoul", "language": "en"}
        )
        return self

    def __exit__(self, *_):
        for child in [*self.children, self.platforms]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.process.pid, signal.SIGCONT)
            child.process.kill()
            child.process.wait(5)
        self.broker_child.stop(2)
        self.broker.remove()
        from django.db import connections

        for alias in connections:
            connections[alias].close()
            if self.postgres:
                connections[alias].close_pool()
        if self.postgres:
            self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- platforms --------------------------------------------------------------------------------------

    def ask(self, method="GET", **rules):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/bench", data=json.dumps(rules).encode(), method=method
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    # -- processes --------------------------------------------------------------------------------------

    def workers(self, number, concurrency, *, lane=None):
        """So many `sharedesk worker` processes, ready."""
        from sharing import models

        before = models.Worker.objects.count()
        arguments = ["worker", "--concurrency", str(concurrency)] + (["--lane", lane] if lane else [])
        made = [spawn("worker", _profiled(command(*arguments))) for _ in range(number)]
        self.children += made
        wait_for(lambda: models.Worker.objects.count() >= before + number, 30)
        time.sleep(1.5)  # the ticker is there first, the broker's consumer right after it
        return made

    def bare(self, number, concurrency):
        """As many bare Celery workers, ready."""
        made = [
            spawn(
                "bare",
                [
                    *(sys.executable, "-m", "celery", "-A", "bench.engine.bare", "worker"),
                    *("-P", "threads", "-c", str(concurrency), "-l", "error", "-n", f"bare{i}@%h"),
                    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"C_FORCE_ROOT": "1"},
            )
            for i in range(number)
        ]
        self.children += made
        time.sleep(4)
        return made

    def web(self):
        """`sharedesk web`; its port."""
        port = free_port()
        os.environ["SHAREDESK_BASE_URL"] = f"http://127.0.0.1:{port}"
        self.children.append(spawn("web", command("web", "--port", str(port))))

        def answers():
            with contextlib.suppress(OSError):
                return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)

        wait_for(answers, 30)
        return port

    def end(self, children):
        for child in children:
            child.stop(5)
            self.children.remove(child)

    # -- rows -------------------------------------------------------------------------------------------

    def accounts(self, facebook, x):
        """So many practice accounts, whose tokens are their names."""
        from sharing.domain.account import Mode
        from sharing.services.accounts import connect

        made = []
        for channel, number in (("facebook", facebook), ("x", x)):
            for _ in range(number):
                name = str(10**14 + next(numbers))
                secrets = {"access_token": name}
                made.append(
                    connect.add(
                        self.row, channel, remote_id=name, name=name, secrets=secrets, mode=Mode.SANDBOX
                    )
                )
        return made

    def source(self):
        """A source of signed hooks for all accounts; its secret."""
        from sharing.services.entries import ActingFor
        from sharing.services.incoming import sources

        return sources.add(self.row, "cms", ActingFor(name="bench", via="cli"), scheme="standard-webhooks")[1]

    def fill(self, accounts, shares):
        """So many shares on each of the accounts, to go in an hour; the ids of their deliveries.

        One is made as usual, the others are its copies with markers and hashes of their own.
        """
        from sharing import models
        from sharing.domain.marker import new_marker
        from sharing.domain.message import approved_hash

        first = self.share(accounts, at_once=False)
        row = first.article
        templates = list(first.deliveries.select_related("account"))
        articles = [models.Article(**fields(row)) for _ in range(shares)]
        models.Article.objects.bulk_create(articles)
        copies = [models.Share(**{**fields(first), "article": each}) for each in articles]
        models.Share.objects.bulk_create(copies)
        made = []
        for each in copies:
            for one in templates:
                marker = new_marker()
                message = json.loads(json.dumps(one.message).replace(one.marker, marker))
                own = {
                    "share": each,
                    "article": each.article,
                    "marker": marker,
                    "message": message,
                    "approved_hash": approved_hash(message, one.account.remote_id),
                    "dedupe_key": f"bench-{next(numbers)}",
                }
                made.append(models.Delivery(**{**fields(one), **own}))
        models.Delivery.objects.bulk_create(made, batch_size=500)
        return [each.pk for each in made]

    def share(self, accounts, *, at_once=True, breaking=False):
        """One article, shared as usual; not `at_once`: its deliveries wait for an hour."""
        from datetime import timedelta

        from django.db.models import F

        from sharing.domain.article import Article
        from sharing.services.shares import share as sharing

        number = next(numbers)
        article = Article(
            url=f"https://news.example/bench/{number}",
            headline=f"Harbor towns run night buses, number {number}",
            summary="Six harbor towns will run night buses every 15 minutes from December.",
            language="en",
        )
        acting = sharing.ActingFor(name="bench", via="cli")
        requested = sharing.ShareRequest(article=article, accounts=accounts, breaking=breaking)
        if at_once:
            return sharing.share(self.row, requested, acting).share
        from django.db import transaction

        with transaction.atomic():
            shared, _ = sharing.write_share(self.row, requested, acting)
            hour = timedelta(hours=1)
            shared.share.deliveries.update(due_at=F("due_at") + hour, expires_at=F("expires_at") + hour)
        return shared.share

    def let_go(self, ids):
        """These are due now, and their accounts are rung for; as a share does it."""
        from django.db.models.functions import Now

        from sharing import models
        from sharing.signals import deliveries_due

        rows = models.Delivery.objects.filter(pk__gte=min(ids), pk__lte=max(ids))
        rows.update(due_at=Now())
        deliveries_due((account, False) for account in rows.values_list("account_id", flat=True).distinct())

    def until_delivered(self, ids):
        """Wait until all of them are recorded as delivered; the database is asked only at the end."""
        from sharing import models

        rows = models.Delivery.objects.filter(pk__gte=min(ids), pk__lte=max(ids)).exclude(state="delivered")
        wait_for(lambda: self.ask()["answered"] >= len(ids), 300)
        wait_for(lambda: not rows.exists(), 60, every=0.02)


def _profiled(arguments):
    """BENCH_PROFILE=dir: each worker leaves a profile of all its threads there (see bench/engine/profiled.py)."""
    if not os.environ.get("BENCH_PROFILE"):
        return arguments
    return [arguments[0], "-m", "bench.engine.profiled", *arguments[2:]]


def fields(row):
    return {
        each.name: getattr(row, each.name)
        for each in row._meta.fields
        if each.name != "id" and getattr(row, each.name) is not None
    }


def wait_for(condition, seconds, every=0.05):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if value := condition():
            return value
        time.sleep(every)
    raise TimeoutError("it did not come in time")


def cpu(children):
    """Seconds of processor time of these processes so far."""
    total = 0.0
    for child in children:
        parts = Path(f"/proc/{child.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return total


@contextlib.contextmanager
def frozen(children):
    """These processes stand still meanwhile: who waits for his turn takes nothing from the other."""
    for child in children:
        os.kill(child.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for child in children:
            os.kill(child.process.pid, signal.SIGCONT)

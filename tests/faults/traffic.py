"""What newsrooms do meanwhile: shares come in, stopped accounts are mended."""

import threading
import time
from collections import deque

CHANNELS = ("facebook", "x", "kakao", "mail", "link")


def make_accounts(desk, each, channels=CHANNELS):
    """`each` practice accounts per channel, known to the sandbox: {channel: [account, ...]}."""
    from sharing.domain.account import Mode
    from sharing.services.accounts import connect, practice

    made = {}
    for channel in channels:
        made[channel] = [
            connect.add(
                desk,
                channel,
                remote_id=practice._new_id(channel) if channel != "link" else f"s{number}.news.example",
                name=f"{channel} {number}",
                secrets=practice._new_secrets(channel),
                mode=Mode.SANDBOX,
            )
            for number in range(each)
        ]
    practice.register([row for rows in made.values() for row in rows], article_origins=["*"])
    return made


def article(number):
    from sharing.domain.article import Article

    return Article(
        url=f"https://news.example/story/{number}",
        headline=f"Harbor town {number} runs night buses",
        summary=f"Harbor town {number} will run night buses every {5 + number % 40} minutes, says story {number}.",
        language="en",
    )


class Intake:
    """Shares articles one after the other and remembers which were acknowledged, and how long that took."""

    def __init__(self, desk, accounts, *, number, threads=2, pause=0.0, breaking_every=0):
        self.desk, self.accounts, self.pause, self.breaking_every = desk, accounts, pause, breaking_every
        self._left = deque(range(number))
        self.acknowledged: dict[int, int] = {}
        self.seconds: list[float] = []
        self.refused = 0
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def wait(self, seconds):
        ends = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))

    @property
    def done(self):
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self):
        from django.db import connection

        while True:
            try:
                number = self._left.popleft()
            except IndexError:
                break
            self._share(number)
            time.sleep(self.pause)
        connection.close()

    def _share(self, number):
        """Until it is acknowledged, as a CMS sends its hook again."""
        from django.db import DatabaseError, connection

        from sharing.services.entries import ActingFor
        from sharing.services.shares.share import AlreadyShared, ShareRequest, share

        chosen = [rows[number % len(rows)] for rows in self.accounts.values()]
        breaking = bool(self.breaking_every) and number % self.breaking_every == 0
        requested = ShareRequest(article=article(number), accounts=chosen, breaking=breaking)
        while True:
            began = time.monotonic()
            try:
                shared = share(self.desk, requested, ActingFor(name="harness", via="api"))
                self.acknowledged[number] = shared.share.pk
            except AlreadyShared as already:
                self.acknowledged[number] = already.first.pk
            except DatabaseError:
                self.refused += 1
                connection.close()
                time.sleep(0.2)
                continue
            self.seconds.append(time.monotonic() - began)
            return


class Mender:
    """A person who reconnects accounts that a platform stopped, as soon as they see it."""

    def __init__(self):
        self._over = threading.Event()
        self.mended = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join(10)

    def _run(self):
        from django.db import DatabaseError, connection

        from sharing import models
        from sharing.domain.outcomes import Failure
        from sharing.models import Health
        from sharing.services.accounts import connect
        from sharing.services.entries import ActingFor

        while not self._over.wait(0.5):
            try:
                for row in models.Account.objects.filter(health=Health.STOPPED).select_related("desk"):
                    try:
                        connect.test(row, ActingFor(name="Mender", via="web"))
                        self.mended += 1
                    except Failure:
                        continue
            except DatabaseError:
                connection.close()
        connection.close()

"""What breaks, and when: each kind of trouble is a thread that strikes on a schedule, drawn from a seed."""

import contextlib
import os
import resource
import signal
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from random import Random


@dataclass
class Tally:
    """What was done to the world."""

    kills: int = 0
    kills_in_send: int = 0
    sends_killed: int = 0
    stops: int = 0
    broker: int = 0
    database: int = 0
    read_only: int = 0
    disk: int = 0
    deploys: int = 0
    notes: list = field(default_factory=list)


class Trouble(ABC):
    """Strikes every so many seconds until told to stop."""

    def __init__(self, world, tally, *, every, seed):
        self.world, self.tally, self.every = world, tally, every
        self.random = Random(f"{type(self).__name__}:{seed}")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join(60)

    def pause(self, seconds):
        """Whether it is still on after so long."""
        return not self._over.wait(seconds)

    def _run(self):
        from django.db import connection

        while self.pause(self.every * self.random.uniform(0.7, 1.3)):
            self.strike()
        self.undo()
        connection.close()

    @abstractmethod
    def strike(self):
        """Do it once."""

    def undo(self):  # noqa: B027 - most leave nothing
        """Whatever still stands in the way when it is over."""

    def some_worker(self):
        alive = [pid for pid in self.world.workers if self.world.alive(pid)]
        return self.random.choice(alive) if alive else None


class Kill(Trouble):
    """kill -9 of one worker; a new one takes its place at once."""

    def strike(self):
        pid = self.some_worker()
        if pid is None:
            return
        requested = self.world.workers[pid]
        self.world.kill(pid)
        self.tally.kills += 1
        sends = on_the_wire(pid)
        self.tally.kills_in_send += sends > 0
        self.tally.sends_killed += sends
        self.world.start_worker(**self.successor(requested))

    def successor(self, requested):
        return requested


class Clock(Kill):
    """As `Kill`; the one that takes its place has a clock of its own, wrong by many leases."""

    wrong_by = 30.0

    def successor(self, requested):
        return {**requested, "clock": self.random.uniform(-self.wrong_by, self.wrong_by)}


def on_the_wire(pid):
    """How many deliveries this worker had in the middle of a send."""
    import socket

    from django.db import DatabaseError, connection

    from sharing import models

    try:
        return models.Delivery.objects.filter(
            state="sending", lease_owner=f"{socket.gethostname()}:{pid}"
        ).count()
    except DatabaseError:
        connection.close()
        return 0


class Freeze(Trouble):
    """SIGSTOP of one worker, often for longer than its lease; then it wakes and goes on."""

    longest = 12.0

    def strike(self):
        pid = self.some_worker()
        if pid is None:
            return
        self.tally.stops += 1
        self.world._signal(pid, signal.SIGSTOP)
        self.pause(self.random.uniform(1.0, self.longest))
        self.world._signal(pid, signal.SIGCONT)


class Supervise(Trouble):
    """Revives what ended by itself, as a supervisor does."""

    def strike(self):
        for _ in self.world.revive():
            self.tally.notes.append("revived")


class Deploy(Trouble):
    """SIGTERM of one worker after the other; each is replaced when it has ended, or killed when it does not."""

    patience = 8.0

    def strike(self):
        for pid, requested in list(self.world.workers.items()):
            how = self.random.choice([signal.SIGTERM, signal.SIGTERM, signal.SIGQUIT])
            with self.world.lock:
                self.world.workers.pop(pid, None)  # nobody revives what is meant to end
            self.world._signal(pid, how)
            # The new code starts while the old one still sends: both work on the same rows.
            self.world.start_worker(**requested)
            ends = time.monotonic() + self.patience
            while self.world.alive(pid) and time.monotonic() < ends:
                time.sleep(0.05)
            if self.world.alive(pid):
                self.tally.notes.append(f"did not end on {signal.Signals(how).name}")
            self.world.kill(pid)
            self.tally.deploys += 1


class Broker(Trouble):
    """The broker flushed, killed, frozen, full, read-only, with another password, with nonsense in its queues."""

    ways = ("flush", "kill", "freeze", "full", "read_only", "password", "nonsense")

    def strike(self):
        way = self.ways[self.tally.broker % len(self.ways)]
        self.tally.broker += 1
        getattr(self, way)(self.world.broker_client())

    def undo(self):
        self.world.broker_signal(signal.SIGCONT)

    def flush(self, client):
        client.flushall()

    def kill(self, client):
        self.world.broker_child.process.kill()
        self.pause(self.random.uniform(0.5, 5.0))
        self.world.broker_restart()

    def freeze(self, client):
        self.world.broker_signal(signal.SIGSTOP)
        self.pause(self.random.uniform(1.0, 6.0))
        self.world.broker_signal(signal.SIGCONT)

    def full(self, client):
        client.config_set("maxmemory", "1mb")
        self.pause(self.random.uniform(1.0, 4.0))
        client.config_set("maxmemory", "64mb")

    def read_only(self, client):
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        self.pause(self.random.uniform(1.0, 4.0))
        client.execute_command("REPLICAOF", "NO", "ONE")

    def password(self, client):
        client.config_set("requirepass", "changed")
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.pause(self.random.uniform(1.0, 4.0))
        client.config_set("requirepass", "")

    def nonsense(self, client):
        """Messages doubled, reordered, dropped; garbage; pickle."""
        for queue in ("delivery", "breaking"):
            waiting = client.lrange(queue, 0, -1)
            client.delete(queue)
            half = [each for each in waiting if self.random.random() < 0.5]
            self.random.shuffle(half)
            for message in half:
                client.rpush(queue, *[message] * 10)
            for garbage in (b"", b"{", b"\x80\x04.", b'{"body": 1}', b"[]", PICKLE):
                client.rpush(queue, garbage)


#: A message whose body says that it is a pickle; whoever opened it would leave a trace.
PICKLE = (
    b'{"body": "gASVIwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAh0b3VjaCAvdJSFlFKULg==", "content-encoding": "binary",'
    b' "content-type": "application/x-python-serialize", "headers": {"task": "drain", "id": "1", "lang": "py"},'
    b' "properties": {"body_encoding": "base64", "delivery_tag": "1", "delivery_info": {"exchange": "",'
    b' "routing_key": "delivery"}}}'
)


class Database(Trouble):
    """PostgreSQL stopped at once, as by a power cut, and started again."""

    down = (0.0, 2.0)

    def strike(self):
        from django.db import connection

        connection.close()
        self.tally.database += 1
        self.world.postgres.shut_down()
        self.pause(self.random.uniform(*self.down))
        self.world.postgres.start()


class Busy(Trouble):
    """SQLite locked by somebody else for a while."""

    def strike(self):
        import sqlite3

        self.tally.database += 1
        other = sqlite3.connect(self.world.folder / "desk.sqlite3", timeout=20, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(self.random.uniform(0.2, 2.0))
            other.execute("ROLLBACK")
        finally:
            other.close()


class ReadOnly(Trouble):
    """PostgreSQL takes no writes for a while, as one that has just become a standby."""

    def strike(self):
        self.tally.read_only += 1
        self._set("on")
        self.pause(self.random.uniform(0.5, 3.0))
        self.undo()

    def undo(self):
        while not self._set("off"):
            time.sleep(0.2)  # it is down; what was set is kept

    def _set(self, value):
        import psycopg

        try:
            with psycopg.connect(
                host=str(self.world.postgres.folder), user="postgres", autocommit=True,
                options="-c default_transaction_read_only=off",
            ) as connection:  # fmt: skip
                connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
                connection.execute("SELECT pg_reload_conf()")
        except psycopg.OperationalError:
            return False
        return True


class Disk(Trouble):
    """No room on the disk: whatever a worker writes to a file is refused, SQLite's and its own log's."""

    def strike(self):
        self.tally.disk += 1
        full = list(self.world.workers)
        self._room(full, 0)
        self.pause(self.random.uniform(0.2, 3.0))
        self._room(full, resource.RLIM_INFINITY)

    @staticmethod
    def _room(pids, size):
        # Not the disk itself, which others use; a limit of the process is refused at the same call (setrlimit(2)).
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def is_running(pid):
    """Whether a process is there."""
    return os.path.exists(f"/proc/{pid}")

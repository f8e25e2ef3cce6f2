"""The power goes while SQLite writes: of the last write anything may be on the disk, and what was committed stands."""

import shutil
import sqlite3
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from sharing.domain.delivery import State, Why
from sharing.models import moves
from tests.given import WORKER, a_delivery

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's own log is not ours to cut"),
]

RANDOM = Random("power")


def log_of_the_database():
    return Path(f"{connection.settings_dict['NAME']}-wal")


def after_the_cut(folder, log):
    """The database as the next start finds it, with so much of its log."""
    place = folder / "desk.sqlite3"
    shutil.copy(connection.settings_dict["NAME"], place)
    Path(f"{place}-wal").write_bytes(log)
    Path(f"{place}-shm").unlink(missing_ok=True)
    return sqlite3.connect(place)


def told(database, row):
    """What the delivery is, and what its last event says that it is."""
    state = database.execute("SELECT state FROM sharing_delivery WHERE id = ?", (row.pk,)).fetchone()
    events = "SELECT to_state FROM sharing_event WHERE delivery_id = ? AND NOT refused ORDER BY id DESC"
    return state[0], database.execute(events, (row.pk,)).fetchone()[0]


@pytest.fixture
def committed(desk, account):
    """A delivery, and its way: (bytes of the log when it was committed, state) for each of its moves."""
    row = a_delivery(desk, account)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    way = [(0, State.QUEUED.value)]
    for to, why in [(State.HELD, Why.SWITCH_ON), (State.QUEUED, Why.RELEASED)] * 10:
        assert moves.move(row.pk, to, why, actor=WORKER)
        way.append((log_of_the_database().stat().st_size, to.value))
    return row, way


def test_synchronous_is_full_so_that_a_commit_waits_for_the_disk(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)


def test_a_log_cut_anywhere_keeps_each_move_that_was_committed_and_no_half_of_another(committed, tmp_path):
    row, way = committed
    log = log_of_the_database().read_bytes()
    cuts = {size for size, _ in way} | {RANDOM.randrange(len(log)) for _ in range(100)}
    for cut in sorted(cuts):
        torn = log[:cut] + RANDOM.randbytes(RANDOM.choice([0, 0, 100, 5000]))
        database = after_the_cut(tmp_path, torn)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        stands = [state for size, state in way if size <= cut][-1]
        assert told(database, row) == (stands, stands)
        database.close()


def test_a_byte_that_the_disk_wrote_wrong_ends_the_log_there(committed, tmp_path):
    row, way = committed
    log = bytearray(log_of_the_database().read_bytes())
    for _ in range(50):
        place = RANDOM.randrange(32, len(log))
        wrong = bytearray(log)
        wrong[place] ^= 0x55
        database = after_the_cut(tmp_path, wrong)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        stands = [state for size, state in way if size <= place][-1]
        assert told(database, row) == (stands, stands)
        database.close()

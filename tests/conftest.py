"""What tests share."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from sharing.channels import registry
from sharing.channels.testing import Scripted
from tests import emptied, environment, given
from tests.shared import SHARED

emptied.instead_of_flush()


#: What meets the engine itself: claims, moves, the last gate, races, inserts, clocks, and a hook's transaction.
#: NUL and other odd characters are here too, for PostgreSQL refuses some.
ENGINE = set(
    """
    test_accounts test_changes test_claims test_clocks test_edges test_gate test_hooks test_identity
    test_ingest_at_once test_inserts test_lost_answers test_migrations test_naughty_strings test_notices
    test_power_cut test_recording test_repeats test_sent_again test_shares test_ticker test_together
    test_two_writers
    """.split()
)
#: Seconds for a connection or a lock: a machine may be slow.
PATIENT = 300
#: So many of every other module that touches the database run on PostgreSQL each time; `--everywhere` runs all.
SMOKE = 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what reads samples that are not here. Mark what touches the database, and what PostgreSQL runs."""
    if not SHARED.exists():
        items[:] = [item for item in items if not item.get_closest_marker("samples")]
    smoke: Counter[Path] = Counter()
    for item in items:
        if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)
            smoke[item.path] += 1
            if item.path.stem in ENGINE or smoke[item.path] <= SMOKE:
                item.add_marker(pytest.mark.engine)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A channel that answers by script, beside the real ones."""
    import config.urls  # noqa: F401 - whoever takes a name from the registry takes the real one, once and for all

    channel = Scripted()
    known = dict(registry.channels())
    monkeypatch.setattr(registry, "channels", lambda: {**known, channel.slug: channel})
    return channel


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """A file, as in production: SQLite's in-memory database locks in another way. Patience as no production has."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        test["NAME"] = f"{environment.FOLDER}/test.sqlite3"
        settings.DATABASES["default"]["OPTIONS"]["timeout"] = PATIENT
    else:
        settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = PATIENT


@pytest.fixture
def desk(db):
    return given.a_desk()


@pytest.fixture
def account(desk, scripted):
    return given.an_account(desk)


@pytest.fixture
def house(settings) -> Callable[..., None]:
    """Change what the operator set: `house(page_wait=5)`, `house(sandbox_url=...)`."""

    def change(**changes):
        timings = {each.name for each in dataclasses.fields(settings.SHAREDESK.timings)}
        new = {name: value for name, value in changes.items() if name in timings}
        others = {name: value for name, value in changes.items() if name not in timings}
        settings.SHAREDESK = dataclasses.replace(
            settings.SHAREDESK, timings=dataclasses.replace(settings.SHAREDESK.timings, **new), **others
        )

    return change

"""What tests share."""

import dataclasses
from collections.abc import Callable

import pytest
from django.conf import settings

from sharing.channels import registry
from sharing.channels.testing import Scripted
from tests import environment, given


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever touches the database is run again on PostgreSQL."""
    for item in items:
        if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


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
    """A file, as in production: SQLite's in-memory database locks in another way."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        test["NAME"] = f"{environment.FOLDER}/test.sqlite3"


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

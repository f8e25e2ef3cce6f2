"""A machine whose clock is wrong, for tests: every module of ours that asks for the time is told another."""

import sys
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

FOLLOWS_THE_DATABASE = ("sharing.services", "workers", "sharing.web", "tests.faults.mutants")


@contextmanager
def wrong_by(**delta):
    """Within this, `datetime.now()` of services, workers and pages is off by so much; the database's is right."""
    off = timedelta(**delta)

    class Meta(type):
        def __instancecheck__(cls, value):
            return isinstance(value, datetime)

    class Wrong(datetime, metaclass=Meta):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + off

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith(FOLLOWS_THE_DATABASE) and getattr(module, "datetime", None) is datetime:
                patch.setattr(module, "datetime", Wrong)
        yield

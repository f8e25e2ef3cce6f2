"""`@walks(before, after, why)` marks a test as the one that walks this edge of the state table.

docs/concepts.md names them, and test_docs.py holds both against `domain.delivery.EDGES`: an edge without a test
does not count as built.
"""

from collections.abc import Callable
from typing import TypeVar

from sharing.domain.delivery import State, Why

Test = TypeVar("Test", bound=Callable[..., None])
WALKED: dict[tuple[State, State, Why], str] = {}


def walks(before: State, after: State, *causes: Why) -> Callable[[Test], Test]:
    def mark(test: Test) -> Test:
        for why in causes:
            WALKED[before, after, why] = f"{test.__module__.removeprefix('tests.')}::{test.__qualname__}"
        return test

    return mark

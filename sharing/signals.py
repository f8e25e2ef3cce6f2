"""The signal that deliveries are due. `sharing` sends it and does not know who listens.

`deliveries_due` is called after the commit with pairs (account id, breaking). The code that runs deliveries connects a
listener. Without a listener deliveries start up to a second later, because every worker's ticker also looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Listener = Callable[[list[tuple[int, bool]]], None]

_listeners: list[Listener] = []


def on_deliveries_due(listener: Listener) -> None:
    """Connect a listener. It is connected once, however often this is called."""
    if listener not in _listeners:
        _listeners.append(listener)


def deliveries_due(accounts: Iterable[tuple[int, bool]]) -> None:
    """Tell the listeners. They must not raise: the rows are committed, and the ticker finds them in any case."""
    due = sorted(set(accounts))
    if not due:
        return
    for listener in _listeners:
        listener(due)

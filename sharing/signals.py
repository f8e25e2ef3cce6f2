"""How sharing asks to be run, without knowing by whom.

`deliveries_due` is sent after commit with `accounts`, a list of (account id, breaking) pairs. Whoever runs
deliveries connects to it; nobody listening costs a second, because every worker's ticker looks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Listener = Callable[[list[tuple[int, bool]]], None]

_listeners: list[Listener] = []


def on_deliveries_due(listener: Listener) -> None:
    """Connect a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def deliveries_due(accounts: Iterable[tuple[int, bool]]) -> None:
    """Tell the listeners. Never raises: the rows are committed, and the ticker is the guarantee."""
    due = sorted(set(accounts))
    if not due:
        return
    for listener in _listeners:
        listener(due)

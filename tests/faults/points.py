"""Where a worker can die: before and after each step, by name, as patches of functions from outside.

The same points serve twice: raised as `Killed` inside a test, where nothing catches it (it is no Exception, and
no step cleans up after itself), and as kill -9 of a real worker by its own hand.
"""

import functools
import importlib
import os
import signal
import threading
from dataclasses import dataclass
from random import Random

BEFORE, AFTER = "before", "after"


class Killed(BaseException):
    """Stands in for kill -9 inside a test: nothing that the product does comes after it."""


@dataclass(frozen=True)
class Point:
    """A function of the product, and the side of it on which death comes."""

    step: str
    where: str
    name: str
    when: str
    #: Whether the row says by then that it is being sent.
    gated: bool = False
    #: Whether by then bytes of the one mutation may have left.
    sent: bool = False
    #: Whether the result stands by then.
    recorded: bool = False
    #: Only where the channel speaks to somebody.
    wire: str = ""

    @property
    def owner(self):
        module, _, attribute = self.where.partition(":")
        found = importlib.import_module(module)
        return getattr(found, attribute) if attribute else found


def _both(step, where, name, **facts):
    return {
        f"before {step}": Point(step, where, name, BEFORE, **facts),
        f"after {step}": Point(step, where, name, AFTER, **facts),
    }


DELIVER = "sharing.services.deliveries.deliver"
POINTS = {
    **_both("claim", "sharing.models.moves", "claim"),
    **_both("prepare", DELIVER, "_prepare"),
    "before gate": Point("gate", "sharing.models.moves", "pass_gate", BEFORE),
    "after gate": Point("gate", "sharing.models.moves", "pass_gate", AFTER, gated=True),
    "before the first byte": Point("send", DELIVER, "_send", BEFORE, gated=True),
    "bytes out, no answer read": Point(
        "send", "sharing.net.exchange:_Plain", "getresponse", BEFORE, gated=True, sent=True, wire="http"
    ),
    "dot out, no answer read": Point(
        "send", "sharing.net.smtp:_Conversation", "getreply", BEFORE, gated=True, sent=True, wire="smtp"
    ),
    "answer read, nothing recorded": Point("send", DELIVER, "_send", AFTER, gated=True, sent=True),
    "moved, account not told": Point(
        "record",
        "sharing.services.deliveries.record",
        "_tell_the_account",
        BEFORE,
        gated=True,
        sent=True,
        recorded=True,
    ),
    "after record": Point("record", DELIVER, "record", AFTER, gated=True, sent=True, recorded=True),
    **_both("leases", "sharing.models.moves", "end_leases"),
    **_both("find", "sharing.services.deliveries.look_up", "_find"),
    "after a look": Point("look-up", "sharing.services.deliveries.look_up", "look_up", AFTER),
}


def wrap(point, die, monkeypatch=None):
    """Call `die()` at this point. Undone by `monkeypatch`, where there is one."""
    owner, original = point.owner, getattr(point.owner, point.name)

    @functools.wraps(original)
    def patched(*args, **kwargs):
        if point.wire == "smtp" and not args[0].dot_went_out:
            return original(*args, **kwargs)
        if point.wire == "http" and not _mutates(args[0]):
            return original(*args, **kwargs)
        if point.when == BEFORE:
            die()
        result = original(*args, **kwargs)
        if point.when == AFTER:
            die()
        return result

    if monkeypatch is not None:
        monkeypatch.setattr(owner, point.name, patched)
    else:
        setattr(owner, point.name, patched)


_inside = threading.local()


def _mutates(_connection):
    """Whether the call on this thread is the one mutation, and no look-up, scrape or token."""
    return getattr(_inside, "sending", False)


def mark_sending(monkeypatch=None):
    """Remember, thread by thread, whether the one mutation is under way."""
    deliver = importlib.import_module(DELIVER)
    original = deliver._send

    @functools.wraps(original)
    def sending(*args, **kwargs):
        _inside.sending = True
        try:
            return original(*args, **kwargs)
        finally:
            _inside.sending = False

    if monkeypatch is not None:
        monkeypatch.setattr(deliver, "_send", sending)
    else:
        deliver._send = sending


def die_at(*, chance, seed):
    """In a real worker: at every point, with this chance, kill -9 of itself."""
    mark_sending()
    for name, point in POINTS.items():
        random = Random(f"{seed}:{name}")

        def die(random=random):
            # Forked workers share the seed, not the draw.
            if random.random() + (os.getpid() % 7) * 1e-9 < chance:
                os.kill(os.getpid(), signal.SIGKILL)

        wrap(point, die)

"""Hostile input must not cost much: so many seconds of a usual core, on a machine that may be slow or busy right now."""

import time
from contextlib import contextmanager

#: Seconds that `_yardstick` takes on a core of 2023 with nothing else to do.
USUAL = 0.015


def _yardstick():
    began = time.process_time()
    sum(number * number for number in range(250_000))
    return time.process_time() - began


@contextmanager
def at_most(seconds):
    """No more of the processor than a usual core gives in `seconds` may be used within this."""
    before = _yardstick()
    began = time.process_time()
    yield
    used = time.process_time() - began
    slow = max(1.0, before / USUAL, _yardstick() / USUAL)
    assert used < seconds * slow, f"{used:.2f} s, on a core that is {slow:.1f} times slower than usual"

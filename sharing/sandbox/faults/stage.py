"""Plays a fault around a platform's work: before it, after it, or instead of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Protocol

from sharing.sandbox.faults.plan import PlannedFault
from sharing.sandbox.faults.table import Phase
from sharing.sandbox.later import Later
from sharing.sandbox.wire.exchange import HTML, Answer, Request

YEAR = 365 * 24 * 3600


@dataclass(slots=True)
class Call:
    """A platform's work for a request: the operation's name, the function that does the work, the request's words."""

    operation: str
    act: Callable[[], Answer]
    words: Callable[[], str] = str


class Platform(Protocol):
    """A fake platform. It refuses in the real platform's documented words."""

    channel: str

    def call(self, request: Request, segments: list[str]) -> Call | None:
        """Return the work for a request; None if the path is not this platform's."""

    def unknown(self, request: Request, /) -> Answer:
        """Return the answer for a path that the platform does not have."""

    def trouble(self, status: int) -> Answer:
        """Return the answer for an internal error: a 5xx or 408."""

    def limited(self, headers: dict[str, str], seconds: float, /) -> Answer:
        """Return a 429 with these headers. `seconds` is 0 if unknown."""

    def refusal(self, name: str, parameter: str, request: Request, /) -> Answer:
        """Return a refusal: `throttled`, `token_expired`, `maintenance`, `duplicate`, `code` or `success_false`."""


def play(
    planned: PlannedFault, platform: Platform, request: Request, act: Callable[[], Answer], later: Later
) -> Answer:
    """Answer a request under the faults in `planned`. Does the platform's work if the fault allows it."""
    request.lag = planned.beside.get("read_lag", 0.0)
    request.page_size = int(planned.beside.get("page_size", 0))
    request.beside = planned.beside
    fault = planned.fault
    if fault is None:
        answer = act()
    elif fault.phase is Phase.BEFORE:
        answer = _instead(planned, platform, request)
    elif fault.phase is Phase.LATER:
        later.add(time.time() + planned.seconds, act)
        answer = _front_end(504)
    else:
        answer = act()
        if answer.ok:
            answer = _spoilt(planned, platform, request, answer)
    answer.pause += planned.beside.get("slow", 0.0)
    return answer


def _instead(planned: PlannedFault, platform: Platform, request: Request) -> Answer:
    name = planned.name
    if name.endswith("_before_commit"):
        return _broken(name.removesuffix("_before_commit"), platform)
    if name.startswith("429"):
        return _limited(name, planned.seconds, platform)
    match name:
        case "time_out":
            return Answer(200, effect="hang", stretch=planned.seconds)
        case "301":
            return Answer(301, headers={"Location": f"{request.path.rstrip('/')}/moved"})
        case "find_down":
            return platform.trouble(503)
        case _:
            return platform.refusal(name, planned.parameter, request)


def _spoilt(planned: PlannedFault, platform: Platform, request: Request, answer: Answer) -> Answer:
    name = planned.name
    if name.endswith("_after_commit") and not name.startswith(("time_out", "duplicate")):
        return _broken(name.removesuffix("_after_commit"), platform)
    match name:
        case "duplicate_after_commit":
            return platform.refusal("duplicate", "", request)
        case "html":
            return _page(200, "Something went wrong")
        case "empty_200":
            return Answer(200, kind="")
        case "202":
            return Answer(202, b"{}")
        case "time_out_after_commit":
            answer.effect = "hang"
        case "1xx":
            answer.effect = "interim"
        case _:
            answer.effect = name
    answer.stretch = planned.seconds
    return answer


def _broken(how: str, platform: Platform) -> Answer:
    """Return the answer for `reset`, `close`, or a status of the platform or of its front-end."""
    if how in {"reset", "close"}:
        return Answer(200, effect=how)
    status = int(how)
    return _front_end(status) if status in {502, 504} else platform.trouble(status)


def _front_end(status: int) -> Answer:
    return _page(status, "The server that was asked did not answer in time")


def _page(status: int, words: str) -> Answer:
    return Answer(status, f"<!doctype html><title>{status}</title><h1>{words}</h1>".encode(), HTML)


def _limited(name: str, seconds: float, platform: Platform) -> Answer:
    now = time.time()
    match name:
        case "429_no_header":
            return platform.limited({}, 0)
        case "429_negative":
            return platform.limited({"Retry-After": "-60"}, -60)
        case "429_date":
            return platform.limited({"Retry-After": formatdate(now + seconds, usegmt=True)}, seconds)
        case "429_year":
            return platform.limited({"Retry-After": str(YEAR)}, YEAR)
        case _:
            return platform.limited({"Retry-After": str(round(seconds))}, seconds)

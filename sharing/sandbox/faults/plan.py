"""The plan of faults: a small language, a random seed, and a queue for exact tests.

    facebook:reset_after_commit=5%,429=2%/90s;x:slow=200ms;x.read:find_down=10%;*:latency=20ms

Sections are separated by `;`, each is `CHANNEL[.OPERATION]:FAULT=HOW,...`. HOW is a chance (`5%`), a parameter
(`20ms`, `3`, `190.460`; the fault then strikes every time), or both (`5%/20ms`). `*` means every channel that has
the fault.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sharing.sandbox.faults.table import ALL, NAMED, OPERATIONS, Fault, Phase

MOST_QUEUED = 1_000
LONGEST_SPEC = 10_000
#: Seconds: the longest duration that a fault may have.
LONGEST = 600.0
#: Stages of SMTP whose replies come after the mail is accepted.
AFTER_THE_DOT = frozenset({"dot", "quit"})
_DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m)")
_CHANCE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%")
#: A stage of an SMTP conversation, and the number of bytes after which its reply is cut.
_CUT = re.compile(r"(greeting|ehlo|auth|mail|rcpt|data|dot|quit)\.(0|[1-9][0-9]{0,2})")
_CODE = re.compile(r"-?[0-9]{1,8}(\.[0-9]{1,8})?")


class SpecError(ValueError):
    """A fault spec that cannot be read. The message says where, and what is possible."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault with its chance in percent and its parameter."""

    fault: Fault
    chance: float
    parameter: str


@dataclass(slots=True)
class PlannedFault:
    """The faults of one request: at most one main fault, and faults that happen beside it."""

    fault: Fault | None = None
    parameter: str = ""
    beside: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.fault.name if self.fault else ""

    @property
    def seconds(self) -> float:
        return duration(self.parameter)

    def cut(self, stage: str) -> int | None:
        """Return the number of bytes after which this SMTP stage's reply is cut; None: it is sent whole."""
        where, _, byte = self.parameter.partition(".")
        cuts = self.fault is not None and self.fault.unit == "cut" and where == stage
        return int(byte) if cuts else None


@dataclass(slots=True)
class _Once:
    channel: str
    operation: str
    rule: Rule
    match: str
    times: int


class FaultPlan:
    """The rules and the queue of faults. Draws depend on the seed and the request's number, so runs can be repeated."""

    def __init__(self, spec: str | None = None, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._queue: deque[_Once] = deque()
        self.load(spec or "", seed)

    def load(self, spec: str, seed: int) -> None:
        """Replace the rules, clear the queue and restart the counters. Raises SpecError."""
        rules = parse(spec)
        with self._lock:
            self.spec, self.seed, self._rules = spec, seed, rules
            self._drawn: Counter[tuple[str, str]] = Counter()
            self.struck: Counter[str] = Counter()
            self._queue.clear()

    def queue(self, wish: Any) -> int:
        """Queue a fault for the next matching request. Returns the length of the queue. Raises SpecError."""
        once = _once(wish)
        with self._lock:
            if len(self._queue) >= MOST_QUEUED:
                raise SpecError("too many faults are queued")
            self._queue.append(once)
            return len(self._queue)

    def draw(self, channel: str, operation: str, text: str) -> PlannedFault:
        """Draw the faults of the next request. A queued fault's `match` must be in `text`."""
        rules = self._rules.get((channel, operation), ())
        if not rules and not self._queue:
            return PlannedFault()
        with self._lock:
            self._drawn[channel, operation] += 1
            number = self._drawn[channel, operation]
            once = self._take(channel, operation, text)
        planned = _roll(rules, Random(f"{self.seed}:{channel}:{operation}:{number}"))  # noqa: S311 - repeatable on purpose
        if once and once.fault.phase is Phase.BESIDE:
            planned.beside[once.fault.name] = _number(once)
        elif once:
            planned.fault, planned.parameter = once.fault, once.parameter
        with self._lock:
            self.struck.update([f"{channel}:{name}" for name in (planned.name, *planned.beside) if name])
        return planned

    def queued(self, channel: str, operation: str, text: str) -> PlannedFault | None:
        """Take a queued fault with a `match` that is in `text`; None if there is none. Rules are not drawn."""
        with self._lock:
            once = self._take(channel, operation, text, by_match=True)
            if once is None:
                return None
            self.struck[f"{channel}:{once.fault.name}"] += 1
        return PlannedFault(once.fault, once.parameter)

    def _take(self, channel: str, operation: str, text: str, *, by_match: bool = False) -> Rule | None:
        for once in self._queue:
            if by_match and not once.match:
                continue
            if once.channel == channel and once.operation == operation and once.match in text:
                once.times -= 1
                if not once.times:
                    self._queue.remove(once)
                return once.rule
        return None

    @property
    def waiting(self) -> int:
        """Return how many times queued faults will still strike."""
        return sum(once.times for once in self._queue)


def _roll(rules: tuple[Rule, ...], random: Random) -> PlannedFault:
    planned = PlannedFault()
    point = random.uniform(0, 100)
    for rule in rules:
        if rule.fault.phase is Phase.BESIDE:
            if random.uniform(0, 100) < rule.chance:
                planned.beside[rule.fault.name] = _number(rule)
        elif planned.fault is None:
            point -= rule.chance
            if point < 0:
                planned.fault, planned.parameter = rule.fault, rule.parameter
    return planned


def _number(rule: Rule) -> float:
    return float(rule.parameter) if rule.fault.unit == "n" else duration(rule.parameter)


def duration(text: str) -> float:
    """Return `200ms`, `2s` or `1.5m` in seconds; 0 for any other text."""
    found = _DURATION.fullmatch(text)
    return float(found[1]) * {"ms": 0.001, "s": 1, "m": 60}[found[2]] if found else 0.0


def parse(spec: str) -> dict[tuple[str, str], tuple[Rule, ...]]:
    """Parse a spec into rules by channel and operation. Raises SpecError."""
    if len(spec) > LONGEST_SPEC:
        raise SpecError("the fault spec is too long")
    found: dict[tuple[str, str], tuple[Rule, ...]] = {}
    for section in filter(None, (each.strip() for each in spec.split(";"))):
        target, colon, items = section.partition(":")
        if not colon:
            raise SpecError(f"{section!r}: a section is CHANNEL:FAULT=HOW")
        for item in filter(None, (each.strip() for each in items.split(","))):
            name, equals, how = item.partition("=")
            if not equals:
                raise SpecError(f"{item!r}: a fault is NAME=CHANCE% or NAME=PARAMETER")
            rule = _rule(name.strip(), how.strip())
            for key in _targets(target.strip(), rule.fault):
                found[key] = (*found.get(key, ()), rule)
    for (channel, operation), rules in found.items():
        if sum(rule.chance for rule in rules if rule.fault.phase is not Phase.BESIDE) > 100:
            raise SpecError(f"the chances of {channel} ({operation}) are over 100%")
    return found


def _targets(target: str, fault: Fault) -> list[tuple[str, str]]:
    channel, dot, operation = target.partition(".")
    channels = fault.channels if channel == "*" else {channel}
    if channel != "*" and channel not in ALL:
        raise SpecError(f"{channel!r} is not a channel with faults: {', '.join(sorted(ALL))}, *")
    if not channels <= fault.channels:
        raise SpecError(f"{channel} has no fault {fault.name!r}")
    if dot and operation not in OPERATIONS:
        raise SpecError(f"{operation!r} is not an operation: {', '.join(sorted(OPERATIONS))}")
    return [
        (each, one) for each in sorted(channels) for one in ([operation] if dot else sorted(fault.operations))
    ]


def _rule(name: str, how: str) -> Rule:
    fault = NAMED.get(name)
    if fault is None:
        raise SpecError(f"{name!r} is not a fault; docs/sandbox.md lists them")
    first, slash, second = how.partition("/")
    chance = _CHANCE.fullmatch(first)
    parameter = second if chance else first
    if (slash and not chance) or (chance and not float(chance[1]) <= 100):
        raise SpecError(f"{name}={how}: how is a chance such as 5%, a parameter, or both: 5%/2s")
    return Rule(
        fault,
        float(chance[1]) if chance else 100.0,
        _parameter(fault, parameter, given=not chance or bool(slash)),
    )


def _parameter(fault: Fault, text: str, *, given: bool) -> str:
    if not given:
        if fault.unit == "code":
            raise SpecError(f"{fault.name} needs a code: {fault.name}=5%/368")
        return fault.default
    if fault.unit == "s" and _DURATION.fullmatch(text) and duration(text) <= LONGEST:
        return text
    if fault.unit == "n" and re.fullmatch(r"[1-9][0-9]{0,2}", text):
        return text
    if fault.unit == "code" and _CODE.fullmatch(text):
        return text
    cut = _CUT.fullmatch(text) if fault.unit == "cut" else None
    if cut and (cut[1] in AFTER_THE_DOT) == (fault.phase is Phase.AFTER):
        return text
    wants = {
        "s": "a duration such as 200ms, at most 10m",
        "n": "a number",
        "code": "a code",
        "cut": "a stage of its phase and a byte, such as " + fault.default,
        "": "no parameter",
    }
    raise SpecError(f"{fault.name} takes {wants[fault.unit]}, not {text!r}")


def _once(wish: Any) -> _Once:
    """Read a queued fault from {"channel", "fault": NAME[/PARAMETER], "operation"?, "match"?, "times"?}."""
    if not isinstance(wish, dict) or not wish.keys() <= {"channel", "fault", "operation", "match", "times"}:
        raise SpecError("a queued fault is {channel, fault, operation?, match?, times?}")
    channel, name, match, times = (
        wish.get(key, default)
        for key, default in (("channel", ""), ("fault", ""), ("match", ""), ("times", 1))
    )
    if not (isinstance(name, str) and isinstance(match, str) and isinstance(channel, str)) or channel == "*":
        raise SpecError("channel, fault and match are texts, and the channel is one")
    if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST_QUEUED:
        raise SpecError("times is a whole number from 1 to 1000")
    bare, slash, parameter = name.partition("/")
    rule = _rule(bare, f"100%{slash}{parameter}")
    operation = wish.get("operation") or ("read" if rule.fault.operations == {"read"} else "create")
    ((channel, operation),) = _targets(f"{channel}.{operation}", rule.fault)
    return _Once(channel, operation, rule, match, times)

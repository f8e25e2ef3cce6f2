from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.sandbox.faults.plan import FaultPlan, SpecError, duration, parse
from sharing.sandbox.faults.table import FAULTS

SPEC = "facebook:reset_after_commit=5%,500_after_commit=3%,429=2%;x:time_out=1%,slow=200ms;mail:drop_after_dot=2%;*:latency=20ms"


def drawn(plan, channel="facebook", operation="create", count=400):
    return [plan.draw(channel, operation, "").name for _ in range(count)]


def test_the_example_of_the_documentation_can_be_read():
    rules = parse(SPEC)
    assert [(rule.fault.name, rule.chance) for rule in rules["facebook", "create"]] == [
        ("reset_after_commit", 5), ("500_after_commit", 3), ("429", 2), ("latency", 100)
    ]  # fmt: skip
    assert rules["x", "read"][-1].parameter == "20ms"
    assert ("mail", "create") in rules


def test_one_seed_is_one_history_and_another_is_another():
    spec = "facebook:reset_after_commit=20%,429=20%"
    assert drawn(FaultPlan(spec, 7)) == drawn(FaultPlan(spec, 7))
    assert drawn(FaultPlan(spec, 7)) != drawn(FaultPlan(spec, 8))


def test_what_happens_elsewhere_does_not_change_the_history_of_an_operation():
    alone, beside = FaultPlan("*:reset_after_commit=30%", 1), FaultPlan("*:reset_after_commit=30%", 1)
    mixed = []
    for number in range(200):
        beside.draw("x", "create", "")
        if number % 3 == 0:
            beside.draw("facebook", "delete", "")
        mixed.append(beside.draw("facebook", "create", "").name)
    assert drawn(alone, count=200) == mixed


def test_chances_come_true():
    names = drawn(FaultPlan("facebook:reset_after_commit=25%,429=50%", 3), count=4000)
    assert 0.21 < names.count("reset_after_commit") / 4000 < 0.29
    assert 0.46 < names.count("429") / 4000 < 0.54


def test_a_certain_fault_strikes_every_time():
    assert set(drawn(FaultPlan("facebook:429=100%", 1))) == {"429"}
    assert set(drawn(FaultPlan("facebook:code=100%/368", 1))) == {"code"}


def test_setting_rules_starts_the_history_anew():
    plan = FaultPlan("facebook:429=30%", 5)
    first = drawn(plan)
    plan.load("facebook:429=30%", 5)
    assert drawn(plan) == first


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nonsense", "CHANNEL:FAULT"),
        ("myspace:429=1%", "not a channel"),
        ("link:429=1%", "not a channel"),
        ("facebook:explode=1%", "not a fault"),
        ("facebook:429", "NAME=CHANCE"),
        ("facebook:429=lots", "takes a duration"),
        ("facebook:429=101%", "chance"),
        ("facebook:429=60%,500_before_commit=60%", "over 100%"),
        ("facebook:drop_after_dot=1%", "has no fault"),
        ("mail:html=1%", "has no fault"),
        ("facebook.fly:429=1%", "not an operation"),
        ("facebook:latency=20", "takes a duration"),
        ("facebook:latency=11m", "takes a duration"),
        ("facebook:page_size=0", "takes a number"),
        ("facebook:code=5%", "needs a code"),
        ("facebook:code=abc", "takes a code"),
        ("facebook:html=5%/2s", "no parameter"),
        ("facebook:html=", "no parameter"),
        ("x" * 10_001, "too long"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(spec, words):
    with pytest.raises(SpecError) as refused:
        parse(spec)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("spec", ["", " ; ;", "facebook: ;", "facebook:429=5%,,"])
def test_nothing_is_nothing(spec):
    parse(spec)


@given(st.text(alphabet="facebokx.:=%,;/0123456789ms*_", max_size=80))
def test_any_text_is_read_or_refused(spec):
    with contextlib.suppress(SpecError):
        parse(spec)


@pytest.mark.parametrize(
    ("text", "seconds"), [("200ms", 0.2), ("2s", 2), ("1.5m", 90), ("", 0), ("2h", 0), ("s", 0)]
)
def test_durations(text, seconds):
    assert duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_can_be_written_in_a_spec_and_queued(fault):
    channel = min(fault.channels)
    parameter = {"code": "/368"}.get(fault.unit, "")
    assert any(
        rule.fault is fault
        for rules in parse(f"{channel}:{fault.name}=1%{parameter}").values()
        for rule in rules
    )
    plan = FaultPlan()
    assert plan.queue({"channel": channel, "fault": fault.name + parameter}) == 1
    operation = "read" if fault.operations == {"read"} else "create"
    planned = plan.draw(channel, operation, "")
    assert fault.name in {planned.name, *planned.beside}
    assert plan.waiting == 0


@pytest.mark.parametrize(
    "requested",
    [
        None,
        [],
        {},
        {"channel": "facebook"},
        {"channel": "facebook", "fault": 5},
        {"channel": "facebook", "fault": "429", "times": 0},
        {"channel": "facebook", "fault": "429", "times": True},
        {"channel": "facebook", "fault": "429", "extra": 1},
        {"channel": "*", "fault": "429"},
        {"channel": "facebook", "fault": "429", "match": 5},
    ],
)
def test_queued_faults_must_make_sense(requested):
    with pytest.raises(SpecError):
        FaultPlan().queue(requested)


def test_the_queue_ends_somewhere():
    plan = FaultPlan()
    for _ in range(1000):
        plan.queue({"channel": "x", "fault": "429"})
    with pytest.raises(SpecError):
        plan.queue({"channel": "x", "fault": "429"})

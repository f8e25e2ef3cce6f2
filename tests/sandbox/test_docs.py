"""docs/sandbox.md says what the code does, and all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharing.sandbox.accounts import FIELDS
from sharing.sandbox.control import PATHS
from sharing.sandbox.facebook.params import NEWEST, OLDEST
from sharing.sandbox.faults.plan import parse
from sharing.sandbox.faults.table import ALL, FAULTS, OPERATIONS
from sharing.sandbox.kakao.picker import CHATS

TEXT = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def row(fault):
    channels = "all" if fault.channels == ALL else ", ".join(sorted(fault.channels))
    parameter = fault.default or ("a code" if fault.unit == "code" else "")
    return f"| `{fault.name}` | {channels} | {fault.phase} | {parameter} | {fault.does} |"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_stands_in_the_table_as_it_is(fault):
    assert row(fault) in TEXT.splitlines()


def test_the_table_names_no_fault_that_is_not_there():
    section = TEXT.partition("| fault |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` ", section, re.MULTILINE) == [fault.name for fault in FAULTS]


def test_the_example_spec_can_be_read():
    assert parse(re.search(r"--faults '([^']+)'", TEXT)[1])


def test_doors_fields_operations_and_chats_are_named():
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([^`]+)`", prose))
    words = {word for each in named for word in re.split(r"[ ?{]", each)}
    assert {f"/{path}" for path in PATHS} <= words
    for channel, fields in FIELDS.items():
        line = next(
            line for line in TEXT.partition("## Accounts")[2].splitlines() if line.startswith(f"| {channel} ")
        )
        assert set(fields) <= set(re.findall(r"`(\w+)`", line)), channel
    assert set(CHATS) | OPERATIONS <= named
    assert f"v{OLDEST}.0 to v{NEWEST}.0" in TEXT

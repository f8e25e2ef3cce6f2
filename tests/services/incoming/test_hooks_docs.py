"""The numbers in docs/sources.md are those of the code."""

from pathlib import Path

import pytest

from config.cli.sources import source as commands
from sharing.domain.lanes import FRESH_FOR, Lane
from sharing.services.incoming import admission, feeds, hooks, rules, sources
from sharing.services.watch import retention

PAGE = (Path(__file__).resolve().parents[3] / "docs/sources.md").read_text()
HOURS = int(FRESH_FOR[Lane.NORMAL].total_seconds() // 3600)
WORDS = {2: "two", 3: "three", 5: "five", 6: "six", 10: "ten"}


@pytest.mark.parametrize(
    "told",
    [
        f"over {admission.LIMIT // 1_000_000} MB",
        f"the {admission.MOST_WRONG + 1}st wrong signature within a minute",
        f"more than {hooks.AT_ONCE} articles at once",
        f"live for {int(sources.OVERLAP.total_seconds() // 3600)} hours",
        f"kept for {retention.INBOUND.days} days",
        f"every {feeds.EVERY} seconds",
        f"after {WORDS[feeds.TELL_AFTER]} failures",
        f"waits {WORDS[int(feeds.HEAD_START.total_seconds() // 60)]} minutes for its hook",
        f"More than {WORDS[feeds.UNDATED_AT_ONCE]} new entries",
        f"read every {WORDS[int(feeds.WITH_A_HUB.total_seconds() // 60)]} minutes",
        f"more than {WORDS[HOURS]} hours ago",
        f"the last {rules.LOOK_BACK} articles",
    ],
)
def test_this_stands_in_the_page(told):
    assert told in " ".join(PAGE.split())


@pytest.mark.parametrize("name", [name for name in commands.commands if name != "list"])
def test_every_command_of_sources_is_in_the_page(name):
    assert f"source {name}" in PAGE

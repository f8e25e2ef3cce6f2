"""The house keeps its shape."""

import ast
import functools
import graphlib
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import grimp

from sharing.channels.registry import GROUP, broken, channels

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE, LONGEST_CHANNEL, LONGEST_FUNCTION = 350, 200, 60


@functools.cache
def modules():
    """Every module of the product that is no migration: its path, its text and its tree, read once."""
    files = [file for folder in ("config", "sharing", "workers") for file in (ROOT / folder).rglob("*.py")]
    texts = {file: file.read_text() for file in files if "migrations" not in file.parts}
    return [(file, text, ast.parse(text)) for file, text in texts.items()]


def test_no_module_is_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path, text, _ in modules()
        if (lines := len(text.splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_channels_are_short():
    for path, text, _ in modules():
        if "channels" in path.parts and path.name != "testing.py":
            assert len(text.splitlines()) <= LONGEST_CHANNEL, path.name


def test_no_function_is_too_long():
    long = []
    for path, _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > LONGEST_FUNCTION:
                long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert not long


def test_no_two_places_write_a_state():
    """Only `models/moves` sets a delivery's state; making one (`Delivery(state=…)`) is no move."""
    writers = []
    for path, text, tree in modules():
        if "moves" in path.parts or "sandbox" in path.parts:
            continue
        if "sharing_delivery" in text and "UPDATE" in text:
            writers.append(str(path.relative_to(ROOT)))
        for node in ast.walk(tree):
            updates = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {
                "update",
                "bulk_update",
            }
            if updates and any(word.arg in {"state", "came_from"} for word in node.keywords):
                writers.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute) and target.attr == "state" for target in node.targets
            ):
                writers.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not writers


def test_the_channels_that_may_not_lean_on_each_other_are_all_of_ours():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (independence,) = [each for each in contracts if each["type"] == "independence"]
    ours = {
        entry.value.split(":")[0] for entry in entry_points(group=GROUP) if entry.dist.name == "sharedesk"
    }
    assert set(independence["modules"]) == ours
    assert set(channels()) >= {"facebook", "x", "kakao", "mail", "link"}
    assert broken() == []


def test_config_is_imported_by_nobody_below():
    assert (ROOT / "config/__init__.py").read_text().count("import") == 0


def test_no_two_modules_import_each_other():
    """Also not for types alone, and not around several corners."""
    graph = grimp.build_graph("config", "workers", "sharing", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    graphlib.TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle

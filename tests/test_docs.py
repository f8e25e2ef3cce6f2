"""The documents say what the code does."""

import ast
import re
import sys
import types
from pathlib import Path

import pytest

from sharing.channels.testing import HttpChannelContract
from sharing.domain.delivery import EDGES
from sharing.domain.delivery import State as State
from sharing.wording import LANGUAGES, sentence
from sharing.wording.catalogue import table
from tests import docs
from tests.walks import WALKED

ROOT = docs.ROOT
#: Groups of the catalogue whose entries are filled into a sentence or stand alone: no answers.
PARTS_OF_SENTENCES = {"reason", "time", "span", "post", "letter"}
OURS = [path for folder in ("config", "sharing", "workers") for path in (ROOT / folder).rglob("*.py")]


def test_every_made_table_is_current():
    old = [path.relative_to(ROOT) for path, text, new in docs.documents() if text != new]
    assert not old, f"run `python -m tests.docs`: {old}"


def test_every_way_of_the_state_table_is_walked_by_a_test():
    import tests.services.accounts.test_accounts
    import tests.services.deliveries.test_edges  # noqa: F401

    missing = [
        (before, after, why)
        for (before, after), causes in EDGES.items()
        for why in causes
        if (before, after, why) not in WALKED
    ]
    assert not missing
    strange = [edge for edge in WALKED if edge[2] not in EDGES.get(edge[:2], ())]
    assert not strange


def _codes_raised():
    """Every code that a Refusal or Failure is raised with, where it is written out."""
    names = {
        "Refusal",
        "refuse",
        "Unavailable",
        "RateLimited",
        "AccountStopped",
        "Rejected",
        "Duplicate",
        "Ambiguous",
    }
    for path in OURS:
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            name = getattr(called, "id", None) or getattr(called, "attr", None)
            if isinstance(node, ast.Call) and name in names and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
                    yield first.value, name in {"Refusal", "refuse"}, path


def test_every_refusal_has_a_sentence_in_both_languages():
    known = set(table())
    missing = sorted(
        {(code, path.name) for code, is_refusal, path in _codes_raised() if is_refusal and code not in known}
    )
    assert not missing


def test_every_sentence_is_in_both_languages_and_in_three_parts():
    for code, languages in table().items():
        assert set(languages) == set(LANGUAGES), code
        if code.partition(".")[0] in PARTS_OF_SENTENCES:
            continue
        parts = {language: len(text.split(" · ")) for language, text in languages.items()}
        assert set(parts.values()) == {3}, (code, parts)


def test_a_korean_sentence_is_no_polite_form():
    polite = re.compile(r"(습니다|합니다|세요|해요|하십시오)[.\s·]")
    readers = {code for code in table() if code.startswith("reader.")}
    wrong = [code for code, text in table().items() if polite.search(text["ko"]) and code not in readers]
    assert not wrong


def test_a_code_without_a_sentence_still_gets_one():
    assert sentence("nonsense.code", "ko").what
    assert sentence("nonsense.code", "en").live


def _blocks(name, language):
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def band(monkeypatch):
    """The channel of the guide, as a module."""
    code, _platform, test = _blocks("adding-a-channel.md", "python")
    module = types.ModuleType("band")
    exec(compile(code, "band.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "band", module)
    tests = types.ModuleType("test_band")
    exec(compile(test, "test_band.py", "exec"), tests.__dict__)
    return module, tests.TestBand


CONTRACT = [name for name in dir(HttpChannelContract) if name.startswith("test_")]


@pytest.mark.parametrize("name", CONTRACT)
def test_the_channel_of_the_guide_keeps_the_contract(band, name):
    getattr(band[1](), name)()


def test_the_channel_of_the_guide_is_short():
    code = _blocks("adding-a-channel.md", "python")[0]
    body = code.split("class Band", 1)[1]
    assert len([line for line in body.splitlines() if line.strip()]) <= 30


def test_every_channel_has_a_page_and_every_page_is_linked():
    from sharing.channels.registry import channels

    index = (ROOT / "docs/channels/README.md").read_text(encoding="utf-8")
    for slug in channels():
        assert (ROOT / f"docs/channels/{slug}.md").exists(), slug
        assert f"({slug}.md)" in index


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
        assert (path.parent / target).exists(), target


def test_nothing_unfinished_and_no_path_of_a_machine_is_committed():
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    paths = re.compile(r"/(?:work|root|home/\w+)/(?:main|\w+/)|/tmp/\w+_jobs")
    for name in listed.stdout.splitlines():
        file = ROOT / name
        if (
            file.suffix not in {".py", ".md", ".toml", ".html", ".js", ".css", ".yml", ".sh"}
            or "vendor" in name
        ):
            continue
        if not file.exists() or file == Path(__file__):
            continue
        text = file.read_text(encoding="utf-8")
        assert not unfinished.search(text), name
        assert not paths.search(text), name


def test_every_noun_of_the_domain_and_the_models_stands_in_the_glossary():
    rows = {}
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] != "word":
            assert cells[0] not in rows, f"{cells[0]} stands twice"
            rows[cells[0]] = cells[1:]
    nouns = {
        f"`{node.name}`"
        for room in ("domain", "models")
        for path in (ROOT / "sharing" / room).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    assert nouns - set(rows) == set()
    assert {word for word in rows if word.startswith("`")} - nouns == set(), "explained, and not in the code"
    for word, (english, korean) in rows.items():
        assert english.endswith("."), word
        assert re.search("[가-힣]", korean), word


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "docs/concepts.md"])
def test_a_newcomer_finds_the_glossary(page):
    assert "glossary.md" in (ROOT / page).read_text(encoding="utf-8")

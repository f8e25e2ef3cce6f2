"""What plug-ins may rely on is written down, whole; and what stands below the channels names none of them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sharing.channels
from sharing.channels.base import Channel
from sharing.channels.declared import Declared

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "adding-a-channel.md").read_text(encoding="utf-8")
SLUGS = frozenset({"facebook", "x", "kakao", "mail", "link"})
#: Where such a word is an element of HTML, a feed, a letter or a field of a message, and no channel.
OTHER_MEANINGS = {
    "sharing/intake/feed_xml.py": {"link"},
    "sharing/intake/xml_news.py": {"link"},
    "sharing/intake/page/document.py": {"link"},
    "sharing/services/incoming/websub.py": {"link"},
    "sharing/presentation/represent.py": {"link"},
}


def declared():
    named = {name for each in (Channel, Declared) for name in (*each.__annotations__, *vars(each))}
    return sorted(name for name in named if not name.startswith("_"))


@pytest.mark.parametrize("name", declared())
def test_the_guide_tells_every_declaration_and_method_of_a_channel(name):
    assert f"`{name}`" in GUIDE or f"`{name}(" in GUIDE


@pytest.mark.parametrize("name", sharing.channels.__all__)
def test_the_guide_tells_every_name_of_the_public_api(name):
    assert hasattr(sharing.channels, name)
    assert f"`{name}`" in GUIDE or f"`{name}(" in GUIDE


def test_the_version_in_the_guide_is_that_of_the_code():
    assert f"`API` is its version ({sharing.channels.API})" in GUIDE


@pytest.mark.parametrize(
    "room", ["domain", "words", "net", "intake", "models", "wording", "services", "presentation"]
)
def test_no_room_names_a_channel(room):
    named = {}
    for path in sorted((ROOT / "sharing" / room).rglob("*.py")):
        words = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        name = str(path.relative_to(ROOT))
        if found := words & SLUGS - OTHER_MEANINGS.get(name, set()):
            named[name] = found
    assert not named


def test_help_imports_no_channel():
    code = (
        "import sys\nfrom config.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not [name for name in sys.modules if name.startswith('sharing.channels')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)

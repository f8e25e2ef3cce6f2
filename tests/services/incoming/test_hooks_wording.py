"""Every refusal and result of the ways in has its sentence, in both languages and with three parts."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from sharing.services.incoming import admission
from sharing.wording import codes, refused, sentence

ROOT = Path(admission.__file__).resolve().parents[2]
PLACES = ("net", "services/articles", "services/incoming", "web/api", "web/hooks.py")
MODULES = [
    file for place in PLACES for file in [ROOT / place, *(ROOT / place).rglob("*.py")] if file.is_file()
]


def calls(name):
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text())):
            called = getattr(node, "func", None)
            if node.__class__ is ast.Call and name in {
                getattr(called, "id", ""),
                getattr(called, "attr", ""),
            }:
                yield node


def raised():
    """Code -> the facts that come with it, from the source."""
    for call in calls("Refusal"):
        if call.args and isinstance(call.args[0], ast.Constant):
            facts = {each.arg for each in call.keywords} - {"status"}
            yield call.args[0].value, facts | {"field", "code"}


RAISED = sorted(raised(), key=str)


@pytest.mark.parametrize(("code", "facts"), RAISED, ids=[code for code, _ in RAISED])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_has_a_sentence_of_three_parts_and_its_facts(code, facts, language):
    assert code in codes(), code
    said = sentence(code, language, dict.fromkeys(facts, "X"))
    assert all((said.what, said.live, said.then)), code
    assert "{" not in str(said), "a fact that nobody gives"


def test_particles_fit_what_is_filled_in():
    from sharing.domain.refusal import Refusal

    refusal = Refusal("hook.too_many_wrong", name="서울", span=timedelta(seconds=9))
    assert str(refused(refusal, "ko")).startswith("서울로 ")

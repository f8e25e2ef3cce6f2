"""Every refusal of the ways in has its sentence, in both languages and with three parts."""

import ast
from pathlib import Path

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake import reading
from sharing.wording import codes, sentence

INTAKE = Path(reading.__file__).parent
OURS = ("article", "event", "feed", "mapping", "ninjs", "signature", "source")
FACTS = (
    "address", "byte", "column", "field", "format", "header", "key", "keys", "kind", "known", "label", "limit", "line",
    "method", "name", "names", "path", "seconds", "span", "url", "value", "what",
)  # fmt: skip


def raised():
    """Code -> the facts that are given with it, from the source of every module here but the pages."""
    for file in INTAKE.rglob("*.py"):
        if "page" in file.parts or file.stem in {"pasted", "fetching"}:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            called = getattr(getattr(node, "func", None), "id", "")
            if called in {"Refusal", "refuse"} and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, {each.arg for each in node.keywords} - {"field", "status"}


RAISED = sorted({code for code, _ in raised()} | set(reading._WHY_NOT.values()))
TABLES = ("ninjs.association_incomplete", "ninjs.association_unknown", "ninjs.rights_twice")


@pytest.mark.parametrize("code", [*RAISED, *TABLES])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_code_has_a_sentence_of_three_parts(code, language):
    assert code in codes()
    said = sentence(code, language, dict.fromkeys(FACTS, "“이것”"))
    assert all((said.what, said.live, said.then))


@pytest.mark.parametrize(("code", "facts"), sorted((code, tuple(sorted(facts))) for code, facts in raised()))
def test_a_sentence_asks_for_no_fact_that_is_not_given(code, facts):
    given = dict.fromkeys(facts, "x") | {"field": "x", "what": "x"}
    assert sentence(code, "ko", given)
    assert sentence(code, "en", given)


def test_the_field_is_named_in_the_sentence():
    from sharing.wording import refused

    assert "published_at" in str(
        refused(Refusal("article.bad_time", field="published_at", value="noon"), "en")
    )

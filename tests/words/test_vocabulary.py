"""The words by which page furniture is known stand once, for stories and for pages."""

import ast
from pathlib import Path

import pytest

from sharing.intake.page import caption, furniture, korean
from sharing.words import clean_up, vocabulary

SHARING = Path(vocabulary.__file__).resolve().parent.parent
#: Words of the trade that mean nothing else, wherever they are written.
TELLING = (
    "특파원",
    "통신원",
    "논설위원",
    "칼럼니스트",
    "편집위원",
    "저작권자",
    "rights reserved",
    "xinhua",
    "kyodo",
)


def texts_in(path):
    """The texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value.lower()


def test_no_other_module_lists_them_again():
    found = {
        (path.relative_to(SHARING).as_posix(), word)
        for room in ("words", "intake")
        for path in (SHARING / room).rglob("*.py")
        if path.name != "vocabulary.py"
        for text in texts_in(path)
        for word in TELLING
        if word in text
    }
    assert not found


@pytest.mark.parametrize("role", [*vocabulary.REPORTERS.split(), *vocabulary.COMMENTATORS.split()])
def test_a_story_and_a_page_know_the_same_bylines(role):
    assert clean_up.is_signature(f"홍길동 {role}")
    assert korean.names(f"홍길동 {role}") == ["홍길동"]


@pytest.mark.parametrize("sign", vocabulary.COPYRIGHT_SIGNS.split())
def test_a_story_and_a_page_know_the_same_rights(sign):
    line = f"{sign} 한빛통신, 무단전재 및 재배포 금지"
    assert clean_up.without_tail(f"강물이 불었다.\n{line}") == "강물이 불었다."
    assert furniture.is_rights(line)


@pytest.mark.parametrize("agency", vocabulary.AGENCIES.split())
def test_a_story_and_a_page_know_the_same_agencies(agency):
    assert clean_up.without_dateline(f"Seoul ({agency}) - The river rose.") == "The river rose."
    assert caption.split(f"The river on Thursday. {agency}") == ("The river on Thursday.", agency)

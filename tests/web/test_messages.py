"""The desk speaks Korean and English, completely."""

import re
import tomllib

import polib
import pytest

from sharing.presentation import states
from tests.shared import SHARED, needs_shared
from tests.web.messages import MO, PO, ROOT, catalogue, said, said_in_code, said_in_templates

_SLOT = re.compile(r"\{(\w+)\}")


def test_every_sentence_has_a_korean_one():
    known = {entry.msgid: entry for entry in catalogue()}
    for (english, plural), files in said().items():
        assert english in known, (english, files)
        entry = known[english]
        assert (entry.msgstr_plural[0] if plural else entry.msgstr).strip(), (english, files)
        assert entry.msgid_plural == (plural or ""), english


def test_the_catalogue_holds_nothing_that_nobody_says():
    assert {entry.msgid for entry in catalogue()} <= {english for english, _plural in said()}


def test_the_compiled_catalogue_is_that_of_the_text():
    compiled = {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in polib.mofile(str(MO))}
    assert compiled == {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in catalogue()}


def test_korean_fills_in_what_english_does():
    for entry in catalogue():
        korean = entry.msgstr or entry.msgstr_plural[0]
        wanted = set(_SLOT.findall(entry.msgid_plural or entry.msgid))
        assert set(_SLOT.findall(korean)) - {"n"} == wanted - {"n"}, entry.msgid


def test_no_particle_stands_bare_after_something_filled_in():
    """가 or 이, 은 or 는: a filter chooses, or the sentence avoids it."""
    bare = re.compile(r"\}(?:이|가|은|는|을|를|과|와|으로|로)(?=[\s.,]|$)")
    assert [entry.msgid for entry in catalogue() if bare.search(entry.msgstr or entry.msgstr_plural[0])] == []


def test_staff_is_spoken_to_as_in_the_newsroom_and_readers_politely():
    readers = {
        english
        for (english, _plural), files in said_in_templates().items()
        if all(file.startswith("sharing/templates/links/") for file in files)
    }
    polite = re.compile(r"니다|십시오|세요|해요")
    for entry in catalogue():
        korean = entry.msgstr or entry.msgstr_plural[0]
        if entry.msgid in readers and korean.rstrip().endswith("."):
            assert polite.search(korean), entry.msgid
        if entry.msgid not in readers:
            assert not polite.search(korean), entry.msgid


def test_english_neither_begs_nor_cheers():
    """Except to readers, who may be asked politely."""
    readers = {
        english
        for (english, _p), files in said_in_templates().items()
        if all("links/" in file for file in files)
    }
    for english, _plural in said():
        if english not in readers:
            assert not re.search(r"!|\b(?:please|sorry|oops|successfully)\b", english, re.IGNORECASE), english


def test_templates_carry_no_style_and_no_script():
    for file in (ROOT / "sharing" / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|hx-on|\son\w+=|<script(?! src)", text), file


@needs_shared
@pytest.mark.parametrize("column", [1, 2])
def test_states_and_buttons_are_those_of_the_words_page(column):
    """Where the desk says what words.md says in one language, it says the same in the other."""
    rows = [
        [cell.strip() for cell in line.strip("|\n").split(" | ")]
        for line in (SHARED / "ui" / "words.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| (?:nav|do|s|z|c)\.", line)
    ]
    ours = {entry.msgid: entry.msgstr for entry in catalogue() if entry.msgstr}
    theirs = {row[2].strip(): row[1].strip() for row in rows}
    if column == 2:
        ours, theirs = {k: v for v, k in ours.items()}, {k: v for v, k in theirs.items()}
    different = {
        words: (ours[words], wanted)
        for words, wanted in theirs.items()
        if words in ours and ours[words] != wanted
    }
    assert {words for words in different if words not in EXCEPTIONS} == set()


#: Two ways of saying that words.md itself has, or a word that means two things.
EXCEPTIONS = {"다시 보내기", "Schedule", "예약", "Light", "나감"}


def test_every_state_has_a_look():
    words = {look.english for look in [*states._BY_STATE.values(), *states._BY_RECEIPT.values()]}
    assert words <= {english for english, _plural in said_in_code()}
    assert PO.exists()


def test_tables_of_wording_are_whole():
    for file in sorted((ROOT / "sharing" / "wording").glob("*.toml")):
        for group, codes in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for code, languages in codes.items():
                assert set(languages) == {"ko", "en"}, f"{group}.{code}"
                assert set(_SLOT.findall(languages["ko"])) == set(_SLOT.findall(languages["en"])), (
                    f"{group}.{code}"
                )

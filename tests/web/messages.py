"""The desk's own words, as they stand in templates and code: `python -m tests.web.messages` keeps the catalogue.

It adds what is new to `django.po` without a translation, drops what nobody says any more, and compiles
`django.mo`. The tests beside this file hold both against the code.
"""

import ast
import re
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
PO = ROOT / "sharing" / "locale" / "ko" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

_SAY = re.compile(r"""\{%\s*say\s+(?:"([^"]+)"|'([^']+)')(?:\s+(?:"([^"]+)"|'([^']+)'))?[^%]*%\}""")
_CALLS = {"_", "say", "gettext", "gettext_noop", "gettext_lazy", "ngettext"}


def said_in_templates():
    """Each (english, plural or None) with the files that say it."""
    found = {}
    for file in sorted((ROOT / "sharing" / "templates").rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        assert text.count("{% say") == len(_SAY.findall(text)), (
            f"a sentence in {file} is written in another way"
        )
        for double, single, plural, plural_single in _SAY.findall(text):
            key = (double or single, (plural or plural_single) or None)
            found.setdefault(key, []).append(str(file.relative_to(ROOT)))
    return found


def said_in_code():
    """As `said_in_templates`, for what speaks to people in code."""
    found = {}
    rooms = [ROOT / "sharing" / room for room in ("web", "presentation")]
    for file in sorted(file for room in rooms for file in room.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [
                each.value
                for each in node.args[:2]
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if name in _CALLS and texts and len(texts) == len(node.args[:2]):
                plural = texts[1] if len(texts) > 1 else None
                found.setdefault((texts[0], plural), []).append(str(file.relative_to(ROOT)))
    return found


def said():
    """Everything that the desk says."""
    found = said_in_templates()
    for key, files in said_in_code().items():
        found.setdefault(key, []).extend(files)
    return found


def catalogue():
    """The Korean catalogue."""
    return polib.pofile(str(PO), wrapwidth=0) if PO.exists() else polib.POFile(wrapwidth=0)


def main():
    known = {entry.msgid: entry for entry in catalogue()}
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = {
        "Project-Id-Version": "sharedesk",
        "Language": "ko",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    missing = 0
    for (english, plural), _files in sorted(said().items(), key=lambda item: item[0][0]):
        old = known.get(english)
        entry = polib.POEntry(msgid=english)
        if plural:
            words = old.msgstr_plural.get(0, "") or old.msgstr if old else ""
            entry.msgid_plural, entry.msgstr_plural = plural, {0: words}
        else:
            words = old.msgstr or old.msgstr_plural.get(0, "") if old else ""
            entry.msgstr = words
        missing += not words
        fresh.append(entry)
    PO.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(PO))
    fresh.save_as_mofile(str(MO))
    print(f"{len(fresh)} sentences, {missing} without Korean")


if __name__ == "__main__":
    main()

"""Reads the tables beside this file: sentences by code, in Korean and English. Editors maintain the tables."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("ko", "en")


@cache
def table() -> dict[str, dict[str, str]]:
    """Return all tables as one dict: `group.code` to the words by language."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            for group, codes in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for code, languages in codes.items():
                    found[f"{group}.{code}"] = languages
    return found


def words(code: str, language: str) -> str:
    """Return the words of `code` with their placeholders. English if `language` is neither Korean nor English.

    Raises:
        KeyError: the tables do not have this code.
    """
    languages = table()[code]
    return languages.get(language[:2]) or languages["en"]

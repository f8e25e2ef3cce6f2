"""What the rooms below the channels need to know of one. Each channel hands it in (`Channel.room`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One part of a post that a person writes: the part's name in the preview, and its label in the form."""

    name: str
    english: str
    korean: str
    one_line: bool = False

    def label(self, language: str) -> str:
        """The label in Korean or in English."""
        return self.korean if language == "ko" else self.english


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a channel takes, and what it makes of words.

    `fit` cuts a template's words to what the channel takes; its second argument is True for Korean.
    `has_title`: the first line of the words is a title or a subject. `shows_picture`: readers see the article's
    picture. `links_bare_domains`: the platform makes a link of a domain that stands without a scheme.
    """

    fit: Callable[[str, bool], str]
    has_title: bool = False
    shows_picture: bool = False
    links_bare_domains: bool = False

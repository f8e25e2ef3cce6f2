"""What the packages below `channels` need to know of a channel. Each channel gives it as `Channel.room`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One part of a post that a person writes: its name in the preview, and its label in the form."""

    name: str
    english: str
    korean: str
    one_line: bool = False

    def label(self, language: str) -> str:
        """Return the label: in Korean for `ko`, else in English."""
        return self.korean if language == "ko" else self.english


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The limits of a channel, and how it uses words and pictures.

    `fit` cuts a template's words to the channel's limit; its second argument is True for Korean. `has_title`: the
    first line of the words is a title or a subject. `shows_picture`: readers see the article's picture.
    `links_bare_domains`: the platform turns a domain without a scheme into a link.
    """

    fit: Callable[[str, bool], str]
    has_title: bool = False
    shows_picture: bool = False
    links_bare_domains: bool = False

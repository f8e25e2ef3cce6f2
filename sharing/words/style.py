"""A desk's own rules about words: what it does not write, where its links lead, what is a warning and what a stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sharing.domain.article import Article
from sharing.domain.message import Message
from sharing.domain.room import Room
from sharing.words import corrections
from sharing.words.lint import Level, Warning_, lint

#: A finding may be a warning, a stop, or not said at all.
LEVELS = (*(level.value for level in Level), "off")
#: How a correction is marked: `notice` is [바로잡습니다], `wire` is [고침]; both are CORRECTED: in English.
CORRECTIONS = (corrections.Style.NOTICE.value, corrections.Style.WIRE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A desk's rules. Empty means: the usual ones.

    `banned`: words it does not use. `domains`: where its links may lead. `hashtags`: tags of an article that it lets
    stand under a teaser. `levels`: by a finding's code, one of `LEVELS`.
    """

    banned: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    correction: str = CORRECTIONS[0]
    levels: Mapping[str, str] = field(default_factory=dict)

    def findings(self, article: Article, message: Message, room: Room, *, own: bool) -> list[Warning_]:
        """What the desk wants to be told about a message, stops first; `own`: a person wrote its words."""
        found = lint(
            article,
            room,
            message.text,
            words_are_own=own,
            banned=self.banned,
            domains=self.domains,
        )
        judged = [(each, self.levels.get(each.code, each.level)) for each in found]
        kept = [replace(each, level=Level(level)) for each, level in judged if level != "off"]
        return sorted(kept, key=lambda each: each.level != Level.BLOCK)

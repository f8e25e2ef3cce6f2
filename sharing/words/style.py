"""A desk's own rules about words: banned words, domains of links, hashtags, levels of findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sharing.domain.article import Article
from sharing.domain.message import Message
from sharing.domain.room import Room
from sharing.words import corrections
from sharing.words.lint import Level, Warning_, lint

#: A finding warns, blocks, or is not shown ("off").
LEVELS = (*(level.value for level in Level), "off")
#: How a correction is marked: `notice` is [바로잡습니다], `wire` is [고침]; both are CORRECTED: in English.
CORRECTIONS = (corrections.Style.NOTICE.value, corrections.Style.WIRE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A desk's rules. An empty field means the default rule.

    `banned`: words that the desk does not use. `domains`: domains to which links may lead. `hashtags`: tags of an
    article that may stand under a teaser. `correction`: one of `CORRECTIONS`. `levels`: one of `LEVELS` by the code of
    a finding.
    """

    banned: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    correction: str = CORRECTIONS[0]
    levels: Mapping[str, str] = field(default_factory=dict)

    def findings(self, article: Article, message: Message, room: Room, *, own: bool) -> list[Warning_]:
        """Return the findings about a message, blocks first. `own` is True if a person wrote its words."""
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

"""The compose form as a browser sends it: what stands in its fields, and what its page had shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.presentation.previews import fields_of
from sharing.services.shares.drafts import WHEN, Screen, Seen, mark_of
from sharing.web.pages.timing import Clock

#: Columns of a form that are read, and accounts.
_COLUMNS, _ACCOUNTS = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What the form says of one column.

    `version` and `shown` are of what the page showed; `kept` marks words that are saved only once somebody goes on
    typing or sends. `other` are the words that the page compared them with, as the draft stood at `against`.
    """

    words: str | None = None
    version: str = ""
    shown: str = ""
    kept: str = ""
    other: str | None = None
    against: str = ""

    @classmethod
    def read(cls, form: QueryDict, slug: str) -> Field:
        given = [form.get(f"words-{slug}-{field.name}") for field in fields_of(slug)]
        words = None
        if given and all(each is not None for each in given):
            lines = [_lines(str(each)) for each in given]
            lines[:-1] = [" ".join(line.split("\n")) for line in lines[:-1]]
            words = "\n".join(lines)
        return cls.of(form, slug, words)

    @classmethod
    def of(cls, form: QueryDict, slug: str, words: str | None) -> Field:
        """With the hidden fields beside these words."""
        other = form.get(f"other-{slug}")
        return cls(
            words=words,
            version=form.get(f"version-{slug}", ""),
            shown=form.get(f"shown-{slug}", ""),
            kept=form.get(f"kept-{slug}", ""),
            other=None if other is None else _lines(other),
            against=form.get(f"against-{slug}", ""),
        )

    def to_save(self, *, by_itself: bool) -> str | None:
        """The words, but none that wait for a choice where nobody pressed anything."""
        left = by_itself and self.words is not None and self.kept == mark_of(self.words)
        return None if left else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The whole form. `article` is the version of the article that the page showed, `opens` when it opens."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    page: str = ""
    article: str = ""
    opens: str = ""
    chosen: frozenset[int] = frozenset()
    had: frozenset[int] = frozenset()
    time: Field = field(default_factory=lambda: Field(words=Clock().words))
    sure: bool = False
    seen: frozenset[int] = frozenset()

    @classmethod
    def read(cls, form: QueryDict) -> Posted:
        slugs = dict.fromkeys(each[:40] for each in form.getlist("column")[:_COLUMNS])
        page = form.get("page", "")
        clock = Clock(when=form.get("when", "now"), at=form.get("at", ""), breaking="breaking" in form)
        return cls(
            fields={slug: Field.read(form, slug) for slug in slugs},
            page=page if len(page) <= 32 and page.isalnum() and page.isascii() else "",
            article=form.get("version", ""),
            opens=form.get("opens", ""),
            chosen=_numbers(form.getlist("account")),
            had=_numbers(form.getlist("had")),
            time=Field.of(form, WHEN, clock.words),
            sure="sure" in form,
            seen=_numbers(form.getlist("seen")),
        )

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the fields, by channel."""
        return {slug: each.words for slug, each in self.fields.items() if each.words is not None}

    def against(self, slug: str) -> str:
        """The version with which the page compares a column already."""
        return (self.time if slug == WHEN else self.fields.get(slug, Field())).against

    @property
    def clock(self) -> Clock:
        """What the fields of time and speed say."""
        return Clock.read(self.time.words or "")

    def screen(self, desk: models.Desk, *, by_itself: bool = False) -> Screen:
        """What the service compares, of this desk's accounts; `by_itself`: nobody pressed anything."""
        channel_of = dict(desk.accounts.values_list("pk", "channel"))
        found = {}
        for slug, each in self.fields.items():
            found[slug] = Seen(
                version=each.version,
                shown=each.shown,
                words=each.to_save(by_itself=by_itself),
                had=frozenset(pk for pk in self.had if channel_of.get(pk) == slug),
                on=frozenset(pk for pk in self.chosen if channel_of.get(pk) == slug),
            )
        words = self.time.to_save(by_itself=by_itself)
        time = Seen(version=self.time.version, shown=self.time.shown, words=words)
        try:
            timing = self.clock.timing(ZoneInfo(desk.zone))
        except Refusal:
            timing = None
        return Screen(found, self.page, time, timing)

    def taking(self, slug: str, *, other: bool) -> Posted:
        """The form once somebody chose for one column: the `other` words, or those in its fields.

        From then on the column is compared with what the page showed beside them.
        """
        before = self.time if slug == WHEN else self.fields.get(slug)
        if before is None or before.other is None:
            return self
        after = replace(before, version=before.against, kept="")
        if other:
            after = replace(after, words=before.other, other=before.words, shown="")
        else:
            after = replace(after, other=None, against="")
        if slug == WHEN:
            return replace(self, time=after)
        return replace(self, fields={**self.fields, slug: after})

    @property
    def opens_at(self) -> datetime | None:
        """When the page said that the article opens."""
        try:
            time = datetime.fromisoformat(self.opens)
        except ValueError:
            return None
        return time if time.tzinfo else None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _numbers(texts: list[str]) -> frozenset[int]:
    return frozenset(
        int(each) for each in texts[:_ACCOUNTS] if each.isascii() and each.isdecimal() and len(each) < 18
    )

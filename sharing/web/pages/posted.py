"""The compose form as a browser sends it: the words in its fields, and what its page had shown."""

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

#: The most columns and accounts of a form that are read; the rest is ignored.
_COLUMNS, _ACCOUNTS = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The form's values for one column.

    `version` and `shown` belong to the words that the page showed. `kept` marks words that are stored only after the
    writer types on or sends. `other` are the words that the page showed beside them, from version `against`.
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
        """Read the hidden fields that belong to these words."""
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
        """Return the words to store. On autosave (`by_itself`), words that wait for a choice are left out (None)."""
        left = by_itself and self.words is not None and self.kept == mark_of(self.words)
        return None if left else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The whole form. `article` is the article's version on the page, `opens` the opening time on the page."""

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
        """Return the words in the fields, by channel."""
        return {slug: each.words for slug, each in self.fields.items() if each.words is not None}

    def against(self, slug: str) -> str:
        """Return the version with which the page already compares a column."""
        return (self.time if slug == WHEN else self.fields.get(slug, Field())).against

    @property
    def clock(self) -> Clock:
        """Return the fields of time and speed."""
        return Clock.read(self.time.words or "")

    def screen(self, desk: models.Desk, *, by_itself: bool = False) -> Screen:
        """Return the form as the drafts service compares it, with this desk's accounts only. `by_itself`: autosave."""
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
        """Return the form after a choice for one column: the `other` words, or the words in its fields.

        From then on, the column is compared with the version that the page showed beside them.
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
        """Return the opening time of the article that the page showed; None if it is missing or has no zone."""
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

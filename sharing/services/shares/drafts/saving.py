"""Save what a writer touched, but nothing that a colleague changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from sharing import models
from sharing.services.entries import ActingFor
from sharing.services.shares.drafts import writing
from sharing.services.shares.drafts.opening import locked, rows
from sharing.services.shares.drafts.timing import WHEN, Timing, set_time, timed
from sharing.services.shares.drafts.versions import Standing, mark_of, note_edits, standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One column as a page showed it, and what its writer made of it.

    `shown` is the mark of the words that the page showed; `words` are those in the fields now (None: no fields). `had`
    are the accounts that the page showed as on; `on` are those that are on now.
    """

    version: str = ""
    shown: str = ""
    words: str | None = None
    had: frozenset[int] = frozenset()
    on: frozenset[int] = frozenset()

    @property
    def touched(self) -> bool:
        """Whether the writer changed the words."""
        return self.words is not None and mark_of(self.words) != self.shown

    @property
    def changed(self) -> bool:
        """Whether the writer changed the words or a tick."""
        return self.touched or self.on != self.had


@dataclass(frozen=True, slots=True)
class Screen:
    """A form as its writer sees it.

    `page` is a random name of this page, by which the page knows its own edits. `time`: the fields of time and speed as
    they were shown and as they are. `timing`: their meaning; None: they cannot be read.
    """

    columns: Mapping[str, Seen]
    page: str = ""
    time: Seen = field(default_factory=Seen)
    timing: Timing | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of saving: the columns that are as the writer sees them, and those that somebody else changed.

    `unsaved`: columns of `differing` that the writer changed too, and a time that cannot be read.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    differing: frozenset[str] = frozenset()
    unsaved: frozenset[str] = frozenset()


def save(share: models.Share, screen: Screen, acting: ActingFor) -> Saved:
    """Write the words and ticks that the writer touched, column by column, by compare-and-set.

    A column that somebody else changed after the page showed it is not written.

    Raises:
        Refusal: `draft.sent`; `text.too_long`, `unicode.surrogate`; `account.unknown`, `share.mixed_modes`.
    """
    with transaction.atomic():
        before = standings(locked(share))
        time = _save_time(share, screen, acting)
        wanted = {
            slug: _wanted(before.get(slug, Standing()), seen, screen.page)
            for slug, seen in screen.columns.items()
        }
        written = {slug: want for slug, want in wanted.items() if want is not None}
        writing.write(share, {slug: words for slug, (words, _on) in written.items() if words is not None})
        kept = (standing.on for slug, standing in before.items() if slug not in written)
        writing.choose(share, frozenset().union(*kept, *(on for _words, on in written.values())))
        after = note_edits(share, before, screen.page, acting)
    differing = frozenset(slug for slug in after if slug not in written)
    unsaved = frozenset(slug for slug in differing & set(screen.columns) if screen.columns[slug].changed)
    versions = {slug: each.version for slug, each in after.items() if slug in written}
    return Saved(
        versions={**versions, **time.versions},
        differing=differing | time.differing,
        unsaved=unsaved | time.unsaved,
    )


def _save_time(share: models.Share, screen: Screen, acting: ActingFor) -> Saved:
    """Save the time and the speed, as `save` does. A time that cannot be read is not stored."""
    wanted = _wanted(timed(share), screen.time, screen.page)
    mine = frozenset({WHEN} if screen.time.touched else ())
    if wanted is None:
        return Saved(differing=frozenset({WHEN}), unsaved=mine)
    words, _on = wanted
    if words is not None and screen.timing is not None:
        set_time(share, screen.timing, screen.page, acting)
    unread = mine if screen.timing is None else frozenset()
    return Saved(versions={WHEN: timed(share).version}, unsaved=unread)


def _wanted(now: Standing, seen: Seen, page: str) -> tuple[str | None, frozenset[int]] | None:
    """Return the words to write (None: leave them) and the accounts to switch on. None: somebody changed the column."""
    if now.version != seen.version and now.by(page):
        return seen.words, seen.on  # this page wrote last: its fields say how the column should be
    if now.version != seen.version and (now.edited_since(seen.version) or not seen.changed):
        return None
    on = (now.on | (seen.on - seen.had)) - (seen.had - seen.on)
    return seen.words if seen.touched else None, on


def reword(share: models.Share, variant: str, screen: Screen, acting: ActingFor) -> Saved:
    """Save, then write another automatic wording where nobody wrote words of their own.

    Raises:
        Refusal: `draft.unknown_wording`, and as `save`.
    """
    with transaction.atomic():
        saved = save(share, screen, acting)
        before = standings(rows(share))
        writing.reword(share, variant)
        after = note_edits(share, before, screen.page, acting)
    return _renewed(saved, after)


def reset(share: models.Share, slug: str, screen: Screen, acting: ActingFor) -> Saved:
    """Save, then go back to the suggestion for one channel, unless somebody changed it meanwhile.

    Raises:
        Refusal: as `save`.
    """
    with transaction.atomic():
        saved = save(share, screen, acting)
        if slug in saved.versions:
            before = standings(rows(share))
            writing.reset(share, slug)
            saved = _renewed(saved, note_edits(share, before, screen.page, acting))
    return saved


def _renewed(saved: Saved, after: Mapping[str, Standing]) -> Saved:
    renewed = {slug: each.version for slug, each in after.items() if slug in saved.versions}
    return replace(saved, versions={**saved.versions, **renewed})

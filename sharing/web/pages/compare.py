"""Comparison of a draft that somebody changed with the page that its writer still has open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from sharing import models
from sharing.presentation import previews, speech
from sharing.services.articles.identity import same_words
from sharing.services.shares import drafts
from sharing.services.shares.drafts import Saved, Standing
from sharing.web.pages.posted import Field, Posted
from sharing.web.pages.timing import Clock
from sharing.web.pages.visit import Visit
from sharing.wording import times


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two texts: a title that says whose it is, and its parts as (name of the field, label, words)."""

    title: str
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One column that differs. `field` is the text in the column, which would go out; `other` is the alternative."""

    slug: str
    said: str
    switched: tuple[str, ...] = ()
    language: str = "ko"
    field: Side | None = None
    other: Side | None = None
    other_words: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """A form merged with the stored draft: the words and ticks that the page shows now, and the differences.

    `kept` are columns whose words are stored only after their writer types on, chooses, or sends.
    """

    texts: Mapping[str, str]
    chosen: frozenset[int]
    kept: frozenset[str]
    differences: tuple[Difference, ...]
    time: Field


def merged(
    visit: Visit, share: models.Share, rows: Sequence[models.Delivery], posted: Posted, saved: Saved
) -> Merged:
    """Merge a form with the stored draft.

    Words that the writer changed stay in their field; the colleague's words appear beside them. If the writer changed
    nothing, the field shows the draft's words; the words that the page showed before appear beside them. Ticks follow
    the draft, except ticks that the writer changed.
    """
    screen = posted.screen(visit.desk)
    texts: dict[str, str] = {}
    chosen = {account for seen in screen.columns.values() for account in seen.on - seen.had}
    kept, differences = set(), []
    for slug, now in drafts.standings(rows).items():
        form, seen = posted.fields.get(slug, Field()), screen.columns.get(slug, drafts.Seen())
        same = saved.versions.get(slug, seen.version) == now.version or now.by(posted.page)
        chosen |= seen.on if same and slug not in saved.versions else now.on - (seen.had - seen.on)
        stored = drafts.words_of(_shown(now, chosen))
        words = stored if form.words is None else form.words
        own = seen.touched and not (same and slug in saved.versions)
        if own:
            texts[slug] = words
        pair = _Pair(visit, now, words if own else stored, stored if own else words, mine=own)
        if not same:
            followed = not now.edited_since(seen.version) and not same_words(
                posted.article, share.article.data_hash
            )
            kept |= {slug} if own else set()
            differences += [] if followed else [pair.difference(switched=_switched(now, seen.had))]
        elif form.other is not None:
            differences.append(pair.again(form.other))
    time, told = _time(visit, drafts.timed(share), posted, saved)
    return Merged(texts, frozenset(chosen), frozenset(kept), (*told, *differences), time)


def _time(
    visit: Visit, now: drafts.Timed, posted: Posted, saved: Saved
) -> tuple[Field, tuple[Difference, ...]]:
    """Merge the time, as a column is merged: the time that the fields show, and the difference to the stored one."""
    form, seen = posted.time, posted.screen(visit.desk).time
    stored, typed = Clock.of(now.timing, visit.zone).words, form.words or ""
    same = saved.versions.get(drafts.WHEN, seen.version) == now.version or now.by(posted.page)
    wrote = same and drafts.WHEN in saved.versions and drafts.WHEN not in saved.unsaved
    own = seen.touched and not wrote
    shows, beside = (typed, stored) if own else (stored, typed)
    field = Field(words=shows, kept=drafts.mark_of(typed) if own and not same else "")
    pair = _Pair(visit, now, shows, beside, mine=own, slug=drafts.WHEN)
    if not same:
        return field, (pair.difference(switched=()),)
    return field, () if form.other is None else (pair.again(form.other),)


def _shown(now: Standing, chosen: Collection[int]) -> models.Delivery:
    """Return the delivery whose words a column shows."""
    return next((row for row in now.rows if row.account_id in chosen), now.rows[0])


def _switched(now: Standing, had: Collection[int]) -> tuple[str, ...]:
    """Return one sentence for each account that is on now but was off on the page, or the reverse."""
    said = []
    for row in now.rows:
        if row.account_id in had and row.account_id not in now.on:
            said.append(speech.say("{account} is off now.", account=row.account.name))
        elif row.account_id in now.on and row.account_id not in had:
            said.append(speech.say("{account} is on now.", account=row.account.name))
    return tuple(said)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The words in a field and the other words. `mine`: the writer typed the words in the field."""

    visit: Visit
    now: Standing
    field: str
    other: str
    mine: bool = False
    slug: str = ""

    def difference(self, *, switched: tuple[str, ...]) -> Difference:
        """Return the difference that somebody's change made."""
        edit, me = self.now.edit, str(self.visit.person)
        theirs = gettext("In the draft now")
        if edit is None:
            said = speech.say("This changed meanwhile.")
        elif edit.actor == me:
            said = speech.say(
                "You changed this in another window at {time}.",
                time=times.shown(edit.at, self.visit.zone, self.visit.language),
            )
        else:
            time = times.shown(edit.at, self.visit.zone, self.visit.language)
            said = speech.say("{name} changed this at {time}.", name=edit.actor, time=time)
            theirs = speech.say("{name}: in the draft now", name=edit.actor)
        mine = gettext("Yours, as typed") if self.mine else gettext("What this page showed")
        titles = (mine, theirs) if self.mine else (theirs, mine)
        return self._told(said, titles, self.other, switched)

    def again(self, other: str) -> Difference:
        """Return the difference from which somebody has chosen already; the other text can still be chosen."""
        titles = (gettext("Chosen"), gettext("The other text"))
        return self._told(speech.say("One of the two is chosen."), titles, other, ())

    def _time(self, at: datetime) -> str:
        return times.shown(at, self.visit.zone, self.visit.language)

    def _told(self, said: str, titles: tuple[str, str], other: str, switched: tuple[str, ...]) -> Difference:
        row = self.now.rows[0]
        slug = self.slug or row.channel
        plain = Difference(slug=slug, said=said, switched=switched, against=self.now.version)
        if other.rstrip() == self.field.rstrip():
            return plain
        return Difference(
            slug=slug,
            said=said,
            switched=switched,
            language=str(row.article.data.get("language") or self.visit.desk.language)[:2],
            field=Side(title=titles[0], parts=self._parts(slug, self.field)),
            other=Side(title=titles[1], parts=self._parts(slug, other)),
            other_words=other,
            against=self.now.version,
        )

    def _parts(self, slug: str, words: str) -> tuple[tuple[str, str, str], ...]:
        if slug == drafts.WHEN:
            return ((slug, "", Clock.read(words).said(self.visit.zone)),)
        return _parts(slug, words)


def _parts(slug: str, words: str) -> tuple[tuple[str, str, str], ...]:
    spoken = (get_language() or "ko")[:2]
    labels = {field.name: field.label(spoken) for field in previews.fields_of(slug)}
    pieces = previews.split(slug, words)
    return tuple((f"words-{slug}-{name}", labels[name], text) for name, text in pieces.items())


def unsent(share: models.Share, posted: Posted) -> dict[str, str]:
    """Return the words of a form, by channel, that are missing in a draft that was sent or dropped."""
    found = {}
    for row in share.deliveries.order_by("pk"):
        form = posted.fields.get(row.channel)
        if form is None or form.words is None or drafts.mark_of(form.words) == form.shown:
            continue
        if form.words.rstrip() != drafts.words_of(row).rstrip():
            found[row.channel] = form.words
    return found


def lost(words: Mapping[str, str]) -> list[tuple[str, tuple[tuple[str, str, str], ...]]]:
    """Return words that were not sent, by channel and part."""
    return [(slug, _parts(slug, text)) for slug, text in words.items()]

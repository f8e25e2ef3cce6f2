"""The columns of a draft, one per channel: accounts, preview with fields, counter, notes; and the send bar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.channels.registry import channels
from sharing.domain.message import Message
from sharing.domain.origin import Words
from sharing.models import Health
from sharing.presentation import previews, speech
from sharing.services.shares import drafts
from sharing.services.shares.drafts import Fit
from sharing.services.shares.style import style_of
from sharing.web.pages.notes import Note, notes_for
from sharing.web.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Choice:
    """An account that the draft may go to. `first` is the delivery that brought the article there before."""

    account: models.Account
    on: bool
    first: models.Delivery | None


@dataclass(slots=True)
class Column:
    """One channel's column. Without an account, the column only says that there is none."""

    slug: str
    choices: list[Choice] = field(default_factory=list)
    pv: previews.Shown | None = None
    twin: previews.Shown | None = None
    fit: Fit | None = None
    notes: list[Note] = field(default_factory=list)
    edited: bool = False
    #: Values that the form sends back: the version of the column, the mark of its words, the accounts that were on.
    version: str = ""
    shown: str = ""
    had: frozenset[int] = frozenset()
    #: The mark of words that wait for a choice between two texts. Autosave does not store them.
    kept: str = ""

    @property
    def on(self) -> bool:
        return any(choice.on for choice in self.choices)

    @property
    def chosen_number(self) -> int:
        return sum(choice.on for choice in self.choices)

    @property
    def template(self) -> list[str]:
        return previews.templates(self.slug)

    @property
    def by_hand(self) -> bool:
        return channel_by_slug(self.slug).by_hand

    @property
    def counted(self) -> bool:
        """Return whether the counter is shown: at most 20 units are left, or the channel always counts."""
        near = self.over > 0 or self.left <= 20
        return bool(self.fit and self.fit.limit) and (near or channel_by_slug(self.slug).always_counts)

    @property
    def left(self) -> int:
        return (self.fit.limit or 0) - self.fit.length if self.fit and self.fit.limit else 1_000_000

    @property
    def over(self) -> int:
        return max(-self.left, 0)

    @property
    def count_role(self) -> str:
        if self.left < 0:
            return "stop"
        return "unsure" if self.left <= 20 else ""

    @property
    def firsts(self) -> list[models.Delivery]:
        return [choice.first for choice in self.choices if choice.first is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The send bar: the number of places, what goes out at once, what waits for a person, and what blocks sending."""

    places: int
    auto: str
    auto_n: int
    hand: str
    hand_n: int
    repeats: int
    blocked: str


def columns(
    visit: Visit,
    share: models.Share,
    *,
    texts: Mapping[str, str] | None = None,
    chosen: Collection[int] | None = None,
    kept: Collection[str] = (),
    rows: Sequence[models.Delivery] | None = None,
) -> list[Column]:
    """Return the columns of a stored draft, or of the draft with a form's `texts` and `chosen`. Stores nothing."""
    rows = drafts.rows(share) if rows is None else rows
    standings = drafts.standings(rows)
    firsts = drafts.firsts(share)
    accounts = visit.desk.accounts.exclude(health=Health.REMOVED).filter(mode=share.mode).order_by("pk")
    if chosen is None:
        chosen = {account for standing in standings.values() for account in standing.on}
    found = {slug: Column(slug) for slug in channels()}
    for account in accounts:
        column = found.setdefault(account.channel, Column(account.channel))
        column.choices.append(Choice(account, account.pk in chosen, firsts.get(account.pk)))
    for slug, column in found.items():
        standing = standings.get(slug, drafts.Standing())
        column.version, column.had = standing.version, standing.on
        mine = standing.rows
        main = next((row for row in mine if row.account_id in chosen), mine[0] if mine else None)
        if main is not None:
            _fill(column, main, visit, (texts or {}).get(slug))
            column.kept = drafts.mark_of((texts or {})[slug]) if slug in kept else ""
    return list(found.values())


def _fill(column: Column, row: models.Delivery, visit: Visit, typed: str | None) -> None:
    stored = drafts.words_of(row)
    words = stored if typed is None else typed
    if words.rstrip() == stored.rstrip() and row.typed is None:
        message = Message.load(row.message)
        fit = Fit(words=words, message=message, length=message.length, limit=message.limit)
    else:
        fit = drafts.try_words(row, words)
    pv = preview_of(row, visit, message=fit.message, words=words, editable=True)
    column.pv, column.fit = pv, fit
    column.twin = preview_of(row, visit, message=fit.message, words=words) if column.slug == "kakao" else None
    column.edited = row.words == Words.PERSON or words.rstrip() != stored.rstrip()
    column.shown = drafts.mark_of(stored)
    column.notes = notes_for(
        pv, fit, row.article.value, style_of(visit.desk), visit.language, own=column.edited
    )


def preview_of(
    row: models.Delivery,
    visit: Visit,
    *,
    message: Message | None = None,
    words: str | None = None,
    editable: bool = False,
) -> previews.Shown:
    """Return a delivery's message as readers see it. The article's picture comes through our own proxy."""
    data = row.article.data
    picture = data.get("image_url")
    return previews.shown(
        message or Message.load(row.message),
        account_name=row.account.name,
        words=words,
        editable=editable,
        zone=visit.zone,
        title=row.article.headline,
        language=str(data.get("language") or visit.desk.language)[:2],
        image=f"/pictures/{row.article_id}?v={row.article.data_hash[:8]}" if picture else "",
        image_alt=data.get("image_alt") or "",
        sandboxed=row.account.mode == "sandbox",
    )


def bar(visit: Visit, found: list[Column]) -> Bar:
    """Return the send bar for these columns."""
    on = [column for column in found if column.on]
    auto = [speech.channel(column.slug) for column in on if not column.by_hand]
    hand = [speech.channel(column.slug) for column in on if column.by_hand]
    places = sum(choice.on for column in on for choice in column.choices)
    repeats = sum(choice.on and choice.first is not None for column in on for choice in column.choices)
    return Bar(
        places=places,
        auto=speech.listed(auto),
        auto_n=len(auto),
        hand=speech.listed(hand),
        hand_n=len(hand),
        repeats=repeats,
        blocked=_blocked(visit, on),
    )


def _blocked(visit: Visit, on: list[Column]) -> str:
    if not visit.may_send:
        return speech.say(
            "You may not send. Nothing was sent. The draft is kept; give a publisher the address of this page."
        )
    if not on:
        return speech.say("No place is chosen. Nothing was sent. Choose one or more columns.")
    stopped = [
        speech.channel(column.slug) for column in on if any(note.role == "stop" for note in column.notes)
    ]
    if stopped:
        return speech.say(
            "{places} will not take this yet. Nothing was sent. Correct what is marked.",
            places=speech.listed(stopped),
        )
    return ""

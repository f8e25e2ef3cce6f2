"""Plain text from people: words per channel, times, and the channels to compose for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sharing.channels.registry import channel, channels
from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.message import VARIANTS, Teaser
from sharing.domain.refusal import Refusal
from sharing.intake import times
from sharing.words.corrections import Style, correction
from sharing.words.unicode import clean, one_line


def teasers_from(
    texts: Mapping[str, str], slugs: Collection[str], wording: str | None = None
) -> dict[str, Teaser]:
    """Return a person's own words by channel, and the automatic wording that they chose for the other channels.

    Raises:
        Refusal: `channel.unknown`, `share.text_for_nobody`, `share.empty_text`, `unicode.surrogate`,
            `draft.unknown_wording`.
    """
    if wording and wording not in VARIANTS:
        raise Refusal("draft.unknown_wording", field="wording", known=", ".join(VARIANTS))
    teasers = {slug: Teaser(variant=wording) for slug in slugs} if wording else {}
    for slug, text in texts.items():
        channel(slug)
        if slug not in slugs:
            raise Refusal("share.text_for_nobody", field=f"text.{slug}", channel=slug)
        words = clean(text).strip()
        if not words:
            raise Refusal("share.empty_text", field=f"text.{slug}", channel=slug)
        teasers[slug] = Teaser(words=words)
    return teasers


def correcting(
    article: Article, original: str, slugs: Collection[str], *, mark: str, case: str = ""
) -> dict[str, Teaser]:
    """Return the words that correct what went out as `original`, by channel.

    Args:
        article: as it is now.
        original: the words that went out.
        slugs: the channels.
        mark: one of words.corrections.Style: `notice`, `wire`, or the legal remedies `remedy` and `reply`.
        case: the case number, which remedies have.

    Raises:
        Refusal: `correction.unknown_mark`, `correction.case_needed`, `unicode.surrogate`.
    """
    if mark not in set(Style):
        raise Refusal("correction.unknown_mark", field="mark", known=", ".join(Style))
    words = correction(article, clean(original), mark, case=one_line(case, "name"))
    return {slug: Teaser(words=words) for slug in slugs if channel(slug).fields}


def read_time(text: str | None, field: str) -> datetime | None:
    """Read a time that somebody sets. A time without a zone stays without one: the desk's zone is added later.

    Raises:
        Refusal: `share.bad_time`, also for a day without an hour.
    """
    if text is None:
        return None
    try:
        found = times.parse(text)
    except times.Unclear:
        found = None
    if found is None or not found.whole:
        raise Refusal("share.bad_time", field=field, time=text[:60])
    return found.moment


def accounts_to_compose(language: str, slugs: Sequence[str] | None) -> list[Account]:
    """Return a stand-in account for each channel; None means all channels. Composing alone needs no real account.

    Raises:
        Refusal: `channel.unknown`; `share.no_accounts`, for an empty list.
    """
    wanted = list(channels()) if slugs is None else list(dict.fromkeys(slugs))
    if not wanted:
        raise Refusal("share.no_accounts", field="channels")
    return [
        Account(id="", channel=channel(slug).slug, remote_id="", name="", language=language)
        for slug in wanted
    ]

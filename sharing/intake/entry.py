"""Feeds and entries with their raw texts. An entry checks its fields and becomes a Reading."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import datetime

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake import times, values
from sharing.intake.markup import text_of, whole_sentences
from sharing.intake.page.names import byline
from sharing.intake.page.plain import fold
from sharing.intake.reading import Event, Proof, Reading, read_as, unreadable
from sharing.words.unicode import LIMITS


@dataclass(slots=True, kw_only=True)
class Entry:
    """An entry with its texts and times as the feed has them. `reading` removes markup and reads the times."""

    title: str = ""
    summary: str = ""
    body: str = ""
    link: str = ""
    image: str = ""
    image_alt: str = ""
    caption: str = ""
    credit: str = ""
    people: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    section: str = ""
    tags: list[str] = field(default_factory=list)
    language: str = ""
    published: str = ""
    updated: str = ""
    embargo: str = ""
    site_name: str = ""
    source: str = ""
    id: str = ""
    label: str = ""
    event: Event = Event.PUBLISHED
    proof: Proof = Proof.STATUS
    what: str = ""
    #: Names of fields that are plain text (Atom's `type="text"`): something like a tag in them is text.
    plain: frozenset[str] = frozenset()

    def reading(self, *, zone: times.Zone, now: datetime, base: str | None = None) -> Reading:
        """Make the Reading. Relative addresses are joined to `base`; times without a zone are in `zone`."""
        at = times.shown(self.updated, zone) or times.shown(self.published, zone)
        source_id = None
        try:
            source_id = values.identity(self.id or self.link)
            if self.event is Event.OTHER:
                return unreadable(
                    Refusal("event.other"), self.event, source_id=source_id, at=at, what=self.what
                )
            article = self._article(zone, base, source_id)
        except Refusal as refusal:
            return unreadable(refusal, self.event, source_id=source_id, at=at, what=self.what)
        return read_as(article, self.event, now=now, proof=self.proof, what=self.what, at=at)

    def _article(self, zone: times.Zone, base: str | None, source_id: str | None) -> Article:
        headline = self._line("title", "headline", "headline")
        if not headline:
            raise Refusal("article.no_headline", field="headline")
        site_name = self._line("site_name", "site_name")
        tags = (self._short(tag, "tags") for tag in self.tags[:50])
        return Article(
            url=values.address(self.link, "url", base) if self.link.strip() else None,
            headline=headline,
            summary=self._summary(),
            image_url=_image(self.image, base),
            image_alt=self._line("image_alt", "image_alt", "summary"),
            caption=self._line("caption", "caption", "summary"),
            credit=self._line("credit", "credit"),
            authors=self._authors(site_name),
            author_emails=tuple(dict.fromkeys(self._emails())),
            section=self._line("section", "section"),
            tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
            language=_language(self.language),
            published_at=times.shown(self.published, zone) or times.shown(self.updated, zone),
            modified_at=times.shown(self.updated, zone),
            embargo_until=self._embargo(zone),
            site_name=site_name,
            source=self._line("source", "source"),
            source_id=source_id,
            body=self._text("body")[: LIMITS["body"]] or None,
            label=self._line("label", "label"),
        )

    def _text(self, name: str) -> str:
        written: str = getattr(self, name)
        if name in self.plain:
            # In plain text tags are words, but many feeds still write entities.
            return values.text(html.unescape(written), name, "body") or ""
        try:
            return text_of(written)
        except Refusal as refusal:
            refusal.field = name
            raise

    def _line(self, name: str, field_name: str, kind: str = "name") -> str | None:
        found = self._text(name)
        if kind != "headline":
            found = found[: LIMITS[kind]]
        return values.line(found, field_name, kind)

    def _short(self, written: str, field_name: str) -> str | None:
        found = text_of(written[: 2 * LIMITS["name"]])
        return values.line(found, field_name, "name") if len(found) <= LIMITS["name"] else None

    def _summary(self) -> str | None:
        found = " ".join(self._text("summary").split())
        if len(found) > LIMITS["summary"]:
            found = found[: LIMITS["summary"]]
        return whole_sentences(found) or None

    def _authors(self, site_name: str | None) -> tuple[str, ...]:
        outlets = frozenset(fold(name) for name in (site_name, self.source) if name)
        return byline((self._short(person, "authors") for person in self.people[:50]), outlets).people

    def _emails(self) -> list[str]:
        good = []
        for written in self.emails[:50]:
            try:
                good.append(values.email(written))
            except Refusal:
                continue
        return good

    def _embargo(self, zone: times.Zone) -> datetime | None:
        if not self.embargo.strip():
            return None
        try:
            return times.exact(self.embargo, zone)
        except times.Unclear:
            raise values.bad_time(self.embargo, "embargo_until") from None


@dataclass(slots=True, kw_only=True)
class Feed:
    """A feed with its raw texts: its name, its entries, and its WebSub hubs."""

    title: str = ""
    language: str = ""
    home: str = ""
    own_url: str = ""
    hubs: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def _image(written: str, base: str | None) -> str | None:
    if not written.strip():
        return None
    try:
        return values.address(written, "image_url", base)
    except Refusal:
        return None


def _language(written: str) -> str | None:
    try:
        return values.language(written) if written.strip() else None
    except Refusal:
        return None

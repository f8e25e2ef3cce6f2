"""One record of a payload, read by its table: paths to fields, fields to an Article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import jmespath
from jmespath.exceptions import JMESPathError

from sharing.domain.refusal import Refusal
from sharing.intake import times, values
from sharing.intake.cms.table import Path, Table
from sharing.intake.markup import text_of, whole_sentences
from sharing.intake.page.names import byline
from sharing.intake.page.plain import fold
from sharing.words.unicode import LIMITS

_MOST_NAMES = 50
#: Where an object keeps the address of a picture.
_PICTURE = ("url", "src", "href", "contentUrl", "source_url")


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its table; every value that leaves it has been through the gate."""

    table: Table
    data: Mapping[str, Any]
    zone: times.Zone

    def found(self, field: str) -> Iterator[Any]:
        """What the field's paths find, in their order, without the empty."""
        return self._search(self.table.fields.get(field, ()))

    def _search(self, paths: tuple[Path, ...]) -> Iterator[Any]:
        for path in paths:
            value = path.search(self.data)
            if value not in (None, "", [], {}):
                yield value

    def line(self, field: str, kind: str = "name") -> str | None:
        """A text of one line, markup taken out."""
        return _first(self.found(field), lambda written: values.line(_text(written, field), field, kind))

    def identity(self) -> str | None:
        """The CMS's own id."""
        return _first(self.found("source_id"), lambda value: values.identity(_scalar(value)))

    def paragraph(self, field: str, kind: str = "summary") -> str | None:
        """A text of several lines as one, cut where no summary is that long."""
        found = _first(self.found(field), lambda written: _text(written, field))
        return _at_most(" ".join(found.split()), kind) if found else None

    def summary(self) -> str | None:
        """The summary somebody wrote, else the whole sentences of what a machine cut."""
        written = self.paragraph("summary")
        if written:
            return written
        excerpt = self.paragraph("excerpt")
        return whole_sentences(excerpt) if excerpt else None

    def body(self) -> str | None:
        for value in self.found("body"):
            parts = value if isinstance(value, list) else [value]
            texts = [_text(part, "body") for part in parts if isinstance(part, str)]
            joined = "\n\n".join(text for text in texts if text)
            if joined:
                return _at_most(joined, "body")
        return None

    def words(self) -> dict[str, str]:
        """Channel -> the words that the CMS holds for it."""
        found = {
            channel: _first(self._search(paths), lambda written: _text(written, "channel_words"))
            for channel, paths in self.table.words.items()
        }
        return {channel: _at_most(words, "words") for channel, words in found.items() if words}

    def time(self, field: str) -> datetime | None:
        """The first that is a time, to be shown or compared."""
        moments = (times.shown(value, self.zone) for value in self.found(field))
        return next((moment for moment in moments if moment), None)

    def unclear(self, field: str) -> Any:
        """What stands there where it should be a time and none of it can be read; None where nothing does."""
        given = [value for value in self.found(field) if not times.is_nothing(value)]
        return given[0] if given and self.time(field) is None else None

    def waits_until(self, field: str) -> datetime | None:
        """The time that the article waits for. One that is not wholly understood is refused, never ignored.

        Raises:
            Refusal: `article.bad_time`.
        """
        for value in self.found(field):
            if field == "published_at" and times.is_nothing(value):
                continue  # WordPress: the time in UTC is not set, the local one is
            try:
                return times.exact(value, self.zone)
            except times.Unclear:
                raise values.bad_time(value, field) from None
        return None

    def people(self) -> tuple[str, ...]:
        """The authors, without the outlet where it stands among them."""
        others = _texts([*self.found("not_authors"), *self.found("site_name")], "authors")
        outlets = frozenset(fold(name) for name in others)
        for value in self.found("authors"):
            written = _texts(value if isinstance(value, list) else [value], "authors")
            people = byline((each for each in written if len(each) <= LIMITS["name"]), outlets).people
            if people:
                return people
        return ()

    def emails(self) -> tuple[str, ...]:
        for value in self.found("author_emails"):
            given = _texts(value if isinstance(value, list) else [value], "author_emails")
            good = [each for each in given if _is_email(each)]
            if good:
                return tuple(dict.fromkeys(good))
        return ()

    def tags(self) -> tuple[str, ...]:
        for value in self.found("tags"):
            given = value if isinstance(value, list) else _scalar(value).split(",")
            tags = [tag for tag in _texts(given, "tags") if len(tag) <= LIMITS["name"]]
            if tags:
                return tuple(dict.fromkeys(tags))
        return ()

    def language(self) -> str | None:
        for value in self.found("language"):
            try:
                return values.language(str(value))
            except Refusal:
                continue
        return None

    def address(self, field: str, site: str | None, base: str | None) -> str | None:
        """A reader's address: absolute, or a path at `site` (joined to it) or `base` (relative to it).

        Raises:
            Refusal: `article.bad_url`; `article.no_site` where it is a path and nothing says of which site.
        """
        for value in self.found(field):
            if not isinstance(value, str):
                continue
            if not values.is_relative(value):
                return values.address(value, field)
            if value.startswith("//"):
                return values.address(f"https:{value}", field)
            if site:
                return values.address(f"{site.rstrip('/')}/{value.lstrip('/')}", field)
            if base:
                return values.address(value, field, base)
            raise Refusal("article.no_site", field=field, path=values.clean_fact(value))
        return None

    def picture(self, site: str | None) -> str | None:
        """The first picture that has an address; one that has none does not cost the article."""
        for value in self.found("image_url"):
            given = value[0] if isinstance(value, list) else value
            if isinstance(given, dict):
                given = next((given[key] for key in _PICTURE if isinstance(given.get(key), str)), None)
            if not isinstance(given, str):
                continue
            try:
                return values.address(urljoin(site or "", given), "image_url")
            except (Refusal, ValueError):
                continue
        return None

    def fill(self, template: str) -> str | None:
        """`https://site/{slug}` filled in; None where the record lacks one of its parts.

        `{slug}`, `{id}`, `{section}`, `{year}`, `{month}`, `{day}`, or any path into the record.

        Raises:
            Refusal: `article.bad_url`.
        """
        return values.fill(template, self._part)

    def _part(self, name: str) -> str | None:
        if name in {"year", "month", "day"}:
            made = None if self.unclear("published_at") else self.time("created_at")
            return values.date_part(name, self.time("published_at") or made)
        if name in {"slug", "id", "section"}:
            found = self.identity() if name == "id" else self.line(name)
        else:
            try:
                found = values.line(_scalar(jmespath.search(name, dict(self.data))), "url", "name")
            except (JMESPathError, TypeError, ValueError):
                return None
        return found.strip("/") if found else None


def site_of(address: str | None) -> str | None:
    """The address that paths belong to: of a template, its host; of a site, itself."""
    if not address or "{" not in address:
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_email(written: str) -> bool:
    try:
        values.email(written)
    except Refusal:
        return False
    return True


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return next((found for each in value[:_MOST_NAMES] if (found := _scalar(each))), "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def _text(value: Any, field: str) -> str:
    try:
        return text_of(_scalar(value))
    except Refusal as refusal:
        refusal.field = field
        raise


def _texts(given: list[Any], field: str) -> list[str]:
    found = (" ".join(_text(each, field).split()) for each in given[:_MOST_NAMES])
    return [each for each in found if each]


def _first(found: Iterator[Any], read: Callable[[Any], str | None]) -> str | None:
    return next((text for value in found if (text := read(value))), None)


def _at_most(text: str, kind: str) -> str:
    limit = LIMITS[kind]
    if len(text) <= limit:
        return text
    return f"{text[: limit - 1].rpartition(' ')[0] or text[: limit - 1]}…"

"""One record of a payload. The paths of its table find the values of the Article's fields."""

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
#: Keys under which an object may hold the address of a picture.
_PICTURE = ("url", "src", "href", "contentUrl", "source_url")


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its table. Every text that it returns has passed the Unicode gate."""

    table: Table
    data: Mapping[str, Any]
    zone: times.Zone

    def found(self, field: str) -> Iterator[Any]:
        """Yield the values that the field's paths find, in order, without empty ones."""
        return self._search(self.table.fields.get(field, ()))

    def _search(self, paths: tuple[Path, ...]) -> Iterator[Any]:
        for path in paths:
            value = path.search(self.data)
            if value not in (None, "", [], {}):
                yield value

    def line(self, field: str, kind: str = "name") -> str | None:
        """Return the first text of a field in one line, without markup."""
        return _first(self.found(field), lambda written: values.line(_text(written, field), field, kind))

    def identity(self) -> str | None:
        """Return the CMS's own id of the record."""
        return _first(self.found("source_id"), lambda value: values.identity(_scalar(value)))

    def paragraph(self, field: str, kind: str = "summary") -> str | None:
        """Return the first text of a field, joined to one line and cut at the limit of its kind."""
        found = _first(self.found(field), lambda written: _text(written, field))
        return _at_most(" ".join(found.split()), kind) if found else None

    def summary(self) -> str | None:
        """Return the summary that a person wrote, or else the whole sentences of the excerpt that a machine cut."""
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
        """Return channel -> words that the CMS holds for the channel."""
        found = {
            channel: _first(self._search(paths), lambda written: _text(written, "channel_words"))
            for channel, paths in self.table.words.items()
        }
        return {channel: _at_most(words, "words") for channel, words in found.items() if words}

    def time(self, field: str) -> datetime | None:
        """Return the first value of a field that is a time. The time is only for showing and comparing."""
        moments = (times.shown(value, self.zone) for value in self.found(field))
        return next((moment for moment in moments if moment), None)

    def unclear(self, field: str) -> Any:
        """Return the first value of a time field if no value can be read; None if one can, or if there is none."""
        given = [value for value in self.found(field) if not times.is_nothing(value)]
        return given[0] if given and self.time(field) is None else None

    def waits_until(self, field: str) -> datetime | None:
        """Return the time of an embargo or a schedule. A time that is not understood is refused, not ignored.

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
        """Return the authors, without the name of the outlet."""
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
        """Return an absolute address. A path is appended to `site`, or else joined to `base`.

        Raises:
            Refusal: `article.bad_url`; `article.no_site` for a path without `site` and `base`.
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
        """Return the address of the first picture that has a good one. A bad address is not an error."""
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
        """Fill a template such as `https://site/{slug}`. Returns None if the record lacks a value.

        Names are `{slug}`, `{id}`, `{section}`, `{year}`, `{month}`, `{day}`, or any JMESPath into the record.

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
    """Return the site to which paths belong: scheme and host of a template, or the site's address itself."""
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

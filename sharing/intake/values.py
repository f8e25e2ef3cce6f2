"""Checks of single fields of an article: text, address, id, language. All readers use them. Times: see `times`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from sharing.domain.hosts import host_of
from sharing.domain.refusal import Refusal
from sharing.words.unicode import LIMITS, clean, one_line

_IN_BRACES = re.compile(r"\{([^{}]{1,200})\}")
_PATH_SAFE = "/%~!$&'()*+,;=:@-._"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,255}")


def line(value: str, field: str, kind: str = "words") -> str | None:
    """Clean `value` with the Unicode gate and put it in one line. Returns None if nothing is left."""
    return _through(one_line, value, field, kind)


def text(value: str, field: str, kind: str = "body") -> str | None:
    """Clean `value` with the Unicode gate and keep its lines. Returns None if nothing is left."""
    return _through(clean, value, field, kind)


def _through(gate: Any, value: str, field: str, kind: str) -> str | None:
    try:
        return gate(value, kind).strip() or None
    except Refusal as refusal:
        refusal.field = field
        raise


def identity(value: str) -> str | None:
    """Clean a source's own id of an article. A too long id becomes its beginning and the SHA-256 of the whole id."""
    limit = LIMITS["name"]
    if len(value) > limit:
        digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
        value = f"{value[: limit - 65]}-{digest}"
    return line(value, "source_id", "name")


def address(value: str, field: str = "url", base: str | None = None) -> str:
    """Check an address: http or https, with a host, without user name. A relative address is joined to `base`.

    Raises:
        Refusal: `article.bad_url`.
    """
    found = line(value, field, "url") or ""
    if not found.isascii():
        found = found.replace("\u3000", " ")
    found = found.replace("&#038;", "&").replace("&amp;", "&").replace(" ", "%20")
    try:
        if base and not _SCHEME.match(found):
            found = urljoin(base, found)
        parts = urlsplit(found)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        raise Refusal("article.bad_url", field=field, url=found[:200]) from None
    if parts.scheme not in {"http", "https"} or not host_of(found) or not port_ok:
        raise Refusal("article.bad_url", field=field, url=found[:200])
    if parts.username is not None or parts.password is not None or "\\" in found:
        raise Refusal("article.bad_url", field=field, url=found[:200])
    return found


def fill(template: str, part: Callable[[str], str | None]) -> str | None:
    """Fill a template such as `https://site/{slug}` with the values of `part`. Returns None if a value is missing.

    Values are percent-escaped, so they cannot change the host.

    Raises:
        Refusal: `article.bad_url`.
    """
    parts = {name: part(name) for name in _IN_BRACES.findall(template)}
    if not all(parts.values()):
        return None
    filled = _IN_BRACES.sub(lambda match: quote(str(parts[match[1]]), safe=_PATH_SAFE), template)
    return address(filled, "url")


def date_part(name: str, moment: datetime | None) -> str | None:
    """Return `year` (4 digits), `month` or `day` (2 digits) of a time."""
    return moment.strftime({"year": "%Y", "month": "%m", "day": "%d"}[name]) if moment else None


def is_relative(value: str) -> bool:
    """Tell whether an address has no scheme: `/path`, `path`, `//host/path`."""
    return not _SCHEME.match(value.strip())


def language(value: str, field: str = "language") -> str:
    """Check a language tag (BCP 47). `ko_KR` becomes `ko-KR`.

    Raises:
        Refusal: `article.bad_field`.
    """
    if not _LANGUAGE.fullmatch(value.strip()):
        raise Refusal("article.bad_field", field=field, value=clean_fact(value))
    return value.strip().replace("_", "-")


def bad_time(value: Any, field: str) -> Refusal:
    """Make the refusal of a time that is not understood as a whole."""
    return Refusal("article.bad_time", field=field, value=clean_fact(value))


def email(value: str, field: str = "author_emails") -> str:
    """Check an e-mail address.

    Raises:
        Refusal: `article.bad_field`.
    """
    found = line(value, field, "name") or ""
    if not _EMAIL.fullmatch(found):
        raise Refusal("article.bad_field", field=field, value=clean_fact(value))
    return found


def clean_fact(value: Any) -> str:
    """Make a sender's value safe to quote in a sentence: at most 80 characters, all printable."""
    shown = str(value) if isinstance(value, (str, int, float)) or value is None else type(value).__name__
    return "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else "�" for c in shown[:80])

"""What one field of an article may be: text, an address, a time, an id. One rule for every door."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from sharing.domain.hosts import host_of
from sharing.domain.refusal import Refusal
from sharing.words.gate import LIMITS, clean, one_line

#: Times outside these years are typing errors or tricks (and overflow when their zone changes).
_YEARS = range(1900, 2201)
_EPOCH = re.compile(r"\d{9,14}")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
# 2022.02.28 19:17, 2022/2/28, 2022년 2월 28일 오후 7:17: as Korean CMSs print it.
_PRINTED = re.compile(
    r"(\d{4})(?:\.|/|-|년) ?(\d{1,2})(?:\.|/|-|월) ?(\d{1,2})(?:\.|일)?"
    r"(?:[ T]*(오전|오후|AM|PM)? ?(\d{1,2}):(\d\d)(?::(\d\d))?)?"
)
_KOREAN_DAY = re.compile(r"^\(?[월화수목금토일](?:요일)?\)?,? *")
_KOREAN_MONTH = re.compile(r"(?<![0-9])(1[0-2]|0?[1-9])월")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_IN_BRACES = re.compile(r"\{([^{}]{1,200})\}")
_PATH_SAFE = "/%~!$&'()*+,;=:@-._"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,255}")


def line(value: str, field: str, kind: str = "words") -> str | None:
    """`value` on one line through the gate; None when nothing is left of it."""
    return _through(one_line, value, field, kind)


def text(value: str, field: str, kind: str = "body") -> str | None:
    """`value` through the gate, its lines kept; None when nothing is left of it."""
    return _through(clean, value, field, kind)


def _through(gate: Any, value: str, field: str, kind: str) -> str | None:
    try:
        return gate(value, kind).strip() or None
    except Refusal as refusal:
        refusal.field = field
        raise


def identity(value: str) -> str | None:
    """A source's own id of an article; one that is too long keeps its beginning and a hash of all of it."""
    limit = LIMITS["name"]
    if len(value) > limit:
        digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
        value = f"{value[: limit - 65]}-{digest}"
    return line(value, "source_id", "name")


def address(value: str, field: str = "url", base: str | None = None) -> str:
    """An address that readers can be led to: http or https, with a host; a relative one against `base`.

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
    """`https://site/{slug}` filled in by `part`, escaped so that it stays on its site; None where one is missing.

    Raises:
        Refusal: `article.bad_url`.
    """
    parts = {name: part(name) for name in _IN_BRACES.findall(template)}
    if not all(parts.values()):
        return None
    filled = _IN_BRACES.sub(lambda match: quote(str(parts[match[1]]), safe=_PATH_SAFE), template)
    return address(filled, "url")


def date_part(name: str, moment: datetime | None) -> str | None:
    """`year`, `month` or `day` of a time, as addresses write them."""
    return moment.strftime({"year": "%Y", "month": "%m", "day": "%d"}[name]) if moment else None


def is_relative(value: str) -> bool:
    """Whether an address says no scheme: `/path`, `path`, `//host/path`."""
    return not _SCHEME.match(value.strip())


def iso_time(value: str, zone: ZoneInfo, field: str) -> datetime:
    """An ISO 8601 time; without a zone it is the desk's.

    Raises:
        Refusal: `article.bad_time`.
    """
    try:
        return _in_range(datetime.fromisoformat(value.strip()), zone)
    except (ValueError, OverflowError):
        raise Refusal("article.bad_time", field=field, value=clean_fact(value)) from None


def any_time(value: Any, zone: ZoneInfo) -> datetime | None:
    """A time however a CMS or feed writes it, or None (`0000-00-00 00:00:00` is none).

    ISO 8601, seconds or milliseconds since 1970, RFC 822, and as Korean CMSs print it.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    written = str(value).strip()
    if not written or len(written) > 80:
        return None
    for read in (_epoch, datetime.fromisoformat, _compact, _printed, _rfc_822):
        try:
            return _in_range(read(written), zone)
        except (ValueError, OverflowError, TypeError, IndexError, OSError):
            continue
    return None


def _in_range(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("not a year of newspapers")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    moment.astimezone(UTC)
    return moment


def _epoch(written: str) -> datetime:
    number = written.split(".", 1)[0]
    if not _EPOCH.fullmatch(number) or not number.isascii() or not 10**8 < float(written) < 10**14:
        raise ValueError("not seconds or milliseconds")
    seconds = float(written)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)


def _compact(written: str) -> datetime:
    match = _COMPACT.fullmatch(written)
    if not match:
        raise ValueError("not yyyymmddhhmm")
    return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001


def _printed(written: str) -> datetime:
    match = _PRINTED.fullmatch(written)
    if not match:
        raise ValueError("not a printed date")
    year, month, day, half, hour, minute, second = match.groups()
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in {"오후", "PM"} else 0)
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))  # noqa: DTZ001


def _rfc_822(written: str) -> datetime:
    # As Java writes it where the machine speaks Korean: "화, 24 11월 2026 09:30:00 +0900".
    plain = _KOREAN_MONTH.sub(lambda month: _MONTHS[int(month[1]) - 1], _KOREAN_DAY.sub("", written))
    moment = parsedate_to_datetime(plain if ":" in plain else f"{plain} 00:00:00")
    # "-0000" is UTC without a word about the place (RFC 5322, 3.3); Python gives it without zone.
    return moment.replace(tzinfo=UTC) if written.endswith("-0000") else moment


def language(value: str, field: str = "language") -> str:
    """A language tag (BCP 47), `ko_KR` written as `ko-KR`.

    Raises:
        Refusal: `article.bad_field`.
    """
    if not _LANGUAGE.fullmatch(value.strip()):
        raise Refusal("article.bad_field", field=field, value=clean_fact(value))
    return value.strip().replace("_", "-")


def email(value: str, field: str = "author_emails") -> str:
    """An e-mail address.

    Raises:
        Refusal: `article.bad_field`.
    """
    found = line(value, field, "name") or ""
    if not _EMAIL.fullmatch(found):
        raise Refusal("article.bad_field", field=field, value=clean_fact(value))
    return found


def clean_fact(value: Any) -> str:
    """A stranger's value, short and harmless enough to be quoted in a sentence."""
    shown = str(value) if isinstance(value, (str, int, float)) or value is None else type(value).__name__
    return "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else "�" for c in shown[:80])

"""The address of the article: the declared address, checked against the address of the page."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from sharing.domain.hosts import host_of
from sharing.domain.refusal import Refusal
from sharing.intake.page import json_ld
from sharing.intake.page.document import Page
from sharing.words import unicode

_FRONT = re.compile(r"/?(?:index\.\w{2,5}|home|main)?/?", re.IGNORECASE)
# Second-level labels under which publishers register, so a.co.kr and b.co.kr are different sites.
_SECOND_LEVEL = {
    "co",
    "com",
    "or",
    "org",
    "go",
    "gov",
    "ac",
    "edu",
    "ne",
    "net",
    "re",
    "pe",
    "id",
    "gob",
    "nom",
}


def parted(address: str | None) -> SplitResult:
    """Split `address` into its parts. All parts are empty if it is not a valid address."""
    try:
        return urlsplit(address or "")
    except ValueError:
        return urlsplit("")


def absolute(address: str | None, base: str | None) -> str | None:
    """Make `address` an absolute http(s) address without white space. Returns None if that is not possible."""
    address = re.sub(r"[\t\n\r]", "", (address or "").strip())
    if not address or len(address) > unicode.LIMITS["url"]:
        return None
    if re.match(r"https?%3a", address, re.IGNORECASE):
        address = unquote(address)
    if address.startswith("//"):
        address = f"{parted(base or '').scheme or 'https'}:{address}"
    try:
        joined = urljoin(base, address) if base else address
        parts = urlsplit(joined)
        port_is_sound = parts.port is None or parts.port > 0
        clean = unicode.one_line(joined, "url").replace(" ", "%20")
    except (ValueError, Refusal):
        return None
    if parts.scheme not in {"http", "https"} or not port_is_sound or parts.username:
        return None
    if "." not in host_of(joined):
        return None
    return clean


def site(host: str) -> str:
    """Return the part of `host` that a publisher registers: `example.co.kr` for `news.example.co.kr`."""
    parts = host.split(".")
    keep = 3 if len(parts) >= 3 and parts[-2] in _SECOND_LEVEL and len(parts[-1]) == 2 else 2
    return ".".join(parts[-keep:])


def canonical(page: Page) -> str | None:
    """Return the address that the page declares for itself, if it can be an article of the same site.

    The order is `<link rel=canonical>`, `og:url` and other metas, JSON-LD. A relative address is joined to the address
    of the page, or else to another declared address that is absolute. The address of a front page, or of another site
    than that of `page.url`, is ignored.
    """
    declared = [
        *page.links("canonical"),
        *page.metas_of(
            "og:url", "canonical", "twitter:url", "dable:url", "url", "itemprop:url", "parsely-link"
        ),
        json_ld.first_text(page.node.get("mainEntityOfPage"), "@id", "url"),
        json_ld.first_text(page.node.get("url")),
    ]
    base = page.url or next((each for each in declared if each and re.match(r"https?://", each)), None)
    came_from = site(host_of(page.url)) if page.url else None
    for each in declared:
        address = absolute(each, base)
        if address is None or (_FRONT.fullmatch(parted(address).path) and not parted(address).query):
            continue
        if came_from is None or site(host_of(address)) == came_from:
            return address.partition("#")[0] if "#!" not in address else address
    return None

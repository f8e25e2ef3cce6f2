"""Tests whether a post that a platform lists is ours: certainly (our marker) or perhaps (same words).

Platforms wrap, shorten and drop links (Facebook's l.php, X's t.co), so a post of ours may show no readable marker.
If such a post counted as absent, it would be posted twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from html import unescape
from urllib.parse import urlsplit

from sharing.domain.addresses import address_key
from sharing.domain.links import marker_in
from sharing.domain.message import Message

#: A link in running text. ASCII only, as a browser sends it, so that a Korean particle after a link is not part of it.
_LINK = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)


def links_in(text: str) -> list[str]:
    """Return the links in a text."""
    return [found.rstrip(".,:;!?'\")]}") for found in _LINK.findall(text)]


def carries(links: Iterable[str], marker: str) -> bool:
    """Return whether one of the links has exactly this marker."""
    return any(marker_in(link) == marker for link in links)


def is_alike(words: str, links: Iterable[str], message: Message, *, own_hosts: Collection[str]) -> bool:
    """Return whether a post may be `message`: no marker, the same words, and the same address or no address.

    Args:
        words: the post's text; "" if the platform shows none, and then the address must be the same.
        links: the targets of the post's links, as far as the platform shows them.
        message: the message that was sent.
        own_hosts: the platform's hosts, subdomains included. Links to them are ignored: their target is unknown.
    """
    ours = address_key(message.link or "")
    in_our_words = {address_key(link) for link in links_in(message.text)} - {ours}
    outward = {link: address_key(link) for link in links if not _is_on(link, own_hosts)}
    outward = {link: key for link, key in outward.items() if key not in in_our_words}
    if any(marker_in(link) is not None for link in outward):
        return False
    same_words = _plain(words) == _plain(message.text)
    if ours in outward.values():
        return same_words or not words
    return same_words and not outward


def _is_on(link: str, hosts: Collection[str]) -> bool:
    try:
        host = (urlsplit(link).hostname or "").lower().rstrip(".")
    except ValueError:
        return False
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def _plain(text: str) -> str:
    """Return the words without links, in Unicode NFC, with single spaces."""
    return " ".join(_LINK.sub(" ", unicodedata.normalize("NFC", unescape(text))).split())

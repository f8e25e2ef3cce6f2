"""Is a post that a platform lists ours? Certainly, if a link in it carries our marker; perhaps, if it says the same.

Platforms wrap, shorten and leave out links (Facebook's l.php, X's t.co), so that a post of ours may come without a
marker that can be read. To call it absent would post it twice.
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

#: A link in running text: in ASCII, as a browser sends it, so that a particle behind it is none of it.
_LINK = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)


def links_in(text: str) -> list[str]:
    """The links that stand in a text."""
    return [found.rstrip(".,:;!?'\")]}") for found in _LINK.findall(text)]


def carries(links: Iterable[str], marker: str) -> bool:
    """Whether one of the links carries this marker, whole."""
    return any(marker_in(link) == marker for link in links)


def is_alike(words: str, links: Iterable[str], message: Message, *, own_hosts: Collection[str]) -> bool:
    """Whether a post may be `message`: no marker in it, the same words, and the same address or none.

    Args:
        words: the post's text, "" where the platform shows none; then the address has to be the same.
        links: where its links lead, as far as the platform says.
        message: what was sent.
        own_hosts: the platform's own hosts (with all below them): a link there does not say where it leads.
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
    """The words without links, in one form of Unicode, with single spaces."""
    return " ".join(_LINK.sub(" ", unicodedata.normalize("NFC", unescape(text))).split())

"""Host names: check that a text is a host, and bring all spellings of one host into one form.

The key of an article, the guarded fetcher, the values of a CMS, the list of hosts that may be fetched and the domains
of a desk's style all use this module, so that they agree. It reads names as browsers do: mapped by UTS 46 without
transitional rules, each label checked by IDNA 2008 (RFC 5891; unicode.org/reports/tr46, read 2026-11-25), numbers read
as IPv4 addresses (url.spec.whatwg.org, "IPv4 parser", read 2026-11-25). So `straße.de` is `xn--strae-oqa.de` and not
`strasse.de`, and `0x7f.1` is `127.0.0.1`. IDNA 2008 does not allow emoji: they are refused in either spelling.
"""

from __future__ import annotations

import re
import socket
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from unicodedata import bidirectional
from urllib.parse import urlsplit, urlunsplit

import idna

#: Most characters of a name in ASCII (RFC 1035, 2.3.4), and of a name before it is mapped.
_LONGEST, _LONGEST_WRITTEN = 253, 1024
#: The usual name: nothing to map or to check, and no number as its last label.
_PLAIN = re.compile(r"(?:(?!xn--)[a-z0-9_-]{1,63}\.)*(?!xn--)[a-z][a-z0-9_-]{0,62}")
#: A label that needs no mapping. An underscore is not valid in a host name, but some hosts have one.
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class NoHost(ValueError):
    """The text is neither a host name nor an IP address."""


def ascii_host(host: str) -> str:
    """Return `host` in one form: lower case, ASCII, no trailing dot; IPv4 as four numbers, IPv6 in brackets.

    Example: `Straße.de.` is `xn--strae-oqa.de`; `①②⑦.1` is `127.0.0.1`; `::0001` is `[::1]`.

    Raises:
        NoHost: a label is empty or too long, a character is not allowed in a host, an `xn--` label is invalid, text
            directions are mixed against RFC 5893, a number is no IPv4 address, or an IPv6 address has a zone.
    """
    if len(host) <= _LONGEST and host.isascii() and _PLAIN.fullmatch(host.lower()):
        return host.lower()
    if ":" in host or host.startswith("["):
        return _v6(host)
    try:
        mapped = host.lower() if host.isascii() else _mapped(host)
        written = [_unicode(label) for label in mapped.removesuffix(".").split(".")]
        _check_directions(written)
        labels = [label if label.isascii() else idna.alabel(label).decode() for label in written]
    except UnicodeError:  # the errors of `idna` are subclasses of it
        raise NoHost(host[:200]) from None
    name = ".".join(labels)
    if len(name) > _LONGEST or (written[-1].isdecimal() and not written[-1].isascii()):
        raise NoHost(host[:200])
    return _v4(labels) if _NUMBER.fullmatch(labels[-1]) else name


def host_of(address: str) -> str:
    """Return the host of an address, as `ascii_host` does; empty if the address has no valid host."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        # Keep the brackets: they may also hold [v1.host] (RFC 3986, 3.2.2), which nobody uses and `_v6` refuses.
        return ascii_host(f"[{host}]" if "[" in parts.netloc else host)
    except ValueError:
        return ""


def with_ascii_host(address: str) -> str:
    """Return `address` with its host as `ascii_host` has it; unchanged if it has no valid host, or has an @."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return address
    host = host_of(address)
    if not host or "@" in parts.netloc:
        return address
    place = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))


def _mapped(host: str) -> str:
    if len(host) > _LONGEST_WRITTEN:
        raise NoHost(host[:200])
    return idna.uts46_remap(host, std3_rules=False, transitional=False)


def _unicode(label: str) -> str:
    """Return a mapped label in Unicode, as readers see it.

    Raises:
        UnicodeError: the label is not valid in IDNA 2008.
        NoHost: the label is not in its one form, or has a character that is not allowed.
    """
    if label.startswith("xn--"):
        seen = idna.ulabel(label)
        if seen.isascii() or idna.alabel(seen).decode() != label:
            raise NoHost(label[:200])
        return seen
    if label.isascii() and not _LABEL.fullmatch(label):
        raise NoHost(label[:200])
    return label


def _check_directions(labels: list[str]) -> None:
    """Check every label by RFC 5893, if a label of the name is written from right to left."""
    if all(label.isascii() for label in labels):
        return
    if any(bidirectional(character) in _RIGHT_TO_LEFT for label in labels for character in label):
        for label in labels:
            idna.check_bidi(label, check_ltr=True)


def _v4(labels: list[str]) -> str:
    """Read one to four numbers (decimal, octal or hexadecimal) as IPv4; the last fills the remaining bytes."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) for label in labels):
        raise NoHost(".".join(labels))
    try:
        numbers = [_number(label) for label in labels]
        *first, last = numbers
        if any(number > 255 for number in first):
            raise NoHost(".".join(labels))
        left = 4 - len(first)
        return str(IPv4Address(bytes(first) + last.to_bytes(left, "big")))
    except (ValueError, OverflowError):
        raise NoHost(".".join(labels)) from None


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _v6(host: str) -> str:
    inner = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        if "%" in inner:  # a zone has a meaning only on one machine
            raise NoHost(host[:200])
        # Not `str`: Python 3.13 writes addresses that contain an IPv4 address in another form.
        return f"[{socket.inet_ntop(socket.AF_INET6, IPv6Address(inner).packed)}]"
    except AddressValueError:
        raise NoHost(host[:200]) from None

"""The addresses that the fetcher may reach: the public Internet on ports 80 and 443, and what the operator allows.

The table is our own, because `ipaddress` says "public" for some addresses that lead to a private network: mapped and
translated IPv4, multicast, the metadata services of the clouds (measured on Python 3.11.7, 2026-11-24). Ranges: IANA's
special-purpose address registries for IPv4 and IPv6 (iana.org/assignments, read 2026-11-24).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sharing.domain.hosts import NoHost, ascii_host

_INNER_4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's platform address
        "100.100.100.200/32",  # Alibaba's metadata
    )
)  # fmt: skip
#: Public IPv6 is global unicast, except the ranges in `_INNER_6`.
_GLOBAL_6 = IPv6Network("2000::/3")
_INNER_6 = tuple(
    IPv6Network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_TRANSLATED_6 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def is_public(ip: str) -> bool:
    """Whether an IP address is on the public Internet. False for a zone (`fe80::1%eth0`) and for what is no address."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        # NAT64: the last 32 bits are the IPv4 address that a translated address leads to. Judge that address.
        if address in _TRANSLATED_6[0]:
            return _is_public_4(IPv4Address(int(address) & 0xFFFFFFFF))
        return address in _GLOBAL_6 and not any(address in each for each in _INNER_6)
    return _is_public_4(address)


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in each for each in _INNER_4)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The entries of SHAREDESK_FETCH_ALLOW: hosts, host:port pairs and ranges that may be fetched in any case."""

    hosts: frozenset[str] = frozenset()
    places: frozenset[tuple[str, int]] = frozenset()
    ranges: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, entries: Iterable[str]) -> Allowed:
        """Read entries of the form `host`, `host:port`, `[v6]:port` or CIDR.

        Raises:
            ValueError: an entry has none of these forms; the message names it.
        """
        hosts, places, ranges = set(), set(), []
        for entry in (each.strip() for each in entries):
            if not entry:
                continue
            try:
                ranges.append(ip_network(entry, strict=False))
                continue
            except ValueError:
                pass
            host, colon, port = entry.rpartition(":")
            try:
                if colon and port.isdecimal():
                    places.add((ascii_host(host), int(port)))
                else:
                    hosts.add(ascii_host(entry))
            except NoHost:
                raise ValueError(f"{entry!r} is no host, host:port or range of addresses") from None
        return cls(frozenset(hosts), frozenset(places), tuple(ranges))

    def lifts(self, host: str, ip: str, port: int) -> bool:
        try:
            names = {ascii_host(host), ascii_host(ip)}
            address = ip_address(ip)
        except ValueError:
            return False
        if names & self.hosts or any((name, port) in self.places for name in names):
            return True
        return any(address in each for each in self.ranges if each.version == address.version)

    def may_connect(self, host: str, ip: str, port: int) -> bool:
        """Whether a connection is allowed: a public address on port 80 or 443, or an entry allows it."""
        return (port in {80, 443} and is_public(ip)) or self.lifts(host, ip, port)

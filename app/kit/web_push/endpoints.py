"""The address of a push is a URL that a visitor chose: which ones we go to, and over whose wire.

What an address may look like is said once, by PLAIN: it leaves nothing that our parser and libcurl could read
differently (no user info, no backslash, no escape before the path, no number as a host).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LONGEST = 1024
PLAIN = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?(?:/[!-\[\]-~]*)?")
KNOWN = (
    "https://fcm.googleapis.com",
    "https://*.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
)
NAT64 = ip_network("64:ff9b::/96")
SPECIAL = (ip_network("192.0.0.0/24"), ip_network("fec0::/10"))  # which Python calls global


class Foreign(Exception):
    """Not an address of a push service that we know."""


@dataclass(frozen=True)
class Origins:
    whole: frozenset[str]
    under: tuple[str, ...]  # endings: ".push.apple.com"

    @classmethod
    def from_setting(cls, text: str) -> "Origins":
        """As `settings().push_origins` has checked it; nothing said means the four that browsers use."""
        said = text.split() or KNOWN
        return cls(
            frozenset(each for each in said if "*" not in each),
            tuple(each.removeprefix("https://*") for each in said if "*" in each),
        )

    def near(self, origin: str) -> bool:
        """One that the operator named in full may stand in a network of our own; a known one never does."""
        return origin in self.whole and origin not in KNOWN

    def __contains__(self, origin: str) -> bool:
        host = origin.removeprefix("https://")
        return origin in self.whole or any(host.endswith(each) and host != each for each in self.under)

    def __iter__(self) -> Iterator[str]:
        return iter((*sorted(self.whole), *(f"https://*{each}" for each in self.under)))


def origin_of(endpoint: str, allowed: Origins) -> str:
    """`https://host[:port]`. Raises Foreign: ask when it is stored and again when it is sent."""
    parts = PLAIN.fullmatch(endpoint) if len(endpoint) <= LONGEST else None
    if parts is None:
        raise Foreign
    host, port = parts[1], parts[2] or "443"
    origin = f"https://{host}" if port == "443" else f"https://{host}:{port}"
    if origin not in allowed:
        raise Foreign
    return origin


def is_open(address: str) -> bool:
    """Out in the world: not this machine, not a network of ours, nor a way to write either differently."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_global, _meant(known)))


def _is_global(known: IPv4Address | IPv6Address) -> bool:
    special = known.is_multicast or known.is_reserved or any(known in network for network in SPECIAL)
    return known.is_global and not special


def _meant(known: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """An IPv6 address may carry an IPv4 one inside, and packets arrive there."""
    if isinstance(known, IPv4Address):
        yield known
    elif known in NAT64:
        yield IPv4Address(known.packed[-4:])
    elif known.ipv4_mapped:
        yield known.ipv4_mapped
    else:
        yield known
        yield from (each for each in (known.sixtofour, *(known.teredo or ())) if each)

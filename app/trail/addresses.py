"""Which addresses a webhook may be sent to: public ones, and private ones that the installation names. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_CLOSED = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10", "192.0.0.0/24", "192.88.99.0/24"))
)
"""NAT64, 6to4, Teredo, IPv4-compatible, site-local, relays: some pass for global, and lead to addresses that nobody looked at."""


def is_named(address: str, networks: Iterable[str]) -> bool:
    """Whether the installation names a network that it lies in."""
    found = _plain(address)
    return any(found in network for network in map(ip_network, networks) if network.version == found.version)


def is_allowed(address: str, networks: Iterable[str]) -> bool:
    found = _plain(address)
    if is_named(address, networks):
        return True
    is_closed = any(found in network for network in _CLOSED if network.version == found.version)
    return found.is_global and not found.is_multicast and not is_closed


def _plain(address: str) -> IPv4Address | IPv6Address:
    """Without a zone; an IPv4 address inside an IPv6 one is judged as what it is."""
    found = ip_address(address.partition("%")[0])
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found

"""Which hosts an address that came in an answer may lead to: the internet's, by the addresses that their names have."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from tm_async.errors import AddressRefused

__all__ = ["require_public"]

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 as a network that speaks only IPv6 shows them (RFC 6052)."""

_ASSIGNED = IPv6Network("2000::/3")
"""All that is given to anybody of the internet's (RFC 4291); what Python knows of the rest differs by version."""


def require_public(address: str) -> None:
    """Raise `AddressRefused` for an address inside a network: a forged answer must not make us ask there."""
    found = ip_address(address.partition("%")[0])
    inner = None
    if found.version == 6:
        inner = IPv4Address(int(found) & 0xFFFF_FFFF) if found in _TRANSLATED else found.ipv4_mapped or found.sixtofour
    shown = inner or found
    if not shown.is_global or shown.is_multicast or not (inner or found.version == 4 or found in _ASSIGNED):
        raise AddressRefused("the file's address leads into a private network; allow_private=True allows that")

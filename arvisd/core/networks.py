"""Which addresses are of the house: of this machine, and of the networks that no router of the internet knows."""

from __future__ import annotations

import ipaddress

HOUSE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Loopback, private and link-local networks (RFC 1122, 1918, 3927, 4193, 4291); `is_private` holds documentation's too."""


def is_of_the_house(address: str) -> bool:
    """Tell whether an IP address is of the house; what is no address is not."""
    try:
        found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in HOUSE if network.version == found.version)

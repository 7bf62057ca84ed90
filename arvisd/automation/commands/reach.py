"""Which machines a command may reach: in the mode `standalone` those of the house only.

Issue 5 puts the privacy guard in its place; until then all that automations send over HTTP goes through `connect`.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

REMEDY = "in the mode 'standalone' nothing leaves the house ('operation: hybrid' under 'arvisd:' would allow it)"


INSIDE = tuple(
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
"""This machine, the private networks (RFC 1918, RFC 4193), and the link itself."""


class OutsideError(OSError):
    """A machine outside of the house was asked for."""


def is_inside(address: str) -> bool:
    """Tell whether an IP address is of this machine or of a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in INSIDE if network.version == found.version)


def connect(address: tuple[str, int], timeout: Any, *, outside: bool) -> socket.socket:
    """Return a socket to a machine; the addresses that were looked at are the ones that are used.

    Raises:
        OutsideError: it has no address within the house.
        OSError: it cannot be reached.
    """
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [entry for entry in found if outside or is_inside(str(entry[4][0]))]
    if not allowed:
        raise OutsideError(f"{host} is not in the house: {REMEDY}")
    failure: OSError | None = None
    for family, kind, protocol, _, target in allowed:
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(timeout)
            made.connect(target)
        except OSError as error:
            made.close()
            failure = error
        else:
            return made
    assert failure is not None
    raise failure

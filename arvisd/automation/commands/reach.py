"""Which machines a command may reach: in the mode `standalone` those of the house only.

Issue 5 puts the privacy guard in its place; until then all that automations send over HTTP goes through `connect`.
"""

from __future__ import annotations

import socket
from typing import Any

from arvisd.core.networks import is_of_the_house

REMEDY = "in the mode 'standalone' nothing leaves the house ('operation: hybrid' under 'arvisd:' would allow it)"


class OutsideError(OSError):
    """A machine outside of the house was asked for."""


def connect(address: tuple[str, int], timeout: Any, *, outside: bool) -> socket.socket:
    """Return a socket to a machine; the addresses that were looked at are the ones that are used.

    Raises:
        OutsideError: it has no address within the house.
        OSError: it cannot be reached.
    """
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [entry for entry in found if outside or is_of_the_house(str(entry[4][0]))]
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

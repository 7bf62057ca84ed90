"""Where a request comes from: the house's own networks, or the world."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from arvisd.core.networks import is_of_the_house

FORWARDED = ("X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP")
"""Headers in which a proxy names whom it speaks for."""
_FOR = re.compile(r'for="?\[?([^\]";,\s]+)', re.IGNORECASE)


def is_local_address(address: str) -> bool:
    """Tell whether an address is of the house's own networks; what is no address is not."""
    text = address.strip().strip('"').partition("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return is_of_the_house(text)


def outsider(peer: str, headers: Mapping[str, str]) -> str:
    """Return the first address on a request's way that is not of the house's own networks, empty where all are.

    A proxy on this machine makes every request look local, so all whom it names count too: an outsider can add
    names to the headers, but not take away the one that the proxy adds.
    """
    for address in (peer, *_forwarded(headers)):
        if not is_local_address(address):
            return address or "nobody knows where"
    return ""


def _forwarded(headers: Mapping[str, str]) -> Iterable[str]:
    for name in FORWARDED:
        if name in headers:
            yield from (address.strip() for address in headers[name].split(","))
    if "Forwarded" in headers:
        yield from _FOR.findall(headers["Forwarded"]) or [headers["Forwarded"]]

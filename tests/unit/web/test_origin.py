"""Who counts as of the house."""

from __future__ import annotations

import pytest

from arvisd.web.origin import is_local_address, outsider


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("192.168.1.20", True),
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("172.32.0.1", False),
        ("169.254.3.4", True),
        ("fe80::1%eth0", True),
        ("fd12::3", True),
        ("::ffff:192.168.0.3", True),
        ("::ffff:8.8.8.8", False),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("203.0.113.7", False),
        ("0.0.0.0", False),
        ("192.168.1.20:5123", True),
        ("[fd12::3]:5123", True),
        ("[2001:db8::1]:80", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_addresses(address: str, local: bool) -> None:
    assert is_local_address(address) is local


@pytest.mark.parametrize(
    ("peer", "headers", "found"),
    [
        ("192.168.1.20", {}, ""),
        ("8.8.8.8", {}, "8.8.8.8"),
        ("", {}, "nobody knows where"),
        ("127.0.0.1", {"X-Forwarded-For": "192.168.1.20"}, ""),
        ("127.0.0.1", {"X-Forwarded-For": "192.168.1.20, 8.8.8.8"}, "8.8.8.8"),
        ("127.0.0.1", {"X-Forwarded-For": "8.8.8.8, 192.168.1.20"}, "8.8.8.8"),
        ("127.0.0.1", {"X-Forwarded-For": ""}, "nobody knows where"),
        ("127.0.0.1", {"CF-Connecting-IP": "8.8.8.8"}, "8.8.8.8"),
        ("127.0.0.1", {"Forwarded": 'for=192.0.2.43, for="[2001:db8::17]:4711"'}, "192.0.2.43"),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.1;proto=http"}, ""),
        ("127.0.0.1", {"Forwarded": "for=_hidden"}, "_hidden"),
        ("8.8.8.8", {"X-Forwarded-For": "127.0.0.1"}, "8.8.8.8"),
    ],
)
def test_the_way_of_a_request(peer: str, headers: dict[str, str], found: str) -> None:
    assert outsider(peer, headers) == found

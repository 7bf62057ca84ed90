"""Which addresses are of the house."""

from __future__ import annotations

import pytest

from arvisd.core.networks import is_of_the_house


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("127.0.0.1", True),
        ("192.168.1.20", True),
        ("172.16.0.1", True),
        ("172.32.0.1", False),
        ("169.254.3.4", True),
        ("::1", True),
        ("fd00::5", True),
        ("fe80::1%eth0", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:8.8.8.8", False),
        ("2001:db8::1", False),
        ("203.0.113.5", False),
        ("0.0.0.0", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_inside(address: str, inside: bool) -> None:
    assert is_of_the_house(address) is inside

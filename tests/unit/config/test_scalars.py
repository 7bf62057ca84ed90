"""What unquoted words mean: a table against Home Assistant's reading and the traps we leave out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.config.scalars import read_key, read_plain

READINGS = {
    "on": True, "On": True, "ON": True, "yes": True, "true": True, "TRUE": True,
    "off": False, "no": False, "No": False, "false": False,
    "oN": "oN", "y": "y", "n": "n",
    "": None, "~": None, "null": None, "Null": None, "none": "none",
    "0": 0, "5": 5, "-5": -5, "+5": 5, "1_000": 1000, "0x1F": 31, "-0x1f": -31, "0b101": 5,
    "0123": "0123", "007": "007", "08": "08", "0o17": "0o17", "0x": "0x", "0x_": "0x_", "0b2": "0b2",
    "1.5": 1.5, "-.5": -0.5, "1.": 1.0, "1.5e+3": 1500.0, "1e3": "1e3", "1.5e3": "1.5e3", ".": ".", "-": "-",
    ".inf": math.inf, "-.inf": -math.inf, "inf": "inf", "nan": "nan",
    "07:30:00": "07:30:00", "12:30": "12:30", "1:30.5": "1:30.5", "00:11:22:33:44:55": "00:11:22:33:44:55",
    "2026-01-05": "2026-01-05", "2026-01-05T10:00:00Z": "2026-01-05T10:00:00Z",
    "+49301234567": "+49301234567", "+123456": 123456, "192.168.1.1": "192.168.1.1",
    "1" * 101: "1" * 101, "=": "=", "привет": "привет",
}  # fmt: skip


@pytest.mark.parametrize("text", READINGS)
def test_reading(text: str) -> None:
    value = read_plain(text)
    assert (value, type(value)) == (READINGS[text], type(READINGS[text]))


def test_not_a_number() -> None:
    assert math.isnan(read_plain(".nan"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "key"), [("on", "on"), ("no", "no"), ("~", "~"), ("", ""), ("1", 1), ("1.5", "1.5"), ("0x10", 16)]
)
def test_keys_keep_their_words(text: str, key: object) -> None:
    assert read_key(text) == key


@given(st.text(alphabet="0123456789+-._xbeEainfINF:~ontruey", max_size=30))
def test_whatever_looks_like_a_number_is_read(text: str) -> None:
    assert isinstance(read_plain(text), str | int | float | bool | None)
    assert isinstance(read_key(text), str | int)

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.config.durations import parse_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (5, 5), (1.5, 1.5), (-3, -3), ("5", 5), ("1.5", 1.5), ("00:00:05", 5), ("1:30", 5400), ("-00:01:00", -60),
        ("+00:01", 60), ("00:00:01.5", 1.5), ("500 ms", 0.5), ("500ms", 0.5), ("2 min", 120), ("1 h", 3600), ("1d", 86400),
        ({"minutes": 5}, 300), ({"hours": 1, "seconds": "30"}, 3630), ({"days": 1, "milliseconds": 500}, 86400.5),
    ],
)  # fmt: skip
def test_durations(written: object, seconds: float) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written",
    [None, True, "", "soon", "5 weeks", "00:100:00", "1:2:3:4", [5], {}, {"minute": 5}, {"minutes": True},
     {"minutes": None}, {"minutes": "x"}, float("nan"), float("inf"), 10**400, 1e300, "9" * 41],
)  # fmt: skip
def test_what_is_no_duration(written: object) -> None:
    with pytest.raises(
        ValueError, match=r"^expected a duration, as in 5 \(seconds\), '00:00:05', '500 ms' or \{minutes: 5\}$"
    ):
        parse_duration(written)


@given(st.text(max_size=20) | st.integers() | st.floats() | st.dictionaries(st.text(max_size=8), st.integers()))
def test_nothing_else_is_ever_raised(written: object) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_duration(written), float)

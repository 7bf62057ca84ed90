"""Lengths of time in every form that documents write."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.automation.durations import seconds_of


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (5, 5.0),
        (0.5, 0.5),
        ("5", 5.0),
        ("00:05", 300.0),
        ("00:00:05", 5.0),
        ("01:02:03.5", 3723.5),
        ("-00:10:00", -600.0),
        ("100:00:00", 360000.0),
        ({"minutes": 5}, 300.0),
        ({"days": 1, "hours": 1, "minutes": 1, "seconds": 1, "milliseconds": 500}, 90061.5),
        ({"seconds": "3"}, 3.0),
    ],
)
def test_read(value: Any, seconds: float) -> None:
    assert seconds_of(value) == seconds


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("soon", "'soon' is not a length of time: give seconds, 'HH:MM:SS' or {minutes: 5}"),
        (True, "True is not a length of time: give seconds, 'HH:MM:SS' or {minutes: 5}"),
        (None, "None is not a length of time: give seconds, 'HH:MM:SS' or {minutes: 5}"),
        ("nan", "'nan' is not a length of time"),
        ({"minuts": 1}, "'minuts' is not a unit of time: days, hours, minutes, seconds, milliseconds are"),
        ({"minutes": "x"}, "minutes: 'x' is not a number"),
        ({}, "an empty mapping is not a length of time: give {minutes: 5} or the like"),
    ],
)
def test_refused(value: Any, error: str) -> None:
    with pytest.raises(ValueError) as raised:
        seconds_of(value)
    assert str(raised.value) == error

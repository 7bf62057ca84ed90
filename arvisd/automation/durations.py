"""How long: `5`, `"00:05:00"`, `{minutes: 5}` or a template that gives one of these."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

DURATION_UNITS = {"days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 0.001}
_CLOCK = re.compile(r"^(?P<sign>[+-]?)(?P<h>\d+):(?P<m>\d{1,2})(?::(?P<s>\d{1,2}(?:\.\d+)?))?$")

DurationNode = int | float | str | dict[str, Any]
"""What a document may hold where a duration is asked for."""


def seconds_of(value: Any) -> float:
    """Return a duration in seconds; raise ValueError with the forms that are valid."""
    seconds = _seconds(value)
    if not math.isfinite(seconds):
        raise ValueError(f"{value!r} is not a length of time")
    return seconds


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{value!r} is not a length of time: give seconds, 'HH:MM:SS' or {{minutes: 5}}")
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping):
        return _from_mapping(value)
    text = str(value).strip()
    found = _CLOCK.match(text)
    if found is not None:
        total = int(found["h"]) * 3600 + int(found["m"]) * 60 + float(found["s"] or 0)
        return -total if found["sign"] == "-" else total
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a length of time: give seconds, 'HH:MM:SS' or {{minutes: 5}}") from None


def _from_mapping(value: Mapping[str, Any]) -> float:
    total = 0.0
    if not value:
        raise ValueError("an empty mapping is not a length of time: give {minutes: 5} or the like")
    for unit, amount in value.items():
        if unit not in DURATION_UNITS:
            raise ValueError(f"{unit!r} is not a unit of time: {', '.join(DURATION_UNITS)} are")
        try:
            total += float(amount) * DURATION_UNITS[unit]
        except (TypeError, ValueError):
            raise ValueError(f"{unit}: {amount!r} is not a number") from None
    return total

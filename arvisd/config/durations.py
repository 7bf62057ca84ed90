"""Durations as people write them: `5`, `"00:00:05"`, `"500 ms"`, `{minutes: 5}`; seconds inside."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

import msgspec

EXPECTED = "a duration, as in 5 (seconds), '00:00:05', '500 ms' or {minutes: 5}"
PARTS = {"days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 0.001}
UNITS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
CLOCK = re.compile(r"(?P<sign>[-+]?)(?P<hours>\d{1,6}):(?P<minutes>\d{1,2})(?::(?P<seconds>\d{1,2}(?:\.\d+)?))?")
AMOUNT = re.compile(r"(?P<number>[-+]?\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)")
LONGEST = 100 * 366 * 86400.0
"""A hundred years: whatever is longer is a mistake, and no timer takes it."""

WRITTEN_AS = "x-written-as"
"""In a field's extra JSON schema: the types that a person may write, which replace the type that the code holds."""
Seconds = Annotated[
    float,
    msgspec.Meta(ge=0, extra={"duration": True}, extra_json_schema={WRITTEN_AS: ["number", "string", "object"]}),
]
"""A field of settings that takes a duration and holds seconds."""


def parse_duration(value: Any) -> float:
    """Return seconds; raise ValueError for what is no duration. Two parts are hours and minutes, as Home Assistant's."""
    seconds = _seconds(value)
    if seconds is None or not math.isfinite(seconds) or abs(seconds) > LONGEST:
        raise ValueError(f"expected {EXPECTED}")
    return seconds


def _seconds(value: Any) -> float | None:
    match value:
        case bool():
            return None
        case int() | float():
            return float(value) if abs(value) <= LONGEST else None
        case str():
            return _from_text(value.strip())
        case dict():
            return _from_parts(value)
    return None


def _from_text(text: str) -> float | None:
    if clock := CLOCK.fullmatch(text):
        total = int(clock["hours"]) * 3600 + int(clock["minutes"]) * 60 + float(clock["seconds"] or 0)
        return -total if clock["sign"] == "-" else total
    amount = AMOUNT.fullmatch(text)
    if amount is None or len(text) > 40:
        return None
    unit = UNITS.get(amount["unit"] or "s")
    return None if unit is None else float(amount["number"]) * unit


def _from_parts(parts: dict[Any, Any]) -> float | None:
    if not parts:
        return None
    total = 0.0
    for name, amount in parts.items():
        if name not in PARTS or isinstance(amount, bool):
            return None
        try:
            total += float(amount) * PARTS[name]
        except (TypeError, ValueError):
            return None
    return total

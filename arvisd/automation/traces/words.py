"""What a node of a trace found, as people read it."""

from __future__ import annotations

from typing import Any

import msgspec

BY_HAND = "started by hand"
"""What a run that no trigger set off says instead of its trigger."""
WIDE = 100
"""Characters of a value before it is cut."""


def in_words(facts: Any) -> str:
    """Return facts as `entity_id light.x, state on, wanted state off`; what is nested is told as if it were not."""
    if not isinstance(facts, dict):
        return in_short(facts)
    if any(isinstance(value, dict) for value in facts.values()):
        flat = [value if isinstance(value, dict) else {key: value} for key, value in facts.items()]
        return ", ".join(in_words(each) for each in flat if each)
    return ", ".join(
        f"{key.replace('_', ' ') if key != 'entity_id' else key} {in_short(value)}" for key, value in facts.items()
    )


def in_short(value: Any) -> str:
    """Return a value on one line, cut where it is long."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= WIDE else text[: WIDE - 1] + "…"

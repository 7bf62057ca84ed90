"""Short keys of announcements and the full ones.

The table is that of Home Assistant 2026.11 (https://www.home-assistant.io/integrations/mqtt/#discovery-payload): 276 keys of
entities, 12 of devices, 3 of origins. Full names always work too.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec


class Abbreviations(msgspec.Struct, frozen=True):
    """Short key to full key, for each kind of object."""

    entity: dict[str, str]
    device: dict[str, str]
    origin: dict[str, str]


@lru_cache(maxsize=1)
def table() -> Abbreviations:
    """Return the table."""
    return msgspec.json.decode(Path(__file__).with_name("abbreviations.json").read_bytes(), type=Abbreviations)


def expand(node: Any, names: dict[str, str]) -> Any:
    """Return a mapping with its short keys made full; where both are given the full one counts."""
    if not isinstance(node, dict):
        return node
    full: dict[str, Any] = {}
    for key, value in node.items():
        name = names.get(key)
        if name is None:
            full[key] = value
        elif name == key or name not in node:
            full[name] = value
    return full

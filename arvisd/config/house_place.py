"""Where the house is: under `arvisd:`, or under `homeassistant:` for those who bring that section along."""

from __future__ import annotations

from typing import Any

from arvisd.config.nodes import NodeDict

PLACE_KEYS = ("latitude", "longitude", "elevation")


def placed_house(tree: NodeDict) -> Any:
    """Return the section `arvisd` with the place that `homeassistant` gives, where it gives none itself."""
    section, brought = tree.get("arvisd"), tree.get("homeassistant")
    if not isinstance(brought, NodeDict) or not (section is None or isinstance(section, NodeDict)):
        return section
    if any(key in (section or ()) for key in PLACE_KEYS):
        return section
    joined = NodeDict(section or {})
    joined.place = section.place if section is not None else brought.place
    joined.places = dict(section.places) if section is not None else {}
    for key in PLACE_KEYS:
        if brought.get(key) is not None:
            joined[key] = brought[key]
            joined.places[key] = brought.places[key]
    return joined


def is_place_only(section: Any) -> bool:
    """Tell whether a section of Home Assistant's holds nothing but what is read of it."""
    return isinstance(section, NodeDict) and set(section) <= {*PLACE_KEYS, "packages"}

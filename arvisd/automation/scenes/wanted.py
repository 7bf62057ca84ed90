"""What a scene wants of an entity: a state, and attributes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from arvisd.automation.entities import ENTITY_ID
from arvisd.config.nodes import plain
from arvisd.core.states import State

TRANSITION = "transition"
"""Attribute of one entity of a scene: how long its change takes."""


class Wanted(msgspec.Struct, frozen=True):
    """What one entity is brought to."""

    state: str
    attributes: dict[str, Any]


def wanted_of(entity_id: Any, given: Any) -> Wanted:
    """Return what stands beside an entity in a scene: a state, or a mapping with `state` and attributes.

    Raises:
        ValueError: it is neither, or the id is none.
    """
    if not isinstance(entity_id, str) or ENTITY_ID.match(entity_id) is None:
        raise ValueError(f"{entity_id!r} is not the id of an entity, such as light.kitchen")
    if not isinstance(given, Mapping):
        return Wanted(_text(entity_id, given), {})
    if "state" not in given:
        raise ValueError(f"{entity_id} needs a state: its attributes alone say nothing")
    attributes = {str(key): plain(value) for key, value in given.items() if key != "state"}
    return Wanted(_text(entity_id, given["state"]), attributes)


def wanted_all(given: Mapping[Any, Any]) -> dict[str, Wanted]:
    """Return what a whole scene wants, by entity id; raise ValueError."""
    return {entity_id: wanted_of(entity_id, inner) for entity_id, inner in given.items()}


def as_it_is(state: State) -> Wanted:
    """Return what brings an entity back to where it is now."""
    return Wanted(state.state, dict(state.attributes))


def _text(entity_id: str, value: Any) -> str:
    """Return a state as text; YAML reads a bare `on` as true, and 5 as a number."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError(f"{entity_id}: a state is text or a number")

"""Ids of entities as documents write them: one, a list, or several in one text with commas."""

from __future__ import annotations

import re
from typing import Any

from arvisd.core.hub import Hub
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State

ENTITY_ID = re.compile(r"^[a-z0-9_]+\.[a-z0-9_]+$")
UNCERTAIN = frozenset({UNAVAILABLE, UNKNOWN})


def entity_ids(value: str | list[str]) -> list[str]:
    """Return the ids, small letters, each once; raise ValueError for what is none.

    An empty list is one: blueprints write it for an entity that need not be given.
    """
    texts = value.split(",") if isinstance(value, str) else value
    ids = list(dict.fromkeys(text.strip().lower() for text in texts))
    for entity_id in ids:
        if ENTITY_ID.match(entity_id) is None:
            raise ValueError(f"{entity_id!r} is not the id of an entity, such as light.kitchen")
    return ids


def state_text(value: Any) -> str:
    """Return a state as text: YAML reads a bare `on` as true in some files, and 5 as a number."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def state_texts(value: Any) -> list[str]:
    """Return one or more states as text."""
    return [state_text(item) for item in value] if isinstance(value, list) else [state_text(value)]


def attribute_or_state(state: State | None, attribute: str | None) -> Any:
    """Return what is looked at; None where it is not there."""
    if state is None:
        return None
    return state.state if attribute is None else state.attributes.get(attribute)


def same(given: Any, wanted: list[str]) -> bool:
    """Tell whether a state or attribute is one of the texts that are wanted."""
    if isinstance(given, str):
        return given in wanted
    return given is not None and (state_text(given) in wanted or str(given) in wanted)


def number_of(value: Any, hub: Hub, attribute: str | None = None) -> float | None:
    """Return a bound as a number: itself, or the value of the entity that it names; None where that has none."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            state = hub.states.get(value)
            value = attribute_or_state(state, attribute)
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

"""Brings entities to the states that a scene wants, all at once, and says which could not be brought there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from arvisd.automation.scenes.wanted import TRANSITION, Wanted
from arvisd.automation.scenes.ways import ALTERNATIVES, COLOR_OF_MODE, STATE, WAYS, Way
from arvisd.core.actions import Target
from arvisd.core.context import Context
from arvisd.core.errors import ActionError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.states import UNAVAILABLE, UNKNOWN
from arvisd.home.registry import HomeRegistry

Order = tuple[str, dict[str, Any]]
"""Name of an action and its data."""


class Reproduction:
    """Knows how entities of this house are brought to a state."""

    def __init__(self, hub: Hub, home: HomeRegistry) -> None:
        self._hub = hub
        self._home = home

    async def bring(self, wanted: Mapping[str, Wanted], transition: float | None, context: Context, label: str) -> None:
        """Bring entities to what is wanted of them.

        Args:
            wanted: by entity id; a group stands for its members.
            transition: seconds that lights take, where they can.
            context: of who asked.
            label: the scene, for messages.

        Raises:
            ActionFailedError: at least one entity is not there; all others are.
        """
        members = {member: goal for id_, goal in wanted.items() for member in self._home.ungrouped([id_])}
        outcomes = await asyncio.gather(
            *(self._bring(entity_id, goal, transition, context) for entity_id, goal in members.items())
        )
        failures = [outcome for outcome in outcomes if outcome]
        if failures:
            raise ActionFailedError(f"{label}: {'; '.join(failures)}")

    async def _bring(self, entity_id: str, goal: Wanted, transition: float | None, context: Context) -> str:
        """Return what went wrong, nothing where all is well."""
        if goal.state in (UNAVAILABLE, UNKNOWN) or self._is_there(entity_id, goal):
            return ""
        domain = entity_id.partition(".")[0]
        if domain not in WAYS:
            return f"{entity_id}: scenes cannot set a {domain}"
        if self._hub.states.get(entity_id) is None and self._home.entity(entity_id) is None:
            return f"there is no entity {entity_id!r}"
        try:
            orders = list(self._orders(domain, goal, transition))
            if not orders:
                return f"{entity_id} cannot be set to {goal.state!r}"
            for action, data in orders:
                await self._hub.actions.call(action, data, Target(entity_id=entity_id), context)
        except ActionError as error:
            text = str(error)
            return text if entity_id in text else f"{entity_id}: {text}"
        return ""

    def _is_there(self, entity_id: str, goal: Wanted) -> bool:
        """Tell whether nothing needs to be done; a device that reports nothing is asked all the same."""
        entity = self._home.entity(entity_id)
        state = self._hub.states.get(entity_id)
        if state is None or state.state != goal.state or (entity is not None and entity.assumed_state):
            return False
        attributes = {key: value for key, value in goal.attributes.items() if key != TRANSITION}
        return all(state.attributes.get(key) == value for key, value in attributes.items())

    def _orders(self, domain: str, goal: Wanted, transition: float | None) -> Iterator[Order]:
        """Give the actions that lead there; raise UnknownActionError where nobody offers one that must be."""
        attributes = _distinct(domain, goal.attributes)
        if transition is not None:
            attributes.setdefault(TRANSITION, transition)
        called = False
        for way in WAYS[domain]:
            if not _fits(way, goal.state):
                continue
            data = _data(way, goal.state, attributes)
            if data is None:
                continue
            name = f"{domain}.{way.action}"
            if called and name not in self._hub.actions.names():
                continue  # what only refines the state
            schema = self._hub.actions.get(name).schema
            known = {field.encode_name for field in msgspec.structs.fields(schema)} if way.refined else set()
            yield name, {**{key: value for key, value in attributes.items() if key in known}, **data}
            called = True
            if way.instead:
                return


def _fits(way: Way, state: str) -> bool:
    if way.states:
        return state in way.states
    return state not in way.excluded and (not way.pattern or re.match(way.pattern, state) is not None)


def _data(way: Way, state: str, attributes: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the data that the way itself names; None where something of it is not wanted."""
    data = {}
    for key, sources in way.data:
        values = [state if source == STATE else attributes.get(source) for source in sources]
        value = next((each for each in values if each is not None), None)
        if value is None:
            return None
        data[key] = value
    return data


def _distinct(domain: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that have a value, of those that say the same one."""
    found = {key: value for key, value in attributes.items() if value is not None}
    mode = found.get("color_mode")
    for group in ALTERNATIVES.get(domain, ()):
        present = [key for key in group if key in found]
        if isinstance(mode, str) and mode in COLOR_OF_MODE and "hs_color" in group:
            chosen = COLOR_OF_MODE[mode]
            if mode == "color_temp" and chosen not in found:
                chosen = next((key for key in ("kelvin", "color_temp") if key in found), None)
        else:
            chosen = present[0] if present else None
        for key in present:
            if key != chosen:
                del found[key]
    return found

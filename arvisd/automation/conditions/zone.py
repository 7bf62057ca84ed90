"""Condition `zone`: somebody or something is in a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.entities import entity_ids
from arvisd.automation.errors import ConditionError
from arvisd.automation.places import is_in_zone
from arvisd.automation.registry import ConditionOptions, ConditionType, Reference

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class ZoneOptions(ConditionOptions, frozen=True, kw_only=True):
    """Each of the entities is in one of the zones."""

    entity_id: str | list[str]
    """A person, a device_tracker, or anything else that says where it is; or several."""
    zone: str | list[str]
    """The zone, or several."""


class ZoneCondition:
    """Compares places."""

    __slots__ = ("_entities", "_zones")

    def __init__(self, entities: list[str], zones: list[str]) -> None:
        self._entities = entities
        self._zones = zones

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met; one that is nowhere to be found is an error only where it decides the answer."""
        problems: list[str] = []
        answers = [self._is_anywhere(entity_id, run, problems) for entity_id in self._entities]
        if all(answers):
            return True
        if problems:
            raise ConditionError(f"zone: {'; '.join(dict.fromkeys(problems))}")
        return False

    def _is_anywhere(self, entity_id: str, run: Run, problems: list[str]) -> bool:
        states = run.hub.states
        state = states.get(entity_id)
        run.trace.compared(self.explain, entity_id, None if state is None else state.state)
        if state is None:
            problems.append(f"there is no entity {entity_id}")
            return False
        found = False
        for zone_id in self._zones:
            zone = states.get(zone_id)
            if zone is None:
                problems.append(f"there is no zone {zone_id}")
            elif is_in_zone(state, zone_id, zone):
                found = True
        return found

    def explain(self, entity_id: str, state: str | None) -> dict[str, Any]:
        """Say what was compared."""
        return {"entity_id": entity_id, "state": state, "wanted_zone": self._zones}


def build(options: ZoneOptions, part: Part) -> ZoneCondition:
    """Check the ids."""
    ids: dict[str, list[str]] = {}
    for key, given in (("entity_id", options.entity_id), ("zone", options.zone)):
        try:
            ids[key] = entity_ids(given)
        except ValueError as error:
            raise part.invalid(key, str(error)) from None
    for name in ids["zone"]:
        if not name.startswith("zone."):
            raise part.invalid("zone", f"{name!r} is not the id of a zone, such as zone.home")
    return ZoneCondition(ids["entity_id"], ids["zone"])


def refers(options: ZoneOptions) -> tuple[Reference, ...]:
    """Name the entities and the zones."""
    try:
        return tuple(
            Reference("entity", name, key)
            for key, given in (("entity_id", options.entity_id), ("zone", options.zone))
            for name in entity_ids(given)
        )
    except ValueError:
        return ()


TYPE = ConditionType("zone", ZoneOptions, build, refers)

"""Condition `state`: an entity has a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from arvisd.automation.durations import DurationNode
from arvisd.automation.entities import ENTITY_ID, attribute_or_state, entity_ids, same, state_texts
from arvisd.automation.errors import ConditionError
from arvisd.automation.registry import ConditionOptions, ConditionType, Reference

if TYPE_CHECKING:
    from arvisd.automation.part import Duration, Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope

HELD_ELSEWHERE = frozenset(
    {"input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text"}
)
"""Domains of entities whose value may stand in the place of a state to compare with."""


class StateOptions(ConditionOptions, frozen=True, kw_only=True):
    """An entity has a value."""

    entity_id: str | list[str]
    state: str | bool | int | float | list[str | bool | int | float | None] | None
    """The value, or any of several; an `input_…` entity stands for its value."""
    attribute: str | None = None
    match: Literal["all", "any"] = "all"
    """Whether every entity must have it, or one."""
    for_: DurationNode | None = msgspec.field(default=None, name="for")
    """How long it must have had it."""


class StateCondition:
    """Compares states."""

    __slots__ = ("_any", "_attribute", "_entities", "_for", "_wanted")

    def __init__(
        self, entities: list[str], wanted: list[str], attribute: str | None, *, match_any: bool, dwell: Duration | None
    ) -> None:
        self._entities = entities
        self._wanted = wanted
        self._attribute = attribute
        self._any = match_any
        self._for = dwell

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met; an entity that does not exist is an error, an attribute that does not is no."""
        answers = (self._has(entity_id, run, scope) for entity_id in self._entities)
        return any(answers) if self._any else all(answers)

    def _has(self, entity_id: str, run: Run, scope: Scope) -> bool:
        state = run.hub.states.get(entity_id)
        if state is None:
            raise ConditionError(f"state: there is no entity {entity_id}")
        value = attribute_or_state(state, self._attribute)
        since = wanted_for = None
        met = same(value, self._wanted) or any(self._held(one, value, run) for one in self._wanted)
        if met and self._for is not None:
            since = (run.hub.clock.now() - state.last_changed).total_seconds()
            wanted_for = self._for.of(scope)
            met = since >= wanted_for
        run.trace.compared(self.explain, entity_id, value, since, wanted_for)
        return met

    def explain(self, entity_id: str, value: Any, since: float | None, wanted_for: float | None) -> dict[str, Any]:
        """Say what was compared."""
        said: dict[str, Any] = {"entity_id": entity_id}
        if self._attribute is not None:
            said["attribute"] = self._attribute
        said["state"] = value
        said["wanted_state"] = self._wanted[0] if len(self._wanted) == 1 else self._wanted
        if since is not None:
            said |= {"for_seconds": round(since, 3), "wanted_for_seconds": wanted_for}
        return said

    def _held(self, wanted: str, value: Any, run: Run) -> bool:
        if wanted.partition(".")[0] not in HELD_ELSEWHERE or ENTITY_ID.match(wanted) is None:
            return False
        held = run.hub.states.get(wanted)
        if held is None:
            raise ConditionError(f"state: there is no entity {wanted}")
        return bool(held.state == value)


def build(options: StateOptions, part: Part) -> StateCondition:
    """Check the ids."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError as error:
        raise part.invalid("entity_id", str(error)) from None
    return StateCondition(
        entities,
        state_texts(options.state),
        options.attribute,
        match_any=options.match == "any",
        dwell=part.duration("for"),
    )


def refers(options: StateOptions) -> tuple[Reference, ...]:
    """Name the entities."""
    try:
        return tuple(Reference("entity", entity_id, "entity_id") for entity_id in entity_ids(options.entity_id))
    except ValueError:
        return ()


TYPE = ConditionType("state", StateOptions, build, refers)

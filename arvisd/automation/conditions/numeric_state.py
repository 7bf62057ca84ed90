"""Condition `numeric_state`: a number lies within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.entities import entity_ids
from arvisd.automation.errors import ConditionError
from arvisd.automation.registry import ConditionOptions, ConditionType, Reference
from arvisd.automation.triggers.numeric_state import Bounds, bounds_of

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class NumericStateOptions(ConditionOptions, frozen=True, kw_only=True):
    """A number lies within bounds, of every entity that is named."""

    entity_id: str | list[str]
    attribute: str | None = None
    value_template: str | None = None
    above: int | float | str | None = None
    below: int | float | str | None = None


class NumericStateCondition:
    """Compares numbers."""

    __slots__ = ("_bounds", "_entities")

    def __init__(self, entities: list[str], bounds: Bounds) -> None:
        self._entities = entities
        self._bounds = bounds

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met; an entity that does not exist is an error, one without a number is no."""
        for entity_id in self._entities:
            state = run.hub.states.get(entity_id)
            if state is None:
                raise ConditionError(f"numeric_state: there is no entity {entity_id}")
            number = self._bounds.number(entity_id, state, scope)
            held = number is not None and self._bounds.hold(number, run.hub)
            run.trace.compared(self.explain, entity_id, state.state if number is None else number)
            if not held:
                return False
        return True

    def explain(self, entity_id: str, found: float | str) -> dict[str, Any]:
        """Say what was compared."""
        bounds = {"wanted_above": self._bounds.above, "wanted_below": self._bounds.below}
        return {
            "entity_id": entity_id,
            "state": found,
            **{key: bound for key, bound in bounds.items() if bound is not None},
        }


def build(options: NumericStateOptions, part: Part) -> NumericStateCondition:
    """Check ids and bounds."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError as error:
        raise part.invalid("entity_id", str(error)) from None
    return NumericStateCondition(entities, bounds_of(options, part, strict=False))


def refers(options: NumericStateOptions) -> tuple[Reference, ...]:
    """Name the entities."""
    try:
        return tuple(Reference("entity", entity_id, "entity_id") for entity_id in entity_ids(options.entity_id))
    except ValueError:
        return ()


TYPE = ConditionType("numeric_state", NumericStateOptions, build, refers)

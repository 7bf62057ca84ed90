"""`threshold`: above, below, between or outside of numbers, or of what other entities measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from arvisd.automation.domains.source import UNIT_ATTRIBUTE
from arvisd.automation.domains.units import convert, units_of
from arvisd.automation.entities import UNCERTAIN, entity_ids

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.core.hub import Hub


class BoundOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bound: a number, or an entity whose value is the bound."""

    number: float | None = None
    entity: str | None = None
    unit_of_measurement: str | None = None
    """Of the number; by default the usual one, `°C`, `W`, `%`."""
    active_choice: Literal["number", "entity"] | None = None
    """Which of the two counts, where both are given."""


class ThresholdOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which numbers fit."""

    type: Literal["above", "below", "between", "outside", "any"]
    """`between` has its bounds within it; `any`: every number."""
    value: BoundOptions | float | str | None = None
    """The bound of `above` and `below`; a bare number or entity too."""
    value_min: BoundOptions | float | str | None = None
    """The lower bound of `between` and `outside`."""
    value_max: BoundOptions | float | str | None = None


class Bound:
    """One bound, in the unit of the scale."""

    __slots__ = ("entity_id", "number", "scale")

    def __init__(self, number: float | None, entity_id: str, scale: str) -> None:
        self.number = number
        self.entity_id = entity_id
        self.scale = scale

    def now(self, hub: Hub) -> float | None:
        """Return the bound as it is now, None where its entity has no number of that quantity."""
        if self.number is not None:
            return self.number
        state = hub.states.get(self.entity_id)
        if state is None or state.state in UNCERTAIN:
            return None
        try:
            return convert(float(state.state), state.attributes.get(UNIT_ATTRIBUTE), self.scale)
        except ValueError:
            return None


class Threshold:
    """Tells which numbers fit."""

    __slots__ = ("_bounds", "_type", "moving")

    def __init__(self, type_: str, bounds: tuple[Bound, ...]) -> None:
        self._type = type_
        self._bounds = bounds
        self.moving = any(bound.entity_id for bound in bounds)
        """Whether a bound is an entity: what fits may change with it."""

    def holds(self, number: float | None, hub: Hub) -> bool:
        """Tell whether a number fits; where a bound is not known, none does."""
        if number is None:
            return False
        if self._type == "any":
            return True
        first = self._bounds[0].now(hub)
        if first is None:
            return False
        if self._type == "above":
            return number > first
        if self._type == "below":
            return number < first
        last = self._bounds[1].now(hub)
        if last is None:
            return False
        return (first <= number <= last) is (self._type == "between")


def threshold_of(options: ThresholdOptions, scale: str, part: Part, *, changed: bool) -> Threshold:
    """Check a threshold; raise InvalidError.

    Args:
        options: as it is written, under `threshold` of the part.
        scale: the unit in which is compared, empty where there is none.
        part: for messages.
        changed: it is for a trigger of every change, which alone may take `any`.
    """
    if options.type == "any":
        if not changed:
            raise part.invalid(
                "threshold", "threshold: 'any' is only for changes: give above, below, between or outside"
            )
        _refuse(options, ("value", "value_min", "value_max"), part)
        return Threshold("any", ())
    two = options.type in ("between", "outside")
    _refuse(options, ("value",) if two else ("value_min", "value_max"), part)
    names = ("value_min", "value_max") if two else ("value",)
    bounds = tuple(_bound(getattr(options, name), name, scale, part, options.type) for name in names)
    if two and bounds[0].number is not None and bounds[1].number is not None and bounds[0].number > bounds[1].number:
        raise part.invalid("threshold", "threshold: value_min must not be greater than value_max")
    return Threshold(options.type, bounds)


def _refuse(options: ThresholdOptions, names: tuple[str, ...], part: Part) -> None:
    for name in names:
        if getattr(options, name) is not None:
            raise part.invalid("threshold", f"threshold: {name!r} does not belong to {options.type!r}")


def _bound(given: BoundOptions | float | str | None, name: str, scale: str, part: Part, type_: str) -> Bound:
    if given is None:
        raise part.invalid("threshold", f"threshold: {type_!r} needs {name!r}")
    if isinstance(given, str):
        given = BoundOptions(entity=given)
    elif not isinstance(given, BoundOptions):
        given = BoundOptions(number=given)
    if given.number is not None and given.entity is not None and given.active_choice is None:
        raise part.invalid("threshold", f"threshold: {name} has both 'number' and 'entity': leave one out")
    number = None if given.active_choice == "entity" else given.number
    if number is not None:
        converted = convert(number, given.unit_of_measurement, scale)
        if converted is None:
            known = ", ".join(units_of(scale))
            raise part.invalid("threshold", f"threshold: {given.unit_of_measurement!r} is none of the units {known}")
        return Bound(converted, "", scale)
    if given.entity is None or given.active_choice == "number":
        raise part.invalid("threshold", f"threshold: {name} needs a 'number' or an 'entity'")
    try:
        (entity_id,) = entity_ids(given.entity)
    except ValueError as error:
        raise part.invalid("threshold", f"threshold: {error}") from None
    return Bound(None, entity_id, scale)

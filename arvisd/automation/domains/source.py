"""Which entities a trigger or condition looks at, and what of their state it compares."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.domains.units import convert
from arvisd.automation.entities import UNCERTAIN
from arvisd.core.states import State

UNIT_ATTRIBUTE = "unit_of_measurement"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Entities of one domain, or of one device class of it, and where their value stands."""

    domain: str
    device_class: str | None = None
    """None: any."""
    attribute: str | None = None
    """Where the value stands; None: it is the state."""
    told: dict[str, Any] = {}
    """By the state: the value of an entity that has no such attribute."""
    needs: tuple[str, ...] = ()
    """An entity with none of these attributes cannot do this: it is not counted, where others count as not so."""
    scale: str = ""
    """The value is a number, compared in this unit; empty: it is not, or it has none."""
    factor: float = 1.0
    """By which the number is multiplied: 100 for a volume from 0 to 1."""
    unit: str | None = UNIT_ATTRIBUTE
    """Attribute that holds the number's unit; None: it is that of the scale."""

    def counted(self, state: State) -> bool:
        """Tell whether an entity counts among those of a target: its state is known, and it is able to be so."""
        if state.state in UNCERTAIN:
            return False
        return not self.needs or any(state.attributes.get(name) is not None for name in self.needs)

    def value(self, state: State) -> Any:
        """Return what is compared, None where the entity does not have it."""
        if self.attribute is None:
            return state.state
        found = state.attributes.get(self.attribute)
        return self.told.get(state.state) if found is None and self.told else found

    def number(self, state: State) -> float | None:
        """Return the value as a number in the unit of the scale, None where it is none."""
        try:
            number = float(self.value(state)) * self.factor
        except (TypeError, ValueError):
            return None
        if number != number:  # not a number, and so outside of every bound
            return None
        return convert(number, state.attributes.get(self.unit) if self.unit else None, self.scale)

"""`platform: group` or `min_max` under `sensor:`: one number of several sensors."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from arvisd.automation.helpers.group import member_ids
from arvisd.automation.helpers.input_number import number_in
from arvisd.automation.helpers.kind import HelperKind, HelperSettings, Place, Saved
from arvisd.config.validate import ONE_OR_MANY
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.states import UNAVAILABLE, UNKNOWN

Measure = Literal["last", "max", "mean", "median", "min", "product", "range", "stdev", "sum"]

MEASURES: dict[str, Callable[[Sequence[float]], float]] = {
    "max": max,
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "product": math.prod,
    "range": lambda numbers: max(numbers) - min(numbers),
    "stdev": lambda numbers: statistics.stdev(numbers) if len(numbers) > 1 else 0.0,
    "sum": math.fsum,
}


class SensorGroupSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number of several sensors."""

    entities: Annotated[list[str], ONE_OR_MANY] = msgspec.field(default_factory=list)
    """The members."""
    entity_ids: Annotated[list[str], ONE_OR_MANY] = msgspec.field(default_factory=list)
    """What `entities` is called under `min_max`."""
    type: Measure = "max"
    """What is made of their numbers."""
    ignore_non_numeric: bool | None = None
    """Whether members without a number are left out; else the state is `unknown` while there is one. `min_max` leaves out."""
    round_digits: int = 2
    unit_of_measurement: str | None = None
    """By default that of the members."""
    device_class: str | None = None
    state_class: str | None = None
    unique_id: str | None = None
    """For Home Assistant."""


class SensorGroup:
    """Shows what the numbers of its members make."""

    def __init__(self, settings: SensorGroupSettings, place: Place) -> None:
        self.settings = settings
        self.place = place
        self.members = member_ids([*settings.entities, *settings.entity_ids])
        if not self.members:
            raise ValueError("it needs 'entities': the sensors that it is made of")
        self._lenient = bool(settings.ignore_non_numeric or settings.entity_ids)
        self._last: float | None = None

    def start(self, saved: Saved | None) -> None:
        """Look at the members now, and whenever one of them changes."""
        hub = self.place.hub
        for member in self.members:
            hub.bus.subscribe(hub.topics.state(member), self._changed, self.place.owner)
        self._show(None)

    def describe(self) -> Mapping[str, Any]:
        """Return the entity's fields."""
        return {"device_class": self.settings.device_class, "unit": self.settings.unit_of_measurement}

    def _changed(self, message: Message) -> None:
        _, _, new = self.place.hub.states.changes(message)
        if new is not None and (number := number_in(new.state)) is not None:
            self._last = number
        self._show(new.context if new is not None else None)

    def _show(self, cause: Context | None) -> None:
        settings, states = self.settings, self.place.hub.states
        found = [states.get(member) for member in self.members]
        numbers = [n for state in found if state is not None and (n := number_in(state.state)) is not None]
        units = [state.attributes.get("unit_of_measurement") for state in found if state is not None]
        unit = settings.unit_of_measurement or (units[0] if len(set(units)) == 1 else None)
        shown = {
            "unit_of_measurement": unit,
            "device_class": settings.device_class,
            "state_class": settings.state_class,
            "friendly_name": settings.name,
            "icon": settings.icon,
        }
        attributes = {"entity_id": list(self.members)} | {key: value for key, value in shown.items() if value}
        available = any(state is not None and state.state != UNAVAILABLE for state in found)
        value = self._value(numbers) if available else UNAVAILABLE
        states.set(self.place.entity_id, value, attributes, cause)

    def _value(self, numbers: list[float]) -> str:
        if not numbers or (len(numbers) < len(self.members) and not self._lenient):
            return UNKNOWN
        if self.settings.type == "last":
            number = self._last if self._last is not None else numbers[-1]
        else:
            number = MEASURES[self.settings.type](numbers)
        return str(round(number, self.settings.round_digits))


KIND: HelperKind[SensorGroupSettings] = HelperKind(
    "sensor", SensorGroupSettings, SensorGroup, restored=False, section=False, describe=SensorGroup.describe
)

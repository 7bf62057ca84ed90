"""Actions of water heaters."""

from __future__ import annotations

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, toggle
from arvisd.home.entity import Entity

TEMPERATURE, MODES = "target_temperature", "operation_mode"
"""Features: takes a target temperature, has modes."""


class SetTemperature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `water_heater.set_temperature`."""

    temperature: float
    operation_mode: str | None = None


class SetOperationMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `water_heater.set_operation_mode`."""

    operation_mode: str


class WaterHeaterSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `water_heater.turn_on` and `turn_off`: none."""


def _set_temperature(data: SetTemperature, entity: Entity, state: State | None) -> Order:
    attributes = state.attributes if state is not None else {}
    low, high = attributes.get("min_temp"), attributes.get("max_temp")
    if (low is not None and data.temperature < low) or (high is not None and data.temperature > high):
        raise ActionDataError(f"{entity.id} takes {low:g} to {high:g} degrees, not {data.temperature:g}")
    return Order(
        "water_heater.set_temperature",
        data,
        lambda after: bool(after.attributes.get("temperature") == data.temperature),
    )


def _set_mode(data: SetOperationMode, entity: Entity, state: State | None) -> Order:
    modes = state.attributes.get("operation_list") if state is not None else None
    if modes and data.operation_mode not in modes:
        raise ActionDataError(f"{entity.id} has no operation_mode {data.operation_mode!r}, only {', '.join(modes)}")
    return Order("water_heater.set_operation_mode", data, lambda after: after.state == data.operation_mode)


def _turn_on(_data: object, entity: Entity, state: State | None) -> Order:
    modes = (state.attributes.get("operation_list") if state is not None else None) or ["off", "eco"]
    now = state.state if state is not None and state.state in modes and state.state != "off" else None
    return _set_mode(SetOperationMode(now or next((m for m in modes if m != "off"), "eco")), entity, state)


def _turn_off(_data: object, entity: Entity, state: State | None) -> Order:
    return _set_mode(SetOperationMode("off"), entity, state)


ACTIONS = (
    EntityAction(
        "water_heater.set_temperature",
        "Sets the target of water heaters.",
        _set_temperature,
        SetTemperature,
        lambda _: frozenset({TEMPERATURE}),
    ),
    EntityAction(
        "water_heater.set_operation_mode",
        "Sets the mode of water heaters.",
        _set_mode,
        SetOperationMode,
        lambda _: frozenset({MODES}),
    ),
    EntityAction("water_heater.turn_on", "Turns water heaters on.", _turn_on, WaterHeaterSwitch),
    EntityAction("water_heater.turn_off", "Turns water heaters off.", _turn_off, WaterHeaterSwitch),
    EntityAction(
        "water_heater.toggle", "Turns water heaters on or off.", toggle(_turn_on, _turn_off), WaterHeaterSwitch
    ),
)

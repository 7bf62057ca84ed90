"""Actions of thermostats and air conditioners."""

from __future__ import annotations

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, toggle
from arvisd.home.entity import Entity

TEMPERATURE = "target_temperature"
"""Feature: takes a target temperature."""


class SetTemperature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `climate.set_temperature`."""

    temperature: float
    """Target, in the thermostat's own unit."""
    hvac_mode: str | None = None
    """Mode to go to as well."""


class SetHvacMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_hvac_mode`."""

    hvac_mode: str
    """`off`, `heat`, `cool`, `auto`, …: one of the entity's `hvac_modes`."""


class ClimateSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.turn_on`, `turn_off` and `toggle`: none."""


def _set_temperature(data: SetTemperature, entity: Entity, state: State | None) -> Order:
    attributes = state.attributes if state is not None else {}
    low, high = attributes.get("min_temp"), attributes.get("max_temp")
    if (low is not None and data.temperature < low) or (high is not None and data.temperature > high):
        raise ActionDataError(f"{entity.id} takes {low:g} to {high:g} degrees, not {data.temperature:g}")
    if data.hvac_mode is not None:
        _check_mode(data.hvac_mode, entity, state)

    def done(after: State) -> bool:
        mode_fits = data.hvac_mode is None or after.state == data.hvac_mode
        return mode_fits and after.attributes.get("temperature") == data.temperature

    return Order("climate.set_temperature", data, done)


def _set_mode(data: SetHvacMode, entity: Entity, state: State | None) -> Order:
    _check_mode(data.hvac_mode, entity, state)
    return Order("climate.set_hvac_mode", data, lambda after: after.state == data.hvac_mode)


def _check_mode(mode: str, entity: Entity, state: State | None) -> None:
    modes = state.attributes.get("hvac_modes") if state is not None else None
    if modes is not None and mode not in modes:
        raise ActionDataError(f"{entity.id} has no mode {mode!r}, only {', '.join(modes)}")


def _turn_on(_data: object, entity: Entity, state: State | None) -> Order:
    modes = (state.attributes.get("hvac_modes") if state is not None else None) or ["off", "heat"]
    mode = state.state if state is not None and state.state not in ("off", "unknown") else None
    return _set_mode(SetHvacMode(mode or next(m for m in modes if m != "off")), entity, state)


def _turn_off(_data: object, entity: Entity, state: State | None) -> Order:
    return _set_mode(SetHvacMode("off"), entity, state)


ACTIONS = (
    EntityAction(
        "climate.set_temperature",
        "Sets the target temperature of thermostats.",
        _set_temperature,
        SetTemperature,
        lambda _: frozenset({TEMPERATURE}),
    ),
    EntityAction("climate.set_hvac_mode", "Sets the mode of thermostats.", _set_mode, SetHvacMode),
    EntityAction("climate.turn_on", "Turns thermostats on.", _turn_on, ClimateSwitch),
    EntityAction("climate.turn_off", "Turns thermostats off.", _turn_off, ClimateSwitch),
    EntityAction("climate.toggle", "Turns thermostats on or off.", toggle(_turn_on, _turn_off), ClimateSwitch),
)

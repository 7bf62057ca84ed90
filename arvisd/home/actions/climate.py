"""Actions of thermostats and air conditioners."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, choice, reaches, toggle
from arvisd.home.entity import Entity

TEMPERATURE, RANGE, HUMIDITY, FAN_MODE, PRESET, SWING, SWING_HORIZONTAL = (
    "target_temperature",
    "target_temperature_range",
    "target_humidity",
    "fan_mode",
    "preset_mode",
    "swing_mode",
    "swing_horizontal_mode",
)
"""Features: takes a target temperature, a range of them, a humidity, named modes of several kinds."""


class SetTemperature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `climate.set_temperature`."""

    temperature: float | None = None
    """Target, in the thermostat's own unit."""
    target_temp_high: float | None = None
    """Warmest that it may be, for those that hold a range."""
    target_temp_low: float | None = None
    """Coldest that it may be."""
    hvac_mode: str | None = None
    """Mode to go to as well."""

    def __post_init__(self) -> None:
        """Raise ValueError where no temperature is given, or half a range."""
        if (self.target_temp_high is None) != (self.target_temp_low is None):
            raise ValueError("target_temp_high and target_temp_low belong together")
        if self.temperature is None and self.target_temp_high is None:
            raise ValueError("temperature is missing")


class SetHvacMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_hvac_mode`."""

    hvac_mode: str
    """`off`, `heat`, `cool`, `auto`, …: one of the entity's `hvac_modes`."""


class SetFanMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_fan_mode`."""

    fan_mode: str


class SetPresetMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_preset_mode`."""

    preset_mode: str


class SetSwingMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_swing_mode`."""

    swing_mode: str


class SetSwingHorizontalMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_swing_horizontal_mode`."""

    swing_horizontal_mode: str


class SetHumidity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.set_humidity`."""

    humidity: Annotated[int, msgspec.Meta(ge=0, le=100)]


class ClimateSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `climate.turn_on`, `turn_off` and `toggle`: none."""


def _set_temperature(data: SetTemperature, entity: Entity, state: State | None) -> Order:
    attributes = state.attributes if state is not None else {}
    low, high = attributes.get("min_temp"), attributes.get("max_temp")
    for wanted in (data.temperature, data.target_temp_low, data.target_temp_high):
        if wanted is None:
            continue
        if (low is not None and wanted < low) or (high is not None and wanted > high):
            raise ActionDataError(f"{entity.id} takes {low:g} to {high:g} degrees, not {wanted:g}")
    if data.hvac_mode is not None:
        _check_mode(data.hvac_mode, entity, state)

    def done(after: State) -> bool:
        mode_fits = data.hvac_mode is None or after.state == data.hvac_mode
        return mode_fits and all(
            wanted is None or after.attributes.get(key) == wanted
            for key, wanted in (
                ("temperature", data.temperature),
                ("target_temp_low", data.target_temp_low),
                ("target_temp_high", data.target_temp_high),
            )
        )

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
        lambda data: frozenset({TEMPERATURE} if data.temperature is not None else {RANGE}),
    ),
    *(
        EntityAction(
            f"climate.set_{feature}",
            f"Sets the {feature.replace('_', ' ')} of thermostats.",
            choice(f"climate.set_{feature}", feature, f"{feature}s"),
            schema,
            lambda _, feature=feature: frozenset({feature}),  # type: ignore[misc]
        )
        for feature, schema in (
            (FAN_MODE, SetFanMode),
            (PRESET, SetPresetMode),
            (SWING, SetSwingMode),
            (SWING_HORIZONTAL, SetSwingHorizontalMode),
        )
    ),
    EntityAction(
        "climate.set_humidity",
        "Sets the target humidity of thermostats.",
        reaches("climate.set_humidity", "humidity"),
        SetHumidity,
        lambda _: frozenset({HUMIDITY}),
    ),
    EntityAction("climate.set_hvac_mode", "Sets the mode of thermostats.", _set_mode, SetHvacMode),
    EntityAction("climate.turn_on", "Turns thermostats on.", _turn_on, ClimateSwitch),
    EntityAction("climate.turn_off", "Turns thermostats off.", _turn_off, ClimateSwitch),
    EntityAction("climate.toggle", "Turns thermostats on or off.", toggle(_turn_on, _turn_off), ClimateSwitch),
)

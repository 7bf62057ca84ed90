"""Actions of fans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, choice, is_state, reaches, toggle
from arvisd.home.entity import Entity

SPEED, PRESET, OSCILLATE, DIRECTION = "speed", "preset", "oscillate", "direction"
"""Features: takes a speed in percent, has named modes, swings, turns both ways."""

Percentage = Annotated[int, msgspec.Meta(ge=0, le=100)]


class FanTurnOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `fan.turn_on` and `fan.toggle`."""

    percentage: Percentage | None = None
    """Speed; 0 turns off."""
    preset_mode: str | None = None


class FanTurnOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `fan.turn_off`: none."""


class SetPercentage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `fan.set_percentage`."""

    percentage: Percentage
    """Speed; 0 turns off."""


class SpeedStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `fan.increase_speed` and `fan.decrease_speed`."""

    percentage_step: Percentage | None = None
    """By how much; by default one step of the fan's own."""


class FanPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `fan.set_preset_mode`."""

    preset_mode: str


class Oscillate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `fan.oscillate`."""

    oscillating: bool


class Direction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `fan.set_direction`."""

    direction: Literal["forward", "reverse"]


def _step(sign: int) -> Callable[[SpeedStep, Entity, State | None], Order]:
    def order(data: SpeedStep, entity: Entity, state: State | None) -> Order:
        attributes = state.attributes if state is not None else {}
        now = attributes.get("percentage") or 0
        step = data.percentage_step or attributes.get("percentage_step") or 10
        return _set_percentage(SetPercentage(max(0, min(100, round(now + sign * step)))), entity, state)

    return order


def _needs(data: FanTurnOn) -> frozenset[str]:
    asked = {SPEED} if data.percentage is not None else set()
    return frozenset(asked | ({PRESET} if data.preset_mode is not None else set()))


def _turn_on(data: FanTurnOn, entity: Entity, state: State | None) -> Order:
    if data.percentage == 0:
        return _turn_off(data, entity, state)
    return Order("fan.turn_on", data, is_state("on"))


def _turn_off(_data: object, _entity: Entity, _state: State | None) -> Order:
    return Order("fan.turn_off", FanTurnOff(), is_state("off"))


def _set_percentage(data: SetPercentage, entity: Entity, state: State | None) -> Order:
    return _turn_on(FanTurnOn(percentage=data.percentage), entity, state)


ACTIONS = (
    EntityAction(
        "fan.turn_on", "Turns fans on, at a speed in percent where one is given.", _turn_on, FanTurnOn, _needs
    ),
    EntityAction("fan.turn_off", "Turns fans off.", _turn_off, FanTurnOff),
    EntityAction(
        "fan.toggle",
        "Turns on the fans that are off and off those that are on.",
        toggle(_turn_on, _turn_off),
        FanTurnOn,
    ),
    EntityAction(
        "fan.set_percentage",
        "Sets the speed of fans in percent.",
        _set_percentage,
        SetPercentage,
        lambda _: frozenset({SPEED}),
    ),
    EntityAction("fan.increase_speed", "Makes fans faster.", _step(1), SpeedStep, lambda _: frozenset({SPEED})),
    EntityAction("fan.decrease_speed", "Makes fans slower.", _step(-1), SpeedStep, lambda _: frozenset({SPEED})),
    EntityAction(
        "fan.set_preset_mode",
        "Sets the mode of fans.",
        choice("fan.set_preset_mode", "preset_mode", "preset_modes"),
        FanPreset,
        lambda _: frozenset({PRESET}),
    ),
    EntityAction(
        "fan.oscillate",
        "Lets fans swing, or not.",
        reaches("fan.oscillate", "oscillating"),
        Oscillate,
        lambda _: frozenset({OSCILLATE}),
    ),
    EntityAction(
        "fan.set_direction",
        "Sets which way fans turn.",
        reaches("fan.set_direction", "direction"),
        Direction,
        lambda _: frozenset({DIRECTION}),
    ),
)

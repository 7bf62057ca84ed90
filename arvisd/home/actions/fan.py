"""Actions of fans."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, is_state, toggle
from arvisd.home.entity import Entity

SPEED, PRESET = "speed", "preset"
"""Features: takes a speed in percent, has named modes."""

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
)

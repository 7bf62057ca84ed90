"""Actions of humidifiers and dehumidifiers."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, choice, plain, toggle
from arvisd.home.entity import Entity

MODES = "modes"
"""Feature: has named modes."""


class SetHumidity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `humidifier.set_humidity`."""

    humidity: Annotated[int, msgspec.Meta(ge=0, le=100)]
    """Target in percent."""


class SetMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `humidifier.set_mode`."""

    mode: str


def _set_humidity(data: SetHumidity, entity: Entity, state: State | None) -> Order:
    attributes = state.attributes if state is not None else {}
    low, high = attributes.get("min_humidity", 0), attributes.get("max_humidity", 100)
    if not low <= data.humidity <= high:
        raise ActionDataError(f"{entity.id} takes {low:g} to {high:g} percent, not {data.humidity}")
    return Order("humidifier.set_humidity", data, lambda after: bool(after.attributes.get("humidity") == data.humidity))


_ON = plain("humidifier.turn_on", "on")
_OFF = plain("humidifier.turn_off", "off")

ACTIONS = (
    EntityAction("humidifier.turn_on", "Turns humidifiers on.", _ON),
    EntityAction("humidifier.turn_off", "Turns humidifiers off.", _OFF),
    EntityAction("humidifier.toggle", "Turns humidifiers on or off.", toggle(_ON, _OFF)),
    EntityAction("humidifier.set_humidity", "Sets the target of humidifiers.", _set_humidity, SetHumidity),
    EntityAction(
        "humidifier.set_mode",
        "Sets the mode of humidifiers.",
        choice("humidifier.set_mode", "mode", "available_modes"),
        SetMode,
        lambda _: frozenset({MODES}),
    ),
)

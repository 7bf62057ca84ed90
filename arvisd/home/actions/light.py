"""Actions of lights."""

from __future__ import annotations

import difflib
from typing import Annotated

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.colors import COLORS
from arvisd.home.actions.definition import EntityAction, Order, is_state, toggle
from arvisd.home.entity import Entity

BRIGHTNESS, COLOR, COLOR_TEMP = "brightness", "color", "color_temp"
"""Features: can be dimmed, takes colours, takes colour temperatures."""

TOLERANCE = 3
"""By how much a reported brightness of 0–255 may differ: devices count in steps of their own."""

Byte = Annotated[int, msgspec.Meta(ge=0, le=255)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=6553)]


class LightTurnOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `light.turn_on` and `light.toggle`."""

    brightness: Byte | None = None
    """0 turns off."""
    brightness_pct: Percent | None = None
    """The same in percent."""
    brightness_step_pct: Annotated[float, msgspec.Meta(ge=-100, le=100)] | None = None
    """By how many percent brighter, or darker when negative."""
    color_name: str | None = None
    """CSS name: `red`, `warmwhite`, …"""
    rgb_color: tuple[Byte, Byte, Byte] | None = None
    color_temp_kelvin: Annotated[int, msgspec.Meta(ge=1000, le=20000)] | None = None
    transition: Seconds | None = None
    """Seconds that the change takes."""


class LightTurnOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `light.turn_off`."""

    transition: Seconds | None = None


def _needs(data: LightTurnOn) -> frozenset[str]:
    needs = set()
    if data.brightness is not None or data.brightness_pct is not None or data.brightness_step_pct is not None:
        needs.add(BRIGHTNESS)
    if data.color_name is not None or data.rgb_color is not None:
        needs.add(COLOR)
    if data.color_temp_kelvin is not None:
        needs.add(COLOR_TEMP)
    return frozenset(needs)


def _turn_on(data: LightTurnOn, entity: Entity, state: State | None) -> Order:
    brightness = _brightness(data, state)
    if brightness == 0:
        return _turn_off(LightTurnOff(data.transition), entity, state)
    basic = LightTurnOn(
        brightness=brightness,
        rgb_color=_rgb(data),
        color_temp_kelvin=data.color_temp_kelvin,
        transition=data.transition,
    )
    # a slow change reports intermediate values: being on is all there is to see at once
    aim = None if data.transition else brightness
    return Order("light.turn_on", basic, lambda after: after.state == "on" and _near(after, aim))


def _turn_off(data: LightTurnOff | LightTurnOn, _entity: Entity, _state: State | None) -> Order:
    return Order("light.turn_off", LightTurnOff(data.transition), is_state("off"))


def _brightness(data: LightTurnOn, state: State | None) -> int | None:
    if data.brightness_pct is not None:
        return round(data.brightness_pct * 255 / 100)
    if data.brightness_step_pct is not None:
        now = state.attributes.get("brightness") if state is not None and state.state == "on" else 0
        return max(0, min(255, round((now or 0) + data.brightness_step_pct * 255 / 100)))
    return data.brightness


def _rgb(data: LightTurnOn) -> tuple[int, int, int] | None:
    if data.color_name is None:
        return data.rgb_color
    name = data.color_name.lower().replace(" ", "").replace("_", "")
    if name not in COLORS:
        near = difflib.get_close_matches(name, COLORS, 1)
        raise ActionDataError(
            f"there is no colour {data.color_name!r}" + (f" (did you mean {near[0]}?)" if near else "")
        )
    return COLORS[name]


def _near(state: State, brightness: int | None) -> bool:
    reported = state.attributes.get("brightness")
    return brightness is None or reported is None or abs(reported - brightness) <= TOLERANCE


ACTIONS = (
    EntityAction("light.turn_on", "Turns lights on, sets their brightness and colour.", _turn_on, LightTurnOn, _needs),
    EntityAction("light.turn_off", "Turns lights off.", _turn_off, LightTurnOff),
    EntityAction(
        "light.toggle",
        "Turns on the lights that are off and off those that are on.",
        toggle(_turn_on, _turn_off),
        LightTurnOn,
        _needs,
    ),
)

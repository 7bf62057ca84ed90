"""Actions of lights."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.colors import COLORS
from arvisd.home.actions.definition import EntityAction, Order, is_state, toggle
from arvisd.home.color_spaces import hs_to_rgb, kelvin_to_rgb, mired_to_kelvin, xy_to_rgb
from arvisd.home.entity import Entity

BRIGHTNESS, COLOR, COLOR_TEMP, WHITE, EFFECT = "brightness", "color", "color_temp", "white", "effect"
"""Features: can be dimmed, takes colours, takes colour temperatures, has white light of its own, plays effects."""

TOLERANCE = 3
"""By how much a reported brightness of 0–255 may differ: devices count in steps of their own."""

Byte = Annotated[int, msgspec.Meta(ge=0, le=255)]
Hue = Annotated[float, msgspec.Meta(ge=0, le=360)]
Chromaticity = Annotated[float, msgspec.Meta(ge=0, le=1)]
Kelvin = Annotated[int, msgspec.Meta(ge=1000, le=20000)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=6553)]


COLOR_ATTRIBUTES = ("rgb_color", "rgbw_color", "rgbww_color", "hs_color", "xy_color", "color_temp_kelvin")
"""Attributes in which lights say their colour."""

COLOR_KEYS = (
    "color_name",
    "rgb_color",
    "rgbw_color",
    "rgbww_color",
    "hs_color",
    "xy_color",
    "color_temp_kelvin",
    "kelvin",
    "color_temp",
    "white",
)
"""Of these one may be given."""


class LightTurnOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `light.turn_on` and `light.toggle`."""

    brightness: Byte | None = None
    """0 turns off."""
    brightness_pct: Percent | None = None
    """The same in percent."""
    brightness_step: Annotated[int, msgspec.Meta(ge=-255, le=255)] | None = None
    """By how much brighter, of 255, or darker when negative."""
    brightness_step_pct: Annotated[float, msgspec.Meta(ge=-100, le=100)] | None = None
    """By how many percent brighter, or darker when negative."""
    color_name: str | None = None
    """CSS name: `red`, `warmwhite`, …"""
    rgb_color: tuple[Byte, Byte, Byte] | None = None
    rgbw_color: tuple[Byte, Byte, Byte, Byte] | None = None
    """With the white channel last."""
    rgbww_color: tuple[Byte, Byte, Byte, Byte, Byte] | None = None
    """With cold and warm white last."""
    hs_color: tuple[Hue, Percent] | None = None
    """Hue in degrees, saturation in percent."""
    xy_color: tuple[Chromaticity, Chromaticity] | None = None
    """CIE 1931."""
    color_temp_kelvin: Kelvin | None = None
    kelvin: Kelvin | None = None
    """What `color_temp_kelvin` was called before 2025."""
    color_temp: Annotated[int, msgspec.Meta(ge=50, le=1000)] | None = None
    """The same in mireds, as before 2025."""
    white: Byte | bool | None = None
    """White light of that brightness; true: as bright as it is."""
    effect: str | None = None
    """One of the entity's `effect_list`."""
    flash: Literal["short", "long"] | None = None
    transition: Seconds | None = None
    """Seconds that the change takes."""

    def __post_init__(self) -> None:
        """Raise ValueError for two colours at once."""
        given = [name for name in COLOR_KEYS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"only one of {' and '.join(given)} can be")


class LightTurnOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `light.turn_off`."""

    transition: Seconds | None = None
    flash: Literal["short", "long"] | None = None


def _needs(data: LightTurnOn) -> frozenset[str]:
    needs = set()
    if any(
        value is not None
        for value in (data.brightness, data.brightness_pct, data.brightness_step, data.brightness_step_pct)
    ):
        needs.add(BRIGHTNESS)
    if any(
        value is not None
        for value in (data.color_name, data.rgb_color, data.rgbw_color, data.rgbww_color, data.hs_color, data.xy_color)
    ):
        needs.add(COLOR)
    if data.color_temp_kelvin is not None or data.color_temp is not None or data.kelvin is not None:
        needs.add(COLOR_TEMP)
    if data.white is not None:
        needs.add(WHITE)
    if data.effect is not None:
        needs.add(EFFECT)
    return frozenset(needs)


def _turn_on(data: LightTurnOn, entity: Entity, state: State | None) -> Order:
    brightness = _brightness(data, state)
    if brightness == 0:
        return _turn_off(LightTurnOff(data.transition), entity, state)
    effects = state.attributes.get("effect_list") if state is not None else None
    if data.effect is not None and effects and data.effect not in effects:
        raise ActionDataError(f"{entity.id} has no effect {data.effect!r}, only {', '.join(map(str, effects))}")
    kelvin = _kelvin(data, state)
    rgb = _rgb(data)
    if kelvin is not None and COLOR_TEMP not in entity.features:
        rgb, kelvin = kelvin_to_rgb(kelvin), None  # the light has colours only
    basic = LightTurnOn(
        brightness=brightness,
        rgb_color=rgb,
        rgbw_color=data.rgbw_color,
        rgbww_color=data.rgbww_color,
        color_temp_kelvin=kelvin,
        white=data.white,
        effect=data.effect,
        flash=data.flash,
        transition=data.transition,
    )
    # a slow change reports intermediate values: being on is all there is to see at once
    aim = None if data.transition else brightness
    shows = _colour_shows(basic, state)
    return Order("light.turn_on", basic, lambda after: after.state == "on" and _near(after, aim) and shows(after))


def _turn_off(data: LightTurnOff | LightTurnOn, _entity: Entity, _state: State | None) -> Order:
    return Order("light.turn_off", LightTurnOff(data.transition), is_state("off"))


def _brightness(data: LightTurnOn, state: State | None) -> int | None:
    if data.brightness_pct is not None:
        return round(data.brightness_pct * 255 / 100)
    if data.brightness_step is not None or data.brightness_step_pct is not None:
        step = data.brightness_step if data.brightness_step is not None else (data.brightness_step_pct or 0) * 255 / 100
        now = state.attributes.get("brightness") if state is not None and state.state == "on" else 0
        return max(0, min(255, round((now or 0) + step)))
    return data.brightness


def _kelvin(data: LightTurnOn, state: State | None) -> int | None:
    """Return the colour temperature, within what the light can."""
    kelvin = data.color_temp_kelvin or data.kelvin
    if data.color_temp is not None:
        kelvin = mired_to_kelvin(data.color_temp)
    if kelvin is None or state is None:
        return kelvin
    low, high = state.attributes.get("min_color_temp_kelvin"), state.attributes.get("max_color_temp_kelvin")
    return min(max(kelvin, low or kelvin), high or kelvin)


def _rgb(data: LightTurnOn) -> tuple[int, int, int] | None:
    """Return the colour as every light gets it; its own form of colours is its controller's affair."""
    if data.hs_color is not None:
        return hs_to_rgb(data.hs_color)
    if data.xy_color is not None:
        return xy_to_rgb(data.xy_color)
    if data.color_name is None:
        return data.rgb_color
    name = data.color_name.lower().replace(" ", "").replace("_", "")
    if name not in COLORS:
        near = difflib.get_close_matches(name, COLORS, 1)
        raise ActionDataError(
            f"there is no colour {data.color_name!r}" + (f" (did you mean {near[0]}?)" if near else "")
        )
    return COLORS[name]


def _colour_shows(asked: LightTurnOn, before: State | None) -> Callable[[State], bool]:
    """Return a test for the colour: it is there, or has at least moved.

    Lamps report colours as their gamut has them, far from what was asked for; one that did not move has not done it.
    """
    names = ("rgb_color", "rgbw_color", "rgbww_color", "color_temp_kelvin")
    wanted = {name: value for name in names if (value := getattr(asked, name)) is not None}
    effect, first = asked.effect, _colours(before)

    def shows(after: State) -> bool:
        playing = after.attributes.get("effect")
        if effect is not None and playing is not None and playing != effect:
            return False
        now = _colours(after)
        return now != first or not any(now.values()) or all(_alike(after, k, v) for k, v in wanted.items())

    return shows if (wanted or effect) and not asked.transition else lambda _after: True


def _colours(state: State | None) -> dict[str, object]:
    """Return all that a state says of colour."""
    attributes = state.attributes if state is not None else {}
    return {key: attributes.get(key) for key in ("color_mode", *COLOR_ATTRIBUTES)}


def _alike(state: State, key: str, wanted: object) -> bool:
    """Tell whether an attribute is what was asked for, as nearly as lamps count."""
    value = state.attributes.get(key)
    if value is None:
        return False
    if isinstance(wanted, tuple):
        near = isinstance(value, list | tuple) and len(value) == len(wanted)
        return near and all(abs(a - b) <= 2 * TOLERANCE for a, b in zip(value, wanted, strict=True))
    return abs(float(value) - float(str(wanted))) <= 0.02 * float(str(wanted))


def _near(state: State, brightness: int | None) -> bool:
    reported = state.attributes.get("brightness")
    return brightness is None or reported is None or abs(reported - brightness) <= TOLERANCE


ACTIONS = (
    EntityAction(
        "light.turn_on",
        "Turns lights on, sets their brightness and colour.",
        _turn_on,
        LightTurnOn,
        _needs,
        {COLOR_TEMP: COLOR},
    ),
    EntityAction("light.turn_off", "Turns lights off.", _turn_off, LightTurnOff),
    EntityAction(
        "light.toggle",
        "Turns on the lights that are off and off those that are on.",
        toggle(_turn_on, _turn_off),
        LightTurnOn,
        _needs,
        {COLOR_TEMP: COLOR},
    ),
)

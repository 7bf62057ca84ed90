"""A light with a topic for each of its sides: state, brightness, colour, temperature, effect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

import msgspec

from arvisd.home.actions.light import LightTurnOff, LightTurnOn
from arvisd.home.color_spaces import kelvin_to_mired, mired_to_kelvin, rgb_to_hs, rgb_to_xy
from arvisd.home.discovery.entity import NONE
from arvisd.home.discovery.platforms.light.base import COLORED, Light, LightConfig

Scale = Annotated[int, msgspec.Meta(ge=1)]
CHANNELS: dict[str, tuple[str, ...]] = {
    "hs": ("hue", "sat"),
    "xy": ("x", "y"),
    "rgb": ("red", "green", "blue"),
    "rgbw": ("red", "green", "blue", "white"),
    "rgbww": ("red", "green", "blue", "cold_white", "warm_white"),
}
"""Colour modes, each with a topic of its own, and what command templates call the numbers of a colour."""


class BasicLightConfig(LightConfig, frozen=True, kw_only=True):
    """Keys of a light with a topic for each side."""

    command_topic: str
    state_topic: str | None = None
    state_value_template: str | None = None
    value_template: str | None = None
    """What `state_value_template` was called in older firmware."""
    payload_on: str = "ON"
    payload_off: str = "OFF"
    on_command_type: Literal["last", "first", "brightness"] = "last"
    brightness_command_topic: str | None = None
    brightness_command_template: str | None = None
    brightness_state_topic: str | None = None
    brightness_value_template: str | None = None
    brightness_scale: Scale = 255
    color_mode_state_topic: str | None = None
    color_mode_value_template: str | None = None
    color_temp_command_topic: str | None = None
    color_temp_command_template: str | None = None
    color_temp_state_topic: str | None = None
    color_temp_value_template: str | None = None
    color_temp_kelvin: bool = False
    effect_command_topic: str | None = None
    effect_command_template: str | None = None
    effect_state_topic: str | None = None
    effect_value_template: str | None = None
    hs_command_topic: str | None = None
    hs_command_template: str | None = None
    hs_state_topic: str | None = None
    hs_value_template: str | None = None
    rgb_command_topic: str | None = None
    rgb_command_template: str | None = None
    rgb_state_topic: str | None = None
    rgb_value_template: str | None = None
    rgbw_command_topic: str | None = None
    rgbw_command_template: str | None = None
    rgbw_state_topic: str | None = None
    rgbw_value_template: str | None = None
    rgbww_command_topic: str | None = None
    rgbww_command_template: str | None = None
    rgbww_state_topic: str | None = None
    rgbww_value_template: str | None = None
    white_command_topic: str | None = None
    white_scale: Scale = 255
    xy_command_topic: str | None = None
    xy_command_template: str | None = None
    xy_state_topic: str | None = None
    xy_value_template: str | None = None


class BasicLight(Light):
    """A light with a topic for each side."""

    schema = BasicLightConfig

    def __init__(self, key: str, config: BasicLightConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        modes = {mode for mode in CHANNELS if getattr(config, f"{mode}_command_topic") is not None}
        if config.color_temp_command_topic is not None:
            modes.add("color_temp")
        if config.white_command_topic is not None:
            modes.add("white")
        plain = "brightness" if config.brightness_command_topic is not None else "onoff"
        self._modes = frozenset(modes or {plain})

    def modes(self) -> frozenset[str]:
        """Return the colour modes that it has."""
        return self._modes

    def listen(self) -> None:
        """Listen to every side."""
        config = self.config
        own = "state_value_template" if config.state_value_template is not None else "value_template"
        self.on(config.state_topic, self.template(own), self._state_heard)
        sides: dict[str, Callable[[str], object]] = {
            "brightness": self._brightness_heard,
            "color_mode": self._mode_heard,
            "color_temp": self._temperature_heard,
            "effect": lambda text: self._put("effect", None if text == NONE else text),
        }
        for mode, channels in CHANNELS.items():
            sides[mode] = partial(self._color_heard, mode, len(channels))
        for side, heard in sides.items():
            topic = getattr(config, f"{side}_state_topic")
            self.on(topic, self.template(f"{side}_value_template"), self._guarded(side, heard))

    def turn_on(self, data: LightTurnOn) -> None:
        """Turn on, dim, colour: a message for each side."""
        config = self.config
        sides = self._sides(data)
        kind = config.on_command_type
        if kind == "brightness" and config.brightness_command_topic is not None:
            if not any(topic == config.brightness_command_topic for topic, _ in sides):
                sides.append(self._brightness(self.known.get("brightness", 255)))
            messages = sides
        else:
            on = [(config.command_topic, config.payload_on)]
            messages = on + sides if kind == "first" else sides + on
        for topic, payload in messages:
            self.publish(topic, payload)
        if self.assumed:
            self.suppose_on(data)
        else:
            self._suppose_silent_sides(data)

    def turn_off(self, _data: LightTurnOff) -> None:
        """Turn off."""
        self.publish(self.config.command_topic, self.config.payload_off)
        if self.assumed:
            self.suppose_off()

    def _sides(self, data: LightTurnOn) -> list[tuple[str, str]]:
        """Return topics and payloads of what is asked for beside being on."""
        config = self.config
        found: list[tuple[str, str]] = []
        if data.brightness is not None and config.brightness_command_topic is not None:
            found.append(self._brightness(data.brightness))
        if data.rgb_color is not None:
            mode = next((mode for mode in ("rgb", "hs", "xy", "rgbw", "rgbww") if mode in self._modes), None)
            if mode is not None:
                found.append(self._color_message(mode, self._in_mode(mode, data.rgb_color)))
        for mode in ("rgbw", "rgbww"):
            color = getattr(data, f"{mode}_color")
            if color is not None and mode in self._modes:
                found.append(self._color_message(mode, list(color)))
        if data.color_temp_kelvin is not None and config.color_temp_command_topic is not None:
            kelvin = data.color_temp_kelvin
            value = kelvin if config.color_temp_kelvin else kelvin_to_mired(kelvin)
            found.append(
                (config.color_temp_command_topic, self.command(value, self.template("color_temp_command_template")))
            )
        if data.white is not None and config.white_command_topic is not None:
            white = self.known.get("brightness", 255) if data.white is True else int(data.white)
            found.append((config.white_command_topic, str(round(white * config.white_scale / 255))))
        if data.effect is not None and config.effect_command_topic is not None:
            found.append(
                (config.effect_command_topic, self.command(data.effect, self.template("effect_command_template")))
            )
        return found

    def _brightness(self, brightness: int) -> tuple[str, str]:
        topic = self.config.brightness_command_topic
        assert topic is not None
        value = max(1, round(brightness * self.config.brightness_scale / 255))
        return topic, self.command(value, self.template("brightness_command_template"))

    def _in_mode(self, mode: str, rgb: tuple[int, int, int]) -> list[float]:
        if mode == "hs":
            return list(rgb_to_hs(rgb))
        if mode == "xy":
            return list(rgb_to_xy(rgb))
        return [*rgb, *([0] * (len(CHANNELS[mode]) - 3))]

    def _color_message(self, mode: str, numbers: list[float]) -> tuple[str, str]:
        topic = getattr(self.config, f"{mode}_command_topic")
        template = self.template(f"{mode}_command_template")
        text = ",".join(f"{number:g}" for number in numbers)
        if template is None:
            return topic, text
        names = CHANNELS[mode]
        return topic, self.command(text, template, **dict(zip(names, numbers, strict=False)))

    def _suppose_silent_sides(self, data: LightTurnOn) -> None:
        """Count as done what the light has a command for and no state."""
        config = self.config
        if data.brightness is not None and config.brightness_state_topic is None:
            self.known["brightness"] = data.brightness
        if data.rgb_color is not None and not any(
            getattr(config, f"{mode}_state_topic") for mode in self._modes & COLORED
        ):
            self.put_color(data.rgb_color)
        if data.color_temp_kelvin is not None and config.color_temp_state_topic is None:
            self.known |= {"kelvin": data.color_temp_kelvin, "color_mode": "color_temp"}
        if data.effect is not None and config.effect_state_topic is None:
            self.known["effect"] = data.effect

    def _guarded(self, side: str, heard: Callable[[str], object]) -> Callable[[str], None]:
        def guarded(text: str) -> None:
            try:
                heard(text)
            except (ValueError, ZeroDivisionError, OverflowError):
                self.problem(f"{side}: {text[:80]!r} cannot be read")

        return guarded

    def _put(self, name: str, value: Any) -> None:
        self.known[name] = value
        self.write()

    def _state_heard(self, text: str) -> None:
        states = {self.config.payload_on: "on", self.config.payload_off: "off", NONE: None}
        if text in states:
            self._put("state", states[text])

    def _brightness_heard(self, text: str) -> None:
        brightness = float(text)
        if brightness:
            self._put("brightness", min(255, max(1, round(brightness * 255 / self.config.brightness_scale))))

    def _mode_heard(self, text: str) -> None:
        if text in self._modes:
            self._put("color_mode", text)

    def _temperature_heard(self, text: str) -> None:
        value = float(text)
        self.known["kelvin"] = int(value) if self.config.color_temp_kelvin else mired_to_kelvin(value)
        self._colored("color_temp")

    def _color_heard(self, mode: str, size: int, text: str) -> None:
        numbers = [float(part) for part in text.split(",")]
        if len(numbers) != size:
            raise ValueError
        self.known[mode] = tuple(numbers if mode in ("hs", "xy") else (int(number) for number in numbers))
        if mode == "rgb" and self.config.brightness_command_topic is None:
            self.known["brightness"] = max(self.known["rgb"])
        self._colored(mode)

    def _colored(self, mode: str) -> None:
        """Take the mode of the side that spoke last, where no topic says the mode."""
        if self.config.color_mode_state_topic is None:
            self.known["color_mode"] = mode
        self.write()

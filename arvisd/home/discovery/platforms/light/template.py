"""A light whose commands and states are all made and read by templates."""

from __future__ import annotations

from typing import Any

from arvisd.home.actions.light import LightTurnOff, LightTurnOn
from arvisd.home.color_spaces import kelvin_to_mired, mired_to_kelvin, rgb_to_hs
from arvisd.home.discovery.entity import NONE
from arvisd.home.discovery.platforms.light.base import Light, LightConfig

READ = ("state", "brightness", "red", "green", "blue", "color_temp", "effect")
"""What templates read from the state, each under `<name>_template`."""


class TemplateLightConfig(LightConfig, frozen=True, kw_only=True):
    """Keys of a light by templates."""

    command_topic: str
    command_on_template: str
    command_off_template: str
    state_topic: str | None = None
    state_template: str | None = None
    brightness_template: str | None = None
    red_template: str | None = None
    green_template: str | None = None
    blue_template: str | None = None
    color_temp_template: str | None = None
    color_temp_kelvin: bool = False
    effect_template: str | None = None


class TemplateLight(Light):
    """A light by templates."""

    schema = TemplateLightConfig

    def __init__(self, key: str, config: TemplateLightConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        self._read = {name: template for name in READ if (template := self.template(f"{name}_template")) is not None}
        self._on = self.compiled(config.command_on_template, "command_on_template")
        self._off = self.compiled(config.command_off_template, "command_off_template")
        modes = set()
        if all(name in self._read for name in ("red", "green", "blue")):
            modes.add("hs")
        if "color_temp" in self._read:
            modes.add("color_temp")
        self._modes = frozenset(modes or {"brightness" if "brightness" in self._read else "onoff"})

    def modes(self) -> frozenset[str]:
        """Return the colour modes that it has."""
        return self._modes

    @property
    def assumed(self) -> bool:
        """Tell whether no state comes back."""
        return self.config.optimistic or self.config.state_topic is None or "state" not in self._read

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, None, self._heard)

    def turn_on(self, data: LightTurnOn) -> None:
        """Turn on, dim, colour."""
        values: dict[str, Any] = {"state": "on"}
        if data.brightness is not None:
            values["brightness"] = data.brightness
        if data.color_temp_kelvin is not None:
            kelvin = data.color_temp_kelvin
            values["color_temp"] = kelvin if self.config.color_temp_kelvin else kelvin_to_mired(kelvin)
        if data.rgb_color is not None:
            values |= dict(zip(("red", "green", "blue"), data.rgb_color, strict=True))
            values["hue"], values["sat"] = rgb_to_hs(data.rgb_color)
        for name in ("effect", "flash", "transition"):
            if (value := getattr(data, name)) is not None:
                values[name] = value
        self.publish(self.config.command_topic, self.command("", self._on, **values))
        if self.assumed:
            self.suppose_on(data)

    def turn_off(self, data: LightTurnOff) -> None:
        """Turn off."""
        values: dict[str, Any] = {"state": "off"}
        if data.transition is not None:
            values["transition"] = data.transition
        self.publish(self.config.command_topic, self.command("", self._off, **values))
        if self.assumed:
            self.suppose_off()

    def _heard(self, text: str) -> None:
        said = {name: self.rendered(template, text) for name, template in self._read.items()}
        state = said.get("state")
        if state in ("on", "off"):
            self.known["state"] = state
        elif state == NONE:
            self.known["state"] = None
        try:
            if brightness := _number(said, "brightness"):
                self.known["brightness"] = min(255, max(1, round(brightness)))
            if temperature := _number(said, "color_temp"):
                kelvin = int(temperature) if self.config.color_temp_kelvin else mired_to_kelvin(temperature)
                self.known |= {"kelvin": kelvin, "color_mode": "color_temp"}
            red, green, blue = (_number(said, name) for name in ("red", "green", "blue"))
            if red is not None and green is not None and blue is not None:
                self.known |= {"hs": rgb_to_hs((round(red), round(green), round(blue))), "color_mode": "hs"}
        except (ValueError, OverflowError):
            self.problem(f"the colour or brightness of {text[:120]!r} cannot be read")
        if said.get("effect"):
            self.known["effect"] = said["effect"]
        self.write()


def _number(said: dict[str, str | None], name: str) -> float | None:
    text = said.get(name)
    return None if text is None or text in ("", NONE) else float(text)

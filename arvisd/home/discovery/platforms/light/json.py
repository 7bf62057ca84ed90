"""A light that speaks JSON: `{"state": "ON", "brightness": 255, "color": {...}}` both ways."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from arvisd.home.actions.light import LightTurnOff, LightTurnOn
from arvisd.home.color_spaces import kelvin_to_mired, mired_to_kelvin, rgb_to_hs, rgb_to_xy
from arvisd.home.discovery.platforms.light.base import Light, LightConfig

Scale = Annotated[int, msgspec.Meta(ge=1)]
Mode = Literal["onoff", "brightness", "color_temp", "hs", "xy", "rgb", "rgbw", "rgbww", "white"]
CHANNELS = {"rgb": "rgb", "rgbw": "rgbw", "rgbww": "rgbcw"}
"""The letters of a colour mode's channels."""


class JsonLightConfig(LightConfig, frozen=True, kw_only=True):
    """Keys of a light that speaks JSON."""

    command_topic: str
    state_topic: str | None = None
    brightness: bool = False
    brightness_scale: Scale = 255
    color_temp_kelvin: bool = False
    """Colour temperatures are in kelvin; else in mireds."""
    supported_color_modes: list[Mode] | None = None
    color_mode: bool = True
    effect: bool = False
    flash_time_short: int = 2
    flash_time_long: int = 10
    white_scale: Scale = 255
    transition: bool = True
    flash: bool = True


class JsonLight(Light):
    """A light that speaks JSON."""

    schema = JsonLightConfig

    def __init__(self, key: str, config: JsonLightConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        given = frozenset(config.supported_color_modes or ())
        self._modes: frozenset[str] = given or frozenset({"brightness" if config.brightness else "onoff"})

    def modes(self) -> frozenset[str]:
        """Return the colour modes that it has."""
        return self._modes

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, None, self._heard)

    def turn_on(self, data: LightTurnOn) -> None:
        """Turn on, dim, colour."""
        config = self.config
        message: dict[str, Any] = {"state": "ON"}
        if data.brightness is not None:
            message["brightness"] = max(1, round(data.brightness * config.brightness_scale / 255))
        message |= self._color(data)
        if data.effect is not None:
            message["effect"] = data.effect
        if data.transition is not None and config.transition:
            message["transition"] = data.transition
        if data.flash is not None and config.flash:
            message["flash"] = config.flash_time_long if data.flash == "long" else config.flash_time_short
        self._send(message)
        if self.assumed:
            self.suppose_on(data)

    def turn_off(self, data: LightTurnOff) -> None:
        """Turn off."""
        message: dict[str, Any] = {"state": "OFF"}
        if data.transition is not None and self.config.transition:
            message["transition"] = data.transition
        self._send(message)
        if self.assumed:
            self.suppose_off()

    def _color(self, data: LightTurnOn) -> dict[str, Any]:
        """Return the part of a command that is about colour, in a mode that the light has."""
        config = self.config
        if data.rgb_color is not None:
            rgb = data.rgb_color
            if "hs" in self._modes:
                hue, saturation = rgb_to_hs(rgb)
                return {"color": {"h": hue, "s": saturation}}
            if "xy" in self._modes:
                x, y = rgb_to_xy(rgb)
                return {"color": {"x": x, "y": y}}
            letters = next((CHANNELS[mode] for mode in CHANNELS if mode in self._modes), "rgb")
            return {"color": dict.fromkeys(letters, 0) | dict(zip("rgb", rgb, strict=True))}
        for name in ("rgbw", "rgbww"):
            color = getattr(data, f"{name}_color")
            if color is not None:
                return {"color": dict(zip(CHANNELS[name], color, strict=True))}
        if data.color_temp_kelvin is not None:
            kelvin = data.color_temp_kelvin
            return {"color_temp": kelvin if config.color_temp_kelvin else kelvin_to_mired(kelvin)}
        if data.white is not None:
            white = self.known.get("brightness", 255) if data.white is True else int(data.white)
            return {"white": round(white * config.white_scale / 255)}
        return {}

    def _send(self, message: dict[str, Any]) -> None:
        self.publish(self.config.command_topic, msgspec.json.encode(message))

    def _heard(self, text: str) -> None:
        try:
            values = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            self.problem(f"the state {text[:80]!r} is no JSON")
            return
        if not isinstance(values, dict):
            self.problem(f"the state {text[:80]!r} is no object")
            return
        if "state" in values:
            state = values["state"]
            self.known["state"] = {"ON": "on", "OFF": "off"}.get(state) if isinstance(state, str) else None
        try:
            self._take(values)
        except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
            self.problem(f"the colour or brightness in {text[:120]!r} cannot be read")
        self.write()

    def _take(self, values: dict[str, Any]) -> None:
        brightness = values.get("brightness")
        if brightness:
            self.known["brightness"] = min(255, max(1, round(float(brightness) * 255 / self.config.brightness_scale)))
        if "effect" in values:
            self.known["effect"] = values["effect"]
        mode = values.get("color_mode")
        if mode is None:
            mode = self._told_by(values)
        if mode not in self._modes:
            return
        color = values.get("color")
        if mode == "color_temp":
            temperature = float(values["color_temp"])
            self.known["kelvin"] = int(temperature) if self.config.color_temp_kelvin else mired_to_kelvin(temperature)
        elif mode == "hs" and isinstance(color, dict):
            names = ("h", "s") if "h" in color else ("hue", "saturation")  # the latter are zigbee2mqtt's own
            self.known["hs"] = (float(color[names[0]]), float(color[names[1]]))
        elif mode == "xy" and isinstance(color, dict):
            self.known["xy"] = (float(color["x"]), float(color["y"]))
        elif mode in CHANNELS and isinstance(color, dict):
            self.known[mode] = tuple(int(color[letter]) for letter in CHANNELS[mode])
        self.known["color_mode"] = mode

    def _told_by(self, values: dict[str, Any]) -> str | None:
        """Return the mode of a state that names none: an older firmware's."""
        color = values.get("color")
        if isinstance(color, dict):
            for mode, keys in (
                ("hs", "hs"),
                ("hs", ("hue", "saturation")),
                ("xy", "xy"),
                ("rgbww", "rgbcw"),
                ("rgbw", "rgbw"),
                ("rgb", "rgb"),
            ):
                if mode in self._modes and all(key in color for key in keys):
                    return mode
        if values.get("color_temp") and "color_temp" in self._modes:
            return "color_temp"
        return None

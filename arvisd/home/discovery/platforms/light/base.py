"""What lights of all schemas share: what is known of one, and how that is shown."""

from __future__ import annotations

from typing import Any, ClassVar

from arvisd.home.actions.light import BRIGHTNESS, COLOR, COLOR_TEMP, EFFECT, WHITE, LightTurnOn
from arvisd.home.color_spaces import (
    RGB,
    hs_to_rgb,
    kelvin_to_rgb,
    mired_to_kelvin,
    rgb_to_hs,
    rgb_to_xy,
    xy_to_rgb,
)
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity

DEFAULT_MIN_KELVIN = 2000
DEFAULT_MAX_KELVIN = 6535
"""Where a light does not say: the range of Home Assistant, 153 to 500 mireds."""

COLORED = frozenset({"hs", "rgb", "rgbw", "rgbww", "xy"})
"""Colour modes in which a light takes any colour."""


class LightConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of every light."""

    schema: str = "basic"
    effect_list: list[str] | None = None
    min_mireds: int | None = None
    max_mireds: int | None = None
    min_kelvin: int | None = None
    max_kelvin: int | None = None
    optimistic: bool = False


class Light(MqttEntity):
    """A light; `known` holds `state`, `brightness` (0–255), `color_mode`, the colour in its mode, `kelvin`, `effect`."""

    domain = "light"
    schema: ClassVar[type[ComponentConfig]] = LightConfig
    actions: ClassVar[frozenset[str]] = frozenset({"turn_on", "turn_off"})

    def modes(self) -> frozenset[str]:
        """Return the colour modes that it has."""
        raise NotImplementedError

    def state_topic(self) -> str | None:
        """Return the topic of its state."""
        return getattr(self.common, "state_topic", None)

    def kelvin_range(self) -> tuple[int, int]:
        """Return the lowest and highest colour temperature."""
        config: Any = self.common
        low = mired_to_kelvin(config.max_mireds) if config.max_mireds else config.min_kelvin
        high = mired_to_kelvin(config.min_mireds) if config.min_mireds else config.max_kelvin
        return low or DEFAULT_MIN_KELVIN, high or DEFAULT_MAX_KELVIN

    @property
    def assumed(self) -> bool:
        """Tell whether no state comes back."""
        config: Any = self.common
        return bool(config.optimistic) or self.state_topic() is None

    def features(self) -> frozenset[str]:
        """Return what it can do beyond on and off."""
        modes = self.modes()
        found = set()
        if modes - {"onoff"}:
            found.add(BRIGHTNESS)
        if modes & COLORED:
            found.add(COLOR)
        if "color_temp" in modes:
            found.add(COLOR_TEMP)
        if "white" in modes:
            found.add(WHITE)
        if getattr(self.common, "effect_list", None):
            found.add(EFFECT)
        return frozenset(found)

    def value(self) -> str | None:
        """Return `on` or `off`."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return brightness and colour in every way to write it, while it is on."""
        modes = self.modes()
        found: dict[str, Any] = {"supported_color_modes": sorted(modes)}
        effects = getattr(self.common, "effect_list", None)
        if effects:
            found["effect_list"] = effects
        if "color_temp" in modes:
            found["min_color_temp_kelvin"], found["max_color_temp_kelvin"] = self.kelvin_range()
        if self.known.get("state") != "on":
            return found
        mode = self.known.get("color_mode") or (next(iter(modes)) if len(modes) == 1 else None)
        found["color_mode"] = mode
        if "brightness" in self.known and modes - {"onoff"}:
            found["brightness"] = self.known["brightness"]
        rgb = self._rgb(mode)
        if rgb is not None and (modes & COLORED or mode == "color_temp"):
            found |= {"rgb_color": list(rgb), "hs_color": list(rgb_to_hs(rgb)), "xy_color": list(rgb_to_xy(rgb))}
        for name in ("hs", "xy", "rgbw", "rgbww"):
            if mode == name and name in self.known:
                found[f"{name}_color"] = list(self.known[name])
        if mode == "color_temp" and self.known.get("kelvin"):
            found["color_temp_kelvin"] = self.known["kelvin"]
        if effects or "effect" in self.known:
            found["effect"] = self.known.get("effect")
        return found

    def _rgb(self, mode: str | None) -> RGB | None:
        """Return the colour that it shows, None where it is not known."""
        known = self.known
        if mode == "hs" and "hs" in known:
            return hs_to_rgb(known["hs"])
        if mode == "xy" and "xy" in known:
            return xy_to_rgb(known["xy"])
        if mode == "color_temp" and known.get("kelvin"):
            return kelvin_to_rgb(known["kelvin"])
        for name in ("rgb", "rgbw", "rgbww"):
            if mode == name and name in known:
                red, green, blue = known[name][:3]
                return red, green, blue
        return None

    def suppose_on(self, data: LightTurnOn) -> None:
        """Count what was asked for as done: no state comes back."""
        self.known["state"] = "on"
        if data.brightness is not None:
            self.known["brightness"] = data.brightness
        if data.rgb_color is not None:
            self.put_color(data.rgb_color)
        for name in ("rgbw", "rgbww"):
            if (color := getattr(data, f"{name}_color")) is not None:
                self.known |= {name: color, "color_mode": name}
        if data.color_temp_kelvin is not None:
            self.known |= {"kelvin": data.color_temp_kelvin, "color_mode": "color_temp"}
        if data.white is not None:
            self.known["color_mode"] = "white"
        if data.effect is not None:
            self.known["effect"] = data.effect
        self.write()

    def put_color(self, rgb: RGB) -> None:
        """Take a colour in the mode that the light has for it."""
        modes = self.modes()
        if "rgb" in modes:
            self.known |= {"rgb": rgb, "color_mode": "rgb"}
        elif "hs" in modes:
            self.known |= {"hs": rgb_to_hs(rgb), "color_mode": "hs"}
        elif "xy" in modes:
            self.known |= {"xy": rgb_to_xy(rgb), "color_mode": "xy"}

    def suppose_off(self) -> None:
        """Count it as off."""
        self.known["state"] = "off"
        self.write()

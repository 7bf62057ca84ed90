"""Template entity `light`: on, off, brightness and colour by steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.automation.helpers.template.switch import on_of
from arvisd.core.context import Context
from arvisd.home.actions.light import BRIGHTNESS, COLOR, COLOR_TEMP, EFFECT, LightTurnOn
from arvisd.home.color_spaces import hs_to_rgb, kelvin_to_mired, mired_to_kelvin, rgb_to_hs


class LightSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One light."""

    turn_on: Any
    """Steps."""
    turn_off: Any
    """Steps."""
    level: Any = None
    """Template of its brightness, 0 to 255."""
    set_level: Any = None
    """Steps; they see `brightness`."""
    temperature: Any = None
    """Template of its colour temperature in mireds."""
    set_temperature: Any = None
    """Steps; they see `color_temp` in mireds and `color_temp_kelvin`."""
    min_mireds: Any = None
    max_mireds: Any = None
    hs: Any = None
    """Template of its colour: hue, saturation."""
    set_hs: Any = None
    """Steps; they see `hs`, `h` and `s`."""
    rgb: Any = None
    """Template of its colour: red, green, blue."""
    set_rgb: Any = None
    """Steps; they see `rgb`, `r`, `g` and `b`."""
    effect: Any = None
    """Template of its effect."""
    effect_list: Any = None
    """Template of the effects that there are."""
    set_effect: Any = None
    """Steps; they see `effect`."""
    supports_transition: Any = None
    """For Home Assistant; `transition` is always handed to the steps."""


class Light(TemplateEntity):
    """Does steps, shows what templates give, else what was asked for."""

    texts = TemplateEntity.texts | {"effect"}
    natives = TemplateEntity.natives | {"level", "temperature", "min_mireds", "max_mireds", "hs", "rgb", "effect_list"}
    steps = ("turn_on", "turn_off", "set_level", "set_temperature", "set_hs", "set_rgb", "set_effect")

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return on or off, and how."""
        on = on_of(self, rendered)
        attributes: dict[str, Any] = {"supported_color_modes": self._modes()}
        if self.has("set_effect"):
            attributes["effect_list"] = rendered.get("effect_list") or []
        if self.has("set_temperature"):
            attributes |= self._kelvin_bounds(rendered)
        if on:
            attributes |= self._shine(rendered)
        return None if on is None else "on" if on else "off", attributes

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Turn on, off, or to a brightness, a colour, an effect."""
        if not isinstance(data, LightTurnOn):
            await self.do("turn_off", {"transition": getattr(data, "transition", None)}, context, state="off")
            return
        common = {"brightness": data.brightness, "transition": data.transition}
        key, variables, assumed = self._order(data)
        await self.do(key, {**common, **variables}, context, state="on", **assumed)

    def describe(self) -> Mapping[str, Any]:
        """Return the entity's fields."""
        features = {
            BRIGHTNESS: ("set_level",),
            COLOR_TEMP: ("set_temperature",),
            COLOR: ("set_hs", "set_rgb"),
            EFFECT: ("set_effect",),
        }
        able = {feature for feature, keys in features.items() if any(key in self._routines for key in keys)}
        if able & {COLOR, COLOR_TEMP}:
            able.add(BRIGHTNESS)
        return {**super().describe(), "features": frozenset(able)}

    def _order(self, data: LightTurnOn) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Return which steps are done, with which variables, and what is then taken for true."""
        level = {} if data.brightness is None else {"level": data.brightness}
        if data.color_temp_kelvin is not None and self.has("set_temperature"):
            mireds = round(kelvin_to_mired(data.color_temp_kelvin))
            variables: dict[str, Any] = {"color_temp": mireds, "color_temp_kelvin": data.color_temp_kelvin}
            return "set_temperature", variables, {**level, "temperature": mireds}
        if data.effect is not None and self.has("set_effect"):
            return "set_effect", {"effect": data.effect}, {**level, "effect": data.effect}
        if data.rgb_color is not None and self.has("set_rgb"):
            red, green, blue = data.rgb_color
            return (
                "set_rgb",
                {"rgb": [red, green, blue], "r": red, "g": green, "b": blue},
                {
                    **level,
                    "rgb": (red, green, blue),
                },
            )
        if data.rgb_color is not None and self.has("set_hs"):
            hue, saturation = rgb_to_hs(data.rgb_color)
            variables = {"hs": [hue, saturation], "h": hue, "s": saturation}
            return "set_hs", variables, {**level, "hs": (hue, saturation)}
        if data.brightness is not None and self.has("set_level"):
            return "set_level", {}, level
        return "turn_on", {}, {}

    def _shine(self, rendered: Rendered) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.has("level") or self.has("set_level"):
            level = self.assumed.get("level", rendered.number("level"))
            found["brightness"] = None if level is None else min(255, max(0, round(level)))
        mireds = self.assumed.get("temperature", rendered.number("temperature"))
        if mireds:
            found["color_temp_kelvin"] = round(mired_to_kelvin(mireds))
        rgb = self.assumed.get("rgb") or rendered.numbers("rgb", 3)
        hs = self.assumed.get("hs") or rendered.numbers("hs", 2)
        if hs is not None:
            found |= {"hs_color": list(hs), "rgb_color": list(hs_to_rgb((hs[0], hs[1])))}
        if rgb is not None:
            found["rgb_color"] = [round(each) for each in rgb]
        effect = self.assumed.get("effect", rendered.text("effect"))
        if effect is not None:
            found["effect"] = effect
        return found

    def _modes(self) -> list[str]:
        modes = [
            mode
            for mode, key in (("color_temp", "set_temperature"), ("hs", "set_hs"), ("rgb", "set_rgb"))
            if self.has(key)
        ]
        return modes or (["brightness"] if self.has("set_level") else ["onoff"])

    def _kelvin_bounds(self, rendered: Rendered) -> dict[str, Any]:
        low, high = rendered.number("max_mireds"), rendered.number("min_mireds")
        return {
            "min_color_temp_kelvin": round(mired_to_kelvin(low)) if low else 2000,
            "max_color_temp_kelvin": round(mired_to_kelvin(high)) if high else 6535,
        }


KIND: HelperKind[LightSettings] = HelperKind("light", LightSettings, Light, section=False, describe=Light.describe)

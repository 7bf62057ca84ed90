"""Template entity `fan`: on, off and a speed by steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.automation.helpers.template.switch import on_of
from arvisd.core.context import Context
from arvisd.home.actions.fan import OSCILLATE, PRESET, SPEED


class FanSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fan."""

    turn_on: Any
    """Steps; they see `percentage` and `preset_mode`."""
    turn_off: Any
    """Steps."""
    percentage: Any = None
    """Template of its speed."""
    set_percentage: Any = None
    """Steps; they see `percentage`."""
    preset_mode: Any = None
    """Template of its mode."""
    preset_modes: Any = None
    """The modes that there are."""
    set_preset_mode: Any = None
    """Steps; they see `preset_mode`."""
    oscillating: Any = None
    """Template: whether it swings."""
    set_oscillating: Any = None
    """Steps; they see `oscillating`."""
    speed_count: int | None = None


class Fan(TemplateEntity):
    """Does steps, shows what templates give, else what was asked for."""

    texts = TemplateEntity.texts | {"preset_mode"}
    natives = TemplateEntity.natives | {"percentage", "preset_modes", "oscillating"}
    steps = ("turn_on", "turn_off", "set_percentage", "set_preset_mode", "set_oscillating")

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return on or off, and the speed."""
        attributes: dict[str, Any] = {}
        if self.has("set_percentage") or self.has("percentage"):
            attributes["percentage"] = self.assumed.get("percentage", rendered.number("percentage"))
        if self.has("set_preset_mode") or self.has("preset_mode"):
            attributes["preset_mode"] = self.assumed.get("preset_mode", rendered.text("preset_mode"))
            attributes["preset_modes"] = rendered.get("preset_modes") or []
        if self.has("set_oscillating") or self.has("oscillating"):
            attributes["oscillating"] = self.assumed.get("oscillating", rendered.truth("oscillating"))
        on = on_of(self, rendered)
        return None if on is None else "on" if on else "off", attributes

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Turn on or off, set the speed, the mode, the swinging."""
        verb = action.partition(".")[2]
        given = {key: value for key, value in msgspec.structs.asdict(data).items() if value is not None}
        if verb == "turn_on":
            await self.do("turn_on", {"percentage": None, "preset_mode": None, **given}, context, state="on")
            verb = next((f"set_{key}" for key in given if f"set_{key}" in self._routines), "")
        elif verb == "turn_off":
            await self.do("turn_off", {}, context, state="off")
            return
        verb = "set_oscillating" if verb == "oscillate" else verb
        if verb == "set_percentage" and given["percentage"] == 0:
            await self.do("turn_off", {}, context, state="off", percentage=0)
        elif verb:
            await self.do(verb, given, context, state="on", **given)

    def describe(self) -> Mapping[str, Any]:
        """Return the entity's fields."""
        features = {
            SPEED: "set_percentage",
            PRESET: "set_preset_mode",
            OSCILLATE: "set_oscillating",
        }
        able = frozenset(feature for feature, key in features.items() if key in self._routines)
        return {**super().describe(), "features": able}


KIND: HelperKind[FanSettings] = HelperKind("fan", FanSettings, Fan, section=False, describe=Fan.describe)

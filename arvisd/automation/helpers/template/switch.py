"""Template entity `switch`: on and off by steps."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.context import Context


class SwitchSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One switch."""

    turn_on: Any
    """Steps."""
    turn_off: Any
    """Steps."""
    device_class: str | None = None


class Switch(TemplateEntity):
    """Does steps, shows what a template gives, else what was asked for."""

    steps = ("turn_on", "turn_off")

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return on or off."""
        on = on_of(self, rendered)
        return None if on is None else "on" if on else "off", {}

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Turn on or off."""
        verb = action.partition(".")[2]
        await self.do(verb, {}, context, state="on" if verb == "turn_on" else "off")


def on_of(entity: TemplateEntity, rendered: Rendered) -> bool | None:
    """Return whether an entity is on, by its template or by what was asked for last; off where nobody has asked yet."""
    if "state" in entity.assumed:
        return bool(entity.assumed["state"] == "on")
    return rendered.truth("state") if entity.has("state") else False


KIND: HelperKind[SwitchSettings] = HelperKind("switch", SwitchSettings, Switch, section=False, describe=Switch.describe)

"""Template entity `number`: a value that steps set."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.context import Context
from arvisd.home.actions.inputs import SetNumber


class NumberSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number."""

    set_value: Any
    """Steps; they see `value`."""
    min: Any = 0
    max: Any = 100
    step: Any = 1
    unit_of_measurement: str | None = None
    device_class: str | None = None


class Number(TemplateEntity):
    """Does steps with a value, shows what a template gives, else the value."""

    natives = TemplateEntity.natives | {"min", "max", "step"}
    steps = ("set_value",)

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return the number as it was rendered."""
        bounds = {key: rendered.number(key) for key in ("min", "max", "step")}
        attributes = {key: getattr(self.settings, key) if value is None else value for key, value in bounds.items()}
        if "state" in self.assumed:
            return str(self.assumed["state"]), attributes
        return rendered.text("state") if rendered.number("state") is not None else None, attributes

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Set the value."""
        assert isinstance(data, SetNumber)
        await self.do("set_value", {"value": data.value}, context, state=str(data.value))


KIND: HelperKind[NumberSettings] = HelperKind("number", NumberSettings, Number, section=False, describe=Number.describe)

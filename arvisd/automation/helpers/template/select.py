"""Template entity `select`: one of a list of options, which steps choose."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.context import Context
from arvisd.home.actions.inputs import SelectOption


class SelectSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One select."""

    options: Any
    """A list, or a template that gives one."""
    select_option: Any
    """Steps; they see `option`."""


class Select(TemplateEntity):
    """Does steps with an option, shows what a template gives, else the option."""

    natives = TemplateEntity.natives | {"options"}
    steps = ("select_option",)

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return what is chosen, where it is an option."""
        given = rendered.get("options")
        options = [str(option) for option in given] if isinstance(given, list | tuple) else []
        chosen = self.assumed["state"] if "state" in self.assumed else rendered.text("state")
        return chosen if chosen in options else None, {"options": options}

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Choose."""
        assert isinstance(data, SelectOption)
        await self.do("select_option", {"option": data.option}, context, state=data.option)


KIND: HelperKind[SelectSettings] = HelperKind("select", SelectSettings, Select, section=False, describe=Select.describe)

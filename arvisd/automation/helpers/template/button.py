"""Template entity `button`: does steps when it is pressed; its state is when that was."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.context import Context


class ButtonSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One button."""

    press: Any
    """Steps."""
    device_class: str | None = None


class Button(TemplateEntity):
    """Does steps."""

    steps = ("press",)

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return when it was last pressed."""
        return self.assumed.get("state"), {}

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Press it."""
        await self.do("press", {}, context, state=self.place.hub.clock.now().astimezone(UTC).isoformat())


KIND: HelperKind[ButtonSettings] = HelperKind("button", ButtonSettings, Button, section=False, describe=Button.describe)

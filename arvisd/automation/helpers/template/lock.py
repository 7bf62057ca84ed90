"""Template entity `lock`: locked and unlocked by steps."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.context import Context

STATES = frozenset({"locked", "unlocked", "locking", "unlocking", "open", "opening", "jammed"})


class LockSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One lock."""

    lock: Any
    """Steps."""
    unlock: Any
    """Steps."""
    open: Any = None
    """Steps that pull the latch back."""


class Lock(TemplateEntity):
    """Does steps, shows what a template gives, else what was asked for."""

    steps = ("lock", "unlock", "open")

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return the word that the template gives, or locked where it gives true."""
        if "state" in self.assumed:
            return self.assumed["state"], {}
        text = (rendered.text("state") or "").lower()
        if text in STATES:
            return text, {}
        locked = rendered.truth("state")
        return None if locked is None else "locked" if locked else "unlocked", {}

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Lock or unlock."""
        verb = action.partition(".")[2]
        after = {"lock": "locked", "unlock": "unlocked", "open": "open"}
        await self.do(verb, {"code": getattr(data, "code", None)}, context, state=after.get(verb))


KIND: HelperKind[LockSettings] = HelperKind("lock", LockSettings, Lock, section=False, describe=Lock.describe)

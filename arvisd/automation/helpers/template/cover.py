"""Template entity `cover`: opened, closed and moved by steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from arvisd.automation.helpers.kind import HelperKind, Place
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.context import Context
from arvisd.home.actions.cover import POSITION, STOP, TILT

STATES = frozenset({"open", "opening", "closed", "closing"})


class CoverSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cover."""

    open_cover: Any = None
    """Steps."""
    close_cover: Any = None
    """Steps."""
    stop_cover: Any = None
    """Steps."""
    position: Any = None
    """Template of its position: 0 is closed, 100 open."""
    set_cover_position: Any = None
    """Steps; they see `position`."""
    tilt: Any = None
    """Template of the position of its slats."""
    set_cover_tilt_position: Any = None
    """Steps; they see `tilt`."""
    device_class: str | None = None


class Cover(TemplateEntity):
    """Does steps, shows what templates give, else what was asked for."""

    natives = TemplateEntity.natives | {"position", "tilt"}
    steps = ("open_cover", "close_cover", "stop_cover", "set_cover_position", "set_cover_tilt_position")

    def __init__(self, settings: CoverSettings, place: Place) -> None:
        if settings.set_cover_position is None and (settings.open_cover is None or settings.close_cover is None):
            raise ValueError("it needs 'open_cover' and 'close_cover', or 'set_cover_position'")
        super().__init__(settings, place)

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return the word that the state's template gives, else what follows from the position."""
        position = self.assumed.get("position", rendered.number("position"))
        tilt = self.assumed.get("tilt", rendered.number("tilt"))
        attributes: dict[str, Any] = {}
        if self.has("position") or self.has("set_cover_position"):
            attributes["current_position"] = None if position is None else round(position)
        if self.has("tilt") or self.has("set_cover_tilt_position"):
            attributes["current_tilt_position"] = None if tilt is None else round(tilt)
        return self._word(rendered, position), attributes

    def _word(self, rendered: Rendered, position: float | None) -> str | None:
        if self.has("state"):
            text = (rendered.text("state") or "").lower()
            if text in STATES:
                return text
            opened = rendered.truth("state")
            return None if opened is None else "open" if opened else "closed"
        if position is not None:
            return "open" if position > 0 else "closed"
        return self.assumed.get("state")

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Open, close, stop, move."""
        verb = action.partition(".")[2]
        match verb:
            case "open_cover" | "close_cover":
                position = 100 if verb == "open_cover" else 0
                state = "open" if position else "closed"
                if verb in self._routines:
                    await self.do(verb, {}, context, state=state, position=position)
                else:
                    await self.do("set_cover_position", {"position": position}, context, state=state, position=position)
            case "set_cover_position":
                position = data.position  # type: ignore[attr-defined]  # the schema of that action
                state = "open" if position else "closed"
                await self.do(verb, {"position": position}, context, state=state, position=position)
            case "set_cover_tilt_position":
                tilt = data.tilt_position  # type: ignore[attr-defined]  # the schema of that action
                await self.do(verb, {"tilt": tilt}, context, tilt=tilt)
            case _:
                await self.do(verb, {}, context)

    def describe(self) -> Mapping[str, Any]:
        """Return the entity's fields."""
        features = {STOP: "stop_cover", POSITION: "set_cover_position", TILT: "set_cover_tilt_position"}
        able = frozenset(feature for feature, key in features.items() if key in self._routines)
        told = self.has("state") or self.has("position")
        return {**super().describe(), "features": able, "assumed_state": bool(self.settings.optimistic or not told)}


KIND: HelperKind[CoverSettings] = HelperKind("cover", CoverSettings, Cover, section=False, describe=Cover.describe)

"""What most kinds of helper share: settings, place, and a state that is written with the name in it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from arvisd.automation.helpers.kind import HelperSettings, Place
from arvisd.core.context import Context
from arvisd.core.states import State

S = TypeVar("S", bound=HelperSettings)


class HelperEntity(Generic[S]):
    """One helper with a state of its own."""

    def __init__(self, settings: S, place: Place) -> None:
        self.settings = settings
        self.place = place

    @property
    def entity_id(self) -> str:
        """Its id."""
        return self.place.entity_id

    @property
    def state(self) -> State | None:
        """What is written of it now."""
        return self.place.hub.states.get(self.place.entity_id)

    def write(self, value: str, attributes: dict[str, Any] | None = None, context: Context | None = None) -> None:
        """Write its state; the attributes that every helper has are added."""
        self.place.hub.states.set(
            self.place.entity_id, value, {**(attributes or {}), **common_attributes(self.settings)}, context
        )


def common_attributes(settings: HelperSettings) -> dict[str, Any]:
    """Return the attributes that every helper has, as Home Assistant names them."""
    found: dict[str, Any] = {"editable": False}
    if settings.name:
        found["friendly_name"] = settings.name
    if settings.icon:
        found["icon"] = settings.icon
    return found

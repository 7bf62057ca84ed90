"""Helper `zone`: a circle on the map; its state is how many persons are in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.items import object_id_of
from arvisd.automation.helpers.kind import HelperKind, HelperSettings, Place, Saved
from arvisd.automation.places import HOME
from arvisd.config.nodes import NodeDict, NodeList
from arvisd.core.bus import Message
from arvisd.core.states import State

NOWHERE = frozenset({"not_home", "unknown", "unavailable"})
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class ZoneSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `zone:`."""

    latitude: Latitude
    """Degrees north."""
    longitude: Longitude
    """Degrees east."""
    radius: Annotated[float, msgspec.Meta(ge=0)] = 100.0
    """In metres."""
    passive: bool = False
    """Only for automations: nobody's state is ever its name."""


class Zone(HelperEntity[ZoneSettings]):
    """Counts the persons whose state is its name."""

    def __init__(self, settings: ZoneSettings, place: Place) -> None:
        super().__init__(settings, place)
        self._persons: set[str] = set()

    def start(self, saved: Saved | None) -> None:
        """Count who is in it now, and go on counting."""
        hub = self.place.hub
        for person in hub.states.ids("person"):
            if self._holds(hub.states.get(person)):
                self._persons.add(person)
        hub.bus.subscribe(hub.topics.state("person.+"), self._moved, self.place.owner)
        self._show(None)

    def _moved(self, message: Message) -> None:
        person, _, state = self.place.hub.states.changes(message)
        inside = self._holds(state)
        if inside != (person in self._persons):
            (self._persons.add if inside else self._persons.discard)(person)
            self._show(state)

    def _holds(self, state: State | None) -> bool:
        if state is None or state.state in NOWHERE:
            return False
        if self.entity_id == HOME and state.state == "home":
            return True
        return state.state.casefold() == self._name.casefold()

    @property
    def _name(self) -> str:
        return self.settings.name or self.entity_id.partition(".")[2]

    def _show(self, cause: State | None) -> None:
        settings = self.settings
        attributes = {
            "latitude": settings.latitude,
            "longitude": settings.longitude,
            "radius": settings.radius,
            "passive": settings.passive,
            "persons": sorted(self._persons),
        }
        self.write(str(len(self._persons)), attributes, None if cause is None else cause.context)


def with_home(section: Any, latitude: float | None, longitude: float | None) -> Any:
    """Return the section `zone` with the house's own zone in it, unless one of the user's is called Home.

    Args:
        section: as it was written; None where it is absent.
        latitude: of the house; None where the user does not say.
        longitude: of the house.
    """
    written = section if isinstance(section, list) else [] if section is None else [section]
    if latitude is None or longitude is None:
        return section
    if any(isinstance(item, Mapping) and object_id_of(item) == "home" for item in written):
        return section
    zones = NodeList([*written, NodeDict(name="Home", latitude=latitude, longitude=longitude, icon="mdi:home")])
    if isinstance(section, NodeList):
        zones.place, zones.places = section.place, section.places
    return zones


KIND: HelperKind[ZoneSettings] = HelperKind("zone", ZoneSettings, Zone, listed=True, restored=False, expose=False)

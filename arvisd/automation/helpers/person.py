"""Helper `person`: where somebody is, by what tracks him."""

from __future__ import annotations

from typing import Annotated, Any

from arvisd.automation.entities import ENTITY_ID
from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperKind, HelperSettings, Place, Saved
from arvisd.automation.places import HOME, Spot, is_somewhere, spot_of, zone_at, zone_name
from arvisd.config.validate import ONE_OR_MANY
from arvisd.core.bus import Message
from arvisd.core.states import UNKNOWN, State

AT_HOME = "home"
AWAY = "not_home"
PLACED = ("latitude", "longitude", "gps_accuracy", "source")
"""Attributes that are kept over a restart."""


class PersonSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `person:`."""

    id: str | int
    """Keeps the person the same when the name changes."""
    user_id: str | None = None
    """Of Home Assistant; not read."""
    device_trackers: Annotated[tuple[str, ...], ONE_OR_MANY] = ()
    """What tracks the person: `device_tracker.phone`; the order does not matter."""
    picture: str | None = None
    """For other programs; kept as the attribute `entity_picture`."""


class Person(HelperEntity[PersonSettings]):
    """Follows the trackers, as Home Assistant does.

    What says `home` without coordinates (a router, a beacon) counts before coordinates, and these before what
    says that the person is away without knowing where; of several alike the one that reported last.
    """

    def __init__(self, settings: PersonSettings, place: Place) -> None:
        super().__init__(settings, place)
        for tracker in settings.device_trackers:
            if ENTITY_ID.match(tracker) is None:
                raise ValueError(
                    f"device_trackers: {tracker!r} is not the id of an entity, such as device_tracker.phone"
                )
        self._reported: dict[str, int] = {}
        """Which report of all was the last of each tracker."""
        self._reports = 0

    def start(self, saved: Saved | None) -> None:
        """Begin with where the person was, until a tracker says more."""
        hub = self.place.hub
        trackers = self.settings.device_trackers
        known = sorted(
            (tracker for tracker in trackers if is_somewhere(hub.states.get(tracker))),
            key=lambda tracker: hub.states.get(tracker).last_changed,  # type: ignore[union-attr]  # just looked up
        )
        for tracker in known:
            self._note(tracker)
        for tracker in dict.fromkeys(trackers):
            hub.bus.subscribe(hub.topics.state(tracker), self._tracked, self.place.owner)
        hub.bus.subscribe(hub.topics.state("zone.+"), self._zone_changed, self.place.owner)
        if known or saved is None:
            self._locate(None)
        else:
            self._show(saved.state, {key: saved.attributes[key] for key in PLACED if key in saved.attributes}, None)

    def _note(self, tracker: str) -> None:
        self._reports += 1
        self._reported[tracker] = self._reports

    def _tracked(self, message: Message) -> None:
        tracker, _, state = self.place.hub.states.changes(message)
        if is_somewhere(state):
            self._note(tracker)
        self._locate(state)

    def _zone_changed(self, message: Message) -> None:
        """Look again when a zone came, went or was moved; how many are in it does not matter."""
        _, old, new = self.place.hub.states.changes(message)
        if old is None or new is None or _shape(old) != _shape(new):
            self._locate(None)

    def _locate(self, cause: State | None) -> None:
        tracker, state = self._best()
        if state is None:
            if self._reports or self.state is None:  # until one has said something it is as it was before the restart
                self._show(UNKNOWN, {}, cause)
            return
        hub = self.place.hub
        spot = spot_of(state) if _is_gps(state) else None
        where: dict[str, Any] = {"source": tracker}
        value = state.state
        if spot is not None:
            zone = zone_at(hub, spot)
            value = AWAY if zone is None else AT_HOME if zone[0] == HOME else zone_name(*zone)
        elif value == AT_HOME:
            spot = spot_of(state) or spot_of(hub.states.get(HOME))
        self._show(value, where | _coordinates(spot), cause)

    def _best(self) -> tuple[str, State | None]:
        """Return the tracker to believe, with its state."""
        states = self.place.hub.states
        ranked: list[tuple[int, int, str, State]] = []
        for tracker in self.settings.device_trackers:
            state = states.get(tracker)
            if not is_somewhere(state):
                continue
            rank = 1 if _is_gps(state) else 2 if state.state == AT_HOME else 0
            ranked.append((rank, self._reported.get(tracker, 0), tracker, state))
        if not ranked:
            return "", None
        _, _, tracker, state = max(ranked, key=lambda entry: entry[:2])
        return tracker, state

    def _show(self, value: str, where: dict[str, Any], cause: State | None) -> None:
        settings = self.settings
        attributes: dict[str, Any] = {
            "id": str(settings.id),
            "device_trackers": list(settings.device_trackers),
            **where,
        }
        if settings.picture is not None:
            attributes["entity_picture"] = settings.picture
        self.write(value, attributes, None if cause is None else cause.context)


def _is_gps(state: State) -> bool:
    """Tell whether a tracker knows where on the map it is, and not only whether it is at home."""
    return state.attributes.get("source_type", "gps") == "gps" and spot_of(state) is not None


def _coordinates(spot: Spot | None) -> dict[str, float]:
    if spot is None:
        return {}
    return {"latitude": spot.latitude, "longitude": spot.longitude, "gps_accuracy": spot.accuracy}


def _shape(zone: State) -> tuple[Any, ...]:
    return tuple(zone.attributes.get(key) for key in ("latitude", "longitude", "radius", "passive", "friendly_name"))


KIND: HelperKind[PersonSettings] = HelperKind("person", PersonSettings, Person, listed=True)

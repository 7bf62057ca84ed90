"""Where things are: distances on the earth, and which zones an entity is in."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

import msgspec

from arvisd.core.hub import Hub
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State

HOME = "zone.home"
"""The zone that the house is in."""
EARTH_METRES = 6_371_008.8
"""Mean radius; a distance on this sphere is within 0.5 % of the one on the ellipsoid, as far as zones are wide."""


class Spot(msgspec.Struct, frozen=True):
    """A place on the earth."""

    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""
    accuracy: float = 0.0
    """Metres by which it may be wrong."""


def metres_between(one: Spot, other: Spot) -> float:
    """Return the distance by the haversine formula."""
    north, other_north = math.radians(one.latitude), math.radians(other.latitude)
    half_north = (other_north - north) / 2
    half_east = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_north) ** 2 + math.cos(north) * math.cos(other_north) * math.sin(half_east) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, chord)))


def spot_of(state: State | None) -> Spot | None:
    """Return where an entity is by its attributes, None where they do not say."""
    if state is None:
        return None
    latitude = _number(state.attributes.get("latitude"))
    longitude = _number(state.attributes.get("longitude"))
    if latitude is None or longitude is None:
        return None
    return Spot(latitude, longitude, _number(state.attributes.get("gps_accuracy")) or 0.0)


def is_somewhere(state: State | None) -> TypeGuard[State]:
    """Tell whether an entity says where it is; a tracker whose state is unknown may have coordinates."""
    if state is None or state.state == UNAVAILABLE:
        return False
    return state.state != UNKNOWN or spot_of(state) is not None or "in_zones" in state.attributes


def zone_name(zone_id: str, zone: State) -> str:
    """Return what people call a zone; it is the state of who is in it."""
    return str(zone.attributes.get("friendly_name") or zone_id.partition(".")[2])


def is_in_zone(state: State | None, zone_id: str, zone: State) -> bool:
    """Tell whether an entity is in a zone.

    By its attribute `in_zones` where it has one, else by its coordinates, else by its state: what a router or a
    beacon tracks has only that, and a state `home` is the zone of the house, another the zone of that name.
    """
    if not is_somewhere(state):
        return False
    if isinstance(listed := state.attributes.get("in_zones"), list | tuple):
        return zone_id in listed
    spot = spot_of(state)
    if spot is not None:
        return reaches(spot, zone)
    if state.state == "home":
        return zone_id == HOME
    return state.state.casefold() == zone_name(zone_id, zone).casefold()


def reaches(spot: Spot, zone: State) -> bool:
    """Tell whether a place, as inaccurate as it is, reaches into a zone."""
    centre = spot_of(zone)
    radius = _number(zone.attributes.get("radius"))
    if centre is None or radius is None:
        return False
    return metres_between(spot, centre) - spot.accuracy < radius


def zone_at(hub: Hub, spot: Spot) -> tuple[str, State] | None:
    """Return the zone of a place: of those that it reaches the nearest, of equally near ones the smallest; none passive."""
    best: tuple[float, float, str, State] | None = None
    for zone_id in hub.states.ids("zone"):
        zone = hub.states.get(zone_id)
        if zone is None or zone.state == UNAVAILABLE or zone.attributes.get("passive") or not reaches(spot, zone):
            continue
        centre = spot_of(zone)
        assert centre is not None
        found = (metres_between(spot, centre), float(zone.attributes["radius"]), zone_id, zone)
        if best is None or found[:2] < best[:2]:
            best = found
    return None if best is None else (best[2], best[3])


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None

"""The house as it is now, for people and programs: `home.list`."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.core.states import StateStore
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry


class PlaceInfo(msgspec.Struct, frozen=True):
    """A floor or an area."""

    id: str
    name: str
    names: dict[str, str]
    aliases: list[str]
    floor: str | None = None
    labels: list[str] = msgspec.field(default_factory=list)
    proposed: bool = False
    """Devices suggest it, and it is not written in home.yaml."""


class DeviceInfo(msgspec.Struct, frozen=True):
    """A device."""

    id: str
    name: str
    area: str | None
    suggested_area: str | None
    manufacturer: str | None
    model: str | None
    sw_version: str | None
    via_device: str | None
    identifiers: list[str]
    labels: list[str]


class EntityInfo(msgspec.Struct, frozen=True):
    """An entity."""

    id: str
    name: str
    names: dict[str, str]
    aliases: list[str]
    area: str | None
    device: str | None
    labels: list[str]
    state: str | None
    """None: it has none yet."""
    unit: str | None
    device_class: str | None
    exposed: bool
    sites: list[str]
    """Only at these it can be spoken of; empty: at all."""
    not_at: list[str]
    """Nor at these."""
    offered_by: str | None
    controllable: bool


class HouseList(msgspec.Struct, frozen=True):
    """All of it."""

    floors: list[PlaceInfo]
    areas: list[PlaceInfo]
    devices: list[DeviceInfo]
    entities: list[EntityInfo]


def house_list(
    home: HomeRegistry, states: StateStore, language: str, area: str | None = None, domain: str = ""
) -> HouseList:
    """Return the house, or what of it is in an area or of a domain."""
    entities = [
        _entity(home, states, entity, language)
        for entity in home.entities([domain] if domain else None)
        if area is None or entity.area == area
    ]
    kept = {entity.device for entity in entities}
    whole = area is None and not domain
    return HouseList(
        [_place(floor, language) for floor in home.floors()],
        [*(_place(each, language) for each in home.areas()), *_proposals(home, language)],
        [
            DeviceInfo(
                device.id,
                device.name_in(language) or device.id,
                device.area,
                device.suggested_area,
                device.manufacturer,
                device.model,
                device.sw_version,
                device.via_device,
                device.identifiers,
                device.labels,
            )
            for device in home.devices()
            if whole or device.id in kept
        ],
        entities,
    )


def _proposals(home: HomeRegistry, language: str) -> list[PlaceInfo]:
    known = {area.id for area in home.areas()}
    return [_place(area, language, proposed=True) for area in home.proposed_areas() if area.id not in known]


def _place(place: Any, language: str, *, proposed: bool = False) -> PlaceInfo:
    name = place.name_in(language) or place.id.replace("_", " ")
    floor, labels = getattr(place, "floor", None), getattr(place, "labels", [])
    return PlaceInfo(place.id, name, place.names, place.aliases, floor, labels, proposed)


def _entity(home: HomeRegistry, states: StateStore, entity: Entity, language: str) -> EntityInfo:
    state = states.get(entity.id)
    where = entity.exposure
    return EntityInfo(
        entity.id,
        entity.name_in(language),
        entity.names,
        entity.aliases,
        entity.area,
        entity.device,
        entity.labels,
        state.state if state is not None else None,
        entity.unit,
        entity.device_class,
        entity.expose,
        where.sites if where is not None else [],
        where.except_ if where is not None else [],
        home.owner_of(entity.id),
        entity.controller is not None,
    )

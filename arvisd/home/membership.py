"""Which entities belong to an area, a floor, a label or a device; worked out once for each state of the registry."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from arvisd.home.registry import HomeRegistry

PlaceKind = Literal["area", "floor", "label", "device"]
PLACE_KINDS: tuple[PlaceKind, ...] = ("area", "floor", "label", "device")
"""What stands for the entities in it."""
NOBODY: frozenset[str] = frozenset()


class Membership:
    """Ids of entities by what they belong to, those too that only the user's settings know."""

    def __init__(self, home: HomeRegistry) -> None:
        inside: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.areas: dict[str, str] = {}
        """By the id of an entity: the area that it is in, its own or its device's."""
        self.labels: dict[str, tuple[str, ...]] = {}
        """By the id of an entity: its labels."""
        areas = {area.id: area for area in home.areas()}
        devices = {device.id: device for device in home.devices()}
        placed = [(e.id, e.area, e.labels, e.device) for e in home.entities()]
        placed += [(entry.id, entry.area, entry.labels, None) for entry in home.described()]
        for entity_id, area, labels, device_id in placed:
            device = devices.get(device_id) if device_id else None
            if area:
                self.areas[entity_id] = area
                inside["area", area].add(entity_id)
            around = areas.get(area) if area else None
            if around is not None and around.floor:
                inside["floor", around.floor].add(entity_id)
            if labels:
                self.labels[entity_id] = tuple(dict.fromkeys(labels))
            for holder in (labels, device.labels if device else (), around.labels if around else ()):
                for label in holder:
                    inside["label", label].add(entity_id)
            if device_id:
                inside["device", device_id].add(entity_id)
        self._inside = {key: frozenset(ids) for key, ids in inside.items()}
        self._known: dict[str, frozenset[str]] = {
            "area": frozenset(area.id for area in home.areas()),
            "floor": frozenset(floor.id for floor in home.floors()),
            "label": frozenset(home.labels()),
            "device": frozenset(devices) | self._ids("device"),
        }

    def inside(self, kind: PlaceKind, id_: str) -> frozenset[str]:
        """Return the ids of the entities of a place; none where it is empty or nobody knows it."""
        return self._inside.get((kind, id_), NOBODY)

    def known(self, kind: PlaceKind) -> frozenset[str]:
        """Return the ids of all places of a kind."""
        return self._known[kind]

    def changes(self, before: Membership) -> set[tuple[str, str]]:
        """Return kind and id of every place whose entities are others than before."""
        keys = self._inside.keys() | before._inside.keys()
        return {key for key in keys if self._inside.get(key) != before._inside.get(key)}

    def _ids(self, kind: str) -> frozenset[str]:
        return frozenset(id_ for known, id_ in self._inside if known == kind)

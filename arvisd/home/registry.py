"""The house: its floors, areas and entities, brought by integrations and described by the user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec

from arvisd.core.owner import Owner
from arvisd.core.states import StateStore
from arvisd.home.device import Device
from arvisd.home.entity import Entity
from arvisd.home.membership import Membership
from arvisd.home.settings import Area, DeviceEntry, EntityEntry, Exposure, Floor, HomeSettings, Label, Named


class HomeRegistry:
    """Floors, areas and entities; whoever depends on them watches, or compares `version`."""

    def __init__(self, states: StateStore, settings: HomeSettings | None = None) -> None:
        self._states = states
        self._settings = settings or HomeSettings()
        self._offered: dict[str, Entity] = {}
        self._owners: dict[str, str] = {}
        self._proposed: dict[str, list[Area]] = {}
        """By id, as each who suggests it has it."""
        self._devices: dict[str, Device] = {}
        self._membership: Membership | None = None
        self._merged: dict[str, Entity] | None = None
        self._described_devices: dict[str, Device] | None = None
        self._own_areas: dict[str, str] | None = None
        """By id and by every name in small letters: the user's areas."""
        self._watchers: list[Callable[[], object]] = []
        self._batches = 0
        self._stale = False
        self._remembers: Callable[[str], bool] = lambda _entity_id: False
        self._successor: Callable[[str], str | None] = lambda _entity_id: None
        self.renames = 0
        """Grows with every entity whose id has changed."""
        self.version = 0
        """Grows with every change of names, areas or entities (not of states)."""

    def configure(self, settings: HomeSettings) -> None:
        """Take what the user says of the house, instead of what was said before."""
        if settings != self._settings:
            self._settings = settings
            self._changed()

    def add_entity(self, entity: Entity, owner: Owner) -> None:
        """Offer an entity until the owner stops, its state too; raise ValueError when its id is taken."""
        if entity.id in self._offered:
            raise ValueError(f"the entity {entity.id} is already offered by {self._owners[entity.id]}")
        self._offered[entity.id] = entity
        self._owners[entity.id] = owner.name
        owner.on_stop(lambda: self.remove_entity(entity.id, owner))
        self._changed()

    def update_entity(self, entity: Entity, owner: Owner) -> None:
        """Put a newer description in the place of one's own entity; its state stays."""
        if self._owners.get(entity.id) != owner.name:
            raise ValueError(f"the entity {entity.id} is not offered by {owner.name}")
        self._offered[entity.id] = entity
        self._changed()

    def remove_entity(self, entity_id: str, owner: Owner) -> None:
        """Take one's own entity and its state away; one that is not there, or another's, is left alone."""
        if self._owners.get(entity_id) == owner.name:
            del self._offered[entity_id], self._owners[entity_id]
            self._states.remove(entity_id)
            self._changed()

    def add_device(self, device: Device, owner: Owner) -> None:
        """Describe a device until the owner stops; a newer description takes the place of an older one."""
        self._devices[device.id] = device

        def withdraw() -> None:
            if self._devices.get(device.id) is device:
                del self._devices[device.id]
                self._changed()

        owner.on_stop(withdraw)
        self._changed()

    def propose_area(self, area: Area, owner: Owner) -> None:
        """Suggest an area until the owner stops; it counts only while the user has given none of his own."""
        said = self._proposed.setdefault(area.id, [])
        said.append(area)

        def withdraw() -> None:
            said.remove(area)
            if not said:
                self._proposed.pop(area.id, None)
            self._changed()

        owner.on_stop(withdraw)
        self._changed()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Tell the watchers once of all changes within: a bridge announces a thousand entities in a moment."""
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1
            if not self._batches and self._stale:
                self._stale = False
                self._changed()

    def watch(self, changed: Callable[[], object], owner: Owner) -> None:
        """Call `changed` after every change until the owner stops; it must not block."""
        self._watchers.append(changed)
        owner.on_stop(lambda: self._watchers.remove(changed))

    def entities(self, domains: Iterable[str] | None = None) -> list[Entity]:
        """Return all entities, or those of some domains, with what the user says of them, sorted by id."""
        wanted = None if domains is None else frozenset(domains)
        return [e for e in self._all().values() if wanted is None or e.domain in wanted]

    def entity(self, entity_id: str) -> Entity | None:
        """Return an entity with what the user says of it, None where there is none."""
        return self._all().get(entity_id)

    def owner_of(self, entity_id: str) -> str | None:
        """Return the name of who offers an entity."""
        return self._owners.get(entity_id)

    def devices(self) -> list[Device]:
        """Return all devices with what the user says of them, sorted by id."""
        return list(self._all_devices().values())

    def device(self, device_id: str) -> Device | None:
        """Return a device with what the user says of it, None where nobody described it."""
        return self._all_devices().get(device_id)

    def remember(self, remembers: Callable[[str], bool], successor: Callable[[str], str | None]) -> None:
        """Say how to find out about entities of earlier days.

        Args:
            remembers: tells whether an entity was known before, and may come back.
            successor: gives the id that an entity has now, by one that it had.
        """
        self._remembers, self._successor = remembers, successor

    def remembers(self, entity_id: str) -> bool:
        """Tell whether an entity was known before a restart; it may not have announced itself yet."""
        return self._remembers(entity_id)

    def successor(self, entity_id: str) -> str | None:
        """Return the id that an entity has now, by one that it had before its device was renamed."""
        return self._successor(entity_id)

    def described(self) -> list[EntityEntry]:
        """Return what the user says of entities that no integration offers: helpers, or devices that are away."""
        offered = self._offered
        return [entry for entry in self._settings.entities if entry.id not in offered]

    def ungrouped(self, entity_ids: Iterable[str]) -> list[str]:
        """Return ids of entities with those of groups (`group.…`) in their place, groups within groups too, each once."""
        found: dict[str, None] = {}
        waiting = list(reversed(list(entity_ids)))
        seen: set[str] = set()
        while waiting:
            entity_id = waiting.pop()
            if not entity_id.startswith("group."):
                found[entity_id] = None
            elif entity_id not in seen:
                seen.add(entity_id)
                group = self._states.get(entity_id)
                members = group.attributes.get("entity_id") if group is not None else None
                if isinstance(members, list | tuple):
                    waiting.extend(str(member) for member in reversed(members))
                else:
                    found[entity_id] = None  # nobody knows it: whoever asked will say so
        return list(found)

    @property
    def membership(self) -> Membership:
        """Which entities belong to which area, floor, label and device, as things are now."""
        if self._membership is None:
            self._membership = Membership(self)
        return self._membership

    def areas(self) -> list[Area]:
        """Return the user's areas, or those that integrations propose where he has none."""
        return self._settings.areas or self._suggested_areas()

    @property
    def settings(self) -> HomeSettings:
        """What the user says of the house."""
        return self._settings

    def proposed_areas(self) -> list[Area]:
        """Return the areas that devices and integrations suggest and that are none of the user's."""
        return [area for area in self._suggested_areas() if self._own_area(area.id, area.name) is None]

    def _suggested_areas(self) -> list[Area]:
        """Return each suggested area as the one has it who says most of it."""
        return [max(said, key=lambda area: len(area.names)) for said in self._proposed.values()]

    def area(self, area_id: str) -> Area | None:
        """Return an area, None where there is none."""
        return next((area for area in self.areas() if area.id == area_id), None)

    def floors(self) -> list[Floor]:
        """Return the floors."""
        return self._settings.floors

    def floor(self, floor_id: str) -> Floor | None:
        """Return a floor, None where there is none."""
        return next((floor for floor in self.floors() if floor.id == floor_id), None)

    def labels(self) -> list[str]:
        """Return the ids of all labels, of the user, of entities and of devices."""
        found = {label.id for label in self._settings.labels}
        found.update(*(device.labels for device in self.devices()), *(area.labels for area in self.areas()))
        return sorted(found.union(*(entity.labels for entity in self._all().values())))

    def label(self, label_id: str) -> Label | None:
        """Return what the user says of a label, None where he has not named it."""
        return next((label for label in self._settings.labels if label.id == label_id), None)

    def areas_on(self, floor_id: str) -> list[Area]:
        """Return the areas of a floor."""
        return [area for area in self.areas() if area.floor == floor_id]

    def _all(self) -> dict[str, Entity]:
        if self._merged is None:
            said = {entry.id: entry for entry in self._settings.entities}
            devices = self._all_devices()
            self._merged = {
                id_: _described(entity, said.get(id_), devices.get(entity.device or ""))
                for id_ in sorted(self._offered)
                for entity in (self._offered[id_],)
            }
        return self._merged

    def _all_devices(self) -> dict[str, Device]:
        if self._described_devices is None:
            said = {entry.id: entry for entry in self._settings.devices}
            self._described_devices = {
                id_: self._described_device(self._devices[id_], said) for id_ in sorted(self._devices)
            }
        return self._described_devices

    def _described_device(self, device: Device, said: dict[str, DeviceEntry]) -> Device:
        entry = next((said[mark] for mark in (device.id, *device.identifiers) if mark in said), None) if said else None
        area = device.area
        if area is not None and self._settings.areas:
            area = self._own_area(area, device.suggested_area or "")
        if entry is None:
            return device if area == device.area else msgspec.structs.replace(device, area=area)
        named = bool(entry.name or entry.names)
        return msgspec.structs.replace(
            device,
            name=entry.name if named else device.name,
            names=entry.names if named else device.names,
            aliases=[*device.aliases, *entry.aliases],
            area=entry.area if entry.area is not None else area,
            labels=[*device.labels, *entry.labels],
        )

    def _own_area(self, area_id: str, name: str) -> str | None:
        """Return the id of the user's area of that id, or that he calls so in any language; None where he has none."""
        if self._own_areas is None:
            self._own_areas = {}
            for area in self._settings.areas:
                for called in (area.name, *area.names.values(), *area.aliases):
                    self._own_areas.setdefault(called.casefold(), area.id)
            self._own_areas.update({area.id: area.id for area in self._settings.areas})
        return self._own_areas.get(area_id) or self._own_areas.get(name.casefold())

    def _changed(self) -> None:
        self._merged = None
        self._described_devices = None
        self._own_areas = None
        self._membership = None
        if self._batches:
            self._stale = True
            return
        self.version += 1
        for watcher in list(self._watchers):
            watcher()


def _described(entity: Entity, said: EntityEntry | None, device: Device | None) -> Entity:
    """Lay the user's description over an integration's: a name of his replaces all of its names."""
    area = entity.area if entity.area is not None or device is None else device.area
    if said is None:
        return entity if area == entity.area else msgspec.structs.replace(entity, area=area)
    named: Named = said if said.name or said.names else entity
    where = said.expose if isinstance(said.expose, Exposure) else None
    return msgspec.structs.replace(
        entity,
        name=named.name,
        names=named.names,
        aliases=[*entity.aliases, *said.aliases],
        area=said.area if said.area is not None else area,
        labels=[*entity.labels, *said.labels],
        expose=entity.expose if said.expose is None else bool(where) or said.expose is True,
        exposure=where if said.expose is not None else entity.exposure,
    )

"""Template functions of areas, floors, labels, devices and integrations: `area_entities('kitchen')` and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.undefined import RENDERING
from arvisd.core.states import StateStore
from arvisd.home.device import Device
from arvisd.home.entity import Entity
from arvisd.home.membership import Membership, PlaceKind
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Area, Floor, Named

ENTRY_ATTRIBUTES = frozenset({"domain", "title", "state", "source", "disabled_by", "pref_disable_polling"})
"""What may be asked of a configuration entry, of which arvisd has none."""


class HouseFunctions:
    """Reads the registry of the house for templates, telling the tracker that it did."""

    def __init__(self, home: HomeRegistry, states: StateStore, language: Callable[[], str]) -> None:
        self._home = home
        self._states = states
        self._language = language

    # areas

    def areas(self) -> list[str]:
        """Return the ids of all areas."""
        return [area.id for area in self._read().areas()]

    def area_id(self, what: Any) -> str | None:
        """Return the id of an area by its name or alias, or of the area that an entity or a device is in."""
        home = self._read()
        text = str(what)
        if (around := self._around(text)) is not None:
            return around
        return next((area.id for area in home.areas() if _called(area, text)), None)

    def area_name(self, what: Any) -> str | None:
        """Return the name of an area by its id, or of the area that an entity or a device is in."""
        home = self._read()
        text = str(what)
        area = home.area(text) or home.area(self._around(text) or "")
        return None if area is None else self._name(area)

    def area_entities(self, what: Any) -> list[str]:
        """Return the entities of an area, by its id or name."""
        return self._inside("area", self._area(what))

    def area_devices(self, what: Any) -> list[str]:
        """Return the devices of an area."""
        area = self._area(what)
        return [device.id for device in self._read().devices() if area and device.area == area]

    # floors

    def floors(self) -> list[str]:
        """Return the ids of all floors."""
        return [floor.id for floor in self._read().floors()]

    def floor_id(self, what: Any) -> str | None:
        """Return the id of a floor by its name or alias, or of that of an area, a device or an entity."""
        home = self._read()
        text = str(what)
        named = next((floor.id for floor in home.floors() if _called(floor, text)), None)
        return named or self._floor_of(text)

    def floor_name(self, what: Any) -> str | None:
        """Return the name of a floor by its id, or of that of an area, a device or an entity."""
        home = self._read()
        floor: Floor | None = home.floor(str(what)) or home.floor(self._floor_of(str(what)) or "")
        return None if floor is None else self._name(floor)

    def floor_areas(self, what: Any) -> list[str]:
        """Return the areas of a floor, by its id or name."""
        floor = self._floor(what)
        return [area.id for area in self._read().areas() if floor and area.floor == floor]

    def floor_entities(self, what: Any) -> list[str]:
        """Return the entities of a floor."""
        return self._inside("floor", self._floor(what))

    # labels

    def labels(self, what: Any = None) -> list[str]:
        """Return the ids of all labels, or of those of an area, a device or an entity."""
        home = self._read()
        if what is None:
            return home.labels()
        text = str(what)
        if text in self._members().labels:
            return list(self._members().labels[text])
        holder = home.device(text) or home.area(text)
        return [] if holder is None else list(holder.labels)

    def label_id(self, name: Any) -> str | None:
        """Return the id of a label by its name."""
        home = self._read()
        known = ((id_, home.label(id_)) for id_ in home.labels())
        return next((id_ for id_, label in known if label is not None and _called(label, str(name))), None)

    def label_name(self, label_id: Any) -> str | None:
        """Return the name of a label by its id."""
        home = self._read()
        if str(label_id) not in home.labels():
            return None
        label = home.label(str(label_id))
        return (self._name(label) if label is not None else "") or str(label_id)

    def label_description(self, label_id: Any) -> str | None:
        """Return nothing: labels have no descriptions here."""
        return None

    def label_areas(self, what: Any) -> list[str]:
        """Return the areas with a label, by its id or name."""
        return [area.id for area in self._read().areas() if self._label(what) in area.labels]

    def label_devices(self, what: Any) -> list[str]:
        """Return the devices with a label."""
        return [device.id for device in self._read().devices() if self._label(what) in device.labels]

    def label_entities(self, what: Any) -> list[str]:
        """Return the entities with a label of their own."""
        label = self._label(what)
        return sorted(id_ for id_, labels in self._members().labels.items() if label in labels)

    # devices

    def device_entities(self, device_id: Any) -> list[str]:
        """Return the entities of a device."""
        return self._inside("device", str(device_id))

    def device_id(self, what: Any) -> str | None:
        """Return the device of an entity, or the one of that name."""
        home = self._read()
        entity = home.entity(str(what))
        if entity is not None:
            return entity.device
        return next((device.id for device in home.devices() if _called(device, str(what))), None)

    def device_name(self, what: Any) -> str | None:
        """Return the name of a device by its id or by one of its entities."""
        device = self._device(what)
        return None if device is None else self._name(device) or None

    def device_attr(self, what: Any, name: str) -> Any:
        """Return a fact of a device: `manufacturer`, `model`, `sw_version`, …; None where it is not known."""
        device = self._device(what)
        if device is None:
            return None
        facts: dict[str, Any] = msgspec.structs.asdict(device)
        facts["name"] = self._name(device) or None
        renamed = {"area_id": "area", "name_by_user": "", "via_device_id": "via_device"}
        value = facts.get(renamed.get(str(name), str(name)))
        return {_hashable(each) for each in value} if isinstance(value, list) else value

    def is_device_attr(self, what: Any, name: str, value: Any) -> bool:
        """Tell whether a fact of a device is that."""
        return bool(self.device_attr(what, name) == value)

    # entities and integrations

    def entity_name(self, entity_id: Any, *, fallback: bool = False) -> str | None:
        """Return the name of an entity; with `fallback` its device's, where it has none of its own."""
        entity = self._read().entity(str(entity_id))
        if entity is not None and (name := entity.name_in(self._language())):
            return name if entity.name or entity.names or not fallback else self._fallback(entity) or name
        state = self._states.get(str(entity_id))
        if state is None:
            return None
        return str(state.attributes.get("friendly_name") or str(entity_id).partition(".")[2].replace("_", " "))

    def is_hidden_entity(self, entity_id: Any) -> bool:
        """Tell whether an entity cannot be spoken of."""
        entity = self._read().entity(str(entity_id))
        return entity is not None and not entity.expose

    def integration_entities(self, name: Any) -> list[str]:
        """Return the entities that an integration offers."""
        home = self._read()
        text = str(name)
        owners = {entity.id: home.owner_of(entity.id) or "" for entity in home.entities()}
        return [id_ for id_, owner in owners.items() if text and (owner == text or owner.endswith(f" {text}"))]

    def config_entry_id(self, entity_id: Any) -> None:
        """Return nothing: what Home Assistant calls a config entry is a section of a file here."""
        return

    def config_entry_attr(self, config_entry_id: Any, name: str) -> None:
        """Return nothing, for the same reason; raise TemplateError for what is no such attribute."""
        if name not in ENTRY_ATTRIBUTES:
            raise TemplateError(f"config_entry_attr(): {name!r} is not one of {', '.join(sorted(ENTRY_ATTRIBUTES))}")

    def issues(self) -> dict[Any, Any]:
        """Return nothing: problems are on `arvis/log/…`."""
        return {}

    def issue(self, domain: Any, issue_id: Any) -> None:
        """Return nothing, for the same reason."""
        return

    # tables

    def functions(self) -> dict[str, Any]:
        """Return what templates call."""
        names = ("areas", "floors", "issues", "is_device_attr", "is_hidden_entity")
        return {**self.filters(), **{name: getattr(self, name) for name in names}}

    def filters(self) -> dict[str, Any]:
        """Return the filters."""
        names = (
            "area_id", "area_name", "area_entities", "area_devices", "floor_id", "floor_name", "floor_areas",
            "floor_entities", "labels", "label_id", "label_name", "label_description", "label_areas", "label_devices",
            "label_entities", "device_entities", "device_id", "device_name", "device_attr", "entity_name",
            "integration_entities", "config_entry_id", "config_entry_attr", "issue",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def tests(self) -> dict[str, Any]:
        """Return the tests."""
        return {"is_device_attr": self.is_device_attr, "is_hidden_entity": self.is_hidden_entity}

    def _read(self) -> HomeRegistry:
        if RENDERING.tracker is not None:
            RENDERING.tracker.house = True
        return self._home

    def _members(self) -> Membership:
        return self._read().membership

    def _inside(self, kind: PlaceKind, id_: str | None) -> list[str]:
        return sorted(self._members().inside(kind, id_)) if id_ else []

    def _around(self, text: str) -> str | None:
        """Return the area of an entity or of a device."""
        device = self._home.device(text)
        return self._members().areas.get(text) or (device.area if device is not None else None)

    def _area(self, what: Any) -> str | None:
        return str(what) if self._read().area(str(what)) is not None else self.area_id(what)

    def _floor(self, what: Any) -> str | None:
        return str(what) if self._read().floor(str(what)) is not None else self.floor_id(what)

    def _floor_of(self, text: str) -> str | None:
        area: Area | None = self._home.area(text) or self._home.area(self.area_id(text) or "")
        return None if area is None else area.floor

    def _label(self, what: Any) -> str:
        text = str(what)
        return text if text in self._read().labels() else self.label_id(text) or ""

    def _device(self, what: Any) -> Device | None:
        home = self._read()
        return home.device(str(what)) or home.device(self.device_id(what) or "")

    def _fallback(self, entity: Entity) -> str | None:
        device = self._home.device(entity.device) if entity.device else None
        return None if device is None else self._name(device) or None

    def _name(self, named: Named) -> str:
        return named.name_in(self._language()) or str(getattr(named, "id", "")).replace("_", " ")


def _called(named: Named, text: str) -> bool:
    """Tell whether something has that name or alias in any language."""
    names: Iterable[str] = (named.name, *named.names.values(), *named.aliases)
    return text.casefold() in (name.casefold() for name in names if name)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""The `home:` section of the configuration: floors, areas, labels, and what the user says of entities."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]
"""Id of a floor, an area or a label: small letters, digits and `_`."""

EntityId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
"""`domain.name`."""

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What has a name in each language and further names by which people call it."""

    name: str = ""
    """Spoken and shown where `names` has nothing for the language; empty: made from the id."""
    names: dict[str, str] = msgspec.field(default_factory=dict)
    """Name by language: `{en: Kitchen, ru: Кухня}`. Russian cases are derived, give the nominative."""
    aliases: list[str] = msgspec.field(default_factory=list)
    """Other names, in any language."""

    def name_in(self, language: str) -> str:
        """Return the name in a language, else the common one, else any; empty where there is none at all."""
        return self.names.get(language) or self.name or next(iter(self.names.values()), "")

    def spoken_names(self, language: str) -> list[str]:
        """Return every name by which it may be called in a language, the main one first, none twice.

        A name or an alias of no stated language belongs to Russian when it holds Cyrillic letters, else to
        every other language; a Latin name is said in Russian too ("включи Alexa").
        """
        found = [self.names[language]] if self.names.get(language) else []
        found += [n for n in (self.name, *self.aliases) if n and (language == "ru" or not _CYRILLIC.search(n))]
        return list(dict.fromkeys(found)) or [name for name in (self.name_in(language),) if name]


class Floor(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A storey of the house."""

    id: Identifier
    level: int | None = None
    """0 is the ground floor."""


class Area(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A room, or another place that people name."""

    id: Identifier
    floor: Identifier | None = None
    """Id of its floor."""
    labels: list[Identifier] = msgspec.field(default_factory=list)
    """Labels of all that is in it."""


class Label(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mark for entities that belong together across rooms."""

    id: Identifier


class Exposure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where something can be spoken of; one of the two."""

    sites: list[str] = msgspec.field(default_factory=list)
    """Only at these."""
    except_: list[str] = msgspec.field(default_factory=list, name="except")
    """Everywhere but at these."""

    def __post_init__(self) -> None:
        """Raise ValueError unless exactly one is given."""
        if bool(self.sites) == bool(self.except_):
            raise ValueError("expose takes true, false, 'sites: [kitchen]' or 'except: [kitchen]'")

    def at(self, site: str) -> bool:
        """Tell whether it can be spoken of at a site."""
        return site in self.sites if self.sites else site not in self.except_


class DeviceEntry(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the user says of a device; it holds for its entities that have nothing of their own."""

    id: str
    """Its id, or any of its identifiers."""
    area: Identifier | None = None
    """Id of its area; it takes the place of the one that the device suggests."""
    labels: list[Identifier] = msgspec.field(default_factory=list)


class EntityEntry(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the user says of an entity that an integration brings; what is given here wins."""

    id: EntityId
    area: Identifier | None = None
    """Id of its area."""
    labels: list[Identifier] = msgspec.field(default_factory=list)
    expose: bool | Exposure | None = None
    """Whether it can be spoken of, and where; by default what its kind is (docs/home.md)."""


class HomeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The section `home:`; each part may be absent."""

    floors: list[Floor] = msgspec.field(default_factory=list)
    areas: list[Area] = msgspec.field(default_factory=list)
    labels: list[Label] = msgspec.field(default_factory=list)
    devices: list[DeviceEntry] = msgspec.field(default_factory=list)
    entities: list[EntityEntry] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        """Raise ValueError for an id given twice and for a floor, area or label that is not there."""
        for kind, items in (
            ("floor", self.floors),
            ("area", self.areas),
            ("label", self.labels),
            ("device", self.devices),
            ("entity", self.entities),
        ):
            seen: set[str] = set()
            for item in items:
                if item.id in seen:
                    raise ValueError(f"the {kind} {item.id!r} is there twice")
                seen.add(item.id)
        floors = {floor.id for floor in self.floors}
        for area in self.areas:
            if area.floor is not None and area.floor not in floors:
                raise ValueError(f"the area {area.id!r} names a floor {area.floor!r} that is not among the floors")
        placed: list[tuple[str, DeviceEntry | EntityEntry]] = [("device", device) for device in self.devices]
        placed += [("entity", entity) for entity in self.entities]
        if self.areas:
            areas = {area.id for area in self.areas}
            for kind, thing in placed:
                if thing.area is not None and thing.area not in areas:
                    raise ValueError(
                        f"the {kind} {thing.id!r} names an area {thing.area!r} that is not among the areas"
                    )
        labels = {label.id for label in self.labels}
        marked: list[tuple[str, Area | DeviceEntry | EntityEntry]] = [("area", area) for area in self.areas]
        for kind, item in [*marked, *placed]:
            for label in item.labels:
                if label not in labels:
                    raise ValueError(f"the {kind} {item.id!r} names a label {label!r} that is not among the labels")

"""The house that a file of sentence tests describes: its names for the recogniser, its states for the answers."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import hassil
import msgspec
from hassil.sample import sample_expression

from arvisd.home.entity import Entity
from arvisd.home.settings import Area, Floor
from arvisd.intent.normalization import normalize
from arvisd.intent.slot_lists import HouseNames, HouseSnapshot, forms, house_names

CONTEXT_AREA = "__context_area__"
"""Name of the area in which something is said where a test of the newer layout names none."""


class TestState(msgspec.Struct, frozen=True, kw_only=True):
    """A state, as templates of answers see it."""

    __test__ = False

    entity_id: str
    name: str
    aliases: tuple[str, ...] = ()
    hass_state: str
    """The state itself."""
    state: str
    """The state in words of the language."""
    state_with_unit: str
    attributes: dict[str, Any] = {}
    area_id: str | None = None

    @property
    def domain(self) -> str:
        """First part of the id."""
        return self.entity_id.partition(".")[0]


class House:
    """A house of entities, areas and floors, made from the fixtures of tests."""

    def __init__(self, fixtures: dict[str, Any], language: str) -> None:
        self.language = language
        self.spelled: dict[str, dict[str, list[str]]] = {"name": {}, "area": {}, "floor": {}}
        """Every spelling of each id, by list."""
        self.states: dict[str, TestState] = {}
        self.timers: list[dict[str, Any]] = list(fixtures.get("timers") or [])
        self.media: list[dict[str, Any]] = list(fixtures.get("media") or [])
        self.here: str | None = None
        """The area that is marked as the one in which everything is said."""
        self._forms: dict[tuple[str, str], set[str]] = {}
        self._ids: defaultdict[str, dict[str, str]] = defaultdict(dict)
        floors = [Floor(**self._named("floor", item)) for item in fixtures.get("floors") or []]
        areas = [self._area(item) for item in fixtures.get("areas") or []]
        entities = [self._entity(item) for item in fixtures.get("entities") or []]
        self.floor_of = {area.id: area.floor for area in areas}
        snapshot = HouseSnapshot(0, entities, areas, floors)
        self.names: HouseNames = house_names(snapshot, language)

    def id_of(self, kind: str, given: Any) -> str | None:
        """Return the id of an area, a floor or an entity by its id in the fixtures or any of its spellings."""
        if given is None:
            return None
        if str(given) in self._ids[kind]:
            return self._ids[kind][str(given)]
        plain = normalize(str(given), self.language)
        for id_, names in self.spelled[kind].items():
            if any(normalize(name, self.language) == plain for name in names):
                return id_
        return None

    def area_called(self, name: str) -> str:
        """Return the id of the area in which something is said; one that the house lacks is added, without names."""
        known = self.id_of("area", name)
        if known is None:
            known = name
            self.spelled["area"][name] = [name]
        return known

    def is_called(self, kind: str, id_: str, name: str) -> bool:
        """Tell whether something has this name, in any case."""
        key = (kind, id_)
        if key not in self._forms:
            self._forms[key] = {
                form for each in self.spelled[kind].get(id_, ()) for form, _ in forms(each, self.language)
            }
        return any(normalize(each, self.language) in self._forms[key] for each in _spellings(name))

    def _named(self, kind: str, item: dict[str, Any], id_: str = "") -> dict[str, Any]:
        """Return id, name and aliases: a name is a template, each of its spellings a name."""
        names = list(dict.fromkeys(" ".join(text.split()) for text in _spellings(str(item["name"]))))
        given = id_ or str(item.get("id") or _slug(names[0]))
        unique = given
        while unique in self.spelled[kind]:
            unique += "_"  # several entities of one id in their fixtures
        self.spelled[kind][unique] = names
        self._ids[kind].setdefault(given, unique)
        return {"id": unique, "names": {self.language: names[0]}, "aliases": names[1:]}

    def _area(self, item: dict[str, Any]) -> Area:
        named = self._named("area", item)
        if item.get("context_area"):
            self.here = named["id"]
        return Area(**named, floor=self.id_of("floor", item.get("floor")))

    def _entity(self, item: dict[str, Any]) -> Entity:
        attributes: dict[str, Any] = dict(item.get("attributes") or {})
        slug = _slug(_spellings(str(item["name"]))[0])
        named = self._named("name", item, str(item.get("id") or f"{item.get('domain', 'sensor')}.{slug}"))
        state = item.get("state", item.get("state_with_unit", "off"))
        inner, said = (state["out"], state["in"]) if isinstance(state, dict) else (state, state)
        inner, said = _text(inner), _text(said)
        unit = attributes.get("unit_of_measurement")
        area = self.id_of("area", item.get("area"))
        if item.get("is_exposed", True):
            self.states[named["id"]] = TestState(
                entity_id=named["id"],
                name=named["names"][self.language],
                aliases=tuple(named["aliases"]),
                hass_state=inner,
                state=said,
                state_with_unit=f"{said} {unit}" if unit else said,
                attributes=attributes,
                area_id=area,
            )
        return Entity(
            **named,
            area=area,
            device_class=attributes.get("device_class"),
            unit=unit,
            expose=bool(item.get("is_exposed", True)),
        )


def _spellings(template: str) -> list[str]:
    if not hassil.is_template(template):
        return [template.strip()]
    return [text.strip() for text in sample_expression(hassil.parse_sentence(template).expression)]


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().casefold())


def _text(state: Any) -> str:
    """Return a state as text: YAML takes an unquoted `on` for true."""
    return {True: "on", False: "off"}.get(state, str(state)) if isinstance(state, bool) else str(state)

"""Which entities a trigger or condition is about: named one by one, or by what they belong to, as things are now."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, cast

import msgspec

from arvisd.automation.entities import entity_ids
from arvisd.automation.registry import Reference
from arvisd.core.clock import TimerHandle
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State
from arvisd.home.membership import PLACE_KINDS, Membership, PlaceKind
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list

GATHER_SECONDS = 0.05
"""Changes of the house within this are looked at once: at a start a bridge announces hundreds of entities."""

DEVICE_CLASS = "device_class"

Ids = str | list[str]
Place = tuple[PlaceKind, str]


class PlacesOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entities by name, or by what they belong to; each field is one id or a list of them."""

    entity_id: Ids = []
    device_id: Ids = []
    area_id: Ids = []
    floor_id: Ids = []
    label_id: Ids = []


class TargetOptions(PlacesOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`target`: the entities that it is about."""

    exclude: PlacesOptions | None = None
    """All but these."""


class Target:
    """Entities by name and by place, less some others."""

    __slots__ = ("entities", "exclude", "places")

    def __init__(self, entities: tuple[str, ...], places: tuple[Place, ...], exclude: Target | None = None) -> None:
        self.entities = entities
        self.places = places
        self.exclude = exclude

    def references(self) -> list[Reference]:
        """Return what it names, for what is said of things that are not there."""
        found = [Reference("entity", entity_id, "target") for entity_id in self.entities]
        found += (Reference(kind, id_, "target") for kind, id_ in self.places)
        return [*found, *(self.exclude.references() if self.exclude is not None else ())]

    def all_places(self) -> set[Place]:
        """Return the places that it depends on."""
        return {*self.places, *(self.exclude.places if self.exclude is not None else ())}


def target_of(options: PlacesOptions) -> Target:
    """Return what is named; raise ValueError where an id is none, or nothing is named."""
    entities = tuple(entity_ids(options.entity_id)) if options.entity_id else ()
    places = tuple((kind, id_) for kind in PLACE_KINDS for id_ in as_list(getattr(options, f"{kind}_id")))
    if not entities and not places:
        raise ValueError("it names nothing: give entity_id, device_id, area_id, floor_id or label_id")
    excluded = options.exclude if isinstance(options, TargetOptions) else None
    return Target(entities, places, target_of(excluded) if excluded is not None else None)


Changed = Callable[[frozenset[str]], object]


class Targets:
    """Finds the entities of targets, and tells of those that come and go."""

    def __init__(self, hub: Hub, home: HomeRegistry) -> None:
        self.hub = hub
        self.home = home
        self._watches: defaultdict[Place, list[_Watch]] = defaultdict(list)
        self._known: Membership | None = None
        self._owner: Owner | None = None
        self._due: TimerHandle | None = None

    def find(self, target: Target) -> frozenset[str]:
        """Return the ids of all entities of a target, of any domain."""
        found = set(self.home.ungrouped(target.entities))
        membership = self.home.membership
        for kind, id_ in target.places:
            found |= membership.inside(kind, id_)
        if target.exclude is not None:
            found -= self.find(target.exclude)
        return frozenset(found)

    def watch(self, target: Target, changed: Changed, owner: Owner) -> frozenset[str]:
        """Return the ids of a target's entities now; call `changed` with all of them when they are others."""
        found = self.find(target)
        places = target.all_places()
        groups = {id_ for id_ in target.entities if id_.startswith("group.")}
        if not places and not groups:
            return found
        watch = _Watch(self, target, found, changed)
        for place in places:
            watches = self._watches[place]
            watches.append(watch)
            owner.on_stop(functools.partial(watches.remove, watch))
        for group in groups:
            self.hub.bus.subscribe(self.hub.topics.state(group), lambda _: watch.look(), owner)
        if places and self._owner is None:
            self._known = self.home.membership
            self._owner = Owner("targets of automations")
            self.home.watch(self._house_changed, self._owner)
        return found

    def device_class(self, entity_id: str, state: State) -> Any:
        """Return what kind of thing an entity is, None where nobody says so."""
        said = state.attributes.get(DEVICE_CLASS)
        if said is not None:
            return said
        entity = self.home.entity(entity_id)
        return None if entity is None else entity.device_class

    def stop(self) -> None:
        """Watch the house no longer."""
        if self._owner is not None:
            self._owner.release()
            self._owner = None
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _house_changed(self) -> None:
        if self._due is None:
            self._due = self.hub.clock.call_later(GATHER_SECONDS, self.look)

    def look(self) -> None:
        """Tell those whose places have others in them now."""
        self._due = None
        if self._known is None:
            return
        before, now = self._known, self.home.membership
        self._known = now
        concerned: dict[_Watch, None] = {}
        for place in now.changes(before):
            concerned.update(dict.fromkeys(self._watches.get(cast("Place", place), ())))
        for watch in concerned:
            watch.look()


class _Watch:
    """One target whose entities may change."""

    __slots__ = ("_changed", "_found", "_target", "_targets")

    def __init__(self, targets: Targets, target: Target, found: frozenset[str], changed: Changed) -> None:
        self._targets = targets
        self._target = target
        self._found = found
        self._changed = changed

    def look(self) -> None:
        """Find the entities anew."""
        found = self._targets.find(self._target)
        if found != self._found:
            self._found = found
            self._changed(found)


def of_domains(entity_ids: Iterable[str], domains: frozenset[str]) -> set[str]:
    """Return the ids of these domains."""
    return {id_ for id_ in entity_ids if id_.partition(".")[0] in domains}

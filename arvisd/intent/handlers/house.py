"""From the slots of an intent to entities and actions: exactly what was named, never more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from arvisd.core.actions import Target
from arvisd.core.errors import ActionDataError, ActionError
from arvisd.core.hub import Hub
from arvisd.core.states import UNAVAILABLE
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.intent.dialogue import Dialogue
from arvisd.intent.dialogue.confirmation import kind_of
from arvisd.intent.handlers.base import Command, Refusal

NOWHERE = "?"
"""Stands for the area of a site that has none."""


class House:
    """What handlers ask of the house."""

    def __init__(self, hub: Hub, home: HomeRegistry, dialogue: Dialogue) -> None:
        self.hub = hub
        self.home = home
        self.dialogue = dialogue

    def meant(self, command: Command, domains: frozenset[str] | None = None) -> list[Entity]:
        """Return the entities that a command is about.

        Args:
            command: with `name`, or `area` or `floor`, or neither (then the whole house was said), and `domain` and
                `device_class` where the sentence says them.
            domains: where the sentence says none.

        Raises:
            Refusal: nothing fits, or it is not clear which one is meant.
        """
        if command.recognition.referred:
            return self._referred(command)
        if command.recognition.name is not None:
            return [self.named(command)]
        recognition = command.recognition
        said = recognition.value("domain")
        wanted = frozenset([said] if isinstance(said, str) else said) if said else domains
        device_class = recognition.value("device_class")
        fitting = [
            entity
            for entity in self.home.entities(wanted)
            if entity.spoken_at(command.utterance.site)
            and (device_class is None or entity.device_class in _listed(device_class))
        ]
        what = {"domain": _first(wanted), "device_class": device_class if isinstance(device_class, str) else None}
        area, floor = recognition.value("area"), recognition.value("floor")
        if area == NOWHERE:
            return self._only_area(fitting, what)
        if area is not None:
            inside = [entity for entity in fitting if entity.area == area]
            if not inside and recognition.here and len(fitting) == 1:
                return fitting  # no area was said, and there is but one in the whole house
            return inside or _refuse("none_in_area", what | {"area": self.area_name(area, command.language)})
        if floor is not None:
            areas = {there.id for there in self.home.areas_on(str(floor))}
            inside = [entity for entity in fitting if entity.area in areas]
            return inside or _refuse("none_on_floor", what | {"floor": self.floor_name(floor, command.language)})
        return fitting or _refuse("none", what)

    def named(self, command: Command) -> Entity:
        """Return the one entity that has the name that was said; of several, the one where it was said."""
        recognition, language = command.recognition, command.language
        assert recognition.name is not None
        found = [
            entity
            for id_ in recognition.entities
            if (entity := self.home.entity(id_)) and entity.spoken_at(command.utterance.site)
        ]
        if not found:
            raise Refusal("no_entity", {"name": recognition.name.text})
        area, floor = recognition.value("area"), recognition.value("floor")
        if area is not None and not recognition.here:
            inside = [entity for entity in found if entity.area == area]
            if not inside:
                raise Refusal(
                    "no_entity_in_area", {"name": found[0].name_in(language), "area": self.area_name(area, language)}
                )
            found = inside
        if floor is not None:
            areas = {there.id for there in self.home.areas_on(str(floor))}
            inside = [entity for entity in found if entity.area in areas]
            if not inside:
                raise Refusal(
                    "no_entity_on_floor",
                    {"name": found[0].name_in(language), "floor": self.floor_name(floor, language)},
                )
            found = inside
        near = [entity for entity in found if command.utterance.area and entity.area == command.utterance.area]
        if len(near) == 1:
            return near[0]
        if len(found) > 1:
            self._ask_which(found, command)
        return found[0]

    def _referred(self, command: Command) -> list[Entity]:
        """Return all that "it" or "them" stands for."""
        found = [
            entity
            for id_ in command.recognition.entities
            if (entity := self.home.entity(id_)) and entity.spoken_at(command.utterance.site)
        ]
        assert command.recognition.name is not None
        return found or _refuse("no_entity", {"name": command.recognition.name.text})

    def spoken_of(self, command: Command, domain: str) -> list[Entity]:
        """Return the things of a domain that the session's last command was about."""
        subject = self.dialogue.memory.subject(command.utterance.session)
        found = [self.home.entity(id_) for id_ in subject.entities] if subject is not None else []
        site = command.utterance.site
        return [e for e in found if e is not None and e.domain == domain and e.spoken_at(site)]

    def offered(self, action: str) -> bool:
        """Tell whether there is such an action."""
        return action in self.hub.actions.names()

    def _ask_which(self, found: list[Entity], command: Command) -> None:
        areas = [entity.area for entity in found]
        language = command.language
        if None not in areas and len(set(areas)) == len(found):
            places = [self.area_name(area, language) for area in areas]
            raise Refusal(
                "which_area_of",
                {"name": found[0].name_in(language), "areas": places},
                missing="area",
                options=tuple(str(area) for area in areas),
            )
        names = [entity.name_in(language) for entity in found]
        raise Refusal("which", {"names": names}, missing="name", options=tuple(entity.id for entity in found))

    def _only_area(self, fitting: list[Entity], what: dict[str, Any]) -> list[Entity]:
        """Return the entities of the only area that has any; ask for the area where several have."""
        if not fitting:
            raise Refusal("none", what)
        if len({entity.area for entity in fitting}) > 1:
            areas = tuple(sorted({entity.area for entity in fitting if entity.area}))
            raise Refusal("which_area", what, missing="area", options=areas)
        return fitting

    async def call(
        self, command: Command, orders: dict[str, list[Entity]], data: Callable[[str], dict[str, Any]] | None = None
    ) -> list[str]:
        """Do actions, each on its entities; return their names.

        Raises:
            Refusal: at least one did not happen, or somebody must agree to it first.
        """
        self._ask_first(command, orders)
        if command.utterance.rehearsal:
            return list(orders)
        done = []
        for action, entities in orders.items():
            done.append(action)
            try:
                await self.hub.actions.call(
                    action,
                    data(action) if data else None,
                    Target(entity_id=[entity.id for entity in entities]),
                    command.utterance.context,
                )
            except ActionError as error:
                raise self._failed(error, entities, command.language, done) from error
        return done

    def _ask_first(self, command: Command, orders: dict[str, list[Entity]]) -> None:
        if command.utterance.confirmed:
            return
        kind = kind_of(command.recognition, orders)
        if kind and getattr(self.dialogue.confirm, kind):
            entities = [entity for each in orders.values() for entity in each]
            names = [entity.name_in(command.language) for entity in entities]
            what = {"action": next(iter(orders)), "names": names, "name": names[0], "count": len(names), "kind": kind}
            floor = command.recognition.value("floor")
            what["floor"] = self.floor_name(floor, command.language) if floor is not None else ""
            domains = {entity.domain for entity in entities}
            what["domain"] = domains.pop() if len(domains) == 1 else ""
            raise Refusal("confirm" if command.recognition.name is not None else "confirm_many", what, confirm=True)

    def _failed(self, error: ActionError, entities: list[Entity], language: str, done: list[str]) -> Refusal:
        gone = [e for e in entities if (s := self.hub.states.get(e.id)) is not None and s.state == UNAVAILABLE]
        names = [entity.name_in(language) for entity in gone or [e for e in entities if e.id in str(error)] or entities]
        phrase = "unavailable" if gone else "cannot" if isinstance(error, ActionDataError) else "failed"
        return Refusal(phrase, {"names": names, "name": names[0], "reason": str(error)}, actions=done)

    def area_name(self, area: Any, language: str) -> str:
        """Return an area's name in a language."""
        found = self.home.area(str(area))
        return (found.name_in(language) if found else "") or str(area).replace("_", " ")

    def floor_name(self, floor: Any, language: str) -> str:
        """Return a floor's name in a language."""
        found = self.home.floor(str(floor))
        return (found.name_in(language) if found else "") or str(floor).replace("_", " ")

    def described(self, command: Command, entities: list[Entity]) -> dict[str, Any]:
        """Return what every answer may need: names and states of the entities, the area where one was said."""
        recognition, language = command.recognition, command.language
        area = recognition.value("area")
        said = area is not None and area != NOWHERE and not recognition.here
        return {
            "name": entities[0].name_in(language) if entities else "",
            "names": [entity.name_in(language) for entity in entities],
            "entities": entities,
            "entity": entities[0] if entities else None,
            "states": {entity.id: self.hub.states.get(entity.id) for entity in entities},
            "area": self.area_name(area, language) if said else "",
            "floor": self.floor_name(f, language) if (f := recognition.value("floor")) is not None else "",
        }


def by_action(entities: list[Entity], actions: dict[str, str], language: str) -> dict[str, list[Entity]]:
    """Group entities by the action of their domain; raise Refusal for a domain that has none."""
    orders: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        action = actions.get(entity.domain)
        if action is None or entity.controller is None:
            name = entity.name_in(language)
            raise Refusal("cannot", {"name": name, "names": [name]})
        orders[action].append(entity)
    return dict(orders)


def able(entities: list[Entity], feature: str, language: str) -> list[Entity]:
    """Return those that have a feature; raise Refusal where none has."""
    found = [entity for entity in entities if feature in entity.features]
    if not found:
        names = [entity.name_in(language) for entity in entities]
        raise Refusal("cannot", {"name": names[0], "names": names})
    return found


def _refuse(phrase: str, variables: dict[str, Any]) -> list[Entity]:
    raise Refusal(phrase, variables)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(domains: frozenset[str] | None) -> str:
    return min(domains) if domains else ""

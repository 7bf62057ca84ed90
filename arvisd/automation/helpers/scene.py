"""Helper `scene`: entities and the states that they are brought to together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from arvisd.automation.builder_lists import listed
from arvisd.automation.errors import InvalidError
from arvisd.automation.helpers.items import Found, object_id_of
from arvisd.automation.helpers.kind import HelperKind, HelperSettings, Place, Saved
from arvisd.automation.scenes.scenes import Scene, Scenes
from arvisd.automation.scenes.wanted import Wanted, wanted_of
from arvisd.config.document import Broken
from arvisd.config.nodes import key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error, warning
from arvisd.core.context import Context
from arvisd.core.states import UNKNOWN
from arvisd.home.entity import Controller


class SceneSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `scene:`."""

    id: str | int | None = None
    """Kept as the attribute `id`."""
    entities: dict[str, Any]
    """By entity id a state, or `state` with attributes."""
    metadata: Any = None
    """Of Home Assistant's editor; not read."""


class SceneHelper:
    """A scene of the configuration."""

    def __init__(self, settings: SceneSettings, place: Place) -> None:
        self._place = place
        attributes: dict[str, Any] = {"friendly_name": settings.name}
        if settings.id is not None:
            attributes["id"] = str(settings.id)
        if settings.icon:
            attributes["icon"] = settings.icon
        self.scene = Scene(place.entity_id, _wanted(place.node), attributes, made=False)

    @property
    def scenes(self) -> Scenes:
        """Where it is among the others."""
        return self._place.engine.scenes

    def start(self, saved: Saved | None) -> None:
        """Show it, with the time at which it was last turned on."""
        self.scenes.offer(self.scene, saved.state if saved is not None else UNKNOWN, self._place.owner)


class SceneController(Controller):
    """The entity's side of a scene."""

    def __init__(self, helper: SceneHelper) -> None:
        self._helper = helper

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Turn it on."""
        await self._helper.scenes.turn_on(self._helper.scene, getattr(data, "transition", None), context)


def _wanted(node: Any) -> dict[str, Wanted]:
    """Return what a scene wants; raise InvalidError with every problem's place."""
    entities = node["entities"]
    found: dict[str, Wanted] = {}
    problems: list[Problem] = []
    for entity_id in entities:
        try:
            found[entity_id] = wanted_of(entity_id, entities[entity_id])
        except ValueError as failure:
            problems.append(error(key_mark_of(entities, entity_id), str(failure)))
    if problems:
        raise InvalidError(problems)
    return found


def read(node: Any, container: Any, key: Any, problems: list[Problem]) -> Iterable[Found]:
    """Give the scenes of the section; those that only another program can set are named and left out."""
    for item, holder, index in listed(node, container, key):
        if isinstance(item, list):
            yield from read(item, holder, index, problems)
        elif isinstance(item, dict) and item.get("platform", "homeassistant") != "homeassistant":
            text = f"scenes of the platform {item['platform']!r} are ignored: they stay with Home Assistant"
            problems.append(warning(mark_of(item), text))
        elif isinstance(item, dict) and "platform" in item:
            yield from read(item.get("states"), item, "states", problems)
        elif isinstance(item, dict):
            if object_id := object_id_of(item):
                yield KIND, object_id, item, holder, index
            else:
                problems.append(error(mark_of(item), "a scene needs a name"))
        elif item is not None and not isinstance(item, Broken):
            problems.append(error(mark_of(holder, index), f"scene: expected a mapping, got {kind_of(item)}"))


def _entity(helper: Any) -> dict[str, Any]:
    return {"controller": SceneController(helper)}


KIND: HelperKind[SceneSettings] = HelperKind(
    "scene",
    SceneSettings,
    SceneHelper,
    listed=True,
    section=False,
    describe=_entity,
)

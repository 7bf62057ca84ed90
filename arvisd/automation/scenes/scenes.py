"""The scenes of a house: those that are written and those that automations make, with their actions."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from arvisd.automation.scenes.reproduction import Reproduction
from arvisd.automation.scenes.wanted import Wanted, as_it_is, wanted_all
from arvisd.config.problems import did_you_mean
from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import UNKNOWN
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list, resolve
from arvisd.storage.database import Database

_LOGGER = logging.getLogger("arvisd.automation")

MIGRATIONS = ("CREATE TABLE scene (object_id TEXT PRIMARY KEY, state TEXT NOT NULL, wanted BLOB NOT NULL)",)
OBJECT_ID = re.compile(r"[a-z0-9_]+")

Transition = Annotated[float, msgspec.Meta(ge=0, le=6553)] | None


class TurnOnScene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `scene.turn_on`."""

    transition: Transition = None
    """Seconds that lights take to change."""


class ApplyScene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `scene.apply`."""

    entities: dict[str, Any]
    """By entity id a state, or `state` with attributes."""
    transition: Transition = None


class CreateScene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `scene.create`."""

    scene_id: str
    """Second part of its entity's id."""
    entities: dict[str, Any] = msgspec.field(default_factory=dict)
    """As in `scene.apply`."""
    snapshot_entities: str | list[str] = msgspec.field(default_factory=list)
    """Entities that go into it as they are now."""


class Scene:
    """One scene."""

    __slots__ = ("attributes", "entity_id", "made", "wanted")

    def __init__(
        self, entity_id: str, wanted: Mapping[str, Wanted], attributes: Mapping[str, Any] | None = None, *, made: bool
    ) -> None:
        self.entity_id = entity_id
        self.wanted = wanted
        self.attributes = {"entity_id": list(wanted), **(attributes or {})}
        self.made = made
        """By `scene.create`, not written in the configuration."""


class Scenes:
    """All scenes of one daemon; those made by automations outlive a restart, as the runs that made them do."""

    def __init__(self, hub: Hub, home: HomeRegistry, database: Database, owner: Owner) -> None:
        self._hub = hub
        self._home = home
        self._database = database
        self._owner = owner
        self._scenes: dict[str, Scene] = {}
        self._reproduction = Reproduction(hub, home)
        database.prepare("scenes", MIGRATIONS)
        self._offer_actions(owner)

    def offer(self, scene: Scene, state: str, owner: Owner) -> None:
        """Show a scene of the configuration until the owner stops; one that was made under its id gives way."""
        before = self._scenes.get(scene.entity_id)
        self._scenes[scene.entity_id] = scene
        self._hub.states.set(scene.entity_id, state, scene.attributes)
        if before is not None and before.made:
            self._forget_made(scene.entity_id)

        def withdraw() -> None:
            if self._scenes.get(scene.entity_id) is scene:
                del self._scenes[scene.entity_id]

        owner.on_stop(withdraw)

    def restore(self) -> None:
        """Show the scenes that were made before the restart; once, after those of the configuration."""
        for object_id, state, encoded in self._database.read("SELECT object_id, state, wanted FROM scene"):
            entity_id = f"scene.{object_id}"
            if entity_id in self._scenes:
                self._forget_made(entity_id)
                continue
            try:
                wanted = msgspec.json.decode(encoded, type=dict[str, Wanted])
            except msgspec.DecodeError as error:
                _LOGGER.warning("%s cannot be read back: %s", entity_id, error)
                continue
            self._scenes[entity_id] = Scene(entity_id, wanted, made=True)
            self._hub.states.set(entity_id, state, self._scenes[entity_id].attributes)

    def find(self, entity_id: str) -> Scene:
        """Return a scene; raise ActionDataError where there is none."""
        found = self._scenes.get(entity_id)
        if found is None:
            raise ActionDataError(f"there is no scene {entity_id!r}{did_you_mean(entity_id, list(self._scenes))}")
        return found

    async def turn_on(self, scene: Scene, transition: float | None, context: Context) -> None:
        """Bring the entities of a scene to what it wants; its state is when that was last asked for."""
        now = self._hub.clock.now().isoformat()
        self._hub.states.set(scene.entity_id, now, scene.attributes, context)
        if scene.made:
            self._keep(scene, now)
        await self._reproduction.bring(scene.wanted, transition, context, scene.entity_id)

    def _create(self, data: CreateScene, context: Context) -> None:
        entity_id = f"scene.{data.scene_id}"
        if OBJECT_ID.fullmatch(data.scene_id) is None:
            raise ActionDataError(f"scene.create: {data.scene_id!r} is no id, which is of a–z, 0–9 and _")
        before = self._scenes.get(entity_id)
        if before is not None and not before.made:
            raise ActionDataError(f"scene.create: {entity_id} is in the configuration already: choose another scene_id")
        wanted = _checked("scene.create", data.entities)
        for snapped in as_list(data.snapshot_entities):
            state = self._hub.states.get(snapped)
            if state is None:
                near = did_you_mean(snapped, self._hub.states.ids())
                raise ActionDataError(f"scene.create: there is no entity {snapped!r}{near}")
            wanted[snapped] = as_it_is(state)
        if not wanted:
            raise ActionDataError("scene.create needs 'entities' or 'snapshot_entities'")
        scene = self._scenes[entity_id] = Scene(entity_id, wanted, made=True)
        self._hub.states.set(entity_id, UNKNOWN, scene.attributes, context)
        self._keep(scene, UNKNOWN)

    def _delete(self, entity_id: str) -> None:
        scene = self.find(entity_id)
        if not scene.made:
            raise ActionDataError(f"scene.delete: {entity_id} is written in the configuration: delete it there")
        del self._scenes[entity_id]
        self._forget_made(entity_id)
        self._hub.states.remove(entity_id)

    def _keep(self, scene: Scene, state: str) -> None:
        self._database.write(
            "INSERT OR REPLACE INTO scene (object_id, state, wanted) VALUES (?, ?, ?)",
            (scene.entity_id.partition(".")[2], state, msgspec.json.encode(scene.wanted)),
        )

    def _forget_made(self, entity_id: str) -> None:
        self._database.write("DELETE FROM scene WHERE object_id = ?", (entity_id.partition(".")[2],))

    def _offer_actions(self, owner: Owner) -> None:
        async def turn_on(call: ActionCall) -> None:
            for scene in self._targets(call):
                await self.turn_on(scene, call.data.transition, call.context)

        async def apply(call: ActionCall) -> None:
            wanted = _checked("scene.apply", call.data.entities)
            await self._reproduction.bring(wanted, call.data.transition, call.context, "scene.apply")

        def create(call: ActionCall) -> None:
            self._create(call.data, call.context)

        def delete(call: ActionCall) -> None:
            for scene in self._targets(call):
                self._delete(scene.entity_id)

        for action in (
            Action("scene.turn_on", TurnOnScene, "Brings all that is in a scene to its state.", handler=turn_on),
            Action("scene.apply", ApplyScene, "Brings entities to states without a scene.", handler=apply),
            Action("scene.create", CreateScene, "Makes a scene, of entities as they are now.", sync_handler=create),
            Action("scene.delete", NoData, "Forgets scenes that were made by scene.create.", sync_handler=delete),
        ):
            self._hub.actions.register(action, owner)

    def _targets(self, call: ActionCall) -> list[Scene]:
        target = call.target
        if target.area_id or target.floor_id or target.label_id or target.device_id:
            return [self.find(entity.id) for entity in resolve(self._home, target, ("scene",), call.name)]
        named = as_list(target.entity_id)
        if not named:
            raise ActionDataError(f"{call.name} needs a target: entity_id names the scene")
        return [self.find(entity_id) for entity_id in named]


def _checked(name: str, entities: Mapping[str, Any]) -> dict[str, Wanted]:
    try:
        return wanted_all(entities)
    except ValueError as error:
        raise ActionDataError(f"{name}: {error}") from None

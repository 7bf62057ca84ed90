"""A house to talk to in tests: entities that do at once what they are asked, or do not, and what understands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from arvisd.api import Host
from arvisd.assist.actions import SpeakData
from arvisd.assist.site import SiteRegistry
from arvisd.core.actions import Action, ActionCall
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.intents import Intent
from arvisd.core.owner import Owner
from arvisd.home.actions import register_home_actions
from arvisd.home.entity import Controller, Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import HomeSettings
from arvisd.intent.answer import Answer, Utterance
from arvisd.intent.kept import Kept
from arvisd.intent.understanding import Understanding
from arvisd.providers.registry import ProviderRegistry
from arvisd.storage.database import Database


class ObedientController(Controller):
    """Writes the state that was asked for, unless it is told to stay silent or to fail."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.asked: list[tuple[str, msgspec.Struct]] = []
        self.entity_id = ""
        self.silent = False
        self.failure = ""

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Note the order and report the state that follows from it."""
        self.asked.append((action, data))
        if self.failure:
            raise ActionFailedError(self.failure)
        if self.silent:
            return
        after = {
            "turn_on": "on",
            "turn_off": "off",
            "open_cover": "opening",
            "close_cover": "closing",
            "stop_cover": "open",
        }
        after |= {"lock": "locked", "unlock": "unlocked", "open_valve": "open", "close_valve": "closed"}
        after |= {"media_pause": "paused", "media_play": "playing", "start": "cleaning", "return_to_base": "returning"}
        after |= {"start_mowing": "mowing", "dock": "docked"}
        verb = action.partition(".")[2]
        given = {k: v for k, v in msgspec.to_builtins(data).items() if v is not None}
        before = self.hub.states.get(self.entity_id)
        state = after.get(verb, before.state if before else "on")
        if verb == "set_hvac_mode":
            state = given["hvac_mode"]
        attributes = {**(before.attributes if before else {}), **given}
        if verb == "set_cover_position":
            attributes["current_position"] = given["position"]
        self.hub.states.set(self.entity_id, state, attributes, context)


class TestHouse:
    """A hub with a house, its actions, and what understands; `say` is one turn."""

    __test__ = False

    def __init__(self, hub: Hub, owner: Owner, config_folder: Path | None = None) -> None:
        self.hub = hub
        self.owner = owner
        self.home = HomeRegistry(hub.states)
        self.controllers: dict[str, ObedientController] = {}
        self.intents: list[tuple[str, Intent]] = []
        register_home_actions(hub, self.home, owner)
        self.understanding = Understanding(hub, self.home, owner, config_folder)
        hub.bus.subscribe("arvis/intent/#", self._note, owner)

    def keep(self, database: Database | None = None) -> Kept:
        """Serve timers and lists; what is said at a site is in `spoken`, as `(site, text)`."""
        self.spoken: list[tuple[str, str]] = []

        def speak(call: ActionCall) -> None:
            sites = [call.data.site] if isinstance(call.data.site, str) else call.data.site
            self.spoken += [(site, call.data.message) for site in sites]

        self.hub.actions.register(Action("tts.speak", SpeakData, "Says something.", sync_handler=speak), self.owner)
        kept = self.understanding.keep(database or Database(None).open())
        kept.timers.go()
        return kept

    def _note(self, message: Message) -> None:
        self.intents.append((message.topic.rpartition("/")[2], message.decode(Intent)))

    def areas(self, **names: dict[str, str]) -> None:
        """Name the areas: `kitchen={"en": "Kitchen", "ru": "Кухня"}`."""
        self.configure(areas=[{"id": id_, "names": by_language} for id_, by_language in names.items()])

    def configure(self, **sections: Any) -> None:
        """Configure the home section."""
        self.home.configure(msgspec.convert(sections, HomeSettings))

    def add(
        self,
        id_: str,
        en: str = "",
        ru: str = "",
        *,
        state: str = "off",
        attributes: dict[str, Any] | None = None,
        **more: Any,
    ) -> ObedientController:
        """Add an entity and its state; one of a sensor can only be read."""
        controller = ObedientController(self.hub)
        controller.entity_id = id_
        self.controllers[id_] = controller
        names = {language: name for language, name in (("en", en), ("ru", ru)) if name}
        read_only = id_.startswith(("sensor.", "binary_sensor."))
        features = more.pop(
            "features", {"light": {"brightness", "color", "color_temp"}}.get(id_.partition(".")[0], set())
        )
        self.home.add_entity(
            Entity(
                id=id_,
                names=names,
                controller=None if read_only else controller,
                features=frozenset(features),
                **more,
            ),
            self.owner,
        )
        self.hub.states.set(id_, state, attributes or {})
        return controller

    def state(self, id_: str) -> str:
        """Return an entity's state."""
        found = self.hub.states.get(id_)
        assert found is not None
        return found.state

    async def say(self, text: str, *, language: str = "", area: str | None = None, session: str = "session") -> Answer:
        """Say something and return the answer."""
        utterance = Utterance(new_id(), text, language, "room", session, Context(), area=area)
        return await self.understanding.chain.answer(utterance)


async def virtual_house(hub: Hub, owner: Owner, settings: Any = None) -> TestHouse:
    """Return a house with the virtual devices in it."""
    from arvisd.integrations.virtual_house import Settings, setup

    house = TestHouse(hub, owner)
    folder = Path()
    host = Host(
        "virtual_house", hub, owner, ProviderRegistry(), SiteRegistry(), folder, folder, lambda _: None, house.home
    )
    await setup(host, settings or Settings())
    return house

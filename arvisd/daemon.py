"""The composition root: the one file that knows every part, and the order in which they start and stop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from arvisd import __version__
from arvisd.api import Host
from arvisd.assist.site import SiteRegistry
from arvisd.automation.commands.general import register_general_actions
from arvisd.config.first_start import write_first_configuration
from arvisd.config.loader import BESIDE, MAIN
from arvisd.config.settings import ArvisdSettings, ModelsSettings
from arvisd.config.watch import ConfigWatch
from arvisd.configuration import SECTIONS, Configuration
from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.bus import Message
from arvisd.core.clock import Clock, SystemClock
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.actions import register_home_actions
from arvisd.home.discovery.last_states import ABSENT_SECONDS, LastStates
from arvisd.home.keeping.actions import Keeping
from arvisd.home.keeping.file import house_file
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import HomeSettings
from arvisd.information import Information
from arvisd.integrations.discovery import discover
from arvisd.integrations.loader import Integrations
from arvisd.intent.grammar import SentenceVocabulary
from arvisd.intent.understanding import Understanding
from arvisd.known_problems import KnownProblems
from arvisd.mqtt.action_requests import ActionRequests
from arvisd.mqtt.broker import EmbeddedBroker
from arvisd.mqtt.client import MqttClient
from arvisd.mqtt.hubs.component import HubComponents
from arvisd.mqtt.hubs.hubs import Hubs
from arvisd.mqtt.hubs.settings import HubsSettings
from arvisd.mqtt.mirror import Mirror
from arvisd.mqtt.publish_action import register_publish
from arvisd.mqtt.settings import ADDRESS_FILE, MqttSettings, broker_address
from arvisd.providers.models.finder import ModelFinder
from arvisd.providers.registry import ProviderRegistry
from arvisd.reloading import Reloading
from arvisd.stages import SETTLE_SECONDS, milliseconds_since, return_memory, settle_memory, stage
from arvisd.storage.database import FILE, Database
from arvisd.storage.lock import sole_use
from arvisd.time_zone import time_zone
from arvisd.voice import Voice
from arvisd.web.server import WebServer
from arvisd.web.settings import WebSettings
from arvisd.why.explanation import Explainer
from arvisd.why.index import CauseIndex
from arvisd.written_house import WrittenHouse

_LOGGER = logging.getLogger(__name__)

RENAME_SECONDS = 1.0
"""Renames within this are looked through once: a bridge renames all parts of a device."""

DATABASE_SECONDS = 10.0
"""Between two looks whether the database is still there."""


class Daemon:
    """One arvisd: `async with daemon.running()` has started every part; leaving it stops them in reverse."""

    def __init__(
        self,
        config_folder: Path,
        data_folder: Path,
        *,
        clock: Clock | None = None,
        connect: bool = True,
        without: Collection[str] = (),
        log_level: str = "",
    ) -> None:
        """Prepare; nothing is read or started yet.

        Args:
            config_folder: where the configuration is; a first one is written where there is none.
            data_folder: where models and records are kept.
            clock: by default the system's, in the zone of the settings.
            connect: whether to speak MQTT and to watch the folder; without, it is a question and an answer.
            without: integrations to leave out, such as the microphone when a file is listened to.
            log_level: overrides the configuration's.
        """
        self.configuration = Configuration(config_folder)
        self.data_folder = data_folder
        self.providers = ProviderRegistry()
        self.sites = SiteRegistry()
        self._clock = clock
        self.shown = HubComponents()
        """What hubs see of this daemon."""
        self._connect = connect
        self._without = frozenset(without)
        self._log_level = log_level.upper()
        self._reloading = Reloading(self._read_anew)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Daemon]:
        """Start every part, give the daemon, stop every part: who came last goes first, the broker's connection last."""
        async with AsyncExitStack() as parts:
            await self._start(parts)
            yield self
            _LOGGER.info("stopping")
            await self.automations.stop()

    async def _start(self, parts: AsyncExitStack) -> None:
        began = time.monotonic()
        with stage("configuration"):
            self._read_configuration()
        if self._connect:
            parts.enter_context(sole_use(self.data_folder))
        self.database = Database(self.data_folder / FILE if self._connect else None).open()
        parts.callback(self.database.close)
        owner = await parts.enter_async_context(Owner("daemon"))
        owner.spawn(self.database.sync(self.hub.clock), "sync the database")
        with stage("mqtt"):
            if self._connect:
                await self._start_mqtt(owner, parts)
        with stage("house"):
            await self._start_house(await parts.enter_async_context(Owner("house")))
        await self._start_why(parts)
        with stage("automations"):
            await self._start_automations(await parts.enter_async_context(Owner("automations")))
        with stage("devices"):
            self.written.start_devices(await parts.enter_async_context(Owner("devices")), listen=self._connect)
        with stage("integrations"):
            await self._start_integrations(await parts.enter_async_context(Owner("guests")))
        # after the integrations: the chains look at once for who was offered, and turns end before devices close
        with stage("assist"):
            await self._start_assist(await parts.enter_async_context(Owner("voice")))
        with stage("sentences"):
            # the daemon's own language, when nothing else wants the processor; the others come behind
            await self.understanding.languages.get(self.hub.language)
            self.understanding.on_loaded = return_memory
            owner.spawn(self.understanding.run(), "sentences")
        if self._connect:
            self.hubs = Hubs(self.hub, self.shown, self.database, await parts.enter_async_context(Owner("hubs")))
            self._use_hubs()
            self.web.start(await parts.enter_async_context(Owner("web")))
            watch = ConfigWatch(self.configuration.folder, self.hub.clock, self.reload, self._outside_files)
            owner.spawn(watch.run(), "watch the configuration")
            await watch.ready.wait()
        if self.understanding.kept is not None:
            self.understanding.kept.timers.go()
        self._offer_actions(owner)
        self.information.publish_soon()
        self.problems.say([*self.configuration.problems, *self.written.begin()])
        _LOGGER.info("ready: %.0f ms", milliseconds_since(began))
        settle = self.hub.clock.call_later(SETTLE_SECONDS, settle_memory)
        owner.on_stop(settle.cancel)

    def _read_configuration(self) -> None:
        folder = self.configuration.folder
        written = write_first_configuration(folder)
        self.configuration.read(discover(folder))
        arvisd = self.configuration.section("arvisd", ArvisdSettings)
        logging.getLogger().setLevel(self._log_level or arvisd.log_level.upper())
        _LOGGER.info("arvisd %s, configuration in %s", __version__, folder)
        if written:
            _LOGGER.info("first start: wrote %s", ", ".join(written))
        zone = time_zone(arvisd.timezone)
        root = self.configuration.section("mqtt", MqttSettings).root
        self.hub = Hub(self._clock or SystemClock(zone), root, arvisd.language)
        self.problems = KnownProblems(self.hub)
        self.problems.say(self.configuration.problems)

    async def _start_mqtt(self, owner: Owner, parts: AsyncExitStack) -> None:
        settings = self.configuration.section("mqtt", MqttSettings)
        self.embedded = not settings.broker
        if self.embedded:
            broker = EmbeddedBroker(
                settings,
                self.hub.clock,
                address_file=self.data_folder / ADDRESS_FILE,
                retained_file=self.data_folder / "broker.retained",
            )
            await broker.start()
            parts.push_async_callback(broker.stop)
            settings = broker.client_settings
            _LOGGER.info("embedded broker at %s", broker.address)
        self.broker_address = broker_address(settings)
        client = MqttClient(settings, self.hub.clock, report=lambda level, text: self.hub.report(level, "mqtt", text))
        Mirror(self.hub, client).start(owner)
        ActionRequests(self.hub, owner).start()
        owner.spawn(client.run(), "mqtt")
        parts.push_async_callback(client.stop)

    async def _start_house(self, owner: Owner) -> None:
        register_publish(self.hub, owner)
        self.home = HomeRegistry(self.hub.states, self.configuration.section("home", HomeSettings))
        register_home_actions(self.hub, self.home, owner)
        last = LastStates(self.database)
        owner.spawn(self._forget_absent(last, last.restore(self.hub.states)), "forget absent devices")
        self.vocabulary = SentenceVocabulary()
        self.understanding = Understanding(self.hub, self.home, owner, self.configuration.folder, self.vocabulary)
        if self._connect:
            self.understanding.keep(self.database)
        models = self.configuration.section("models", ModelsSettings)
        self.models = ModelFinder(models.path, self.data_folder)

    async def _forget_absent(self, last: LastStates, restored: Collection[str]) -> None:
        """Give devices that were there before a while to announce themselves."""
        await self.hub.clock.sleep(ABSENT_SECONDS)
        last.forget_absent(self.hub.states, restored, lambda entity_id: self.home.entity(entity_id) is not None)

    async def _start_why(self, parts: AsyncExitStack) -> None:
        """Before the first automation runs: whatever sets a state is remembered."""
        owner = await parts.enter_async_context(Owner("why"))
        self.causes = CauseIndex(self.hub, self.database, owner)
        self.causes.start()
        parts.push_async_callback(self.causes.stop)
        owner.spawn(self._watch_database(), "watch the database")

    async def _watch_database(self) -> None:
        """Say so when what is to be remembered will not be."""
        while True:
            self.problems.note("database", self.database.lost() or self.database.problem)
            await self.hub.clock.sleep(DATABASE_SECONDS)

    async def _start_automations(self, owner: Owner) -> None:
        self.written = WrittenHouse(
            self.hub, self.home, self.understanding, self.database, self.configuration, self.data_folder, owner
        )
        self.automations = self.written.engine
        self.automations.reload_configuration = lambda: self.reload({MAIN})
        self.web = WebServer(
            self.hub.clock,
            self.configuration.section("web", WebSettings),
            configured=self.configuration.has("web"),
            say=lambda text: self.problems.note("web", text),
        )
        self.automations.hear_webhooks(self.web.webhooks)
        await self.written.load()

    async def _start_assist(self, owner: Owner) -> None:
        self.voice = Voice(
            self.hub,
            self.configuration,
            self.database,
            self.providers,
            self.sites,
            self.understanding,
            self.vocabulary,
            self.shown,
            owner,
        )
        self.assist = self.voice.assist
        self.information = Information(self.hub, self.sites, self.integrations, self.assist)
        self.assist.on_health = self.information.publish_soon
        self.integrations.on_change = self.information.publish_soon
        await self.voice.start(self.home)

    def _use_hubs(self) -> None:
        mqtt = self.configuration.section("mqtt", MqttSettings)
        self.hubs.use(self.configuration.section("hubs", HubsSettings), mqtt.discovery_prefix)

    async def _start_integrations(self, owner: Owner) -> None:
        self._guests = owner
        self.integrations = Integrations(self.hub, self._host, self.configuration.integration_settings)
        await self._apply_integrations()

    async def _apply_integrations(self) -> None:
        found = {n: f for n, f in discover(self.configuration.folder).items() if n not in self._without}
        await self.integrations.apply(found, self.configuration.integration_sections(), self._guests)

    def _host(self, name: str, owner: Owner) -> Host:
        return Host(
            name,
            self.hub,
            owner,
            self.providers,
            self.sites,
            self.configuration.folder,
            self.data_folder,
            self.models.find,
            self.home,
            self.automations.library.triggers,
            self.written.devices,
            self.shown,
        )

    async def reload(self, changed: Collection[str] = ()) -> None:
        """Read the configuration anew, none for all of it; what did not change is not touched, what is broken stays."""
        await self._reloading.ask(changed)

    async def _read_anew(self, changed: Collection[str]) -> None:
        began = time.monotonic()
        before = {name: self.configuration.section(name, type_) for name, type_ in SECTIONS.items()}
        self.configuration.read(discover(self.configuration.folder))
        now = {name: self.configuration.section(name, type_) for name, type_ in SECTIONS.items()}
        if any(name.startswith("sentences/") for name in changed) or not changed:
            await self.understanding.languages.reload()
        if now["home"] != before["home"]:
            self.home.configure(self.configuration.section("home", HomeSettings))
        for name in ("arvisd", "mqtt", "models"):
            if _without_place(now[name]) != _without_place(before[name]):
                _LOGGER.warning("the section %s: changed; restart the daemon to put it in force", name)
        problems = [*self.configuration.problems, *await self.written.reload()]
        self.web.configure(self.configuration.section("web", WebSettings), configured=self.configuration.has("web"))
        if self._connect:
            self._use_hubs()
        offered = self.providers.version
        await self._apply_integrations()
        if now["assist"] != before["assist"] or self.providers.version != offered:
            self.voice.renew()
        self.problems.say(problems)
        self.hub.fire("configuration_reloaded", {"files": sorted(changed), "problems": [str(p) for p in problems]})
        _LOGGER.info("configuration read anew: %.0f ms", milliseconds_since(began))

    def _offer_actions(self, owner: Owner) -> None:
        """Offer what only the whole daemon can do."""
        Keeping(
            self.hub,
            self.home,
            self.written.devices,
            lambda: house_file(self.configuration.folder, self.configuration.loaded),
            lambda: self.reload({BESIDE}),
            lambda: [site.id for site in self.sites.all()],
        ).offer(owner)
        self._watch_names(owner)
        Explainer(self.hub, self.causes, self.automations, self.home.owner_of).offer(owner)

        async def reload(_: ActionCall) -> None:
            await self.reload()

        def actions(_: ActionCall) -> dict[str, str]:
            return {name: self.hub.actions.get(name).description for name in self.hub.actions.names()}

        register_general_actions(
            self.hub,
            self.home,
            lambda: asyncio.shield(self.automations.reload_soon()),  # the run that asks may be stopped by it
            lambda: self.written.commands.names("notify"),
            owner,
        )
        for action in (
            Action("arvisd.reload", NoData, "Reads the whole configuration anew.", reload),
            Action("arvisd.actions", NoData, "Lists every action with what it does.", sync_handler=actions),
        ):
            self.hub.actions.register(action, owner)

    def _watch_names(self, owner: Owner) -> None:
        """Say what names an entity by an id that it has no longer, once for all renames of a moment."""
        due = False

        def look() -> None:
            nonlocal due
            due = False
            self.problems.say([*self.configuration.problems, *self.written.problems])

        def renamed(_: Message) -> None:
            nonlocal due
            if not due:
                due = True
                owner.on_stop(self.hub.clock.call_later(RENAME_SECONDS, look).cancel)

        self.hub.bus.subscribe(self.hub.topics.event("entity_renamed"), renamed, owner)

    def _outside_files(self) -> list[Path]:
        loaded = self.configuration.loaded
        return loaded.outside if loaded else []


def _without_place(section: msgspec.Struct) -> msgspec.Struct:
    """Return a section without what a reload puts in force: where the house is."""
    if not isinstance(section, ArvisdSettings):
        return section
    return msgspec.structs.replace(section, latitude=None, longitude=None, elevation=0.0, allow_shell_commands=False)

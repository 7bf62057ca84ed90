"""What the user has written down and arvisd runs: automations, scripts, scenes, helpers, commands, devices."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from pathlib import Path

from arvisd.assist import triggers as assist_triggers
from arvisd.automation.commands.collection import Commands
from arvisd.automation.commands.conversation import conversation_action
from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.collection import Helpers
from arvisd.automation.persistent_notifications import PersistentNotifications
from arvisd.automation.tags import register_tag_scan
from arvisd.automation.templates.device_values import DeviceTemplates
from arvisd.config import Problem
from arvisd.config.settings import ArvisdSettings
from arvisd.configuration import Configuration
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.discovery.written import SOURCE as WRITTEN
from arvisd.home.discovery.written import read_written
from arvisd.home.registry import HomeRegistry
from arvisd.home.sun_entity import SunEntity
from arvisd.intent.understanding import Understanding
from arvisd.mqtt.settings import MqttSettings
from arvisd.storage.database import Database

_LOGGER = logging.getLogger("arvisd.daemon")


class WrittenHouse:
    """Loads the sections of the configuration that run, at the start and at each save.

    Args:
        data_folder: where copies of calendars are kept.
        owner: its stop ends all of it but the devices.
    """

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        understanding: Understanding,
        database: Database,
        configuration: Configuration,
        data_folder: Path,
        owner: Owner,
    ) -> None:
        self._hub = hub
        self._home = home
        self._database = database
        self._configuration = configuration
        self.engine = AutomationEngine(hub, understanding.triggers, owner, database, configuration.folder, home)
        library = self.engine.library
        calendars = library.calendars
        calendars.folder, calendars.data_folder = configuration.folder, data_folder
        calendars.outside = configuration.section("arvisd", ArvisdSettings).operation != "standalone"
        library.sun.use(configuration.coordinates)
        SunEntity(hub, library.sun).start(owner)
        for type_ in assist_triggers.TYPES:
            library.triggers.register(type_, owner)
        PersistentNotifications(hub, database).start(owner)
        register_tag_scan(hub, owner)
        self._helpers = Helpers(hub, home, self.engine, database, owner)
        self.commands = Commands(hub, library, owner)
        hub.actions.register(conversation_action(understanding.chain), owner)
        self._helper_problems: Sequence[Problem] = ()
        self._command_problems: Sequence[Problem] = ()
        self._device_problems: Sequence[Problem] = ()
        self.devices: DiscoveredHouse
        """Those that are written, and with `start_devices` those that announce themselves."""

    def start_devices(self, owner: Owner, *, listen: bool) -> None:
        """Take the devices that are written, and learn those that announce themselves.

        Args:
            owner: its stop ends them.
            listen: whether to hear announcements at all; the settings may be against it too.
        """
        templates = DeviceTemplates(self.engine.library.templates)
        self.devices = DiscoveredHouse(self._hub, self._home, self._database, templates, owner, self._say_device)
        settings = self._configuration.section("mqtt", MqttSettings)
        if listen and settings.discovery:
            self.devices.listen(settings.discovery_prefix)
        self._load_devices()

    async def load(self) -> None:
        """Load helpers and commands, then automations, whose triggers look at the helpers' states."""
        self._load_helpers()
        broken = self._broken()
        configuration = self._configuration
        self._command_problems = self.commands.load(configuration.command_sections(), configuration.commands, broken)
        unreadable = configuration.loaded.unreadable if configuration.loaded else ()
        await self.engine.load(configuration.automation, unreadable, configuration.script)

    async def reload(self) -> Sequence[Problem]:
        """Take what was saved, devices too; return all that is wrong."""
        if self.engine.library.sun.use(self._configuration.coordinates):
            self.engine.try_again()
        await self.load()
        self._load_devices()
        return self.problems

    def begin(self) -> Sequence[Problem]:
        """Every part of the daemon runs: load the helpers that need what integrations brought; return all that is wrong."""
        self._load_helpers()
        self.engine.started()
        return self.problems

    @property
    def problems(self) -> Sequence[Problem]:
        """All that is wrong with what is written, as things are now."""
        return [*self._helper_problems, *self._command_problems, *self.engine.problems, *self._device_problems]

    def _load_helpers(self) -> None:
        self._helper_problems = self._helpers.load(self._configuration.helper_sections(), self._broken())

    def _load_devices(self) -> None:
        components, self._device_problems = read_written(self._configuration.nodes("mqtt"))
        self.devices.announce(WRITTEN, components)

    def _broken(self) -> Collection[str]:
        return self._configuration.loaded.broken if self._configuration.loaded else ()

    def _say_device(self, device: str, text: str) -> None:
        _LOGGER.warning("discovery: %s: %s", device, text)
        self._hub.report("warning", "discovery", f"{device}: {text}")

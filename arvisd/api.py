"""All that an integration may import, and nothing else.

An integration is a folder with a `manifest.yaml` and a package that has

- `Settings`: a frozen msgspec struct with defaults, validated from the configuration's key of that name;
- `TRIGGERS`, where it brings some: kinds of triggers for automations;
- `async def setup(host: Host, settings: Settings) -> None`: offers providers, sites, actions and entities.

Whatever is offered through the host goes when the integration stops.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from arvisd.assist.site import AudioInput, AudioOutput, Site, SiteRegistry
from arvisd.audio.formats import FRAME_MS, SAMPLE_RATE, Framer
from arvisd.audio.resample import Resampler, resampler
from arvisd.audio.ring import FrameRing, RingClosedError, frames_in
from arvisd.automation.attachment import Attachment
from arvisd.automation.durations import DurationNode
from arvisd.automation.part import Part
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType, Types
from arvisd.core.actions import Action, ActionCall, NoData, Target
from arvisd.core.bus import Message, Subscription
from arvisd.core.clock import Clock
from arvisd.core.context import Context
from arvisd.core.errors import (
    ActionDataError,
    ActionError,
    ActionFailedError,
    ArvisError,
    ProviderError,
    ProviderTimeoutError,
    ProviderUnavailableError,
    SetupError,
)
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State
from arvisd.home.actions.climate import SetHvacMode, SetTemperature
from arvisd.home.actions.cover import SetCoverPosition
from arvisd.home.actions.fan import FanTurnOff, FanTurnOn
from arvisd.home.actions.light import LightTurnOff, LightTurnOn
from arvisd.home.discovery.announcement import Component as AnnouncedComponent
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.entity import Controller, Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Area
from arvisd.mqtt.hubs.component import HubComponent, HubComponents
from arvisd.providers.base import Capability, Provider, ProviderInfo
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.speakable import Speakable, speakable
from arvisd.providers.stt import Hypothesis, SttProvider, Vocabulary, Word, WordGraph
from arvisd.providers.tflite import tflite_input_shape
from arvisd.providers.tts import Phoneme, SpeechChunk, SpeechRequest, TtsProvider, WordTime
from arvisd.providers.vad import VadDetector, VadProvider
from arvisd.providers.wake import WakeDetection, WakeDetector, WakeProvider
from arvisd.providers.wake_debounce import WakeDebounce, chosen_thresholds

__all__ = [
    "FRAME_MS",
    "SAMPLE_RATE",
    "UNAVAILABLE",
    "UNKNOWN",
    "Action",
    "ActionCall",
    "ActionDataError",
    "ActionError",
    "ActionFailedError",
    "AnnouncedComponent",
    "Area",
    "ArvisError",
    "Attachment",
    "AudioInput",
    "AudioOutput",
    "Capability",
    "Clock",
    "Context",
    "Controller",
    "DurationNode",
    "Entity",
    "FanTurnOff",
    "FanTurnOn",
    "FrameRing",
    "Framer",
    "HomeRegistry",
    "Host",
    "Hub",
    "HubComponent",
    "Hypothesis",
    "LightTurnOff",
    "LightTurnOn",
    "Message",
    "NoData",
    "Part",
    "Phoneme",
    "Provider",
    "ProviderError",
    "ProviderInfo",
    "ProviderTimeoutError",
    "ProviderUnavailableError",
    "Reference",
    "Resampler",
    "RingClosedError",
    "SetCoverPosition",
    "SetHvacMode",
    "SetTemperature",
    "SetupError",
    "Site",
    "Speakable",
    "SpeechChunk",
    "SpeechRequest",
    "State",
    "SttProvider",
    "Subscription",
    "Target",
    "TriggerOptions",
    "TriggerType",
    "TtsProvider",
    "VadDetector",
    "VadProvider",
    "Vocabulary",
    "WakeDebounce",
    "WakeDetection",
    "WakeDetector",
    "WakeProvider",
    "Word",
    "WordGraph",
    "WordTime",
    "chosen_thresholds",
    "frames_in",
    "new_id",
    "resampler",
    "speakable",
    "tflite_input_shape",
]


class Host:
    """What an integration is handed: its way into the daemon."""

    def __init__(
        self,
        name: str,
        hub: Hub,
        owner: Owner,
        providers: ProviderRegistry,
        sites: SiteRegistry,
        config_folder: Path,
        data_folder: Path,
        find_model: Callable[[str], Path | None],
        home: HomeRegistry | None = None,
        triggers: Types[TriggerType] | None = None,
        devices: DiscoveredHouse | None = None,
        shown: HubComponents | None = None,
    ) -> None:
        self.name = name
        self.hub = hub
        self.clock = hub.clock
        self.log = logging.getLogger(f"arvisd.integrations.{name}")
        self.config_folder = config_folder
        """The folder of the user's configuration."""
        self.data_folder = data_folder
        """The daemon's folder for data; an integration keeps its files in a folder of its own name there."""
        self._owner = owner
        self._providers = providers
        self._sites = sites
        self._find_model = find_model
        self._triggers = triggers
        self._devices = devices
        self._shown = shown
        self._announced: set[str] = set()
        self.home = home if home is not None else HomeRegistry(hub.states)
        """The house: areas, floors and every entity, also those of others."""

    def find_model(self, name: str) -> Path | None:
        """Return where a model of the catalogue is on this machine, None where it is not."""
        return self._find_model(name)

    def provide(self, provider: Provider) -> None:
        """Offer a provider; it is loaded when a chain first wants it."""
        self._providers.register(provider, self._owner)

    def add_site(self, site: Site) -> None:
        """Add a place where somebody talks with Arvis."""
        self._sites.register(site, self._owner)

    def add_action(self, action: Action) -> None:
        """Offer an action."""
        self.hub.actions.register(action, self._owner)

    def add_trigger(self, type_: TriggerType) -> None:
        """Offer a kind of trigger for automations; one that the package names in `TRIGGERS` is offered by itself.

        Automations that could not be used without it are tried again at once.
        """
        if self._triggers is not None:
            self._triggers.register(type_, self._owner)

    def add_entity(self, entity: Entity) -> None:
        """Add an entity to the house; write its state with `hub.states.set`; both go when the integration stops."""
        self.home.add_entity(entity, self._owner)

    def update_entity(self, entity: Entity) -> None:
        """Describe one of one's own entities anew: another name, area or ability."""
        self.home.update_entity(entity, self._owner)

    def remove_entity(self, entity_id: str) -> None:
        """Take one of one's own entities and its state away before the integration stops."""
        self.home.remove_entity(entity_id, self._owner)

    def announce(self, source: str, components: Sequence[AnnouncedComponent]) -> None:
        """Bring devices that are driven over MQTT, described as they would announce themselves for Home Assistant.

        Args:
            source: what tells them from others of this integration: `bridge/lamp`. Announced again, what is not
                among the components any more is gone; none at all: all of it.
            components: platform and keys, with full names (`state_topic`), and the device they are parts of.
        """
        if self._devices is not None:
            name = f"{self.name}/{source}"
            if name not in self._announced:
                self._announced.add(name)
                self._owner.on_stop(lambda: self._devices.withdraw(name) if self._devices is not None else None)
            self._devices.announce(name, components)

    def is_announced(self, identifier: str) -> bool:
        """Tell whether somebody else announces a device of this identifier: `zigbee2mqtt_0x00158d0001`."""
        return self._devices is not None and self._devices.announces(identifier, but=f"{self.name}/")

    def show_to_hubs(self, component: HubComponent) -> None:
        """Add an entity to the device that hubs see of arvisd, or show one's own in a new form; it goes with the integration."""
        if self._shown is not None:
            self._shown.offer(component, self._owner)

    def propose_area(self, area: Area) -> None:
        """Suggest an area; it counts only where the user has given none of his own."""
        self.home.propose_area(area, self._owner)

    def watch_home(self, changed: Callable[[], object]) -> None:
        """Call `changed` after every change of names, areas or entities; it must not block."""
        self.home.watch(changed, self._owner)

    def subscribe(self, filter_: str, listener: Callable[[Message], object], *, remote: bool = True) -> Subscription:
        """Listen on the bus; `remote` asks the broker for these topics too."""
        return self.hub.bus.subscribe(filter_, listener, self._owner, remote=remote)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a task until the integration stops; if it fails, the integration is stopped and says so."""
        return self._owner.spawn(work, name)

    def on_stop(self, undo: Callable[[], object]) -> None:
        """Call `undo` when the integration stops."""
        self._owner.on_stop(undo)

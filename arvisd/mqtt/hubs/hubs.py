"""All that is done for hubs, put together: the device, the automations in it, the birth message."""

from __future__ import annotations

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.hubs.announcer import HubAnnouncer
from arvisd.mqtt.hubs.automations import AutomationSwitches
from arvisd.mqtt.hubs.birth import Birth
from arvisd.mqtt.hubs.component import HubComponents
from arvisd.mqtt.hubs.memory import Told
from arvisd.mqtt.hubs.settings import HubsSettings
from arvisd.mqtt.hubs.table import daemon_components
from arvisd.mqtt.hubs.turn import offer_turn
from arvisd.storage.database import Database


class Hubs:
    """Made when every part has offered what it has to show; `use` begins."""

    def __init__(self, hub: Hub, components: HubComponents, database: Database, owner: Owner) -> None:
        for component in daemon_components(hub.topics):
            components.offer(component, owner)
        offer_turn(hub, owner)
        self._automations = AutomationSwitches(hub, components, owner)
        self._birth = Birth(hub, owner)
        self._announcer = HubAnnouncer(hub, components, Told(database), owner)

    def use(self, settings: HubsSettings, prefix: str) -> None:
        """Take settings, at the start and after a reload."""
        self._automations.show(on=settings.enabled and settings.automations)
        self._birth.use(prefix, on=settings.birth)
        self._announcer.use(settings, prefix)

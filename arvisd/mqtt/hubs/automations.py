"""The automations as hubs see them: a switch each, as long as its state stands on the bus."""

from __future__ import annotations

import logging

from arvisd.core.bus import Message, Subscription
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State
from arvisd.mqtt.hubs.component import HubComponents
from arvisd.mqtt.hubs.table import automation_component

_LOGGER = logging.getLogger(__name__)

MOST = 500
"""Further automations are not shown: the message holds some 450 bytes for each, and is sent whole."""


class AutomationSwitches:
    """Offers the automations, in the order in which they came."""

    def __init__(self, hub: Hub, components: HubComponents, owner: Owner) -> None:
        self._hub = hub
        self._components = components
        self._owner = owner
        self._shown: dict[str, str] = {}
        """Name by entity id."""
        self._warned = False
        self._subscription: Subscription | None = None

    def show(self, *, on: bool) -> None:
        """Begin or cease to offer them."""
        if on and self._subscription is None:
            self._subscription = self._hub.bus.subscribe(
                self._hub.topics.state("automation.+"), self._changed, self._owner, replay=True
            )
        elif not on and self._subscription is not None:
            self._subscription.cancel()
            self._subscription = None
            for entity_id in list(self._shown):
                self._hide(entity_id)

    def _changed(self, message: Message) -> None:
        entity_id = f"automation.{message.topic.rpartition('/')[2]}"
        state = message.payload
        if not isinstance(state, State):
            self._hide(entity_id)
            return
        name = str(state.attributes.get("friendly_name") or entity_id.partition(".")[2].replace("_", " "))
        if self._shown.get(entity_id) == name:
            return
        if entity_id not in self._shown and len(self._shown) >= MOST:
            if not self._warned:
                self._warned = True
                _LOGGER.warning("hubs are shown %d automations as switches; the others are left out", MOST)
            return
        self._shown[entity_id] = name
        self._components.offer(automation_component(self._hub.topics, entity_id, name), self._owner)

    def _hide(self, entity_id: str) -> None:
        if self._shown.pop(entity_id, None) is not None:
            self._components.withdraw(automation_component(self._hub.topics, entity_id, "").id)

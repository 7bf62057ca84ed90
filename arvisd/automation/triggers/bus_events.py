"""Events of Home Assistant that are no events on arvisd's bus: a changed state, the start and the stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arvisd.automation.attachment import STARTED_TOPIC, STOPPING_TOPIC
from arvisd.automation.templates.states import TemplateState
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.events import Event

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment

STATE_CHANGED = "state_changed"
LIFECYCLE = {
    "homeassistant_start": STARTED_TOPIC,
    "homeassistant_started": STARTED_TOPIC,
    "homeassistant_stop": STOPPING_TOPIC,
}
"""Type of the event and the topic that stands for it."""

NEVER_FIRED = {
    "call_service": "automations of arvisd are told of what an action did by the state that changes",
    "service_registered": "actions are there when their integration is",
    "service_removed": "actions are there when their integration is",
    "component_loaded": "an automation is tried again when an integration brings what it needs",
    "state_reported": "a state that stays the same is not told",
    "logbook_entry": "there is no logbook",
    "themes_updated": "there are no themes",
    "core_config_updated": "the event is configuration_reloaded",
    "scene_reloaded": "the event is configuration_reloaded",
    "entity_registry_updated": "there is no such registry",
    "device_registry_updated": "there is no such registry",
    "area_registry_updated": "there is no such registry",
}
"""Events that people wait for out of habit, and what to know instead; another hub may still send them over MQTT."""

Heard = Callable[[Event], object]


def listen(type_: str, data: dict[str, Any], to: Attachment, heard: Heard) -> bool:
    """Listen to what stands for such an event; False where it is an event like any other."""
    if type_ == STATE_CHANGED:
        named = data.get("entity_id")
        for entity_id in named if isinstance(named, list) else [named]:
            topic = to.hub.topics.state(entity_id if isinstance(entity_id, str) else "+.+")
            to.hub.bus.subscribe(topic, lambda message: heard(_of_state(message, to)), to.owner)
        return True
    if type_ in LIFECYCLE:
        to.hub.bus.subscribe(LIFECYCLE[type_], lambda _: heard(Event({}, to.hub.clock.now(), Context())), to.owner)
        return True
    return False


def _of_state(message: Message, to: Attachment) -> Event:
    entity_id, old, new = to.hub.states.changes(message)
    cause = new or old
    return Event(
        {
            "entity_id": entity_id,
            "old_state": None if old is None else TemplateState(entity_id, old),
            "new_state": None if new is None else TemplateState(entity_id, new),
        },
        to.hub.clock.now(),
        Context() if cause is None else cause.context,
    )

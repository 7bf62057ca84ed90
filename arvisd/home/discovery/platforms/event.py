"""Platform `event`: a button that was pressed, a doorbell (https://www.home-assistant.io/integrations/event.mqtt/)."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity


class EventConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of an event."""

    state_topic: str
    value_template: str | None = None
    event_types: list[str]


class Event(MqttEntity):
    """What happens at a device; its state is when it last did, with `event_type`."""

    domain = "event"
    schema = EventConfig

    def __init__(self, key: str, config: EventConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def listen(self) -> None:
        """Listen; what the broker had kept is of yesterday."""
        self.on(self.config.state_topic, self.template("value_template"), self._heard, live=True)

    def value(self) -> str | None:
        """Return when something last happened."""
        return self.known.get("time")

    def attributes(self) -> dict[str, Any]:
        """Return what happened."""
        return {
            "event_types": self.config.event_types,
            "event_type": self.known.get("type"),
            **self.known.get("data", {}),
        }

    def _heard(self, text: str) -> None:
        if text in (NONE, "{}"):
            return
        try:
            said = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            said = None
        if not isinstance(said, dict) or "event_type" not in said:
            self.problem(f"{text[:80]!r} is no JSON object with an event_type")
            return
        kind = str(said.pop("event_type"))
        if kind not in self.config.event_types:
            self.problem(f"the event_type {kind[:80]!r} is none of {', '.join(self.config.event_types)}")
            return
        self.known = {"time": self.hub.clock.now().isoformat(timespec="milliseconds"), "type": kind, "data": said}
        self.write()

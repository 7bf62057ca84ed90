"""Platform `device_tracker` (https://www.home-assistant.io/integrations/device_tracker.mqtt/)."""

from __future__ import annotations

from typing import Any

from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity


class DeviceTrackerConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a tracker."""

    state_topic: str | None = None
    value_template: str | None = None
    payload_home: str = "home"
    payload_not_home: str = "not_home"
    payload_reset: str = "None"
    source_type: str | None = None


class DeviceTracker(MqttEntity):
    """Where a phone or a tag is; coordinates come as JSON attributes."""

    domain = "device_tracker"
    schema = DeviceTrackerConfig

    def __init__(self, key: str, config: DeviceTrackerConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def listen(self) -> None:
        """Listen to the place."""
        self.follow("place", self.config.state_topic, "value_template", self._place)

    def value(self) -> str | None:
        """Return `home`, `not_home` or the name of a zone."""
        return self.known.get("place")

    def attributes(self) -> dict[str, Any]:
        """Return how it is tracked."""
        return {"source_type": self.config.source_type or "gps"}

    def _place(self, text: str) -> str | None:
        config = self.config
        known = {config.payload_home: "home", config.payload_not_home: "not_home", config.payload_reset: None}
        return known.get(text, text)

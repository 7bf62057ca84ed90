"""Platforms `tag` and `device_automation`: no entities, but events that automations wait for.

https://www.home-assistant.io/integrations/tag.mqtt/, https://www.home-assistant.io/integrations/device_trigger.mqtt/.
"""

from __future__ import annotations

from typing import Any, ClassVar

from arvisd.home.discovery.component import MqttComponent
from arvisd.home.discovery.config import ComponentConfig

TAG_SCANNED = "tag_scanned"
"""Event: `tag_id`, `device_id`."""

DEVICE_TRIGGERED = "device_triggered"
"""Event: `device_id`, `type`, `subtype`, `payload`: a button of a remote control."""


class TagConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a reader of tags."""

    topic: str
    value_template: str | None = None


class DeviceAutomationConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of something that happens at a device."""

    automation_type: str
    topic: str
    type: str
    subtype: str
    payload: str | None = None
    """Only this one; none: any."""
    value_template: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a kind that there is not."""
        ComponentConfig.__post_init__(self)
        if self.automation_type != "trigger":
            raise ValueError(f"automation_type must be 'trigger', not {self.automation_type!r}")


class Tag(MqttComponent):
    """A reader of tags."""

    schema: ClassVar[type[ComponentConfig]] = TagConfig

    def __init__(self, key: str, config: Any, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def listen(self) -> None:
        """Listen to tags; one that the broker had kept was held there yesterday."""
        self.on(self.config.topic, self.template("value_template"), self._scanned, live=True)

    def _scanned(self, tag: str) -> None:
        self.hub.fire(TAG_SCANNED, {"tag_id": tag, "device_id": self.device})


class DeviceAutomation(MqttComponent):
    """Something that happens at a device."""

    schema: ClassVar[type[ComponentConfig]] = DeviceAutomationConfig

    def __init__(self, key: str, config: Any, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def listen(self) -> None:
        """Listen for it."""
        self.on(self.config.topic, self.template("value_template"), self._happened, live=True)

    def _happened(self, payload: str) -> None:
        config = self.config
        if config.payload is None or payload == config.payload:
            data = {"device_id": self.device, "type": config.type, "subtype": config.subtype, "payload": payload}
            self.hub.fire(DEVICE_TRIGGERED, data)
